"""The figures of a report as a table for the terminal: rows and columns as on the form, statuses as marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ocr_pipeline.document import Value
from ocr_pipeline.report.labels import FieldLabel, field_label, field_labels
from ocr_pipeline.report.model import Report
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.report.text_width import clipped, display_width, padded, wrapped

__all__ = ["format_values"]

_GAP = 1
_NARROWEST_LABEL = 8
_HEADER_LINES = 4


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    cells: dict[str, str]


def format_values(report: Report, *, width: int = 100) -> str:
    """The values, one matrix for each run of rows that share their columns, and a line that explains the marks.

    Args:
        report: any report.
        width: columns of the terminal; columns that do not fit continue in a second matrix below.

    Returns:
        Lines of at most ``width`` columns where ``width`` is 40 or more, without trailing blanks.
    """
    if not report.values:
        return "no table of a known form"
    labels = field_labels(report.sheets)
    titles = {cell.field_id: sheet.title for sheet in report.sheets for cell in sheet.cells if cell.field_id}
    lines: list[str] = []
    parts: dict[str, list[Value]] = {}
    for value in report.values:
        parts.setdefault(titles.get(value.id, value.id.split("/")[0]), []).append(value)
    for title, values in parts.items():
        lines += [clipped(title, width)]
        for block in _blocks(_rows(values, labels)):
            lines += [*_matrix(block, width), ""]
    return "\n".join(line.rstrip() for line in [*lines, *_legend(report, width)])


def _rows(values: Sequence[Value], labels: dict[str, FieldLabel]) -> Iterator[_Row]:
    """Neighbours that share the labels of their row become one row."""
    key: tuple[str, ...] | None = None
    row = _Row("", {})
    for value in values:
        label = labels.get(value.id) or field_label(value.id)
        path = label.row or label.column[:-1]
        if path != key or label.column_name in row.cells:
            if row.cells:
                yield row
            key, row = path, _Row(label.row_name, {})
        row.cells[label.column_name] = _shown(value)
    yield row


def _shown(value: Value) -> str:
    mark = STATUS_STYLES[value.status].mark
    if value.value is None:
        return mark
    # Without a mark there is a blank, so that the digits of a column stand one below the other.
    return f"{value.value:,}{value.unit or ''}{mark or ' '}"


def _blocks(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    block: list[_Row] = []
    for row in rows:
        if block and list(row.cells) != list(block[0].cells):
            yield block
            block = []
        block.append(row)
    yield block


def _matrix(block: Sequence[_Row], width: int) -> Iterator[str]:
    columns = list(block[0].cells)
    sizes = {name: _column_size(name, [row.cells[name] for row in block]) for name in columns}
    natural = max(display_width(row.name) for row in block)
    # The label gives way to the figures, but not below what still tells the rows apart.
    room = width - sum(sizes.values()) - _GAP * len(columns)
    label = min(natural, max(_NARROWEST_LABEL, room, min(natural, width // 3)))
    while columns:
        taken: list[str] = []
        left = width - label
        while columns and (not taken or left >= sizes[columns[0]] + _GAP):
            left -= sizes[columns[0]] + _GAP
            taken.append(columns.pop(0))
        yield from _header(taken, sizes, label)
        for row in block:
            cells = (padded(row.cells[name], sizes[name], right=True) for name in taken)
            yield " ".join([padded(clipped(row.name, label), label), *cells])


def _column_size(name: str, cells: Sequence[str]) -> int:
    figures = max(display_width(cell) for cell in cells)
    size = max(figures, 5)
    while len(wrapped(name, size - 1)) > _HEADER_LINES:
        size += 1
    # The last character of a column is for marks, and headers leave it empty to stay apart.
    return size if len(wrapped(name, size - 1)) > 1 else max(size, display_width(name) + 1)


def _header(columns: Sequence[str], sizes: dict[str, int], label: int) -> Iterator[str]:
    heads = [wrapped(name, sizes[name] - 1) for name in columns]
    height = max(len(head) for head in heads)
    for line in range(height):
        cells = []
        for name, head in zip(columns, heads, strict=True):
            # Headers of fewer lines stand at the bottom, next to their figures.
            index = line - (height - len(head))
            cells.append(padded(f"{head[index]} " if index >= 0 else "", sizes[name], right=True))
        yield " ".join([" " * label, *cells])
    yield "─" * (label + sum(sizes[name] + _GAP for name in columns))


def _legend(report: Report, width: int) -> Iterator[str]:
    line = ""
    for status, count in report.status_counts().items():
        if count:
            mark = STATUS_STYLES[status].mark or "(no mark)"
            part = f"{mark} {count} {status.value}"
            if line and display_width(line) + 3 + display_width(part) > width:
                yield line
                line = ""
            line = f"{line}   {part}" if line else part
    yield line
