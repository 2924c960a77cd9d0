"""One report in every form that reports come in: the same values, whatever holds them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_pipeline.evaluation.fields import PredictedValue, Verdict, judge_all
from ocr_pipeline.evaluation.synthetic.dump import write_dump
from ocr_pipeline.evaluation.synthetic.native_pdf import write_native_pdf
from ocr_pipeline.evaluation.synthetic.ofd import write_ofd
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import ReportStyle
from ocr_pipeline.evaluation.synthetic.web import write_html
from ocr_pipeline.evaluation.synthetic.word import write_docx
from ocr_pipeline.evaluation.synthetic.write import write_pdf
from ocr_pipeline.pipeline import Reader
from ocr_pipeline.report import Report
from ocr_pipeline.source.word.libreoffice import find_libreoffice

pytestmark = pytest.mark.slow

Figures = list[tuple[str, float | None, str | None]]


def _has_writer() -> bool:
    program = find_libreoffice()
    return program is not None and (Path(program).resolve().parent / "libswlo.so").is_file()


def write_doc(report: SyntheticReport, path: Path) -> Path:
    program = find_libreoffice()
    if program is None or not _has_writer():
        pytest.skip("needs LibreOffice Writer (Debian: libreoffice-writer)")
    given = write_docx(report, path.with_suffix(".docx"))
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "doc", "--outdir", str(path.parent), str(given)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return path


def write_mixed_pdf(report: SyntheticReport, path: Path) -> Path:
    return write_native_pdf(report, path, pictured=range(1, len(report.pages), 2))


def write_pictured_docx(report: SyntheticReport, path: Path) -> Path:
    return write_docx(report, path, tables="pictures")


SOURCES: dict[str, tuple[str, Callable[[SyntheticReport, Path], Path]]] = {
    "scan": ("scan.pdf", write_pdf),
    "native-pdf": ("native.pdf", write_native_pdf),
    "mixed-pdf": ("mixed.pdf", write_mixed_pdf),
    "docx": ("native.docx", write_docx),
    "docx-pictures": ("pictures.docx", write_pictured_docx),
    "doc": ("old.doc", write_doc),
    "html": ("page.html", write_html),
    "dump": ("dump.txt", write_dump),
    "ofd": ("report.ofd", write_ofd),
}


@pytest.fixture(scope="module")
def drawn() -> SyntheticReport:
    """A report of two pages, tables across their break, with nothing left out that a text could not show."""
    pytest.importorskip("fpdf")
    content = ContentOptions(scale="medium", zero="0", broken=0, blank_totals="none", year=2023)
    small = ReportStyle(margins_mm=(18.0, 18.0, 18.0, 18.0), body_pt=10.5, heading_pt=12.0, body_leading=1.3)
    report = draw_report(5, form="B", style=small, content=content)
    assert len(report.pages) == 2
    assert any(len(cell.pieces) > 1 for table in report.truth.grids for cell in table.cells)
    return report


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def expected(drawn: SyntheticReport, reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """What the Word file gives, in which every figure stands as it is; no recogniser has a say in it."""
    return figures(reader.read(write_docx(drawn, tmp_path_factory.mktemp("expected") / "native.docx")))


def figures(report: Report) -> Figures:
    return [(value.id, value.value, value.unit) for value in report.values]


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_values_that_are_printed(
    source: str, drawn: SyntheticReport, expected: Figures, reader: Reader, tmp_path: Path
) -> None:
    name, write = SOURCES[source]
    report = reader.read(write(drawn, tmp_path / name))
    assert [value for value in report.values if not value.status.is_good] == []
    predicted = {v.id: PredictedValue(v.value, v.status, v.unit) for v in report.values}
    assert {found.verdict for found in judge_all(drawn.truth.fields, predicted)} == {Verdict.RIGHT}
    assert figures(report) == expected
    assert "no-known-table" not in {finding.code for finding in report.findings}
