"""The way of a page: clean, its rulings and regions found, its lines and cells read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.assembly import in_reading_order, page_of
from ocr_pipeline.crew import Crew, ahead
from ocr_pipeline.document import Finding, Line, Page, PageImage, Place, Region, RegionKind, Severity, Table
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout import (
    arrange,
    beside_headings,
    cut_at_headings,
    detect_regions,
    is_stray,
    lone_headings,
    mapped_tables,
    parted_at_white,
    unread_areas,
    with_tables,
)
from ocr_pipeline.page_net import PageMaps
from ocr_pipeline.pages.drawing import drawing_of
from ocr_pipeline.pages.preparing import prepare
from ocr_pipeline.pages.seals import bare_of_seals
from ocr_pipeline.pages.watermark import Bare, without_watermark
from ocr_pipeline.pipeline.models import Models
from ocr_pipeline.pipeline.outcome import Outcome, at
from ocr_pipeline.settings import Settings
from ocr_pipeline.source.document_source import SourcePage
from ocr_pipeline.source.turns import PageInTurn
from ocr_pipeline.tables import (
    FoundTable,
    ReadTable,
    among,
    doubt_beside_scars,
    doubt_blanks,
    doubt_under_seals,
    find_aligned,
    find_tables,
    holds_figures,
    read_table,
    whole_rulings,
    with_maps,
)
from ocr_pipeline.text.lines import read_lines
from ocr_pipeline.text.trust import hear_layer
from ocr_pipeline.text_layer import TextLayer
from ocr_pipeline.timing import Stopwatch

__all__ = ["PageRead", "PageReader"]

_PAGES_AHEAD = 3
"""More cost memory."""
_IN_TABLE = 0.5
"""Share of a line from which it is one of the table that it stands in."""
_ROOM_INCHES = 0.03
"""White that the reader of lines needs about a heading right above or below a table."""
_LEAST_SEEN, _SURELY_SEEN = 0.1, 0.9
"""How surely the page network takes a table without rulings for one, at least: lines of prose may align, too; and so
surely that few figures will do."""


@dataclass(frozen=True)
class PageRead:
    """What was read on one page.

    Attributes:
        image: the clean page.
        page: what the report keeps of it.
        tables: pieces of tables that end with the page.
        figures: by place, the pictures of the cells that may be read a second time.
        findings: of cleaning the page, of comparing it with the source's own characters, and of what was left unread.
    """

    image: PageImage
    page: Page
    tables: Sequence[Table]
    figures: Mapping[Place, NDArray[np.uint8]]
    findings: Sequence[Finding]


@dataclass(frozen=True)
class _Seen:
    """What looking at one page found, before anything is read."""

    image: PageImage
    layer: TextLayer | None
    found: Sequence[FoundTable]
    regions: Sequence[Region]
    areas: Sequence[Box]
    maps: PageMaps | None
    marked: PageImage | None
    """With its watermark, where the image was freed of one."""


def _freed(image: PageImage, bare: Bare) -> PageImage:
    """The page without its watermark."""
    told = Finding(
        code="watermark",
        severity=Severity.INFO,
        message="a watermark was left out of what is read",
        page=image.index,
    )
    return replace(image, gray=bare.gray, color=bare.clears(image.color), findings=(*image.findings, told))


class PageReader:
    """Reads the pages of documents.

    Args:
        settings: options of every stage.
        models: that the stages ask.
        crew: threads that share the work.
    """

    def __init__(self, settings: Settings, models: Models, crew: Crew) -> None:
        self._settings, self._models, self._crew = settings, models, crew
        # A layout model of the user's own is asked by one thread at a time.
        self._layout_turn = nullcontext() if settings.layout.detector.model is None else Lock()

    def read(self, pages: Sequence[SourcePage]) -> Iterator[Outcome[PageRead]]:
        """The pages in order. While some are read, the next ones are looked at; with one thread, one at a time."""
        if pages:
            self._models.load_for_pages()
        further = min(self._crew.threads - 1, _PAGES_AHEAD)
        looks = ahead(lambda page: self._crew.begin(partial(self._look, PageInTurn(page))), pages, further)
        reads = ahead(lambda look: self._crew.begin(partial(look.result().then, self._read)), looks, further)
        return (read.result() for read in reads)

    def _look(self, source: SourcePage) -> Outcome[_Seen]:
        return Outcome(source.index, Stopwatch(), source).then(self._seen)

    def _seen(self, source: SourcePage, watch: Stopwatch) -> _Seen:
        """What takes no reading: the clean page, its rulings, its regions, and the characters that the source has."""
        with at("pages", watch):
            image = prepare(source, orienter=self._models.orienter, options=self._settings.pages)
            layer = source.text_layer()
            bare = without_watermark(image.gray, image.dpi) if self._settings.pages.remove_watermark else None
        marked = None if bare is None else image
        if bare is not None and bare.ruled:
            image = _freed(image, bare)
        options = self._settings.tables
        with at("tables", watch):
            lined = replace(image, gray=whole_rulings(image.gray, image.dpi))
            found: Sequence[FoundTable] = find_tables(lined, options, drawing=drawing_of(source, image))
            maps = self._models.viewer.look(image.color, image.dpi) if options.page_net else None
            if maps is not None:
                found = with_maps(lined, found, maps, options)
        with at("layout", watch), self._layout_turn:
            areas = [] if maps is None else parted_at_white(mapped_tables(maps), maps, image.gray, image.dpi)
            if maps is not None:
                found = [table for table in found if not is_stray(table.box, areas, image, maps)]
            boxes = [table.box for table in found]
            regions = detect_regions(
                image, self._models.detector, tables=boxes, areas=areas, options=self._settings.layout
            )
        if bare is not None and not bare.ruled:
            # Its rulings are as pale; only what is read goes without the watermark.
            image = _freed(image, bare)
            found = [replace(table, gray=table.flattening.crop(image.gray)) for table in found]
        return _Seen(image, layer, found, regions, areas, maps, marked)

    def _read(self, seen: _Seen, watch: Stopwatch) -> PageRead:
        beside = Stopwatch()
        lines, cells = self._crew.both(partial(self._lines, seen, watch), partial(self._cells, seen, beside))
        watch.add(beside)
        if self._settings.tables.aligned:
            seen, lines, cells = self._aligned(seen, lines, cells, watch)
        with at("text", watch):
            heard = hear_layer(seen.layer, seen.image, lines, [c.table for c in cells], self._settings.text.layer)
        with at("layout", watch):
            regions = arrange(seen.image, seen.regions, heard.lines, self._settings.layout, seen.areas)
            boxes = [table.box for table in seen.found]
            unread = [] if seen.maps is None else [*unread_areas(seen.image, regions, boxes, seen.maps)]
        return PageRead(
            image=seen.marked or seen.image,
            page=page_of(seen.image).model_copy(update={"regions": regions}),
            tables=in_reading_order(heard.tables, regions),
            figures={place: image for read in cells for place, image in read.figures.items()},
            findings=(*seen.image.findings, *heard.findings, *unread),
        )

    def _lines(self, seen: _Seen, watch: Stopwatch) -> Sequence[Line]:
        text, options, image = self._models.text, self._settings.text, seen.image
        # Left out areas are grown, and a heading that is cut is not read.
        room = (options.exclude_margin + _ROOM_INCHES) * image.dpi
        boxes = beside_headings([table.box for table in seen.found], seen.regions, room)
        with at("text", watch):
            return read_lines(image, text.detector, text.recognizer, exclude=boxes, options=options)

    def _cells(self, seen: _Seen, watch: Stopwatch, first: int = 0) -> Sequence[ReadTable]:
        seals = [region.box for region in seen.regions if region.kind is RegionKind.SEAL]
        text = self._models.text
        read = partial(read_table, recognizer=text.recognizer, specialist=text.figures, options=self._settings.tables)
        with at("tables", watch):
            cells = [read(table, id=f"p{seen.image.index}t{n}") for n, table in enumerate(seen.found, first)]
            cells = [doubt_under_seals(table, seals, seen.image, text.figures, seen.maps) for table in cells]
            cells = [doubt_beside_scars(table, seen.image) for table in cells]
            return cells if seen.marked is None else [doubt_blanks(table, seen.marked) for table in cells]

    def _aligned(
        self, seen: _Seen, lines: Sequence[Line], ruled: Sequence[ReadTable], watch: Stopwatch
    ) -> tuple[_Seen, Sequence[Line], Sequence[ReadTable]]:
        """With the tables without rulings, and what is left of the lines; whether they are tables shows when read."""
        maps, headings = seen.maps, ([] if seen.maps is None else lone_headings(lines, seen.maps))
        if headings:
            gray, dpi = seen.image.gray, seen.image.dpi
            regions, areas = cut_at_headings(seen.regions, seen.areas, headings, gray, dpi)
            seen = replace(seen, regions=regions, areas=areas)
        with at("tables", watch):
            bare = self._maps_without_seals(seen)
            found = find_aligned(
                seen.image, lines, self._settings.tables, maps=bare, beside=seen.found, headings=headings
            )
            found = [t for t in found if maps is None or maps.share("table", t.box) >= _LEAST_SEEN]
        cells = self._cells(replace(seen, found=found), watch, first=len(seen.found)) if found else []
        sure = [maps is not None and maps.share("table", table.box) >= _SURELY_SEEN for table in found]
        kept = [
            (table, read)
            for table, read, seen_sure in zip(found, cells, sure, strict=True)
            if holds_figures(read.table, seen=seen_sure)
        ]
        if not kept:
            return seen, lines, ruled
        boxes = [table.box for table, _ in kept]
        left = [line for line in lines if not any(line.box.share_inside(box) >= _IN_TABLE for box in boxes)]
        tables = among(zip(seen.found, ruled, strict=True), kept)
        regions = with_tables(seen.image, seen.regions, boxes, seen.areas)
        return replace(seen, found=[table for table, _ in tables], regions=regions), left, [read for _, read in tables]

    def _maps_without_seals(self, seen: _Seen) -> PageMaps | None:
        """What the network sees of the page without its seals: it takes their strokes for borders of cells."""
        if seen.maps is None or not self._settings.pages.remove_seals:
            return seen.maps
        bare = bare_of_seals(seen.image.color, seen.image.gray, seen.image.dpi)
        return seen.maps if bare is None else self._models.viewer.look(bare, seen.image.dpi)
