"""The report as Markdown: the prose in order with each table in its place, then the values and the findings.

Tables with spans are written as HTML, which Markdown passes through; others as pipe tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ocr_pipeline.document import Finding, Section, Status, Table
from ocr_pipeline.report.model import Report, StageError
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.report.rows import RowValue, value_rows
from ocr_pipeline.report.table_html import one_line, table_html

__all__ = ["to_markdown", "write_markdown"]

_SPECIAL = re.compile(r"[\\`*_<>\[\]|#~&]")
_LINE_START = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
_VALUE_COLUMNS = ("id", "label", "value", "unit", "raw", "status", "confidence", "page")


def write_markdown(report: Report, path: Path) -> None:
    """Write ``to_markdown``; raises OSError when the file cannot be written."""
    path.write_text(to_markdown(report), encoding="utf-8", newline="\n")


def to_markdown(report: Report) -> str:
    """The whole report as CommonMark with pipe tables; pages count from 1."""
    blocks = [f"# {_text(report.title or report.source.name)}", _about(report)]
    tables = {table.id: table for table in report.document.tables}
    shown: set[str] = set()
    for section in report.sections:
        blocks += _section(section, tables, shown)
    rest = [table for table in report.document.tables if table.id not in shown]
    if rest:
        blocks.append("## Tables outside any section")
        blocks += [_table(table) for table in rest]
    blocks += _values(report)
    blocks += _remarks(report.findings, report.errors)
    return "\n\n".join(blocks) + "\n"


def _about(report: Report) -> str:
    counts = report.status_counts()
    lines = [
        f"Values: {len(report.values)} (" + ", ".join(f"{n} {status.value}" for status, n in counts.items() if n) + ")"
    ]
    if not report.values:
        lines = ["No table of a known form."]
    lines.append(
        f"Source: {_text(report.source.name)}, pages: {report.source.page_count}, sha256 {report.source.sha256}"
    )
    if not report.ok:
        lines.append(f"**This report is not complete; failures on the way: {len(report.errors)}**")
    return "\n\n".join(lines)


def _section(section: Section, tables: dict[str, Table], shown: set[str]) -> Iterator[str]:
    if section.title:
        yield f"{'#' * min(max(section.level, 1) + 1, 6)} {_text(section.title)}"
    if section.text.strip():
        yield "\n\n".join(_paragraphs(section.text))
    for table_id in section.tables:
        if table_id in tables and table_id not in shown:
            shown.add(table_id)
            yield _table(tables[table_id])
    for child in section.children:
        yield from _section(child, tables, shown)


def _paragraphs(text: str) -> Iterator[str]:
    for line in filter(None, (line.strip() for line in text.splitlines())):
        yield _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", _text(line))


def _table(table: Table) -> str:
    if any(cell.row_span > 1 or cell.column_span > 1 for cell in table.cells):
        # Escaped texts hold no tags, so the rows can be told apart; in the file a row a line can be read and compared.
        return table_html(table, header_cells=True).replace("<tr>", "\n<tr>").replace("</table>", "\n</table>")
    rows: list[Sequence[RowValue]] = [[one_line(cell.text) if cell else "" for cell in row] for row in table.grid()]
    # A pipe table cannot do without a header row; one without labels stands for the one the table lacks.
    header: Sequence[RowValue] = rows.pop(0) if table.header_rows else [""] * table.columns
    return _pipes(header, rows)


def _values(report: Report) -> Iterator[str]:
    if not report.values:
        return
    yield "## Values"
    parts: dict[str, list[list[RowValue]]] = {}
    for row in value_rows(report, first=1):
        parts.setdefault(str(row["id"]).split("/")[0], []).append([row[name] for name in _VALUE_COLUMNS])
    for part, rows in parts.items():
        yield f"### {_text(part)}"
        yield _pipes(_VALUE_COLUMNS, rows)
    used = [status for status in Status if report.status_counts()[status]]
    yield "\n".join(f"- {status.value}: {STATUS_STYLES[status].meaning}" for status in used)


def _remarks(findings: Iterable[Finding], errors: Iterable[StageError]) -> Iterator[str]:
    rows = [
        (f.severity.value, f.code, f.message, None if f.page is None else f.page + 1, ", ".join(f.fields))
        for f in findings
    ]
    if rows:
        yield "## Findings"
        yield _pipes(("severity", "code", "message", "page", "fields"), rows)
    failures = [(e.stage, e.category, e.message, None if e.page is None else e.page + 1) for e in errors]
    if failures:
        yield "## Failures"
        yield _pipes(("stage", "category", "message", "page"), failures)


def _pipes(header: Sequence[RowValue], rows: Iterable[Sequence[RowValue]]) -> str:
    lines = [_pipe_row(header), "|" + " --- |" * len(header)]
    return "\n".join(lines + [_pipe_row(row) for row in rows])


def _pipe_row(cells: Sequence[RowValue]) -> str:
    return "| " + " | ".join(_text("" if cell is None else str(cell)) for cell in cells) + " |"


def _text(text: str) -> str:
    """The text on one line with everything escaped that Markdown or HTML would take for markup."""
    return _SPECIAL.sub(lambda m: "\\" + m[0], " ".join(text.split()))
