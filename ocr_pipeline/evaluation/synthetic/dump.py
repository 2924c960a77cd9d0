"""Writes drawn reports as text dumps that hold all of them; ``garble`` damages such dumps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from ocr_pipeline.evaluation.synthetic.dump_rows import DumpCell, DumpLine, Style, dump_lines, dump_rows, dump_text
from ocr_pipeline.evaluation.synthetic.files import writing
from ocr_pipeline.evaluation.synthetic.forms import PARTS, form_grid
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.story import told
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth

__all__ = ["write_dump"]


def write_dump(report: SyntheticReport, path: Path, *, style: Style = "tabs", encoding: str = "utf-8") -> Path:
    """A text file of a report drawn with prose (see ``story.told`` for what is left out).

    Args:
        report: what it says.
        path: where to write.
        style: how cells are told apart.
        encoding: of the file, as Python names it.

    Raises:
        OutputError: the file cannot be written.
    """
    text = dump_text(list(_lines(report.truth, style)), style)
    with writing(path):
        path.write_text(text, encoding=encoding, newline="")
    return path


def _lines(truth: ReportTruth, style: Style) -> Iterator[DumpLine]:
    if truth.title:
        yield _plain(truth.title)
    for section, tables in told(truth):
        if section is not None:
            yield from map(_plain, filter(None, (section.title, *section.text.splitlines())))
        for _, table in tables:
            part = next(part for part in PARTS if part == table.part)
            grid = form_grid(part, "A" if table.form == "A" else "B")
            # No page numbers are asked for, so nothing is left to chance.
            yield from dump_lines(dump_rows(grid, truth.fields, fillers=False), style, False, random.Random(0))


def _plain(text: str) -> DumpLine:
    return DumpLine([DumpCell(text)])
