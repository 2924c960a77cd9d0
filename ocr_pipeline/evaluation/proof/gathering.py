"""Draws tables, damages them, and reads every cell with both recognisers: what the calibration is fitted on.

Nothing here decides a value. The cells are those that the program itself would place in the forms, so that wrong grids
and cells that ran together are among them, as in life.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Cell, Place, Table
from ocr_pipeline.evaluation.proof.samples import CellSample, PartSample
from ocr_pipeline.evaluation.synthetic.damage import damage
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import draw_style
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth
from ocr_pipeline.evaluation.synthetic.write import write_pdf
from ocr_pipeline.layout.seals import find_seals
from ocr_pipeline.pages.engines.orientation import OnnxOrienter
from ocr_pipeline.pages.preparing import prepare
from ocr_pipeline.pipeline import ORIENTATION_MODEL
from ocr_pipeline.settings import Settings
from ocr_pipeline.source import open_source
from ocr_pipeline.tables import (
    FoundTable,
    ReadTable,
    doubt_under_seals,
    find_tables,
    hear_witness,
    join_tables,
    read_table,
)
from ocr_pipeline.templates import load_templates
from ocr_pipeline.templates.matching import PartMatch, match_tables
from ocr_pipeline.templates.placing import PlacedField, place_fields
from ocr_pipeline.text.load import TextEngine, load_text_engine
from ocr_pipeline.weights import resolve

__all__ = ["PROFILES", "Gatherer", "part_sample"]

PROFILES = ("clean", "scan", "fax", "faint", "seal", "photo", "lowres", "sideways", "faint+lowres", "seal+scan")
"""Damages that the cells of the calibration have been through, one a report, in turns."""


class Gatherer:
    """Reads generated tables cell by cell; the models are loaded once.

    Args:
        settings: options of every stage.
        models_folder: where to look for model files before the installed packages.
    """

    def __init__(self, settings: Settings | None = None, models_folder: Path | None = None) -> None:
        self.settings = settings or Settings()
        self.models_folder = models_folder
        self.templates = load_templates()

    @cached_property
    def text(self) -> TextEngine:
        """What finds and reads."""
        return load_text_engine(self.settings.text, self.models_folder)

    @cached_property
    def _orienter(self) -> OnnxOrienter:
        return OnnxOrienter(resolve(ORIENTATION_MODEL, self.models_folder))

    def read(self, found: FoundTable, name: str) -> ReadTable:
        """The cells of a table as the program reads them, the second recogniser apart."""
        text = self.text
        return read_table(found, text.recognizer, id=name, options=self.settings.tables, specialist=text.figures)

    def gather(self, seeds: Sequence[int], profiles: Sequence[str] = PROFILES) -> Iterator[PartSample]:
        """The parts of one report a seed; the profiles take turns."""
        for number, seed in enumerate(seeds):
            drawn = draw_report(seed, style=draw_style(seed), content=ContentOptions(prose=False))
            yield from self._samples(damage(drawn, profiles[number % len(profiles)], seed))

    def _samples(self, report: SyntheticReport) -> Iterator[PartSample]:
        truth = report.truth
        for match in match_tables(self._tables(report), self.templates, self.settings.templates):
            placed = place_fields(match, self.settings.templates)
            cells = [(field, field.cell) for field in placed if field.cell is not None]
            yield part_sample(match, cells, truth, truth.profile, truth.seed)

    def _tables(self, report: SyntheticReport) -> tuple[Table, ...]:
        """The tables as the program reads them, with the second recogniser heard on every cell."""
        settings = self.settings
        figures: dict[Place, NDArray[np.uint8]] = {}
        pieces: list[Table] = []
        resolution: dict[int, float] = {}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.pdf"
            write_pdf(report, path)
            with open_source(path, options=settings.source) as opened:
                for page in opened.pages:
                    image = prepare(page, orienter=self._orienter, options=settings.pages)
                    resolution[image.index] = image.dpi
                    seals = find_seals(image.color, image.dpi)
                    for n, found in enumerate(find_tables(image, settings.tables)):
                        name = f"p{image.index}t{n}"
                        read = self.read(found, name)
                        read = doubt_under_seals(read, seals, image, self.text.figures)
                        pieces.append(read.table)
                        figures.update(read.figures)
        joined = join_tables(pieces, adjoining=_next_page, dpi=resolution.__getitem__, options=settings.tables)
        every = {table.id: {(cell.row, cell.column) for cell in table.cells} for table in joined}
        return hear_witness(joined, every, figures, self.text.second, self.text.figures) if self.text.second else joined


def _next_page(first: Table, second: Table) -> bool:
    return second.places[0].page == first.places[-1].page + 1


def part_sample(
    match: PartMatch, cells: Sequence[tuple[PlacedField, Cell]], truth: ReportTruth, profile: str, seed: int
) -> PartSample:
    """What was read of one part, beside the truth; fields that the truth does not know are left out.

    Args:
        match: which part it is.
        cells: fields with the cell that is to count for each.
        truth: of the report.
        profile: name of the damage.
        seed: that tells this sample from others.
    """
    known = [(field, cell) for field, cell in cells if field.spec.id in truth.fields]
    found = {field.spec.id for field, _ in known}
    return PartSample(
        seed=seed,
        profile=profile,
        form=match.form.id,
        part=match.part.id,
        broken=truth.broken,
        absent=tuple(f for f in truth.fields if f.startswith(f"{match.part.id}/") and f not in found),
        cells=tuple(
            CellSample(
                field=field.spec.id,
                kind=field.spec.type,
                truth=truth.fields[field.spec.id],
                header=field.header,
                cell=cell.model_copy(update={"places": ()}),
            )
            for field, cell in known
        ),
    )
