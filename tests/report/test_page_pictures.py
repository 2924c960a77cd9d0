"""Pictures of pages: small enough, legible, and in the right place."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr_pipeline.document import Page, PageImage
from ocr_pipeline.errors import DamagedSourceError
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.report import PagePictures, Report, ReportOptions, pictures_beside, write_report
from ocr_pipeline.report.page_pictures import PagePicture, encoded

RED = (200, 30, 30)


def _sheet(width: int = 1654, height: int = 2339, *, marks: tuple[Box, ...] = ()) -> NDArray[np.uint8]:
    sheet = Image.new("RGB", (width, height), (250, 250, 250))
    draw = ImageDraw.Draw(sheet)
    for mark in marks:
        draw.rectangle((mark.left, mark.top, mark.right - 1, mark.bottom - 1), fill=RED)
    return np.asarray(sheet, dtype=np.uint8)


def _image(color: NDArray[np.uint8], index: int = 0, dpi: float = 200.0) -> PageImage:
    height, width = color.shape[:2]
    return PageImage(
        index=index,
        color=color,
        gray=color[:, :, 0],
        dpi=dpi,
        transform=Transform.scaling(72 / dpi),
        source_size=(width * 72 / dpi, height * 72 / dpi),
    )


def _page(image: PageImage, transform: Transform | None = None) -> Page:
    return Page(
        index=image.index,
        width=image.width,
        height=image.height,
        dpi=image.dpi,
        source_width=image.source_size[0],
        source_height=image.source_size[1],
        transform=transform or image.transform,
    )


def _decoded(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=np.uint8)


def _red(pixels: NDArray[np.uint8]) -> Box:
    ys, xs = np.nonzero((pixels[:, :, 0].astype(int) - pixels[:, :, 1]) > 80)
    return Box(xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)


def test_a_box_of_the_source_is_found_on_the_picture() -> None:
    mark = Box(800, 1200, 900, 1240)
    image = _image(_sheet(marks=(mark,)))
    picture = encoded(image.color, 0, image.dpi)
    assert (picture.width, picture.height) == (1240, 1754)
    on_source = image.transform.box(mark)
    found = picture.box(_page(image), on_source)
    assert found.iou(_red(_decoded(picture.data))) > 0.9
    assert picture.raster_box(_page(image), mark).iou(found) > 0.999


@settings(max_examples=30)
@given(turns=st.integers(0, 3), left=st.integers(0, 500), top=st.integers(0, 700), scale=st.floats(0.3, 3.0))
def test_boxes_of_turned_pages(turns: int, left: int, top: int, scale: float) -> None:
    raster = Box(left, top, left + 90, top + 40)
    transform = Transform.quarter_turns(turns, 600, 800).then(Transform.scaling(scale))
    page = Page(index=0, width=600, height=800, dpi=100, source_width=1, source_height=1, transform=transform)
    picture = PagePicture(0, 450, 600, b"")
    found = picture.box(page, transform.box(raster))
    assert np.allclose(found.as_tuple(), raster.scaled(0.75).clipped(450, 600).as_tuple(), atol=1e-6)


@pytest.mark.parametrize("dpi", [72.0, 150.0, 200.0, 400.0])
def test_size_in_pixels(dpi: float) -> None:
    color = _sheet(int(8.27 * dpi), int(11.69 * dpi))
    picture = encoded(color, 3, dpi)
    assert picture.index == 3
    assert picture.width == pytest.approx(8.27 * min(dpi, 150), abs=2)
    assert _decoded(picture.data).shape == (picture.height, picture.width, 3)


def test_a_noisy_page_keeps_to_its_size_and_a_larger_sheet_may_take_more() -> None:
    noise = np.random.default_rng(5).integers(120, 255, (585, 414, 3), dtype=np.uint8)
    options = ReportOptions(picture_kilobytes=40)
    assert len(encoded(noise, 0, 50, ReportOptions(picture_kilobytes=10_000)).data) > 60_000
    assert 20_000 < len(encoded(noise, 0, 50, options).data) <= 40_000
    assert 40_000 < len(encoded(np.tile(noise, (2, 1, 1)), 0, 50, options).data) <= 80_000
    smallest = encoded(noise, 0, 50, ReportOptions(picture_kilobytes=20))
    assert smallest.width < 414


def test_written_and_loaded(tmp_path: Path, report: Report) -> None:
    pictures = PagePictures()
    for index in (0, 2):
        pictures.add(_image(_sheet(300, 400), index))
    (path,) = write_report(report, tmp_path, "报告", ["pages"], pictures)
    assert path == tmp_path / "报告.pages"
    assert sorted(file.name for file in path.iterdir()) == ["001.webp", "003.webp"]
    (path / "notes.txt").write_text("mine")
    loaded = pictures_beside(tmp_path / "报告.json")
    assert list(loaded) == list(pictures)
    assert loaded.get(1) is None
    assert loaded.get(None) is None
    # Written again with fewer pages, none of the old ones is left.
    write_report(report, tmp_path, "报告", ["pages", "json"], PagePictures(pictures=[next(iter(pictures))]))
    assert [file.name for file in path.iterdir()] == ["001.webp"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["报告.json", "报告.pages"]
    write_report(report, tmp_path, "报告", ["pages"])
    assert len(pictures_beside(tmp_path / "报告.json")) == 0


def test_the_folder_pages_beside_a_report(tmp_path: Path) -> None:
    pictures = PagePictures()
    pictures.add(_image(_sheet(30, 40)))
    pictures.write(tmp_path / "pages")
    assert len(pictures_beside(tmp_path / "report.json")) == 1
    Image.new("RGB", (30, 40)).save(tmp_path / "pages" / "002.png")
    loaded = pictures_beside(tmp_path / "report.json")
    assert [picture.media for picture in loaded] == ["image/webp", "image/png"]
    (tmp_path / "pages" / "003.webp").write_bytes(b"no picture")
    with pytest.raises(DamagedSourceError, match=r"003\.webp"):
        pictures_beside(tmp_path / "report.json")


def test_pieces_of_a_page() -> None:
    mark = Box(150, 200, 210, 230)
    pictures = PagePictures()
    pictures.add(_image(_sheet(300, 400, marks=(mark,)), dpi=100))
    assert _red(_decoded(pictures.crop(0, mark.expanded(20)))) == Box(20, 20, 80, 50)
    assert _decoded(pictures.crop(0, Box(-50, 390, 20, 900))).shape == (10, 20, 3)
    with pytest.raises(ValueError, match="nothing"):
        pictures.crop(0, Box(500, 500, 600, 600))
    with pytest.raises(KeyError):
        pictures.crop(1, mark)
    broken = PagePictures(pictures=[PagePicture(0, 10, 10, b"none")])
    with pytest.raises(DamagedSourceError):
        broken.crop(0, Box(0, 0, 5, 5))
