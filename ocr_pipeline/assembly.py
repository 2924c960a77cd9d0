"""Small steps between the stages: how their results become one document."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Page, PageImage, Region, RegionKind, Section, Status, Table, Value
from ocr_pipeline.flow import FlowBlock, FlowText, FlowTokens
from ocr_pipeline.layout import Outline, TableMark
from ocr_pipeline.report import FormCell, FormSheet
from ocr_pipeline.source.document_source import SourcePage
from ocr_pipeline.source.dump import read_flow
from ocr_pipeline.templates import Extraction, TemplateSet, part_equations
from ocr_pipeline.text_layer import TextLayer

__all__ = [
    "NumberedPage",
    "adjoining",
    "as_dump",
    "blocks_of",
    "continues",
    "form_sheets",
    "in_reading_order",
    "merged",
    "page_of",
    "unproven_cells",
    "with_headings",
]


def page_of(image: PageImage) -> Page:
    """What the report keeps of a page image; no regions yet."""
    return Page(
        index=image.index,
        width=image.width,
        height=image.height,
        dpi=image.dpi,
        rotation=image.rotation,
        skew=image.skew,
        source_width=image.source_size[0],
        source_height=image.source_size[1],
        source_unit=image.source_unit,
        transform=image.transform,
    )


def adjoining(pages: Mapping[int, Page], first: Table, second: Table) -> bool:
    """Nothing but page furniture stands between the end of one table and the start of another, one page on."""
    above, below = first.places[-1], second.places[0]
    if below.page != above.page + 1:
        return False
    under = [r for r in pages[above.page].regions if not r.kind.is_furniture and r.box.center[1] > above.box.bottom]
    over = [r for r in pages[below.page].regions if not r.kind.is_furniture and r.box.center[1] < below.box.top]
    return not any(r.lines or r.kind is RegionKind.TABLE for r in (*under, *over))


def in_reading_order(tables: Sequence[Table], regions: Sequence[Region]) -> tuple[Table, ...]:
    """The tables of a page in the order of its regions, in which the left page of a spread comes before the right one.

    Args:
        tables: of one page, top to bottom.
        regions: of this page, in reading order.
    """
    spots = [region.box for region in regions if region.kind is RegionKind.TABLE]
    shared = [[table.places[0].box.intersection_area(spot) for spot in spots] for table in tables]
    if not all(any(areas) for areas in shared):
        return tuple(tables)
    order = sorted(range(len(tables)), key=lambda n: shared[n].index(max(shared[n])))
    return tuple(tables[n] for n in order)


def continues(followers: Container[str], first: Table, second: Table) -> bool:
    """Two pictures of tables, the second right behind the first; ``followers`` are the ids of tables behind another."""
    if not first.places or not second.places or second.id not in followers:
        return False
    return second.places[0].page == first.places[-1].page + 1


def as_dump(flow: Sequence[FlowBlock]) -> Sequence[FlowBlock]:
    """A flow with the text of its paragraphs as that of a dump; as it is where it holds stretches of one."""
    if any(isinstance(block, FlowTokens) for block in flow):
        return flow
    return read_flow("\n".join(block.text for block in flow if isinstance(block, FlowText)))


def with_headings(tables: Sequence[Table], sections: Sequence[Section]) -> tuple[Table, ...]:
    """The tables with the titles of the sections they stand in."""
    heading: dict[str, str] = {}
    todo = list(sections)
    while todo:
        section = todo.pop()
        heading.update(dict.fromkeys(section.tables, section.title))
        todo.extend(section.children)
    return tuple(t.model_copy(update={"heading": heading.get(t.id) or None}) for t in tables)


def form_sheets(extraction: Extraction, templates: TemplateSet) -> tuple[FormSheet, ...]:
    """The official layout of each part found, for exports in its shape."""
    tables: dict[tuple[str, str], list[str]] = {}
    for match in extraction.matches:
        tables.setdefault((match.form, match.part), []).append(match.table)
    return tuple(_sheet(templates, form, part, ids) for (form, part), ids in tables.items())


def _sheet(templates: TemplateSet, form: str, part: str, tables: Sequence[str]) -> FormSheet:
    model = templates.form(form).part(part)
    rows, columns = model.grid_shape
    cells = (
        FormCell(
            row=cell.row,
            column=cell.column,
            row_span=cell.row_span,
            column_span=cell.column_span,
            text=cell.text,
            field_id=cell.field,
        )
        for cell in model.layout()
    )
    return FormSheet(
        title=model.title or part,
        rows=rows,
        columns=columns,
        cells=tuple(cells),
        form=form,
        part=part,
        tables=tuple(dict.fromkeys(tables)),
        equations=part_equations(templates.form(form), part),
    )


@dataclass(frozen=True)
class NumberedPage:
    """A page of an embedded picture under the number it has in the document that embeds it."""

    page: SourcePage
    index: int

    @property
    def unit(self) -> Literal["pt", "px"]:
        """Unit of the page's size."""
        return self.page.unit

    @property
    def width(self) -> float:
        """Width as displayed."""
        return self.page.width

    @property
    def height(self) -> float:
        """Height as displayed."""
        return self.page.height

    @property
    def native_dpi(self) -> float | None:
        """Resolution of the picture."""
        return self.page.native_dpi

    def render(self, dpi: float) -> NDArray[np.uint8]:
        """The page on white, RGB."""
        return self.page.render(dpi)

    def render_without_text(self, dpi: float) -> NDArray[np.uint8] | None:
        """None: a picture cannot be drawn in part."""
        return self.page.render_without_text(dpi)

    def text_layer(self) -> TextLayer | None:
        """None: a picture has no characters."""
        return self.page.text_layer()


def blocks_of(outline: Outline) -> Iterator[FlowText | TableMark]:
    """What stands on a picture, as blocks of the document that embeds it: headings, paragraphs, tables."""
    if outline.title:
        yield FlowText(outline.title)
    todo = list(outline.sections)
    while todo:
        section = todo.pop(0)
        if section.title:
            yield FlowText(section.title, section.level)
        yield from (FlowText(paragraph) for paragraph in section.text.split("\n") if paragraph)
        yield from (TableMark(table) for table in section.tables)
        todo[:0] = section.children


def unproven_cells(values: Sequence[Value]) -> dict[str, set[tuple[int, int]]]:
    """Rows and columns, by table, of the cells whose values nothing proves yet."""
    cells: dict[str, set[tuple[int, int]]] = {}
    for value in values:
        if value.status in (Status.VERIFIED, Status.BLANK) or value.table is None:
            continue
        if value.row is not None and value.column is not None:
            cells.setdefault(value.table, set()).add((value.row, value.column))
    return cells


def merged(first: Extraction, second: Extraction) -> Extraction:
    """Two extractions of one document as one; of a part that both hold, the one with more good values counts.

    That no table matches is said once, and only where neither found one.
    """

    def parts(extraction: Extraction) -> dict[str, int]:
        good: dict[str, int] = {}
        for value in extraction.values:
            part = value.id.split("/")[0]
            good[part] = good.get(part, 0) + value.status.is_good
        return good

    known = bool(first.matches or second.matches)
    findings = dict.fromkeys((*first.findings, *second.findings))
    ours, theirs = parts(first), parts(second)
    dropped = {part for part in ours if part in theirs and theirs[part] > ours[part]}
    refused = (set(ours) - dropped) & set(theirs)
    return Extraction(
        values=(
            *(v for v in first.values if v.id.split("/")[0] not in dropped),
            *(v for v in second.values if v.id.split("/")[0] not in refused),
        ),
        findings=tuple(f for f in findings if not (known and f.code == "no-known-table")),
        matches=(
            *(m for m in first.matches if m.part not in dropped),
            *(m for m in second.matches if m.part not in refused),
        ),
    )
