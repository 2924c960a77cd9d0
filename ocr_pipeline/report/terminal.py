"""The figures of a report as a table for the terminal: rows and columns as on the form, statuses as marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ocr_pipeline.document import Value
from ocr_pipeline.report.labels import FieldLabel, field_label, field_labels
from ocr_pipeline.report.model import Report
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.report.text_width import clipped, display_width, padded, wrapped, wrapped_words

__all__ = ["format_values"]

_NARROWEST_COLUMN = 5
_HEADER_LINES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class _Row:
    """The labels of a row, outermost first, and its figures by the name of their column."""

    path: tuple[str, ...]
    cells: dict[str, str]

    @property
    def name(self) -> str:
        return "  " * (len(self.path) - 1) + (self.path[-1] if self.path else "")


def format_values(report: Report, *, width: int = 100) -> str:
    """The values, one matrix for each run of rows that share their columns, a line that explains the marks, and what
    the document shows and the report lacks.

    Args:
        report: any report.
        width: columns of the terminal; columns that do not fit continue in a second matrix below.

    Returns:
        Lines of at most ``width`` columns where ``width`` is 40 or more, without trailing blanks.
    """
    if not report.values:
        return "\n".join(["no table of a known form", *_left_out(report, width)])
    labels = field_labels(report.sheets)
    titles = {cell.field_id: sheet.title for sheet in report.sheets for cell in sheet.cells if cell.field_id}
    parts: dict[str, list[Value]] = {}
    for value in report.values:
        parts.setdefault(titles.get(value.id, value.id.split("/")[0]), []).append(value)
    lines: list[str] = []
    for title, values in parts.items():
        lines.append(clipped(title, width))
        for block in _blocks(_rows(values, labels)):
            lines += [*_matrix(block, width), ""]
    return "\n".join(line.rstrip() for line in [*lines, *_legend(report, width), *_left_out(report, width)])


def _rows(values: Sequence[Value], labels: dict[str, FieldLabel]) -> Iterator[_Row]:
    """Neighbours that share the labels of their row become one row."""
    row: _Row | None = None
    for value in values:
        label = labels.get(value.id) or field_label(value.id)
        # Where rows bear no labels, the groups of columns stand below each other instead.
        path = label.row or label.column[:-1]
        if row is None or path != row.path or label.column_name in row.cells:
            if row is not None:
                yield row
            row = _Row(path, {})
        row.cells[label.column_name] = _shown(value)
    if row is not None:
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
    if block:
        yield block


def _matrix(block: Sequence[_Row], width: int) -> Iterator[str]:
    columns = list(block[0].cells)
    figures = {name: max(display_width(row.cells[name]) for row in block) for name in columns}
    label, sizes = _fitted(block, figures, width)
    while columns:
        left, taken = width - label, 0
        while taken < len(columns) and (taken == 0 or left > sizes[columns[taken]]):
            left -= sizes[columns[taken]] + 1
            taken += 1
        yield from _header(columns[:taken], sizes, label)
        yield from _body(block, columns[:taken], sizes, label)
        columns = columns[taken:]


def _fitted(block: Sequence[_Row], figures: dict[str, int], width: int) -> tuple[int, dict[str, int]]:
    """Width of the labels and of each column: headers as flat as fits beside whole labels; then labels are cut."""
    natural = max(display_width(name) for row in block for name in _indented(row.path))
    for lines in _HEADER_LINES:
        sizes = {name: max(size, _header_size(name, lines)) for name, size in figures.items()}
        room = width - sum(sizes.values()) - len(sizes)
        if room >= natural:
            return natural, sizes
    return min(natural, max(room, width // 3)), sizes


def _header_size(name: str, lines: int) -> int:
    """Columns for a header of so many lines; the last column is left to the marks of the figures."""
    size = _NARROWEST_COLUMN
    while len(wrapped(name, size - 1)) > lines:
        size += 1
    return size


def _header(columns: Sequence[str], sizes: dict[str, int], label: int) -> Iterator[str]:
    heads = [wrapped(name, sizes[name] - 1) for name in columns]
    height = max(len(head) for head in heads)
    for line in range(height):
        # Headers of fewer lines stand at the bottom, next to their figures.
        shown = [head[line - height + len(head)] + " " if line >= height - len(head) else "" for head in heads]
        cells = (padded(text, sizes[name], right=True) for text, name in zip(shown, columns, strict=True))
        yield " ".join([" " * label, *cells])
    yield "─" * (label + sum(sizes[name] + 1 for name in columns))


def _body(block: Sequence[_Row], columns: Sequence[str], sizes: dict[str, int], label: int) -> Iterator[str]:
    before: tuple[str, ...] = ()
    for row in block:
        names = _indented(row.path)
        for depth in range(len(row.path) - 1):
            if row.path[: depth + 1] != before[: depth + 1]:
                yield clipped(names[depth], label)
        before = row.path
        cells = (padded(row.cells[name], sizes[name], right=True) for name in columns)
        yield " ".join([padded(clipped(row.name, label), label), *cells])


def _indented(path: tuple[str, ...]) -> list[str]:
    return ["  " * depth + name for depth, name in enumerate(path)] or [""]


def _legend(report: Report, width: int) -> Iterator[str]:
    line = ""
    for status, count in report.status_counts().items():
        if count:
            part = f"{STATUS_STYLES[status].mark or '(no mark)'} {count} {status.value}"
            if line and display_width(line) + 3 + display_width(part) > width:
                yield line
                line = ""
            line = f"{line}   {part}" if line else part
    yield line


def _left_out(report: Report, width: int) -> Iterator[str]:
    for finding in report.left_out:
        place = "" if finding.page is None else f"page {finding.page + 1}: "
        yield from wrapped_words(f"not in this report: {place}{finding.message}", width)
