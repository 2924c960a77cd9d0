"""Page images: modes, orientation, resolution, several pages, and damage."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from ocr_pipeline.errors import DamagedSourceError, LimitExceededError, SourceError
from ocr_pipeline.source import SourceOptions, open_source


def _page(width: int = 40, height: int = 60) -> Image.Image:
    """White, with a black mark in the upper left quarter."""
    pixels = np.full((height, width), 255, np.uint8)
    pixels[: height // 6, : width // 2] = 0
    return Image.fromarray(pixels)


def _bytes(image: Image.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def _dark_box(raster: np.ndarray) -> tuple[int, int, int, int]:
    ys, xs = np.where(raster[:, :, 0] < 128)
    return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("1", "TIFF"), ("1", "PNG"), ("1", "BMP"), ("L", "JPEG"), ("L", "WEBP"), ("LA", "PNG"), ("P", "PNG"),
        ("P", "BMP"), ("RGB", "BMP"), ("RGBA", "WEBP"), ("CMYK", "JPEG"), ("CMYK", "TIFF"), ("YCbCr", "TIFF"),
        ("I", "TIFF"), ("F", "TIFF"),
    ],
)  # fmt: skip
def test_every_mode_gives_black_on_white(mode: str, form: str) -> None:
    options = {"quality": 95} if form == "JPEG" else {"lossless": True} if form == "WEBP" else {}
    with open_source(_bytes(_page().convert(mode), form, **options)) as source:
        raster = source.pages[0].render(200)
    assert (raster.dtype, raster.shape) == (np.uint8, (60, 40, 3))
    assert raster[2, 2].max() < 30
    assert raster[-3, -3].min() > 225


@pytest.mark.parametrize("depth", [10, 12, 16])
def test_deep_gray_is_scaled_by_its_depth(depth: int) -> None:
    values = np.asarray(_page()).astype(np.uint16) // 255 * (2**depth - 1)
    with open_source(_bytes(Image.fromarray(values), "TIFF")) as source:
        raster = source.pages[0].render(200)
    assert (raster[2, 2, 0], raster[-1, -1, 0]) == (0, 255)


@pytest.mark.parametrize("transparent", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(transparent: str) -> None:
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0)).convert(transparent)
    options = {"transparency": 0} if transparent == "P" else {}
    with open_source(_bytes(image, "PNG", **options)) as source:
        assert (source.pages[0].render(200) == 255).all()


@pytest.mark.parametrize("form", ["JPEG", "TIFF", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "dark"),
    [
        (1, (40, 60), (0, 0, 20, 10)), (3, (40, 60), (20, 50, 40, 60)),
        (6, (60, 40), (50, 0, 60, 20)), (8, (60, 40), (0, 20, 10, 40)),
    ],
)  # fmt: skip
def test_orientation_tag(form: str, orientation: int, size: tuple[int, int], dark: tuple[int, ...]) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    options = {"quality": 95} if form == "JPEG" else {"lossless": True} if form == "WEBP" else {}
    with open_source(_bytes(_page(), form, exif=exif, **options)) as source:
        page = source.pages[0]
        assert (page.width, page.height) == size
        for _ in range(2):
            assert _dark_box(page.render(200)) == dark
        assert (page.width, page.height) == size


def test_fax_has_square_pixels_after_rendering() -> None:
    fax = _page(1728, 1100).convert("1")
    data = _bytes(fax, "TIFF", compression="group4", dpi=(204, 98))
    with open_source(data) as source:
        page = source.pages[0]
        assert (page.width, page.height) == (1728, 1100)
        assert page.native_dpi == pytest.approx(204)
        assert page.render(204).shape == (2290, 1728, 3)


def test_tiff_pages_have_their_own_size_and_resolution() -> None:
    buffer = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(buffer) as writer:
        for image, options in (
            (_page(1600, 2200), {"dpi": (200, 200)}),
            (_page(2400, 3300).convert("1"), {"dpi": (300, 300), "compression": "group4"}),
            (_page(1000, 1300), {}),
        ):
            image.save(writer, "TIFF", **options)
            writer.newFrame()
    with open_source(buffer.getvalue()) as source:
        assert [page.native_dpi for page in source.pages] == [pytest.approx(200), pytest.approx(300), None]
        assert [page.render(100).shape[:2] for page in source.pages] == [(1100, 800), (1100, 800), (650, 500)]
        # Going back is possible.
        assert source.pages[0].render(200).shape == (2200, 1600, 3)


@pytest.mark.parametrize("dpi", [(1, 1), (72, 72), (4000, 4000)])
def test_impossible_resolution_is_not_believed(dpi: tuple[int, int]) -> None:
    with open_source(_bytes(_page(3000, 4000), "PNG", dpi=dpi)) as source:
        assert source.pages[0].native_dpi is None


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True}), ("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "jpeg"}), ("WEBP", {}), ("BMP", {}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_cut_off_image_is_never_half_read(form: str, options: dict[str, Any], share: float) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (300, 200, 3), dtype=np.uint8)
    data = _bytes(Image.fromarray(noise), form, **options)
    with pytest.raises(DamagedSourceError):
        open_source(data[: int(len(data) * share)]).pages[0].render(200)


def test_page_beyond_the_limits_is_refused_undecoded() -> None:
    data = _bytes(_page(400, 600), "PNG")
    for options, rule in (
        (SourceOptions(max_page_pixels=500), "at most 500 a side"),
        (SourceOptions(max_image_pixels=100_000), "at most 100,000 in all"),
    ):
        with open_source(data, options=options) as source, pytest.raises(LimitExceededError, match=rule):
            source.pages[0].render(200)


def test_decompression_bomb_is_refused() -> None:
    data = bytearray(_bytes(Image.new("1", (8, 8)), "BMP"))
    data[18:26] = (60_000).to_bytes(4, "little") * 2
    with pytest.raises(LimitExceededError):
        open_source(bytes(data)).pages[0].render(200)


def test_raster_stays_below_the_pixel_limit() -> None:
    with open_source(_bytes(_page(400, 600), "PNG"), options=SourceOptions(max_raster_pixels=60_000)) as source:
        assert source.pages[0].render(200).shape == (300, 200, 3)


def test_messages_name_file_and_page() -> None:
    data = _bytes(_page(), "PNG")
    with pytest.raises(SourceError, match=r"^scan\.png, page 1: "):
        open_source(data[:60], name="scan.png").pages[0].render(200)
