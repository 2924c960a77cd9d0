"""Native PDF files are what they say: real text in its place, right or wrong in the way that was asked for."""

from __future__ import annotations

import builtins
import functools
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ocr_pipeline.errors import MissingExtraError, OutputError
from ocr_pipeline.evaluation.synthetic.fonts import FALLBACK
from ocr_pipeline.evaluation.synthetic.native_pdf import TEXT_FAULTS, TextFault, write_native_pdf
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import ReportStyle
from ocr_pipeline.geometry import Box
from ocr_pipeline.source import open_source
from ocr_pipeline.text_layer import UNKNOWN, TextLayer

pytest.importorskip("fpdf")


@pytest.fixture(scope="module")
def report() -> SyntheticReport:
    content = ContentOptions(parts=("disputes",), scale="small", zero="0")
    return draw_report(6, form="B", style=ReportStyle(dpi=100, table_face=FALLBACK), content=content)


@pytest.fixture(scope="module")
def layers(report: SyntheticReport, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[TextLayer | None]]:
    folder = tmp_path_factory.mktemp("native")

    @functools.lru_cache
    def layers(fault: TextFault | None, pictured: tuple[int, ...] = ()) -> list[TextLayer | None]:
        path = write_native_pdf(report, folder / f"{fault}{pictured}.pdf", fault=fault, pictured=pictured)
        with open_source(path) as source:
            return [page.text_layer() for page in source.pages]

    return layers


def printed(report: SyntheticReport, page: int) -> list[tuple[str, Box]]:
    truth = report.truth.pages[page]
    cells = [c for table in report.truth.grids for c in table.cells]
    lines = [line for cell in cells for piece in cell.pieces if piece.page == page for line in piece.lines]
    return [(line.text, line.box.scaled(72 / truth.dpi)) for line in (*truth.lines, *lines)]


def letters(text: str) -> Counter[str]:
    return Counter(char for char in text if not char.isspace())


def said(layer: TextLayer | None) -> str:
    return "" if layer is None else "".join(char.text for char in layer.chars)


@pytest.mark.parametrize("fault", [None, "copied"])
def test_every_character_stands_where_it_is_printed(report: SyntheticReport, layers, fault: TextFault | None) -> None:
    for page, layer in enumerate(layers(fault)):
        lines = printed(report, page)
        assert letters(said(layer)) == letters("".join(text for text, _ in lines))
        for char in layer.chars:
            assert any(box.expanded(6).contains_point(char.box.center) for _, box in lines), char
        assert layer.drawn is (fault is None)


def test_the_text_is_printed_where_the_picture_has_it(report: SyntheticReport, tmp_path: Path) -> None:
    with open_source(write_native_pdf(report, tmp_path / "a.pdf")) as source:
        for page, pixels in zip(source.pages, report.pages, strict=True):
            drawn = page.render(100).min(axis=2) < 200
            pictured = pixels.min(axis=2) < 200
            assert drawn.shape == pictured.shape
            near = np.stack([np.roll(drawn, (dy, dx), (0, 1)) for dy in (-2, 0, 2) for dx in (-2, 0, 2)]).any(axis=0)
            assert (pictured & near).sum() > 0.9 * pictured.sum()


def test_faults_of_fonts_leave_the_picture_alone(report: SyntheticReport, tmp_path: Path) -> None:
    right, wrong = (write_native_pdf(report, tmp_path / f"{f}.pdf", fault=f) for f in (None, "digits"))
    with open_source(right) as first, open_source(wrong) as second:
        for one, other in zip(first.pages, second.pages, strict=True):
            assert np.array_equal(one.render(72), other.render(72))
            assert said(one.text_layer()) != said(other.text_layer())


@pytest.mark.parametrize("fault", ["private", "unmapped"])
def test_characters_without_names(layers, fault: TextFault) -> None:
    assert {char for layer in layers(fault) for char in said(layer)} == {UNKNOWN}


def test_names_of_other_digits(layers) -> None:
    for right, digits, two in zip(layers(None), layers("digits"), layers("two_digits"), strict=True):
        assert re.sub(r"\d", "", said(digits)) == re.sub(r"\d", "", said(right))
        assert all(a != b for a, b in zip(said(right), said(digits), strict=True) if a.isdigit())
        assert said(two) == said(right).translate(str.maketrans("68", "86"))


def test_mojibake_is_of_latin_letters(layers) -> None:
    assert all(ord(char) < 256 for layer in layers("mojibake") for char in said(layer))


def test_invisible_text_that_differs_from_its_picture(layers) -> None:
    right = layers("copied")
    for fault, least in (("changed", 5), ("one_changed", 1), ("noisy", 5)):
        pairs = [(said(r), said(w)) for r, w in zip(right, layers(fault), strict=True)]
        differing = sum(a != b for one, other in pairs for a, b in zip(one, other, strict=True))
        assert differing >= least, fault
        assert all(not char.visible for layer in layers(fault) for char in layer.chars)
    assert [said(layer) for layer in layers("shifted")] != [said(layer) for layer in right]


def test_doubled_text_is_half_visible(layers) -> None:
    for right, doubled in zip(layers(None), layers("doubled"), strict=True):
        assert letters("".join(c.text for c in doubled.chars if c.visible)) == letters(said(right))
        assert any(not c.visible for c in doubled.chars)


def test_pages_of_a_mixed_document_are_pictures_or_text(layers) -> None:
    first, *rest = layers(None, pictured=(0,))
    assert first is None
    assert all(layer is not None and layer.drawn for layer in rest)


def test_the_same_report_gives_the_same_bytes(report: SyntheticReport, tmp_path: Path) -> None:
    first, second = (write_native_pdf(report, tmp_path / name, fault="doubled") for name in ("a.pdf", "b.pdf"))
    assert first.read_bytes() == second.read_bytes()


def test_each_fault_gives_a_file_that_opens(report: SyntheticReport, layers) -> None:
    assert len(TEXT_FAULTS) >= 6
    for fault in TEXT_FAULTS:
        assert len(layers(fault)) == len(report.pages)


def test_what_is_missing_or_cannot_be_written_is_said(
    report: SyntheticReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        write_native_pdf(report, tmp_path / "file" / "a.pdf")
    original = builtins.__import__

    def without_fpdf(name: str, *args: object, **options: object) -> object:
        if name == "fpdf":
            raise ImportError(name)
        return original(name, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without_fpdf)
    with pytest.raises(MissingExtraError, match="dev"):
        write_native_pdf(report, tmp_path / "a.pdf")
