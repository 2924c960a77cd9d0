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
from ocr_pipeline.evaluation.proof.alone import read_alone
from ocr_pipeline.evaluation.proof.doubtful import with_closer_looks
from ocr_pipeline.evaluation.proof.gathering import Gatherer, Placed, part_sample
from ocr_pipeline.evaluation.proof.samples import HARSH, PartSample
from ocr_pipeline.evaluation.synthetic.damage import Damage, damage
from ocr_pipeline.evaluation.synthetic.harsh import harsh_damage
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.geometry import Transform
from ocr_pipeline.layout.seals import find_seals
from ocr_pipeline.pages.options import PageOptions
from ocr_pipeline.pages.paper import softened
from ocr_pipeline.pages.preparing import cleaned
from ocr_pipeline.seal_ink import find_seal_ink
from ocr_pipeline.tables import (
    FoundTable,
    ReadTable,
    doubt_under_seals,
    find_tables,
    hear_witness,
    read_table,
    whole_rulings,
    with_maps,
)
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
        drawn = gatherer.draw(seed, content)
        sheet = _Sheet(gatherer, drawn)
        for number in range(_WORN):
            yield from sheet.worn(harsh_damage(rng), seed * _WORN + number)


def _page(report: SyntheticReport, index: int, options: PageOptions) -> PageImage:
    truth = report.truth.pages[index]
    color, dpi = report.pages[index], truth.dpi
    if color.shape[:2] != (truth.height, truth.width):
        color = np.asarray(cv2.resize(color, (truth.width, truth.height), interpolation=cv2.INTER_CUBIC), np.uint8)
    gray = cleaned(softened(color), find_seal_ink(color, dpi), dpi, options)
    size = (float(truth.width), float(truth.height))
    return PageImage(index, color, whole_rulings(gray, dpi), dpi, Transform.identity(), size, "px")


def _is_whole(read: Table, found: FoundTable) -> bool:
    """Whether the cells were read as they were found: those of a table divided by its figures have other names."""
    return {(c.row, c.column) for c in read.cells} == {(c.row, c.column) for c in found.grid.cells}


class _Sheet:
    """A drawn report whose tables were found and matched on clean pages; of their cells, those that hold fields."""

    def __init__(self, gatherer: Gatherer, drawn: SyntheticReport) -> None:
        self._gatherer, self._drawn = gatherer, drawn
        settings = gatherer.settings
        pages = [_page(drawn, index, settings.pages) for index in range(len(drawn.pages))]
        found = {f"p{page.index}t{n}": table for page in pages for n, table in enumerate(self._seen(page))}
        clean = [read for name, table in found.items() if _is_whole(read := self._read(table, name).table, table)]
        self._parts = [
            (match, [field for field in place_fields(match, settings.templates) if field.cell is not None])
            for match in match_tables(clean, gatherer.models.templates, settings.templates)
        ]
        wanted = {(f.table, f.cell.row, f.cell.column) for _, placed in self._parts for f in placed if f.cell}
        self._found = {
            name: replace(
                table,
                grid=replace(table.grid, cells=tuple(c for c in table.grid.cells if (name, c.row, c.column) in wanted)),
            )
            for name, table in found.items()
        }

    def _seen(self, page: PageImage) -> Sequence[FoundTable]:
        """The tables of a clean page, as the program finds them."""
        options, models = self._gatherer.settings.tables, self._gatherer.models
        found = find_tables(page, options)
        return with_maps(page, found, models.viewer.look(page.color, page.dpi), options) if options.page_net else found

    def _read(self, found: FoundTable, name: str) -> ReadTable:
        text, options = self._gatherer.models.text, self._gatherer.settings.tables
        return read_table(found, text.recognizer, id=name, options=options, specialist=text.figures)

    def worn(self, step: Damage, seed: int) -> Iterator[PartSample]:
        """The parts as read under this damage."""
        text = self._gatherer.models.text
        report = damage(self._drawn, step, seed)
        pages = [_page(report, index, self._gatherer.settings.pages) for index in range(len(report.pages))]
        seals = [find_seals(page.color, page.dpi) for page in pages] if step.seals else [[] for _ in pages]
        tables: list[Table] = []
        figures: dict[Place, NDArray[np.uint8]] = {}
        every_figure: dict[Place, NDArray[np.uint8]] = {}
        for name, table in self._found.items():
            page = pages[table.page]
            read = self._read(replace(table, gray=table.flattening.crop(page.gray), divided=_KNOWN), name)
            every_figure.update(read.figures)
            read = doubt_under_seals(read, seals[table.page], page, text.figures)
            tables.append(read.table)
            figures.update(read.figures)
        every = {table.id: {(cell.row, cell.column) for cell in table.cells} for table in tables}
        heard = hear_witness(tables, every, figures, text.second, text.figures) if text.second else tuple(tables)
        heard = with_closer_looks(heard, every_figure, text)
        cells = {(table.id, cell.row, cell.column): cell for table in heard for cell in table.cells}
        alone = read_alone(tables, every_figure, text.recognizer)
        for match, placed in self._parts:
            keys = [(f, (f.table or "", f.cell.row, f.cell.column)) for f in placed if f.cell is not None]
            own = [Placed(field, cells[key], alone.get(key)) for field, key in keys]
            yield part_sample(match, own, self._drawn.truth, HARSH, seed)
