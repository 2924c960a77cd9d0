"""A report on one drawn part, and the files that the exports write of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ocr_pipeline.assembly import form_sheets
from ocr_pipeline.document import Document, SourceInfo
from ocr_pipeline.report import Report, Versions, write_report
from ocr_pipeline.templates import TemplateSet, extract, load_templates
from tests.templates.drawn_tables import draw, figures_of, print_figure

FORM = "gov-disclosure-b"
Files = Callable[..., Path]


@pytest.fixture(scope="session")
def templates() -> TemplateSet:
    return load_templates()


@pytest.fixture(scope="session")
def figures(templates: TemplateSet) -> dict[str, str]:
    form = templates.form(FORM)
    return figures_of(form, form.part("applications"), random.Random(11))


def read_report(templates: TemplateSet, figures: Mapping[str, str], printed: Mapping[str, str]) -> Report:
    """The report on a drawn table with these figures, some of them printed otherwise."""
    drawn = draw(templates.form(FORM).part("applications"), figures)
    for field, text in printed.items():
        print_figure(drawn.tokens[field], text, 0.99 if text else 0.3)
    table = drawn.table()
    found = extract([table], [], templates)
    source = SourceInfo(name="报告.pdf", kind="pdf", sha256="ab" * 32, size=1, page_count=1)
    return Report(
        document=Document(source=source, tables=(table,)),
        values=found.values,
        findings=found.findings,
        matches=found.matches,
        versions=Versions(program="0"),
        sheets=form_sheets(found, templates),
    )


@pytest.fixture(scope="session")
def read_once(templates: TemplateSet, figures: dict[str, str]) -> Callable[[Mapping[str, str]], Report]:
    """``read_report``, the same report read once."""
    known: dict[tuple[tuple[str, str], ...], Report] = {}

    def read(printed: Mapping[str, str]) -> Report:
        key = tuple(sorted(printed.items()))
        if key not in known:
            known[key] = read_report(templates, figures, printed)
        return known[key]

    return read


@pytest.fixture
def written(read_once: Callable[[Mapping[str, str]], Report], tmp_path: Path) -> Files:
    """Writes the report in one format: ``written("csv", {field: printed})``."""

    def write(kind: str, printed: Mapping[str, str] | None = None) -> Path:
        return write_report(read_once(printed or {}), tmp_path, "报告", [kind])[0]

    return write
