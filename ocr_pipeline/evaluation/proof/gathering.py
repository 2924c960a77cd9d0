"""Draws tables, damages them, and reads every cell with all readers: what the calibration is fitted on.

Nothing here decides a value. The cells are those that the program itself would place in the forms, so that wrong grids
and cells that ran together are among them, as in life.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from ocr_pipeline.assembly import with_headings
from ocr_pipeline.crew import Crew
from ocr_pipeline.debug import DebugFolder
from ocr_pipeline.document import Cell, Table
from ocr_pipeline.evaluation.proof.alone import CellKey, read_alone
from ocr_pipeline.evaluation.proof.doubtful import with_closer_looks
from ocr_pipeline.evaluation.proof.samples import CellSample, PartSample
from ocr_pipeline.evaluation.synthetic.browser import draw_browser_style, laid_out_by_browser
from ocr_pipeline.evaluation.synthetic.damage import damage
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth
from ocr_pipeline.evaluation.synthetic.write import write_pdf
from ocr_pipeline.pipeline.bodies import BodyReader
from ocr_pipeline.pipeline.gathered import Gathered
from ocr_pipeline.pipeline.models import Models
from ocr_pipeline.pipeline.page_stages import PageReader
from ocr_pipeline.settings import Settings
from ocr_pipeline.source import open_source
from ocr_pipeline.tables import hear_witness
from ocr_pipeline.templates.matching import PartMatch, match_tables
from ocr_pipeline.templates.placing import PlacedField, place_fields
from ocr_pipeline.timing import Stopwatch

__all__ = ["PROFILES", "Gatherer", "LayoutChoice", "Placed", "part_sample"]

LayoutChoice = Literal["own", "browser"]
PROFILES = ("clean", "scan", "fax", "faint", "seal", "photo", "lowres", "sideways", "faint+lowres", "seal+scan")
"""Damages that the cells of the calibration have been through, one a report, in turns."""


class Gatherer:
    """Reads generated tables cell by cell; the models are loaded once.

    Args:
        settings: options of every stage.
        models_folder: where to look for model files before the installed packages.
        layout: who sets the pages.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        models_folder: Path | None = None,
        layout: LayoutChoice = "own",
    ) -> None:
        self.settings = settings or Settings()
        crew = Crew(1)
        self.models = Models(self.settings, models_folder, crew, None)
        self._bodies = BodyReader(self.settings, PageReader(self.settings, self.models, crew))
        self._layout = layout

    def draw(self, seed: int, content: ContentOptions) -> SyntheticReport:
        """A report, not damaged.

        Raises:
            DependencyError: the browser's layout needs Chromium.
        """
        drawn = draw_report(seed, content=content)
        return drawn if self._layout == "own" else laid_out_by_browser(drawn, draw_browser_style(seed))

    def gather(self, seeds: Sequence[int], profiles: Sequence[str] = PROFILES) -> Iterator[PartSample]:
        """The parts of one report a seed; the profiles take turns."""
        for number, seed in enumerate(seeds):
            drawn = self.draw(seed, ContentOptions(prose=False))
            yield from self._samples(damage(drawn, profiles[number % len(profiles)], seed))

    def _samples(self, report: SyntheticReport) -> Iterator[PartSample]:
        truth = report.truth
        tables, alone = self._tables(report)
        for match in match_tables(tables, self.models.templates, self.settings.templates):
            placed = place_fields(match, self.settings.templates)
            cells = [Placed(f, f.cell, alone.get((f.table or "", f.cell.row, f.cell.column))) for f in placed if f.cell]
            yield part_sample(match, cells, truth, truth.profile, truth.seed)

    def _tables(self, report: SyntheticReport) -> tuple[tuple[Table, ...], dict[CellKey, Cell]]:
        """The tables as the program reads them, with the other readers heard on every cell; and the first one alone."""
        so_far = Gathered(Stopwatch(), DebugFolder(None))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.pdf"
            write_pdf(report, path)
            with open_source(path, options=self.settings.source) as opened:
                body = self._bodies.read(opened, so_far, None)
        tables = with_headings(body.tables, body.outline.sections)
        every = {table.id: {(cell.row, cell.column) for cell in table.cells} for table in tables}
        text = self.models.text
        alone = read_alone(tables, so_far.figures, text.recognizer)
        if text.second is not None:
            tables = hear_witness(tables, every, so_far.figures, text.second, text.figures)
        return with_closer_looks(tables, so_far.figures, text), alone


class Placed(NamedTuple):
    """A field, the cell that is to count for it, and what the first recogniser alone makes of that."""

    field: PlacedField
    cell: Cell
    alone: Cell | None


def part_sample(match: PartMatch, cells: Sequence[Placed], truth: ReportTruth, profile: str, seed: int) -> PartSample:
    """What was read of one part, beside the truth; fields that the truth does not know are left out.

    Args:
        match: which part it is.
        cells: of the fields that were found.
        truth: of the report.
        profile: name of the damage.
        seed: that tells this sample from others.
    """
    known = [placed for placed in cells if placed.field.spec.id in truth.fields]
    found = {placed.field.spec.id for placed in known}
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
                alone=alone,
            )
            for field, cell, alone in known
        ),
    )
