from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr_pipeline.errors import ContentError, OcrPipelineError, SourceNotFoundError
from ocr_pipeline.geometry import Box
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.drawing import Artist, Drawing
from ocr_pipeline.review.places import views
from tests.review.conftest import FLAGGED
from tests.review.true_reports import FIXTURES, MISREAD


def _ink(picture: Image.Image) -> float:
    return float((np.asarray(picture.convert("L")) < 128).mean())


def test_the_saved_picture_is_served(desk: Desk, folder: Path, key: str) -> None:
    assert desk.pictures.file(desk.store.open(key), 1) == folder / f"{FLAGGED}.pages" / "002.webp"


def test_a_piece_shows_the_figure_of_the_cell(desk: Desk, key: str) -> None:
    opened = desk.store.open(key)
    (close, *_) = views(opened, opened.values[MISREAD])
    assert close.cell is not None
    inner = close.cell.expanded(-6)
    piece = Image.open(io.BytesIO(desk.pictures.piece(opened, close.page.index, inner, 400)))
    assert 0.005 < _ink(piece) < 0.4
    assert piece.width / piece.height == pytest.approx(inner.width / inner.height, rel=0.1)


def test_a_piece_is_never_wider_than_asked(desk: Desk, key: str) -> None:
    opened = desk.store.open(key)
    piece = desk.pictures.piece(opened, 0, Box(0, 0, 1654, 2339), 64)
    assert max(Image.open(io.BytesIO(piece)).size) == 64


def test_nothing_of_the_page_there_is_said(desk: Desk, key: str) -> None:
    opened = desk.store.open(key)
    with pytest.raises(ContentError):
        desk.pictures.piece(opened, 0, Box(9000, 9000, 9100, 9100), 64)
    with pytest.raises(ContentError):
        desk.pictures.file(opened, 99)


def test_a_damaged_picture_is_said(desk: Desk, folder: Path, key: str) -> None:
    (folder / f"{FLAGGED}.pages" / "001.webp").write_bytes(b"RIFF....WEBPnothing")
    with pytest.raises(OcrPipelineError, match="damaged"):
        desk.pictures.piece(desk.store.open(key), 0, Box(0, 0, 100, 100), 64)


def test_where_no_picture_was_saved_the_page_is_drawn_from_the_source(desk: Desk, folder: Path, key: str) -> None:
    opened = desk.store.open(key)
    saved = Image.open(folder / f"{FLAGGED}.pages" / "001.webp").convert("L").resize((300, 424))
    shutil.rmtree(folder / f"{FLAGGED}.pages")
    assert desk.pictures.available(opened, 0) == ""
    drawn = desk.pictures.file(opened, 0)
    assert drawn.is_relative_to(folder / ".review")
    with Image.open(drawn) as picture:
        assert picture.size == (1654, 2339)
        again = picture.convert("L").resize((300, 424))
    assert np.abs(np.asarray(saved, dtype=int) - np.asarray(again, dtype=int)).mean() < 4
    assert desk.pictures.file(opened, 0) == drawn


def test_another_file_of_that_name_is_not_taken_for_the_source(
    make_desk: Callable[..., Desk], folder: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk()
    shutil.rmtree(folder / f"{FLAGGED}.pages")
    opened = desk.store.open(key)
    elsewhere = folder / f"{FLAGGED}.pdf"
    content = bytearray((FIXTURES / f"{FLAGGED}.pdf").read_bytes())
    content[-1] ^= 1
    elsewhere.write_bytes(content)
    monkeypatch.setattr(
        "ocr_pipeline.review.pictures.Pictures._candidates", lambda self, name, sha256: iter([elsewhere])
    )
    assert "not where it was" in desk.pictures.available(opened, 0)
    with pytest.raises(SourceNotFoundError, match="no picture"):
        desk.pictures.file(opened, 0)


def test_a_drawing_that_takes_too_long_is_given_up(flagged_report: object, tmp_path: Path) -> None:
    from ocr_pipeline.report import Report

    assert isinstance(flagged_report, Report)
    artist = Artist(seconds=0.01)
    source = FIXTURES / f"{FLAGGED}.pdf"
    wanted = Drawing(source, flagged_report.source.sha256, flagged_report.pages[0], 150, tmp_path / "x.webp")
    with pytest.raises(OcrPipelineError, match="too long"):
        artist.draw(wanted)
    artist.close()
    assert not (tmp_path / "x.webp").exists()
