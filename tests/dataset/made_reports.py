"""Saved reports made from figures, without a document: a body, a year, and what the tables print."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from ocr_pipeline.document import Document, Finding, FormMatch, Section, SourceInfo, Status, Value
from ocr_pipeline.evaluation.synthetic.figures import draw_figures
from ocr_pipeline.evaluation.synthetic.forms import PARTS, Form, form_grid
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.report import Report, StageError, Versions, to_json

FORM_IDS: Mapping[Form, str] = {"A": "gov-disclosure-a", "B": "gov-disclosure-b"}

Figures = Mapping[str, float | Status]


def drawn_figures(seed: int, form: Form = "B") -> dict[str, float]:
    """All fields of a form with figures that satisfy its equations."""
    options = ContentOptions(scale="small", broken=0, blank_totals="none")
    return draw_figures(seed, tuple(form_grid(part, form) for part in PARTS), options).numbers


def made_report(
    body: str | None,
    year: int | None,
    figures: Figures,
    *,
    form: Form = "B",
    source: str | None = None,
    findings: tuple[Finding, ...] = (),
    errors: tuple[StageError, ...] = (),
) -> Report:
    """A report with these figures; a status in place of a figure is that of a value without one, or a conflict of 7."""
    title = f"{body or ''}{f'{year}年' if year else ''}政府信息公开工作年度报告"
    name = source or f"{body}{year}.pdf"
    text = f"{body or '本单位'}围绕中心工作，全年公开信息{len(figures)}条。"
    return Report(
        document=Document(
            source=SourceInfo(
                name=name, kind="pdf", sha256=hashlib.sha256(name.encode()).hexdigest(), size=1000, page_count=4
            ),
            title=title,
            sections=(
                Section(level=1, title="一、总体情况", page=0, text=text),
                Section(
                    level=1,
                    title="二、主动公开政府信息情况",
                    page=1,
                    tables=("t1",),
                    children=(Section(level=2, title="（一）说明", page=1, text="见表。"),),
                ),
            ),
        ),
        values=tuple(_value(field, figure, form) for field, figure in figures.items()),
        findings=findings,
        matches=tuple(
            FormMatch(table=f"t{number}", form=FORM_IDS[form], part=part, score=1.0)
            for number, part in enumerate(PARTS, start=1)
        ),
        errors=errors,
        versions=Versions(program="test", configuration="ab" * 32),
    )


def _value(field: str, figure: float | Status, form: Form) -> Value:
    status = figure if isinstance(figure, Status) else Status.READ
    number = 7 if status is Status.CONFLICT else None if isinstance(figure, Status) else figure
    unit = "元" if field.endswith("/amount") and number is not None else None
    return Value(
        id=field,
        value=int(number) if number is not None and unit is None else number,
        unit=unit,
        raw="" if number is None else f"{number:g}",
        status=status,
        confidence=0.0 if status is Status.MISSING else 0.98765,
        page=1,
        form=FORM_IDS[form],
        table="t2",
        row=3,
        column=4,
    )


def save(folder: Path, report: Report, name: str | None = None) -> Path:
    """Write a report as ``read`` does; ``name`` is its path below the folder."""
    path = folder / (name or f"{Path(report.source.name).stem}.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_json(report), encoding="utf-8")
    return path


def age(folder: Path) -> None:
    """Make every file look as if it had long been there, so that its stamp is believed."""
    for path in folder.rglob("*"):
        if path.is_file() and "dataset" not in path.parts:
            moment = path.stat().st_mtime_ns - 10_000_000_000
            os.utime(path, ns=(moment, moment))
