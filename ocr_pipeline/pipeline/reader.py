"""The way of a document: opened, read, matched against the forms, and reported."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from ocr_pipeline.assembly import as_dump, form_sheets, merged, unproven_cells, with_headings
from ocr_pipeline.crew import Crew
from ocr_pipeline.debug import DebugFolder
from ocr_pipeline.document import Cell, Document, Table
from ocr_pipeline.pipeline.bodies import Body, BodyReader, Progress
from ocr_pipeline.pipeline.dividing import Contents, first_report
from ocr_pipeline.pipeline.gathered import Gathered, OnImage
from ocr_pipeline.pipeline.models import Models
from ocr_pipeline.pipeline.other_years import of_year, reported_year
from ocr_pipeline.pipeline.page_stages import PageReader
from ocr_pipeline.report import Report, Versions
from ocr_pipeline.settings import Settings
from ocr_pipeline.source import Source, open_source
from ocr_pipeline.tables import hear_witness, look_closer
from ocr_pipeline.templates import (
    Extraction,
    extract_matched,
    extract_tokens,
    hear_prose,
    heeding_notes,
    is_row_label,
    match_tables,
    with_absent_parts,
)
from ocr_pipeline.text.load import SharedModels
from ocr_pipeline.timing import Stopwatch

__all__ = ["Reader", "read"]

_MOST_THREADS = 8
"""More find too little to do in one document."""


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
        self._crew = Crew(threads or self.settings.text.threads or min(_MOST_THREADS, os.cpu_count() or 1))
        self._models = Models(self.settings, models_folder, self._crew, shared)
        self._bodies = BodyReader(self.settings, PageReader(self.settings, self._models, self._crew))

    @property
    def versions(self) -> Versions:
        """What makes the reports: program, models and settings; no model is loaded for it."""
        return self._models.versions

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
        so_far = Gathered(Stopwatch(), DebugFolder(debug_dir), on_image)
        with ExitStack() as stack:
            with so_far.watch("source"):
                opened = open_source(source, name=name, password=password, options=self.settings.source)
                stack.enter_context(opened)
            stack.enter_context(self._crew)
            so_far.findings.extend(opened.findings)
            body = self._bodies.read(opened, so_far, progress)
        tables, extraction = self._extracted(opened, body, so_far)
        so_far.debug.values(extraction.values, tables)
        return self._report(opened, so_far, body, tables, extraction)

    def _extracted(self, opened: Source, body: Body, so_far: Gathered) -> tuple[tuple[Table, ...], Extraction]:
        """The tables as they were finally read, and the values in them and in the text."""
        tables, options = with_headings(body.tables, body.outline.sections), self.settings.templates
        with so_far.watch("templates"):
            forms, pages = self._models.templates, body.outline.pages
            flow = None if opened.flow is None else tuple(opened.flow)
            whole = Contents(body.outline.sections, tables, flow)
            is_label = partial(is_row_label, templates=forms)
            first, others = first_report(whole, body.outline.title, holds_parts=self._holds_parts, is_label=is_label)
            this = of_year(first, reported_year(body.outline.title, opened.info.name, first.sections), is_label)
            own = this.contents
            so_far.findings.extend((*others, *this.findings))
            second = self._models.text.second if so_far.figures and self.settings.tables.witness else None
            # What breaks an equation is heard again anyway; only then is it worth looking for an explanation.
            hasty = options if second is None else options.model_copy(update={"repair_effort": 0.0})
            found = match_tables(own.tables, forms, options)
            in_text = self._in_text(own, known_tables=bool(found))
            extraction = merged(extract_matched(found, pages, hasty), in_text)
        unproven = unproven_cells(extraction.values)
        if unproven and second is not None:
            with so_far.watch("tables"), self._crew:
                tables = hear_witness(tables, unproven, so_far.figures, second, self._models.text.figures)
            with so_far.watch("templates"):
                heard = {table.id: table for table in this.retold(tables)}
                found = tuple(match.with_readings_of(heard) for match in found)
                extraction = merged(extract_matched(found, pages, options, partial(self._closer, so_far)), in_text)
        with so_far.watch("templates"):
            extraction = hear_prose(extraction, own.sections, forms, options=options)
            extraction = replace(extraction, values=heeding_notes(extraction.values, own.sections))
            return tables, with_absent_parts(extraction, own.sections, forms)

    def _holds_parts(self, contents: Contents) -> bool:
        found = match_tables(contents.tables, self._models.templates, self.settings.templates)
        return bool(found or self._in_text(contents, known_tables=False).matches)

    def _in_text(self, contents: Contents, *, known_tables: bool) -> Extraction:
        """What a flow says outside tables; web pages and Word files may have lost theirs to paragraphs."""
        if contents.flow is None:
            return Extraction()
        flow = contents.flow if known_tables else as_dump(contents.flow)
        return extract_tokens(flow, self._models.templates, options=self.settings.templates)

    def _closer(self, so_far: Gathered, cells: Mapping[str, Cell]) -> Mapping[str, Cell]:
        """The cells after a closer look at their pictures, where there are all three readers to take it."""
        readers = self._models.text.readers
        if readers is None:
            return cells
        with so_far.watch("tables"), self._crew:
            return look_closer(cells, so_far.figures, readers)

    def _report(
        self, opened: Source, so_far: Gathered, body: Body, tables: tuple[Table, ...], extraction: Extraction
    ) -> Report:
        found = body.outline
        return Report(
            document=Document(
                source=opened.info, title=found.title, pages=found.pages, tables=tables, sections=found.sections
            ),
            values=extraction.values,
            findings=(*so_far.findings, *extraction.findings),
            matches=extraction.matches,
            errors=tuple(so_far.errors),
            versions=self.versions,
            timings=so_far.watch.seconds(),
            sheets=form_sheets(extraction, self._models.templates),
        )


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
