"""What a page carries besides its text: page numbers, running headers and footers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from rapidfuzz import fuzz

from ocr_pipeline.document import Page, Region, RegionKind
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.numbering import opens_section
from ocr_pipeline.layout.options import LayoutOptions
from ocr_pipeline.layout.regions import in_order
from ocr_pipeline.layout.rows import Row, group_rows

__all__ = ["is_page_number", "relabel_running"]

_MARK, _DASH = r"[-—–―－~～·•_\s]*", r"\s*[-—–―－]\s*"
_PAGE_NUMBERS = (
    re.compile(rf"{_MARK}\d{{1,4}}{_MARK}"),
    # Of two small dashes, one passes for a full stop.
    re.compile(rf"{_DASH}\d{{1,4}}\s*[.．]|[.．]\s*\d{{1,4}}{_DASH}"),
    re.compile(rf"{_MARK}\d{{1,4}}\s*[/／]\s*\d{{1,4}}{_MARK}"),
    re.compile(
        rf"{_MARK}第?\s*[\d一二三四五六七八九十百]{{1,4}}\s*页(\s*[,，/／(（]?\s*共\s*[\d一二三四五六七八九十百]{{1,4}}\s*页[)）]?)?{_MARK}"
    ),
    re.compile(r"共\s*\d{1,4}\s*页\s*[,，/／]?\s*第\s*\d{1,4}\s*页"),
    re.compile(r"page\s*\d{1,4}(\s*(of|/)\s*\d{1,4})?", re.IGNORECASE),
)
_SAME_TEXT = 85.0
"""Likeness of 100 of two readings of one running line; a character in eight may be misread."""
_SAME_HEIGHT_OF_PAGE = 0.02
_SAME_SIZE = 1.25
_ROUNDS = 3
"""How many running lines one below the other are looked for at each edge."""

Edge = Literal["top", "foot"]


def is_page_number(text: str) -> bool:
    """Whether a row holds a page number and nothing else.

    >>> [is_page_number(t) for t in ("- 3 -", "第 3 页 共 9 页", "3/9", "3 件")]
    [True, True, True, False]
    """
    return any(pattern.fullmatch(text.strip()) for pattern in _PAGE_NUMBERS)


@dataclass(frozen=True, slots=True)
class _Candidate:
    page: int
    region: int
    row: Row
    text: str
    place: float


def relabel_running(pages: Sequence[Page], options: LayoutOptions) -> tuple[Page, ...]:
    """Pages with repeated lines at their top and foot as HEADER and FOOTER regions.

    A line counts as repeated when it says the same, figures aside, at the same height in the same size on enough
    pages; saying the same as the title counts as one more. It is cut off a paragraph when it was taken for a part of
    it. Titles and numbered headings are never relabelled. No line is lost.
    """
    result = list(pages)
    title = _bare("".join(r.text for page in pages for r in page.regions if r.kind is RegionKind.TITLE))
    for edge in ("top", "foot"):
        for _ in range(_ROUNDS):
            found = _repeated(_candidates(result, edge, options), title, len(pages), options)
            if not found:
                break
            for candidate in found:
                result[candidate.page] = _cut(result[candidate.page], candidate, edge)
    return tuple(result)


def _candidates(pages: Sequence[Page], edge: Edge, options: LayoutOptions) -> list[_Candidate]:
    """The outermost row of text of each page, if it stands in the margin band."""
    found: list[_Candidate] = []
    for number, page in enumerate(pages):
        rows = [
            (row, index)
            for index, region in enumerate(page.regions)
            if region.kind not in (RegionKind.HEADER, RegionKind.FOOTER)
            for row in group_rows(region.lines)
        ]
        tables = [r.box for r in page.regions if r.kind in (RegionKind.TABLE, RegionKind.FIGURE)]
        if not rows:
            continue
        row, index = min(rows, key=lambda item: _distance(item[0].box, page, edge))
        distance = _distance(row.box, page, edge)
        if distance > options.margin_band * page.height or any(_distance(b, page, edge) < distance for b in tables):
            continue
        region = page.regions[index]
        if region.kind in (RegionKind.TEXT, RegionKind.HEADING) and not _numbered(region):
            place = row.box.center[1] / page.height
            found.append(_Candidate(number, index, row, _bare(row.text), place))
    return found


def _distance(box: Box, page: Page, edge: Edge) -> float:
    return box.center[1] if edge == "top" else page.height - box.center[1]


def _numbered(region: Region) -> bool:
    return region.kind is RegionKind.HEADING and opens_section(region.text)


def _bare(text: str) -> str:
    """Without figures and blanks: they differ from page to page."""
    return re.sub(r"[\d\s]+", "", text)


def _repeated(candidates: Sequence[_Candidate], title: str, pages: int, options: LayoutOptions) -> list[_Candidate]:
    needed = max(2, ceil(options.running_share * pages))
    return [
        one
        for one in candidates
        if sum(1 for other in candidates if _alike(one, other)) + _same_text(one.text, title) >= needed
    ]


def _alike(one: _Candidate, other: _Candidate) -> bool:
    sizes = sorted((one.row.em, other.row.em))
    return (
        abs(one.place - other.place) <= _SAME_HEIGHT_OF_PAGE
        and sizes[1] <= _SAME_SIZE * sizes[0]
        and _same_text(one.text, other.text)
    )


def _same_text(one: str, other: str) -> bool:
    return one == other or fuzz.ratio(one, other) >= _SAME_TEXT


def _cut(page: Page, candidate: _Candidate, edge: Edge) -> Page:
    """The page with the candidate's row as a region of its own, first or last in its order."""
    regions = list(page.regions)
    old = regions.pop(candidate.region)
    kind = RegionKind.HEADER if edge == "top" else RegionKind.FOOTER
    gone = set(map(id, candidate.row.lines))
    rest = tuple(line for line in old.lines if id(line) not in gone)
    if rest:
        box = Box.union_of(line.box for line in rest)
        regions.insert(candidate.region, old.model_copy(update={"lines": rest, "box": box}))
    new = Region(kind=kind, box=candidate.row.box, confidence=old.confidence, lines=candidate.row.lines)
    regions.insert(0 if edge == "top" else len(regions), new)
    return page.model_copy(update={"regions": in_order(regions)})
