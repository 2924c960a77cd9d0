"""A PDF of several reports becomes one PDF for each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest

from ocr_pipeline.cli import main
from ocr_pipeline.document import Finding, Line, Page, Region, RegionKind, Severity
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.report import Report, report_spans
from tests.dataset.made_reports import made_report, save

WIDTHS = [100, 110, 120, 130, 140]
TITLE = "云岭县民政局2022年政府信息公开工作年度报告"


def page(index: int, first_row: str) -> Page:
    rows = (Line(text=first_row, box=Box(0, 20, 90, 30)), Line(text="正文。", box=Box(0, 40, 90, 50)))
    header = Region(kind=RegionKind.HEADER, box=Box(0, 0, 90, 10), lines=(Line(text="页眉", box=Box(0, 0, 90, 10)),))
    return Page(
        index=index,
        width=100,
        height=100,
        dpi=72,
        source_width=100,
        source_height=100,
        transform=Transform.scaling(1),
        regions=(header, Region(kind=RegionKind.TEXT, box=Box(0, 20, 90, 50), lines=rows)),
    )


def report(starts: Sequence[int | None], pages: Sequence[Page] = (), digest: str = "0" * 64) -> Report:
    found = tuple(
        Finding(code="several-reports", severity=Severity.WARNING, message=f"another report, '{TITLE}'", page=start)
        for start in starts
    )
    made = made_report("云岭县财政局", 2022, {"applications/1/total": 3}, findings=found)
    source = made.source.model_copy(update={"sha256": digest, "page_count": len(WIDTHS)})
    document = made.document.model_copy(update={"source": source, "pages": tuple(pages)})
    return made.model_copy(update={"document": document})


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """Pages of different widths, to be told by them."""
    path = tmp_path / "all.pdf"
    with pypdfium2.PdfDocument.new() as document:
        for width in WIDTHS:
            document.new_page(width, 200).close()
        document.save(path)
    return path


def saved(pdf: Path, starts: Sequence[int | None], pages: Sequence[Page] = ()) -> str:
    return str(save(pdf.parent, report(starts, pages, hashlib.sha256(pdf.read_bytes()).hexdigest())))


def widths(path: Path) -> list[int]:
    with pypdfium2.PdfDocument(path) as document:
        return [round(document.get_page_size(number)[0]) for number in range(len(document))]


def test_spans_end_where_the_next_report_begins() -> None:
    assert report_spans(report([])) == (range(5),)
    assert report_spans(report([None])) == (range(5),)
    assert report_spans(report([2, 4])) == (range(2), range(2, 4), range(4, 5))


def test_a_page_that_two_reports_share_is_in_both() -> None:
    alone = report([2], [page(2, TITLE[:6])])
    shared = report([2], [page(2, "（二）改进措施。")])
    assert report_spans(alone) == (range(2), range(2, 5))
    assert report_spans(shared) == (range(3), range(2, 5))


def test_each_report_gets_a_file(pdf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "parts"
    assert main(["divide", str(pdf), saved(pdf, [1, 4]), "--out", str(out)]) == 0
    files = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert files == [out / f"all-{number}.pdf" for number in (1, 2, 3)]
    assert [widths(file) for file in files] == [WIDTHS[:1], WIDTHS[1:4], WIDTHS[4:]]


def test_what_cannot_be_divided_says_why(pdf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path / "parts")]
    assert main(["divide", str(pdf), saved(pdf, []), *out]) == 2
    assert "holds one report" in capsys.readouterr().err
    other = tmp_path / "other.pdf"
    other.write_bytes(pdf.read_bytes() + b"\n")
    assert main(["divide", str(other), saved(pdf, [1]), *out]) == 2
    assert "another file" in capsys.readouterr().err
    assert main(["divide", str(tmp_path / "none.pdf"), saved(pdf, [1]), *out]) == 3
    text = tmp_path / "report.txt"
    text.write_text("一、总体情况\n正文。\n", encoding="utf-8")
    assert main(["divide", str(text), saved(text, [1]), *out]) == 2
    assert "only a PDF" in capsys.readouterr().err
    assert not (tmp_path / "parts").exists() or not list((tmp_path / "parts").iterdir())
