"""A small report made by hand: all six statuses, spans, a table of no known form, text that tries to be code."""

from __future__ import annotations

import pytest

from ocr_pipeline.document import (
    Cell,
    Document,
    Evidence,
    Finding,
    FormMatch,
    Line,
    Page,
    Place,
    Reading,
    Region,
    RegionKind,
    Section,
    Severity,
    SourceInfo,
    Status,
    Table,
    Value,
)
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.report import FormCell, FormSheet, Report, Versions

COLUMNS = {"natural": "自然人", "business": "商业企业", "total": "总计"}
ROWS = {
    "1": "一、本年新收政府信息公开申请数量",
    "3.1": "（一）予以公开",
    "3.3.1": "1.属于国家秘密",
    "3.3.2": "2.其他法律行政法规禁止公开",
}
FIGURES: dict[str, tuple[tuple[int | None, str, Status], ...]] = {
    "1": ((91, "91", Status.VERIFIED), (2, "2", Status.VERIFIED), (93, "93", Status.VERIFIED)),
    "3.1": ((40, "4O", Status.REPAIRED), (1, "1", Status.READ), (41, "41", Status.READ)),
    "3.3.1": ((None, "/", Status.BLANK), (None, "", Status.MISSING), (1234, "1,234", Status.CONFLICT)),
    "3.3.2": ((0, "0", Status.READ), (0, "0", Status.READ), (0, "0", Status.READ)),
}


def _label(row: int, column: int, text: str, *, rows: int = 1, columns: int = 1) -> FormCell:
    return FormCell(row=row, column=column, row_span=rows, column_span=columns, text=text)


@pytest.fixture
def sheet() -> FormSheet:
    cells = [
        _label(0, 0, "（本列数据的勾稽关系）", rows=2, columns=3),
        _label(0, 3, "申请人情况", columns=3),
        *(_label(1, 3 + i, name) for i, name in enumerate(COLUMNS.values())),
        _label(2, 0, ROWS["1"], columns=3),
        _label(3, 0, "三、办理结果", rows=3),
        _label(3, 1, ROWS["3.1"], columns=2),
        _label(4, 1, "（三）不予公开", rows=2),
        _label(4, 2, ROWS["3.3.1"]),
        _label(5, 2, ROWS["3.3.2"]),
    ]
    cells += [
        FormCell(row=2 + r, column=3 + c, field_id=f"applications/{row}/{column}")
        for r, row in enumerate(ROWS)
        for c, column in enumerate(COLUMNS)
    ]
    title = "三、收到和处理政府信息公开申请情况"
    return FormSheet(title=title, rows=6, columns=6, cells=tuple(cells), form="B", part="applications", tables=("t1",))


def _place(row: int, column: int, row_span: int = 1, column_span: int = 1) -> Place:
    left, top = 100.0 + 100 * column, 200.0 + 40 * row
    return Place(page=0, box=Box(left, top, left + 100 * column_span, top + 40 * row_span))


def _value(row: str, column: str, place: tuple[int, int], figure: tuple[int | None, str, Status]) -> Value:
    number, raw, status = figure
    agrees = status in (Status.VERIFIED, Status.REPAIRED)
    checked = agrees or status is Status.CONFLICT
    missing = status is Status.MISSING
    return Value(
        id=f"applications/{row}/{column}",
        value=number,
        raw=raw,
        status=status,
        confidence=0.0 if missing else 0.98,
        alternatives=(Reading(text="40", log_prob=-0.7),) if status is Status.REPAIRED else (),
        page=None if missing else 0,
        box=None if missing else _place(*place).box.scaled(0.5),
        evidence=(Evidence(kind="equation", detail="row total", agrees=agrees),) if checked else (),
        form="B",
        table="t1",
        row=place[0],
        column=place[1],
    )


@pytest.fixture
def values() -> tuple[Value, ...]:
    return tuple(
        _value(row, column, (2 + r, 3 + c), FIGURES[row][c])
        for r, row in enumerate(ROWS)
        for c, column in enumerate(COLUMNS)
    )


@pytest.fixture
def form_table(sheet: FormSheet, values: tuple[Value, ...]) -> Table:
    raw = {(v.row, v.column): v.raw for v in values}
    cells = tuple(
        Cell(
            row=c.row,
            column=c.column,
            row_span=c.row_span,
            column_span=c.column_span,
            text=c.text or raw[c.row, c.column],
            places=(_place(c.row, c.column, c.row_span, c.column_span),),
        )
        for c in sheet.cells
    )
    places = (Place(page=0, box=Box(100, 200, 700, 440)),)
    return Table(id="t1", rows=6, columns=6, cells=cells, header_rows=2, places=places, heading="三、收到和处理")


@pytest.fixture
def plain_table() -> Table:
    texts = (("项目", "A|B"), ("=1+2", "<b>&\n第二"), ("@SUM(A1)", "x\x07y"))
    cells = tuple(
        Cell(row=r, column=c, text=text)
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
        if (r, c) != (2, 1)
    )
    return Table(id="t2", rows=3, columns=2, cells=cells, header_rows=1, ruling="none")


@pytest.fixture
def regions() -> tuple[Region, ...]:
    heading = Line(text="一、总体情况", box=Box(100, 60, 300, 90))
    return (
        Region(kind=RegionKind.HEADING, box=Box(100, 60, 300, 90), order=0, lines=(heading,)),
        Region(kind=RegionKind.TABLE, box=Box(100, 200, 700, 440), order=1, table="t1"),
    )


@pytest.fixture
def report(
    sheet: FormSheet,
    values: tuple[Value, ...],
    form_table: Table,
    plain_table: Table,
    regions: tuple[Region, ...],
) -> Report:
    page = Page(
        index=0,
        width=800,
        height=600,
        dpi=144,
        source_width=400,
        source_height=300,
        transform=Transform.scaling(0.5),
        regions=regions,
    )
    document = Document(
        source=SourceInfo(name="报告.pdf", kind="pdf", sha256="ab" * 32, size=1234, page_count=1),
        title="某县2023年政府信息公开工作年度报告",
        pages=(page,),
        tables=(form_table, plain_table),
        sections=(
            Section(level=1, title="一、总体情况", page=0, text="1. 主动公开 *全部* 信息。\n# 不是标题\n<i>原文</i>"),
            Section(
                level=1,
                title="三、收到和处理",
                page=0,
                tables=("t1",),
                children=(Section(level=2, title="（一）说明", page=0, text="见下表", tables=("t2",)),),
            ),
        ),
    )
    finding = Finding(
        code="equation-broken",
        severity=Severity.WARNING,
        message="总计 does not close",
        page=0,
        table="t1",
        fields=("applications/3.3.1/total",),
    )
    return Report(
        document=document,
        values=values,
        findings=(finding,),
        matches=(FormMatch(table="t1", form="B", part="applications", score=0.97),),
        versions=Versions(program="0.1.0", models={"recognizer": "cd" * 32}, configuration="ef" * 32),
        timings={"text": 1.25},
        sheets=(sheet,),
    )
