"""Lines of text into regions in reading order, with the headings among them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ocr_pipeline.document import Line, PageImage, Region, RegionKind
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.columns import page_flows
from ocr_pipeline.layout.extents import line_extent
from ocr_pipeline.layout.furniture import is_page_number
from ocr_pipeline.layout.headings import Block, find_headings, title_span
from ocr_pipeline.layout.numbering import opens_section
from ocr_pipeline.layout.options import DEFAULT_OPTIONS, LayoutOptions
from ocr_pipeline.layout.paragraphs import Frame, split_paragraphs
from ocr_pipeline.layout.regions import in_order
from ocr_pipeline.layout.rows import Row, group_rows, line_key
from ocr_pipeline.layout.seals import is_seal_print, without_seal_ink
from ocr_pipeline.layout.style import Style, body_style, row_style
from ocr_pipeline.layout.table_extents import table_extent
from ocr_pipeline.layout.typography import ends_sentence, text_width

__all__ = ["arrange"]

_IN_TABLE = 0.5
_LEAST_LINES = 3
"""Of what a detector alone calls a table; fewer may be those of a title."""
_SAME_AREA = 0.9
_IN_FIGURE = 0.6
_WHOLLY = 0.9
_IN_SEAL = 0.5
_PROSE_EM, _LEAST_PROSE = 12.0, 2
"""Lines as long as this, or with the number of a section, that no picture has so many of: its labels are short."""
_HINT_SHARE = 0.5
_HEADED = 0.15
"""Share of a figure that headings take which are no captions of a chart."""
_FURNITURE_GAP_EM = 1.2
"""Between a header or footer and the text; lines of text stand closer, even widely set ones."""
_MAX_FURNITURE_EM = 40.0
"""A longer row is a full line of text."""
_MAX_FURNITURE_SIZE = 1.15
"""Size of characters as a multiple of the other rows'; titles have larger ones."""
_MIN_STYLED_EM = 4.0
"""The weight and size of fewer characters depend on which characters they are."""
_STYLE_MARGIN = 0.1
"""How much plainer a change of style inside a paragraph must be than a heading's, to part it."""
_TITLE_BAND, _HEADER_BAND = 0.65, 0.075
"""Share of the page's height in which a title stands, and in which what looks like all other text is a page header."""


def arrange(
    page: PageImage,
    regions: Sequence[Region],
    lines: Iterable[Line],
    options: LayoutOptions = DEFAULT_OPTIONS,
    areas: Sequence[Box] = (),
) -> tuple[Region, ...]:
    """The regions of a page with the lines in them, in reading order; ``order`` counts from 0.

    Tables and figures keep their place and take the lines inside them. All other lines become one region for each
    paragraph, heading, page header and footer, whether a detector saw anything there or not. Their boxes are as
    wide as their ink.

    Args:
        page: the page, for the weight of its characters.
        regions: as ``detect_regions`` gives them.
        lines: as read, in any order; the result does not depend on it.
        options: what makes a paragraph and a heading.
        areas: of tables that the page network sees: it is believed of a row that a page break cut off, too.

    Returns:
        Every line in exactly one region.
    """
    seals, free = _fill_seals(page, regions, sorted(lines, key=line_key))
    atoms, free = _fill_atoms(regions, free, options, areas)
    headers, footers, free = _take_furniture(page, regions, free, options)
    body = _Body(page, tuple(regions), options)
    ordered = [*headers, *body.arrange(atoms, free)]
    ordered += seals
    ordered += footers
    marks = [seal.box for seal in seals]
    bare = replace(page, gray=without_seal_ink(page, marks))
    return in_order(_printed(bare, region, marks) for region in ordered)


def _printed(page: PageImage, region: Region, seals: Sequence[Box]) -> Region:
    """The region, its box no wider than its print; what is ruled stays as its rulings are."""
    if region.kind is RegionKind.TABLE and region.confidence < 1.0:
        return region.model_copy(update={"box": table_extent(region.box, page.gray, page.dpi)})
    if region.kind in (RegionKind.TABLE, RegionKind.FIGURE, RegionKind.SEAL) or not region.lines:
        return region
    extents = (line_extent(line.box, page.gray, page.dpi, seals) for line in region.lines)
    return region.model_copy(update={"box": Box.union_of(extents)})


def _fill_seals(page: PageImage, regions: Sequence[Region], lines: list[Line]) -> tuple[list[Region], list[Line]]:
    """Seals with the lines that are their own characters, and the lines left over, print under seals among them."""
    seals = [region for region in regions if region.kind is RegionKind.SEAL]
    boxes = [seal.box for seal in seals]
    own = [line for line in lines if is_seal_print(page, line, boxes)]
    filled, _ = _fill(seals, own, _IN_SEAL)
    taken = {id(line) for seal in filled for line in seal.lines}
    return filled, [line for line in lines if id(line) not in taken]


def _fill_atoms(
    regions: Sequence[Region], lines: list[Line], options: LayoutOptions, areas: Sequence[Box]
) -> tuple[list[Region], list[Line]]:
    """Tables and figures with the lines inside them, and the lines left over."""
    headings = [region.box for region in regions if region.kind is RegionKind.HEADING]
    tables = [region for region in regions if region.kind is RegionKind.TABLE]
    tables = [table for table in tables if _holds_table(table, lines, _least_lines(table, headings, areas))]
    tables, free = _fill(tables, lines, _IN_TABLE)
    figures = [region for region in regions if region.kind is RegionKind.FIGURE and not _is_text(region, free, options)]
    figures = [figure for figure in figures if not _is_headed(figure, headings)]
    figures, free = _fill(figures, free, _IN_FIGURE)
    return tables + figures, free


def _is_text(figure: Region, lines: Sequence[Line], options: LayoutOptions) -> bool:
    """Whether text was taken for a figure, as it is on copies with specks: much of it, or lines no chart has."""
    covered = sum(line.box.intersection_area(figure.box) for line in lines)
    if covered > options.figure_text_share * figure.box.area:
        return True
    own = [line for line in lines if line.box.share_inside(figure.box) >= _IN_FIGURE]
    prose = sum(text_width(line.text) >= _PROSE_EM or opens_section(line.text) for line in own)
    return prose >= max(_LEAST_PROSE, len(own) / 2)


def _least_lines(table: Region, headings: Sequence[Box], areas: Sequence[Box]) -> int:
    """Of what a detector calls a table: one, where the page network sees the same area, and no heading in it."""
    seen = any(table.box.iou(area) >= _SAME_AREA for area in areas)
    return 1 if seen and not _is_headed(table, headings) else _LEAST_LINES


def _holds_table(table: Region, lines: Sequence[Line], least: int) -> bool:
    """Whether it is known for a table, or a detector says so of enough lines."""
    inside = sum(line.box.share_inside(table.box) >= _IN_TABLE for line in lines)
    return table.confidence >= 1.0 or inside >= least


def _is_headed(atom: Region, headings: Sequence[Box]) -> bool:
    """Whether it is a title with its seal or rule that a detector takes for a figure or a table."""
    return sum(heading.intersection_area(atom.box) for heading in headings) > _HEADED * atom.box.area


def _fill(atoms: Sequence[Region], lines: Sequence[Line], share: float) -> tuple[list[Region], list[Line]]:
    inside: list[list[Line]] = [[] for _ in atoms]
    free: list[Line] = []
    for line in lines:
        shares = [line.box.share_inside(atom.box) for atom in atoms]
        best = max(range(len(atoms)), key=lambda index: shares[index], default=None)
        # What opens a section stands right above many a table, and the edge of one is not always known to a line.
        least = max(share, _WHOLLY) if opens_section(line.text) else share
        if best is not None and shares[best] >= least:
            inside[best].append(line)
        else:
            free.append(line)
    filled = [
        atom.model_copy(update={"lines": tuple(line for row in group_rows(found) for line in row.lines)})
        for atom, found in zip(atoms, inside, strict=True)
    ]
    return filled, free


def _take_furniture(
    page: PageImage, regions: Sequence[Region], lines: Sequence[Line], options: LayoutOptions
) -> tuple[list[Region], list[Region], list[Line]]:
    """Page numbers, and what the detector calls header or footer, from the edges of the page inwards."""
    rows = group_rows(lines)
    band = options.margin_band * page.height
    headers: list[Region] = []
    while rows and rows[0].box.center[1] <= band and _is_furniture(rows, 0, 1, regions, RegionKind.HEADER):
        headers.append(_region(RegionKind.HEADER, [rows.pop(0)]))
    footers: list[Region] = []
    while (
        rows
        and rows[-1].box.center[1] >= page.height - band
        and _is_furniture(rows, len(rows) - 1, len(rows) - 2, regions, RegionKind.FOOTER)
    ):
        footers.insert(0, _region(RegionKind.FOOTER, [rows.pop()]))
    return headers, footers, [line for row in rows for line in row.lines]


def _is_furniture(rows: Sequence[Row], index: int, inner: int, regions: Sequence[Region], kind: RegionKind) -> bool:
    row = rows[index]
    if is_page_number(row.text):
        return True
    seen = any(region.kind is kind and row.box.share_inside(region.box) >= _HINT_SHARE for region in regions)
    if not seen or text_width(row.text) > _MAX_FURNITURE_EM or ends_sentence(row.text) or opens_section(row.text):
        return False
    if not 0 <= inner < len(rows):
        return False
    if row.em > _MAX_FURNITURE_SIZE * statistics.median(other.em for other in rows):
        return False
    other = rows[inner].box
    gap = max(row.box.top, other.top) - min(row.box.bottom, other.bottom)
    return gap >= _FURNITURE_GAP_EM * row.em


def _region(kind: RegionKind, rows: Sequence[Row]) -> Region:
    """A region of these rows, as sure as their lines on average."""
    lines = tuple(line for row in rows for line in row.lines)
    return Region(
        kind=kind,
        box=Box.union_of(line.box for line in lines),
        confidence=sum(line.confidence for line in lines) / len(lines),
        lines=lines,
    )


@dataclass(frozen=True)
class _Body:
    """What stands between page header and footer."""

    page: PageImage
    hints: tuple[Region, ...]
    options: LayoutOptions

    def arrange(self, atoms: Sequence[Region], lines: Sequence[Line]) -> list[Region]:
        rows = group_rows(lines)
        ems = sorted(row.em for row in rows)
        em = ems[len(ems) // 2] if ems else 1.0
        styles = {row: row_style(self.page.gray, row) for row in rows}
        body = body_style(rows, [styles[row] for row in rows])
        boxes = [line.box for line in lines] + [atom.box for atom in atoms]
        flows = page_flows(boxes, em, self.page.width, self.page.height)
        result: list[Region] = []
        for index, flow in enumerate(flows):
            own = [lines[i] for i in flow if i < len(lines)]
            held = [atoms[i - len(lines)] for i in flow if i >= len(lines)]
            flow_rows = group_rows(own)
            flow_styles = {row: styles.get(row) or row_style(self.page.gray, row) for row in flow_rows}
            column = _Column(
                self,
                rows=tuple(flow_rows),
                atoms=tuple(sorted(held, key=lambda atom: atom.box)),
                styles=flow_styles,
                body=body,
                alone=len(flows) == 1,
                first=self.page.index == 0 and index == 0,
            )
            result += column.regions()
        return result

    def hint(self, rows: Sequence[Row]) -> Region | None:
        """The detector's region that these rows fill, if there is one."""
        box = Box.union_of(row.box for row in rows)
        room = box.expanded(rows[0].em / 2)
        fitting = [
            region
            for region in self.hints
            if box.share_inside(region.box) >= _HINT_SHARE and region.box.share_inside(room) >= _HINT_SHARE
        ]
        return max(fitting, key=lambda region: (box.iou(region.box), region.confidence), default=None)


@dataclass(frozen=True)
class _Column:
    """The rows, tables and figures of one flow, from top to bottom."""

    owner: _Body
    rows: tuple[Row, ...]
    atoms: tuple[Region, ...]
    styles: dict[Row, Style]
    body: Style
    alone: bool
    first: bool

    def regions(self) -> list[Region]:
        if not self.rows:
            return list(self.atoms)
        frame = Frame.of(self.rows, page_width=self.owner.page.width if self.alone else None)
        start, stop = self._title(frame) if self.first else (0, 0)
        found = [_region(RegionKind.TITLE, self.rows[start:stop])] if stop > start else []
        blocks = [
            self._block(paragraph, frame)
            for part in (self.rows[:start], self.rows[stop:])
            for paragraph in split_paragraphs(part, frame, self.owner.options, parted=self._parted)
        ]
        # What follows a block is known only when all are there.
        blocks = [self._with_next(index, blocks) for index in range(len(blocks))]
        for block, heading in zip(blocks, find_headings(blocks, self.owner.options), strict=True):
            found.append(_region(RegionKind.HEADING if heading else RegionKind.TEXT, block.rows))
        return sorted([*found, *self.atoms], key=lambda region: (region.box.top, region.box.left, region.kind.value))

    def _title(self, frame: Frame) -> tuple[int, int]:
        limit = min((atom.box.top for atom in self.atoms), default=float(self.owner.page.height))
        limit = min(limit, _TITLE_BAND * self.owner.page.height)
        rows = [row for row in self.rows if row.box.center[1] < limit]
        hints = (self.owner.hint([row]) for row in rows)
        hinted = [hint is not None and hint.kind is RegionKind.HEADING for hint in hints]
        over = next((n for n, row in enumerate(rows) if hinted[n] or not self._may_run(row)), len(rows))
        styles = [self.styles[row] for row in rows[over:]]
        start, stop = title_span(rows[over:], styles, self.body, frame, self.owner.options, hinted[over:])
        return (over + start, over + stop) if stop > start else (0, 0)

    def _may_run(self, row: Row) -> bool:
        """Whether a row may be a header that all pages have: above the text, in characters as all others."""
        options, style = self.owner.options, self.styles[row]
        large, bold = style.size_against(self.body), style.weight_against(self.body)
        plain = large < options.large_ratio and bold < options.bold_ratio
        return plain and row.box.center[1] <= _HEADER_BAND * self.owner.page.height

    def _parted(self, before: Row, row: Row) -> bool:
        if self._atom_between(before, row):
            return True
        if min(text_width(before.text), text_width(row.text)) < _MIN_STYLED_EM:
            return False
        options = self.owner.options
        first, second = self.styles[before], self.styles[row]
        weight, size = first.weight_against(second), first.size_against(second)
        return (
            max(weight, 1.0 / weight if weight > 0 else 1.0) >= options.bold_ratio + _STYLE_MARGIN
            or max(size, 1.0 / size) >= options.large_ratio + _STYLE_MARGIN
        )

    def _atom_between(self, before: Row, row: Row) -> bool:
        return any(
            before.box.center[1] < atom.box.center[1] < row.box.center[1] and atom.box.overlap_x(row.box) > 0
            for atom in self.atoms
        )

    def _block(self, rows: Sequence[Row], frame: Frame) -> Block:
        styles = [self.styles[row] for row in rows]
        hint = self.owner.hint(rows)
        longest = max(range(len(rows)), key=lambda index: text_width(rows[index].text))
        return Block(
            rows=tuple(rows),
            weight=styles[longest].weight_against(self.body),
            size=styles[longest].size_against(self.body),
            hint=hint.kind if hint else None,
            centred=all(frame.is_centred(row) for row in rows),
            short=frame.room(rows[-1]) > 1.5,
        )

    def _with_next(self, index: int, blocks: Sequence[Block]) -> Block:
        block = blocks[index]
        below = blocks[index + 1].rows[0] if index + 1 < len(blocks) else None
        last = block.rows[-1].box
        table = any(
            atom.box.center[1] > last.center[1] and (below is None or atom.box.center[1] < below.box.center[1])
            for atom in self.atoms
        )
        follows: Literal["text", "table", "end"] = "table" if table else "end" if below is None else "text"
        return replace(block, follows=follows)
