"""Misreadings in numbers: cells of known place under damage so harsh that many figures are misread.

Whole reports under ordinary damage hold a handful of misread figures in ten thousand, too few to learn from. Here the
grids are found on the clean page and kept, and only the pixels suffer, so that what goes wrong is reading alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage, Place, Table
from ocr_pipeline.evaluation.proof.gathering import Gatherer, part_sample
from ocr_pipeline.evaluation.proof.samples import HARSH, PartSample
from ocr_pipeline.evaluation.synthetic.damage import Damage, damage
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.geometry import Transform
from ocr_pipeline.pages.paper import flattened, softened, stretched
from ocr_pipeline.tables import find_tables, hear_witness
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.templates.matching import match_tables
from ocr_pipeline.templates.placing import place_fields

__all__ = ["gather_harsh"]

_CONTENT = ContentOptions(prose=False, broken=0, blank_totals="none", zero="0")
_WORN = 6
"""Damages done to each drawn report."""
_KNOWN = frozenset({GridCell(-1, -1)})
"""No cell of any grid: a table that says where it was divided is not divided again. Without its labels, which show what
is one column, figures with wide gaps would come apart, and all behind them be taken for their neighbours."""


def gather_harsh(gatherer: Gatherer, seeds: Sequence[int]) -> Iterator[PartSample]:
    """The parts of one report a seed, each read under several harsh damages; the profile of all is ``harsh``."""
    for seed in seeds:
        rng = random.Random(f"{seed}/harsh")
        content = _CONTENT.model_copy(update={"scale": rng.choice(["small", "medium", "large", "huge"])})
        drawn = draw_report(seed, content=content)
        sheet = _Sheet(gatherer, drawn)
        for number in range(_WORN):
            yield from sheet.worn(_harsh(rng), seed * _WORN + number)


def _harsh(rng: random.Random) -> Damage:
    kind = rng.choice(["faint", "faint", "coarse", "fax", "blurred", "noisy"])
    noise, jpeg = rng.uniform(3, 12), rng.randint(35, 85)
    if kind == "faint":
        contrast, thin, blur = rng.uniform(0.15, 0.32), rng.uniform(0.2, 0.9), rng.uniform(0.3, 0.8)
        return Damage(contrast=contrast, thin=thin, blur=blur, noise=noise, jpeg=jpeg)
    if kind == "coarse":
        return Damage(dpi=rng.uniform(66, 92), blur=rng.uniform(0.0, 0.6), noise=noise, jpeg=jpeg)
    if kind == "fax":
        thin, coarse = rng.choice([0.0, 0.25, 0.5]), rng.random() < 0.6
        speckle, dropped = rng.uniform(0.001, 0.005), rng.uniform(0.003, 0.01)
        return Damage(fax=True, coarse=coarse, thin=thin, noise=20, speckle=speckle, dropped=dropped)
    if kind == "blurred":
        return Damage(blur=rng.uniform(1.2, 2.6), noise=noise, jpeg=jpeg)
    return Damage(noise=rng.uniform(20, 45), contrast=rng.uniform(0.35, 0.7), blur=rng.uniform(0.4, 1.0))


def _page(report: SyntheticReport, index: int) -> PageImage:
    truth = report.truth.pages[index]
    color, dpi = report.pages[index], truth.dpi
    if color.shape[:2] != (truth.height, truth.width):
        color = np.asarray(cv2.resize(color, (truth.width, truth.height), interpolation=cv2.INTER_CUBIC), np.uint8)
    gray = np.asarray(cv2.cvtColor(softened(color), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    size = (float(truth.width), float(truth.height))
    return PageImage(index, color, stretched(flattened(gray, dpi)), dpi, Transform.identity(), size, "px")


class _Sheet:
    """A drawn report whose tables were found and matched on clean pages; of their cells, those that hold fields."""

    def __init__(self, gatherer: Gatherer, drawn: SyntheticReport) -> None:
        self._gatherer, self._drawn = gatherer, drawn
        settings = gatherer.settings
        found = {
            f"p{index}t{n}": table
            for index in range(len(drawn.pages))
            for n, table in enumerate(find_tables(_page(drawn, index), settings.tables))
        }
        clean = [gatherer.read(table, name).table for name, table in found.items()]
        self._parts = [
            (match, [field for field in place_fields(match, settings.templates) if field.cell is not None])
            for match in match_tables(clean, gatherer.templates, settings.templates)
        ]
        wanted = {(f.table, f.cell.row, f.cell.column) for _, placed in self._parts for f in placed if f.cell}
        self._found = {
            name: replace(
                table,
                grid=replace(table.grid, cells=tuple(c for c in table.grid.cells if (name, c.row, c.column) in wanted)),
            )
            for name, table in found.items()
        }

    def worn(self, step: Damage, seed: int) -> Iterator[PartSample]:
        """The parts as read under this damage."""
        text = self._gatherer.text
        report = damage(self._drawn, step, seed)
        pages = [_page(report, index) for index in range(len(report.pages))]
        tables: list[Table] = []
        figures: dict[Place, NDArray[np.uint8]] = {}
        for name, table in self._found.items():
            gray = table.flattening.crop(pages[table.page].gray)
            read = self._gatherer.read(replace(table, gray=gray, divided=_KNOWN), name)
            tables.append(read.table)
            figures.update(read.figures)
        every = {table.id: {(cell.row, cell.column) for cell in table.cells} for table in tables}
        heard = hear_witness(tables, every, figures, text.second, text.figures) if text.second else tuple(tables)
        cells = {(table.id, cell.row, cell.column): cell for table in heard for cell in table.cells}
        for match, placed in self._parts:
            own = [(f, cells[f.table or "", f.cell.row, f.cell.column]) for f in placed if f.cell is not None]
            yield part_sample(match, own, self._drawn.truth, HARSH, seed)
