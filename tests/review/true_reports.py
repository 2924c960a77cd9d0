"""Reports as the models would read the fixtures, made from their truth: no model runs, every place is known."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ocr_pipeline.assembly import form_sheets
from ocr_pipeline.document import (
    Cell,
    Document,
    Evidence,
    FormMatch,
    Page,
    Place,
    Reading,
    Section,
    SourceInfo,
    Status,
    Table,
    Value,
)
from ocr_pipeline.equations import Figure, evaluate
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.report import Report, Versions
from ocr_pipeline.review.drawing import Drawing, draw
from ocr_pipeline.templates import Extraction, TemplateSet, load_templates, part_equations, recheck
from ocr_pipeline.templates.values import parse_value

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
MISREAD = "applications/3.1/natural"
"""One more than is printed: its row and its column do not close, and its second reading is the right one."""
UNREAD = (
    "applications/1/business",
    "applications/2/total",
    "applications/3.3.8/legal",
    "applications/3.4.1/natural",
    "applications/3.5.1/natural",
    "applications/4/other",
    "proactive/license/decisions",
    "proactive/normative/issued",
)
"""Cells that nobody could read; the likeliest reading is right."""
NOT_FOUND = "disputes/reconsideration/pending"
EMPTY = "proactive/fees/amount"


def true_report(stem: str, templates: TemplateSet | None = None, *, flagged: bool = True) -> Report:
    """The report on a fixture.

    Args:
        stem: of the fixture, of which truth and PDF are there.
        templates: the forms.
        flagged: with a misread figure, cells that could not be read, one that was not found and an empty one.
    """
    forms = templates or load_templates()
    truth = json.loads((FIXTURES / f"{stem}.json").read_text(encoding="utf-8"))
    source = FIXTURES / f"{stem}.pdf"
    pages = tuple(_page(page) for page in truth["pages"])
    tables = tuple(_table(f"t{number}", grid) for number, grid in enumerate(truth["grids"], start=1))
    matches = tuple(
        FormMatch(table=f"t{number}", form=f"gov-disclosure-{grid['form'].lower()}", part=grid["part"], score=0.99)
        for number, grid in enumerate(truth["grids"], start=1)
    )
    values = tuple(
        value
        for table, match in zip(tables, matches, strict=True)
        for value in _values(truth, table, match, forms, pages, flagged=flagged)
    )
    checked = recheck(values, forms)
    document = Document(
        source=SourceInfo(
            name=str(source), kind="pdf", sha256=_sha256(source), size=source.stat().st_size, page_count=len(pages)
        ),
        title=truth["title"],
        pages=pages,
        tables=tables,
        sections=(Section(level=1, title="一、总体情况", page=0, text="本年度按要求开展工作。<b>原文</b>"),),
    )
    return Report(
        document=document,
        values=checked.values,
        findings=checked.findings,
        matches=matches,
        versions=Versions(program="0"),
        sheets=form_sheets(Extraction(values=(), findings=(), matches=matches), forms),
    )


def draw_pages(report: Report, folder: Path, dpi: float = 110) -> None:
    """The page pictures that ``read --format pages`` would save, at a resolution that tests can afford."""
    for page in report.pages:
        target = folder / f"{page.index + 1:03d}.webp"
        draw(Drawing(Path(report.source.name), report.source.sha256, page, dpi, target))


def _sha256(file: Path) -> str:
    import hashlib

    return hashlib.sha256(file.read_bytes()).hexdigest()


def _page(page: Mapping[str, Any]) -> Page:
    # The fixture's pages are pictures of image_dpi; a PDF counts in points.
    to_points = Transform.scaling(72 / page["image_dpi"])
    return Page(
        index=page["index"],
        width=page["width"],
        height=page["height"],
        dpi=page["dpi"],
        source_width=page["image_width"] * 72 / page["image_dpi"],
        source_height=page["image_height"] * 72 / page["image_dpi"],
        transform=Transform(tuple(page["transform"])).then(to_points),
    )


def _table(table_id: str, grid: Mapping[str, Any]) -> Table:
    cells = tuple(
        Cell(
            row=cell["row"],
            column=cell["column"],
            row_span=cell["row_span"],
            column_span=cell["column_span"],
            text=cell["text"],
            vertical=cell["vertical"],
            header=cell["role"] != "value",
            places=tuple(Place(page=piece["page"], box=Box(*piece["box"])) for piece in cell["pieces"]),
        )
        for cell in grid["cells"]
    )
    boxes: dict[int, list[Box]] = {}
    for cell in cells:
        for place in cell.places:
            boxes.setdefault(place.page, []).append(place.box)
    places = tuple(Place(page=page, box=Box.union_of(found)) for page, found in sorted(boxes.items()))
    return Table(id=table_id, rows=grid["rows"], columns=grid["columns"], cells=cells, places=places)


def _values(
    truth: Mapping[str, Any],
    table: Table,
    match: FormMatch,
    forms: TemplateSet,
    pages: tuple[Page, ...],
    *,
    flagged: bool,
) -> list[Value]:
    grid = truth["grids"][int(table.id[1:]) - 1]
    positions = {cell["field"]: (cell["row"], cell["column"]) for cell in grid["cells"] if cell["field"]}
    part = forms.form(match.form).part(match.part)
    figures = {}
    for spec in part.fields:
        parsed = parse_value(truth["fields"][spec.id], spec.type)
        assert parsed is not None, spec.id
        figures[spec.id] = Figure(parsed.value, parsed.unit or spec.unit)
    outcomes = evaluate(part_equations(forms.form(match.form), match.part), figures)
    values = []
    for spec in part.fields:
        row, column = positions[spec.id]
        place = table.grid()[row][column].places[0]
        evidence = tuple(
            Evidence(kind="equation", detail=outcome.equation.id, agrees=outcome.state == "closed")
            for outcome in outcomes
            if spec.id in outcome.equation.members
        )
        value = Value(
            id=spec.id,
            value=figures[spec.id].value,
            unit=figures[spec.id].unit,
            raw=truth["fields"][spec.id],
            status=Status.VERIFIED if evidence else Status.READ,
            confidence=0.99,
            alternatives=(Reading(text=truth["fields"][spec.id], log_prob=-0.01, engine="first"),),
            page=place.page,
            box=pages[place.page].transform.box(place.box),
            evidence=evidence,
            form=match.form,
            table=table.id,
            row=row,
            column=column,
        )
        values.append(_damaged(value) if flagged else value)
    return values


def _damaged(value: Value) -> Value:
    printed = value.raw
    changes: dict[str, Any] = {}
    if value.id == MISREAD:
        wrong = str(int(printed) + 1)
        readings = (Reading(text=wrong, log_prob=-0.3, engine="first"), _reading(printed, 0.2))
        changes = {
            "value": int(wrong),
            "raw": wrong,
            "alternatives": readings,
            "confidence": 0.74,
            "status": Status.READ,
        }
    elif value.id in UNREAD:
        other = str(int(printed) + 3)
        readings = (_reading(printed, 0.6), _reading(other, 0.2), _reading(".", 0.1))
        changes = {"status": Status.MISSING, "raw": printed, "alternatives": readings, "confidence": 0.6}
    elif value.id == NOT_FOUND:
        changes = {"status": Status.MISSING, "raw": "", "alternatives": (), "confidence": 0.0}
        changes |= {"page": None, "box": None, "table": None, "row": None, "column": None}
    elif value.id == EMPTY:
        changes = {"status": Status.BLANK, "raw": "/", "alternatives": (), "confidence": 0.9}
    if changes.get("status") in (Status.MISSING, Status.BLANK):
        changes |= {"value": None, "unit": None, "evidence": ()}
    return Value(**{**dict(value), **changes})


def _reading(text: str, probability: float) -> Reading:
    return Reading(text=text, log_prob=math.log(probability), engine="first")
