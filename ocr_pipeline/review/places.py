"""Where on the pages a value is looked at: the views of every output, and the head of its column beside its row."""

from __future__ import annotations

from collections.abc import Iterator

from ocr_pipeline.document import Place, Value
from ocr_pipeline.geometry import Box
from ocr_pipeline.report.places import View
from ocr_pipeline.review.opened import OpenReport

__all__ = ["views"]

_HEAD_HEIGHT = 1.6
"""Inches of a column's head that are shown at most: a header in vertical writing can be very high."""


def views(opened: OpenReport, value: Value) -> tuple[View, ...]:
    """What to look at for a value, the closest first; nothing where the document has no pages."""
    return tuple(_views(opened, value))


def _views(opened: OpenReport, value: Value) -> Iterator[View]:
    for view in opened.places.views(value) or _tables(opened, value):
        head = _head_view(opened, value, view) if view.kind == "row" else None
        if head is not None:
            yield head
        yield view


def _tables(opened: OpenReport, value: Value) -> Iterator[View]:
    """The tables that its part was matched with, for a value that does not know its own."""
    part = value.id.partition("/")[0]
    for match in opened.report.matches:
        if match.part == part and value.table is None:
            yield from opened.places.views(value.model_copy(update={"table": match.table}))


def _head_view(opened: OpenReport, value: Value, row: View) -> View | None:
    """The head of a value's column, from edge to edge as its row is shown, so that their columns are in line."""
    table = opened.places.tables.get(value.table or "")
    if table is None or row.cell is None:
        return None
    head = _head(opened, value, Place(page=row.page.index, box=row.cell))
    spans = {at.page: at.box for at in table.places}
    if head is None or head.page not in spans or row.page.index not in spans:
        return None
    page, above, below = opened.places.pages[head.page], spans[head.page], spans[row.page.index]
    left, right = above.left + row.box.left - below.left, above.right + row.box.right - below.right
    box = Box(max(0.0, left), head.box.top, min(float(page.width), right), head.box.bottom)
    return View("head", page, box, head.box)


def _head(opened: OpenReport, value: Value, place: Place) -> Place | None:
    """The labels right above a value's column; on an earlier page where a page break cut the table."""
    if value.table is None or value.row is None or value.column is None:
        return None
    found: list[Place] = []
    for row in reversed(range(value.row)):
        label = opened.places.cell(value.table, row, value.column)
        if label is None or not any(char.isalpha() for char in label.text):  # a figure, or nothing
            if found:
                break
            continue
        of_label = [at for at in label.places if not found or at.page == found[0].page]
        if not of_label or of_label[-1] in found:
            continue
        page = opened.places.pages.get(of_label[-1].page)
        if page is None or (found and found[0].box.bottom - of_label[-1].box.top > _HEAD_HEIGHT * page.dpi):
            break
        found.append(of_label[-1])
    if not found or (found[0].page == place.page and found[0].box.bottom > place.box.top + 1):
        return None
    inner = found[0].box
    return Place(page=found[0].page, box=Box(inner.left, min(at.box.top for at in found), inner.right, inner.bottom))
