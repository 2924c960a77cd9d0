"""Joins the pieces of a table that page breaks cut, also where the cut runs through a row.

Two pieces belong together when the second opens its page, nothing but the page's edge lies between them, and their
columns stand at the same places. Whether the cut ran through a row shows in the second piece's first row: where the
text of a label goes on, the figures beside it are on one of the two sides only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise

from ocr_pipeline.document import Cell, Table
from ocr_pipeline.tables.options import TableOptions

__all__ = ["join_tables"]

_ENUMERATED = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+\s*[、.．]|[（(]\s*[一二三四五六七八九十\d]+\s*[)）]|\d+\s*[、.．])"
)

_NEARER = 0.15
"""How much larger one page may be than the other, as a share of the width of the table."""
_FAMILIAR = 4
"""Edges of columns that must stand alike for two pieces of so different a size to be those of one table."""


def join_tables(
    tables: Sequence[Table],
    *,
    adjoining: Callable[[Table, Table], bool],
    dpi: Callable[[int], float],
    options: TableOptions | None = None,
) -> tuple[Table, ...]:
    """Join pieces over page breaks.

    Args:
        tables: in reading order; each piece on one page.
        adjoining: whether nothing but a page break lies between the end of the first and the start of the second.
        dpi: resolution of a page's raster.
        options: of the stage.

    Returns:
        The tables in the same order, pieces joined into the first of them.
    """
    options = options or TableOptions()
    joined: list[Table] = []
    for table in tables:
        if joined and adjoining(joined[-1], table):
            tolerance = options.join_tolerance * dpi(table.places[0].page)
            columns = _common_columns(joined[-1], table, tolerance)
            if columns is not None:
                joined[-1] = _join(*columns)
                continue
        joined.append(table)
    return tuple(joined)


def _edges(table: Table, page: int) -> list[float]:
    """Left edges of the columns and the right edge of the last on one page, measured from the table's left."""
    places = [p for p in table.places if p.page == page]
    origin = places[-1].box.left
    edges: list[float | None] = [None] * (table.columns + 1)
    for cell in table.cells:
        for place in cell.places:
            if place.page == page:
                edges[cell.column] = place.box.left - origin
                edges[cell.column + cell.column_span] = place.box.right - origin
    known = [(i, e) for i, e in enumerate(edges) if e is not None]
    result = []
    for i, edge in enumerate(edges):
        if edge is None:
            before = max((k for k in known if k[0] < i), default=known[0])
            after = min((k for k in known if k[0] > i), default=known[-1])
            edge = (before[1] + after[1]) / 2
        result.append(edge)
    return result


def _common_columns(first: Table, second: Table, tolerance: float) -> tuple[Table, Table] | None:
    """Both pieces on one set of columns, or None when they do not fit.

    A piece may lack columns that only rows of the other divide (the header's, say), so one set must hold the other.
    """
    upper = _edges(first, first.places[-1].page)
    lower = _edges(second, second.places[0].page)
    if abs(upper[-1] - lower[-1]) > 2 * tolerance:
        # A page that was photographed from nearer is larger, and each of its columns is by as much.
        if min(len(upper), len(lower)) < _FAMILIAR or abs(upper[-1] - lower[-1]) > _NEARER * upper[-1]:
            return None
        tolerance /= 2
    stretch = upper[-1] / lower[-1] if lower[-1] else 1.0
    lower = _settled([e * stretch for e in lower], _guessed(second), upper, tolerance)
    upper = _settled(upper, _guessed(first), lower, tolerance)
    if len(upper) >= len(lower):
        index = _positions(lower, upper, tolerance)
        return None if index is None else (first, _spread(second, index))
    index = _positions(upper, lower, tolerance)
    return None if index is None else (_spread(first, index), second)


def _guessed(table: Table) -> set[int]:
    """The edges between columns that only the space between figures tells."""
    sides: dict[int, list[bool]] = defaultdict(list)
    for cell in table.cells:
        for edge in (cell.column, cell.column + cell.column_span):
            sides[edge].append(cell.divided)
    return {edge for edge, divided in sides.items() if all(divided)} - {0, table.columns}


def _settled(edges: list[float], guessed: set[int], others: Sequence[float], tolerance: float) -> list[float]:
    """Guessed edges where the other piece has them: as many as it has between the edges that are known."""
    result = list(edges)
    known = [i for i in range(len(edges)) if i not in guessed]
    for before, after in pairwise(known):
        between = [e for e in others if edges[before] + tolerance < e < edges[after] - tolerance]
        if after - before > 1 and len(between) == after - before - 1:
            result[before + 1 : after] = between
    return result


def _positions(few: Sequence[float], many: Sequence[float], tolerance: float) -> list[int] | None:
    index: list[int] = []
    for edge in few:
        nearest = min(range(len(many)), key=lambda k: abs(many[k] - edge))
        if abs(many[nearest] - edge) > tolerance or (index and nearest <= index[-1]):
            return None
        index.append(nearest)
    return index


def _spread(table: Table, index: Sequence[int]) -> Table:
    """The table on a finer set of columns: column i becomes index[i] .. index[i + 1]."""
    cells = tuple(
        cell.model_copy(
            update={
                "column": index[cell.column],
                "column_span": index[cell.column + cell.column_span] - index[cell.column],
            }
        )
        for cell in table.cells
    )
    return table.model_copy(update={"columns": index[-1], "cells": cells})


def _join(first: Table, second: Table) -> Table:
    second = _without_repeated_header(first, second)
    cut = _cut_runs_through_row(first, second)
    shift = first.rows - 1 if cut else first.rows
    below = [c.model_copy(update={"row": c.row + shift}) for c in second.cells]
    cells: list[Cell] = list(first.cells)
    for cell in below:
        partner = _partner(cells, cell, first.rows, cut)
        if partner is None:
            cells.append(cell)
        else:
            cells[cells.index(partner)] = _merged(partner, cell)
    return first.model_copy(
        update={
            "rows": shift + second.rows,
            "cells": tuple(sorted(cells, key=lambda c: (c.row, c.column))),
            "places": first.places + second.places,
        }
    )


def _without_repeated_header(first: Table, second: Table) -> Table:
    """Drop the leading rows of the second piece that repeat those of the first."""
    repeated = 0
    while repeated < min(first.rows, second.rows) - 1:
        ours, theirs = _row_texts(first, repeated), _row_texts(second, repeated)
        if not any(t for _, t in theirs) or not _same_texts(ours, theirs):
            break
        repeated += 1
    # One repeated row may be chance only when it holds figures; a header never does.
    while repeated and (_holds_figures(second, repeated) or _cuts_span(second, repeated)):
        repeated -= 1
    if not repeated:
        return second
    cells = tuple(c.model_copy(update={"row": c.row - repeated}) for c in second.cells if c.row >= repeated)
    return second.model_copy(update={"rows": second.rows - repeated, "cells": cells})


def _row_texts(table: Table, row: int) -> list[tuple[int, str]]:
    return sorted((c.column, re.sub(r"\s", "", c.text)) for c in table.cells if c.row == row)


def _same_texts(ours: list[tuple[int, str]], theirs: list[tuple[int, str]]) -> bool:
    if [c for c, _ in ours] != [c for c, _ in theirs]:
        return False
    pairs = [(a, b) for (_, a), (_, b) in zip(ours, theirs, strict=True) if a or b]
    same = sum(a == b or _alike(a, b) for a, b in pairs)
    return bool(pairs) and same >= 0.8 * len(pairs)


def _alike(a: str, b: str) -> bool:
    common = sum(x == y for x, y in zip(a, b, strict=False))
    return bool(a) and bool(b) and common >= 0.8 * max(len(a), len(b))


def _holds_figures(table: Table, rows: int) -> bool:
    return any(c.row < rows and re.fullmatch(r"[\d.,+\-]+", c.text.strip()) for c in table.cells)


def _cuts_span(table: Table, rows: int) -> bool:
    return any(c.row < rows < c.row + c.row_span for c in table.cells)


def _cut_runs_through_row(first: Table, second: Table) -> bool:
    """True when the first row of the second piece goes on the last row of the first.

    Then no column has print for a cell of its own on both sides, but for labels that go on: the rest of a label opens
    with no number of its own.
    """
    upper = {c.column: c for c in first.cells if c.row + c.row_span == first.rows}
    lower = {c.column: c for c in second.cells if c.row == 0}
    if not set(lower) <= {k for c in upper.values() for k in range(c.column, c.column + c.column_span)}:
        return False
    if any(k in upper and upper[k].column_span != c.column_span for k, c in lower.items()):
        return False
    goes_on = False
    for column, cell in lower.items():
        above = upper.get(column)
        if above is None:
            return False
        if cell.row_span > 1 and above.row_span > 1:
            continue  # a spanning label on both sides tells nothing about this row
        if cell.text and above.text:
            if _is_figure(cell.text) or _is_figure(above.text) or _ENUMERATED.match(cell.text):
                return False
            goes_on = True
    blank_below = all(not c.text for c in lower.values() if c.row_span == 1 and c.column > 0)
    figures_above = any(_is_figure(c.text) for c in upper.values())
    return goes_on or (blank_below and figures_above)


def _is_figure(text: str) -> bool:
    return bool(re.fullmatch(r"[\s\d.,+\-/]+", text))


def _partner(cells: Sequence[Cell], cell: Cell, rows: int, cut: bool) -> Cell | None:
    """The cell above the page break that this one goes on, if any."""
    first_row = rows - 1 if cut else rows
    if cell.row != first_row:
        return None
    for above in cells:
        if above.row + above.row_span != rows or above.column != cell.column or above.column_span != cell.column_span:
            continue
        if above.row == rows - 1 and cell.row_span == 1:
            return above if cut else None
        # A spanning label: it goes on when the lower half is bare or opens with no number of its own.
        bare = not cell.text or (above.text and not _ENUMERATED.match(cell.text) and not _is_figure(cell.text))
        return above if bare or cut else None
    return None


def _merged(above: Cell, below: Cell) -> Cell:
    rows = max(above.row + above.row_span, below.row + below.row_span) - above.row
    figures = above if above.text or not below.text else below
    return above.model_copy(
        update={
            "row_span": rows,
            "text": above.text + below.text,
            "confidence": min(c.confidence for c in (above, below) if c.text) if above.text or below.text else 1.0,
            "ink": None if above.ink is None and below.ink is None else bool(above.ink or below.ink),
            "vertical": above.vertical or below.vertical,
            "divided": above.divided or below.divided,
            "cut": above.cut or below.cut,
            "marked": above.marked or below.marked,
            "places": above.places + below.places,
            "readings": figures.readings if not (above.text and below.text) else (),
            "witnesses": figures.witnesses if not (above.text and below.text) else (),
        }
    )
