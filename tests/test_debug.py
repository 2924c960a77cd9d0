from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from ocr_pipeline.debug import DebugFolder
from ocr_pipeline.document import Cell, PageImage, Place, Status, Table, Value
from ocr_pipeline.errors import OutputError
from ocr_pipeline.geometry import Box, Transform


def page(index: int) -> PageImage:
    """30 high, 40 wide, with another grey on every page."""
    color = np.full((30, 40, 3), 200 + index, np.uint8)
    return PageImage(
        index=index,
        color=color,
        gray=color[..., 0].copy(),
        dpi=100.0,
        transform=Transform.identity(),
        source_size=(40, 30),
        source_unit="px",
    )


def pixel(path, x: int, y: int) -> tuple[int, ...]:
    with Image.open(path) as picture:
        return picture.convert("RGB").getpixel((x, y))


def test_each_page_has_a_picture_of_every_stage(tmp_path) -> None:
    debug = DebugFolder(tmp_path / "stages")
    for index in (0, 2):
        debug.page(page(index), [], [])
    debug.values([], [])
    names = [f"page-{number:03d}-{stage}" for number in (1, 3) for stage in ("1-pages", "2-cleaned", "5-values")]
    assert {*names, "page-001-3-layout", "page-003-4-tables"} <= {p.stem for p in (tmp_path / "stages").iterdir()}
    assert pixel(tmp_path / "stages" / "page-003-5-values.png", 5, 5) == (202, 202, 202)


def test_values_are_drawn_on_their_page_only(tmp_path) -> None:
    debug = DebugFolder(tmp_path)
    for index in (0, 1):
        debug.page(page(index), [], [])
    place = Place(page=1, box=Box(5, 8, 30, 20))
    table = Table(id="t1", rows=1, columns=1, cells=(Cell(row=0, column=0, text="1", places=(place,)),))
    value = Value(id="a/b/c", value=1, status=Status.READ, confidence=0.9, table="t1", row=0, column=0)
    debug.values([value], [table])
    inside = [pixel(tmp_path / f"page-{number:03d}-5-values.png", 28, 18) for number in (1, 2)]
    assert inside[0] == (200, 200, 200)
    assert inside[1] != (201, 201, 201)


def test_no_folder_no_pictures(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    debug = DebugFolder(None)
    debug.page(page(0), [], [])
    debug.values([], [])
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_or_read_back_is_told(tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot write"):
        DebugFolder(tmp_path / "file").page(page(0), [], [])
    debug = DebugFolder(tmp_path / "stages")
    debug.page(page(0), [], [])
    (tmp_path / "stages" / "page-001-1-pages.png").unlink()
    with pytest.raises(OutputError, match="cannot read back"):
        debug.values([], [])
