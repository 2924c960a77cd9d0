"""Tables of a page: which of them hold data, and those as grids of cells.

Many pages are laid out with tables. Such a table is no table of the document: what stands in it is read as if its cells
were paragraphs, one after the other.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from ocr_pipeline.document import Cell, Table
from ocr_pipeline.source.web.markup import (
    Element,
    attribute,
    has_parts_aside,
    is_hidden,
    is_removed,
    is_struck,
    tag_of,
    text_lines,
)
from ocr_pipeline.source.web.table_model import PlacedCell, WrittenCell, form_table

__all__ = ["count_figures", "is_data_table", "place_cells", "read_table"]

_GROUPS = ("thead", "tbody", "tfoot")
_SPAN = re.compile(r"\s*\+?(\d+)")
_FIGURE = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?|[/—-]")
_VERTICAL = re.compile(r"(?:writing-mode|layout-flow)\s*:\s*(?:vertical|tb)", re.IGNORECASE)
_LONG_LABEL = 120  # characters; the longest label of an official form has 60
_ARTICLE = 600  # characters of one cell that make it the body of a page
_FEW_FIGURES = 6

Placed = Sequence[PlacedCell[Element]]


def place_cells(table: Element, max_slots: int) -> Placed:
    """The cells of a table element in the grid they form, without those of tables inside its cells.

    Raises:
        LimitExceededError: more slots than ``max_slots``.
    """
    groups = [[[_written(cell) for cell in row] for row in group] for group in _groups(table)]
    return form_table(groups, max_slots=max_slots)


def is_data_table(table: Element, cells: Placed) -> bool:
    """Whether a table holds data, and not the parts of a page."""
    rows = max((cell.row + cell.row_span for cell in cells), default=0)
    columns = max((cell.column + cell.column_span for cell in cells), default=0)
    if rows * columns <= 1 or any(_is_grid(inner) for inner in table.iterdescendants("table")):
        return False
    if count_figures(cells) >= _FEW_FIGURES:
        return True
    if any(_holds_page_parts(cell.content) for cell in cells):
        return False
    lengths = [sum(len(line) for line in text_lines(cell.content)) for cell in cells]
    if min(rows, columns) == 1:
        return max(lengths) <= _LONG_LABEL
    return max(lengths) < max(_ARTICLE, 0.6 * sum(lengths))


def count_figures(cells: Placed) -> int:
    """How many cells hold a figure and nothing else."""
    return sum(1 for cell in cells if _FIGURE.fullmatch("".join(text_lines(cell.content))))


def read_table(cells: Placed, identifier: str) -> Table:
    """A data table with its texts; lines of a cell are separated by line breaks.

    Args:
        cells: at least one.
        identifier: the ``id`` it gets.
    """
    read = tuple(_read(cell) for cell in cells)
    rows = max(cell.row + cell.row_span for cell in read)
    headers = 0
    while headers < rows and all(cell.header for cell in read if cell.row == headers):
        headers += 1
    return Table(
        id=identifier,
        rows=rows,
        columns=max(cell.column + cell.column_span for cell in read),
        cells=read,
        header_rows=headers,
        ruling="markup",
    )


def _read(cell: PlacedCell[Element]) -> Cell:
    element = cell.content
    return Cell(
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        text="" if _is_blanked(element) else "\n".join(text_lines(element)),
        header=tag_of(element) == "th" or any(tag_of(above) == "thead" for above in element.iterancestors("thead")),
        marked=has_parts_aside(element),
        vertical=bool(_VERTICAL.search(element.get("style") or "")),
    )


def _is_blanked(cell: Element) -> bool:
    """Whether a cell, or its row or group, is struck out or hidden as a whole: its place stays."""
    above = itertools.takewhile(lambda element: tag_of(element) != "table", cell.iterancestors())
    return any(is_struck(element) or is_hidden(element) for element in (cell, *above))


def _written(cell: Element) -> WrittenCell[Element]:
    return WrittenCell(cell, _span(attribute(cell, "rowspan")), max(1, _span(attribute(cell, "colspan"))))


def _span(written: str) -> int:
    """A span by the rules for parsing non-negative integers (WHATWG HTML, 2.3.4.2); 1 when it is none."""
    match = _SPAN.match(written)
    return int(match.group(1)[:6]) if match else 1


def _groups(table: Element) -> Iterator[list[list[Element]]]:
    """Row groups as they are laid out: rows without a group form groups of their own, a ``tfoot`` comes last."""
    feet: list[list[list[Element]]] = []
    loose: list[list[Element]] = []
    for part in _parts(table, (*_GROUPS, "tr", "td", "th")):
        if tag_of(part) == "tr":
            loose.append(list(_parts(part, ("td", "th"))))
        elif tag_of(part) in ("td", "th"):
            # A cell without a row around it is in the row that it follows, as if that had not ended.
            loose = loose or [[]]
            loose[-1].append(part)
        else:
            if loose:
                yield loose
                loose = []
            rows = [list(_parts(row, ("td", "th"))) for row in _parts(part, ("tr",))]
            if tag_of(part) == "tfoot":
                feet.append(rows)
            else:
                yield rows
    if loose:
        yield loose
    yield from feet


def _parts(element: Element, wanted: tuple[str, ...]) -> Iterator[Element]:
    """The nearest descendants of these kinds; forms and the like between a table and its rows do not count."""
    pending = list(reversed(element))
    while pending:
        child = pending.pop()
        if is_removed(child) or tag_of(child) in ("table", "caption", "colgroup"):
            continue
        if tag_of(child) in wanted:
            yield child
        else:
            pending.extend(reversed(child))


def _is_grid(table: Element) -> bool:
    """Whether a table that stands inside another one is more than a frame or a list."""
    rows = [row for group in _groups(table) for row in group]
    return len(rows) > 1 and max(len(row) for row in rows) > 1


def _holds_page_parts(cell: Element) -> bool:
    return any(True for _ in cell.iter("h1", "h2", "h3", "form", "iframe", "img"))
