"""An HTML table as rows of cells, in the least grid that shows it.

Two documents may write the same visible table with different spans: a row of four cells is ``colspan="3"`` four times
on a grid of twelve, or ``colspan="1"`` on a grid of four. Grid lines on which no cell begins cannot be seen, so they
are taken out before tables are compared. ``thead``, ``tbody`` and ``tfoot`` are left out and ``th`` counts as ``td``:
which of them a table is written with is a matter of style sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from ocr_pipeline.evaluation.normalize import normalize

__all__ = ["HtmlCell", "HtmlTable", "parse_table"]

_MAX_COLUMN_SPAN = 1000  # as browsers do; keeps a misread span from filling the memory


@dataclass(frozen=True, slots=True)
class HtmlCell:
    """A cell: where it begins in the grid (from 0), how far it reaches, and its normalised text."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """The cells of each row that begin there, left to right."""

    rows: tuple[tuple[HtmlCell, ...], ...]

    @property
    def cells(self) -> tuple[HtmlCell, ...]:
        """All of them, row by row."""
        return tuple(cell for row in self.rows for cell in row)


def parse_table(html: str, *, compact: bool = True) -> HtmlTable:
    """The first table of an HTML text; a table nested in a cell is part of that cell's text.

    Args:
        html: the text, a whole page or the table alone.
        compact: take out grid lines on which no cell begins.

    Raises:
        ValueError: there is no table.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if not reader.found:
        raise ValueError("no <table> in the text")
    rows = _placed(reader.rows)
    return HtmlTable(_compacted(rows) if compact else tuple(tuple(row) for row in rows))


@dataclass(slots=True)
class _RawCell:
    row_span: int
    column_span: int
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[_RawCell]] = []
        self.found = False
        self._depth = 0
        self._done = False
        self._cell: _RawCell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            self.found = True
        if self._done or self._depth != 1:
            return
        if tag == "tr":
            self.rows.append([])
            self._cell = None
        elif tag in ("td", "th"):
            if not self.rows:
                self.rows.append([])
            spans = dict(attrs)
            self._cell = _RawCell(_span(spans.get("rowspan")), _span(spans.get("colspan")) or 1)
            self.rows[-1].append(self._cell)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            self._depth -= 1
            self._done = self._done or self._depth == 0
        if self._depth == 1 and tag in ("td", "th", "tr"):
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._done:
            self._cell.text.append(data)


def _span(written: str | None) -> int:
    """A span as browsers understand it: 1 when it is no number; 0 stays (a rowspan of 0 reaches the last row)."""
    digits = (written or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() else 1


def _placed(raw: Sequence[Sequence[_RawCell]]) -> list[list[HtmlCell]]:
    """Where each cell begins: the first slot of its row that no cell from above reaches into."""
    taken: set[tuple[int, int]] = set()
    rows: list[list[HtmlCell]] = []
    for index, cells in enumerate(raw):
        placed: list[HtmlCell] = []
        column = 0
        for cell in cells:
            while (index, column) in taken:
                column += 1
            below = len(raw) - index
            height = min(cell.row_span, below) or below
            width = min(cell.column_span, _MAX_COLUMN_SPAN)
            placed.append(HtmlCell(index, column, height, width, normalize("".join(cell.text))))
            taken.update((index + down, column + right) for down in range(height) for right in range(width))
            column += width
        rows.append(placed)
    return rows


def _compacted(rows: Sequence[Sequence[HtmlCell]]) -> tuple[tuple[HtmlCell, ...], ...]:
    cells = [cell for row in rows for cell in row]
    row_starts = sorted({cell.row for cell in cells})
    column_starts = sorted({cell.column for cell in cells})
    new_row = {row: index for index, row in enumerate(row_starts)}
    new_column = {column: index for index, column in enumerate(column_starts)}
    return tuple(
        tuple(
            replace(
                cell,
                row=new_row[cell.row],
                column=new_column[cell.column],
                row_span=sum(cell.row <= start < cell.row + cell.row_span for start in row_starts),
                column_span=sum(cell.column <= start < cell.column + cell.column_span for start in column_starts),
            )
            for cell in row
        )
        for row in rows
        if row
    )
