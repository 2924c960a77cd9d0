"""The tables of a report as rows of printed cells, and how a text dump writes them down."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from ocr_pipeline.evaluation.synthetic.forms import FormCell, FormGrid

__all__ = [
    "ONE_A_LINE",
    "STYLES",
    "DumpCell",
    "DumpLine",
    "DumpRow",
    "Style",
    "dump_lines",
    "dump_rows",
    "dump_text",
    "printed_line",
]

Style = Literal["tabs", "pipes", "markdown", "flat", "single", "single-tab", "single-pipe"]
STYLES: tuple[Style, ...] = ("tabs", "pipes", "markdown", "flat", "single", "single-tab", "single-pipe")
"""How cells are told apart: a row a line (tabs, pipes, a Markdown table, blanks), or a cell a line."""
ONE_A_LINE = ("single", "single-tab", "single-pipe")


@dataclass(slots=True)
class DumpCell:
    """One printed cell; ``field`` is the id of the value it holds, ``lost`` whether the dump lost it."""

    text: str
    field: str | None = None
    lost: bool = False


@dataclass(slots=True)
class DumpRow:
    """A row of the form, or one that it does not know (``kind`` note).

    ``tail`` is the rest of a label, printed after the figures; ``detached`` rows have their figures after the labels of
    the whole group; a page number that looks like a figure follows a ``spoiled`` row.
    """

    kind: Literal["head", "row", "note"]
    block: int
    cells: list[DumpCell]
    tail: str = ""
    detached: bool = False
    doubled: bool = False
    lost: bool = False
    spoiled: bool = False

    @property
    def values(self) -> list[DumpCell]:
        """The cells that hold values."""
        return [cell for cell in self.cells if cell.field is not None]

    @property
    def label(self) -> DumpCell | None:
        """The innermost label; None for a row without one."""
        words = [cell for cell in self.cells if cell.field is None and cell.text]
        return words[-1] if words else None

    @property
    def named(self) -> bool:
        """Whether its label is in the dump."""
        return self.label is not None and not self.label.lost and not self.lost

    @property
    def complete(self) -> bool:
        """Whether all its values are in the dump."""
        return not self.lost and not any(cell.lost for cell in self.values)


@dataclass(slots=True)
class DumpLine:
    """Printed cells; ``row`` is where they come from."""

    cells: list[DumpCell]
    row: DumpRow | None = None
    gap: bool = False


def dump_rows(grid: FormGrid, printed: dict[str, str], *, fillers: bool) -> list[DumpRow]:
    """The rows of a table; ``fillers`` adds an empty cell for each position that a merged cell covers."""
    rows: list[DumpRow] = []
    block = -1
    for number in range(grid.rows):
        here = [cell for cell in grid.cells if cell.row == number]
        kind: Literal["head", "row"] = "row" if any(cell.field for cell in here) else "head"
        if kind == "head" and (not rows or rows[-1].kind == "row"):
            block += 1
        cells: list[DumpCell] = []
        column = 0
        while column < grid.columns:
            cell = _covering(grid, number, column)
            begins = cell.row == number and cell.column == column
            if begins:
                cells.append(DumpCell(printed[cell.field] if cell.field else cell.text, cell.field))
            elif fillers:
                cells.append(DumpCell(""))
            column += 1
        rows.append(DumpRow(kind, max(block, 0), cells))
    return rows


def _covering(grid: FormGrid, row: int, column: int) -> FormCell:
    return next(
        cell
        for cell in grid.cells
        if cell.row <= row < cell.row + cell.row_span and cell.column <= column < cell.column + cell.column_span
    )


def dump_lines(rows: list[DumpRow], style: Style, page_numbers: bool, rng: random.Random) -> list[DumpLine]:
    """The lines that a table is written in."""
    lines: list[DumpLine] = []
    waiting: list[DumpLine] = []
    for row in rows:
        if row.lost:
            continue
        if not row.detached:
            lines += waiting
            waiting = []
        printed = [cell for cell in row.cells if not cell.lost]
        whole = [printed]
        if row.detached:
            whole = [[cell for cell in printed if cell.field is None and cell.text]]
            waiting += _split([cell for cell in printed if cell.field is not None], row, style)
        for _ in range(2 if row.doubled and not row.detached else 1):
            for cells in whole:
                lines += _split(cells, row, style)
        if row.tail:
            target = waiting if row.detached else lines
            target.append(DumpLine([DumpCell(row.tail)], row))
        if page_numbers and rng.random() < 0.08:
            bare = rng.random() < 0.4 and style not in ONE_A_LINE
            lines.append(DumpLine([DumpCell(f"{rng.randint(2, 12)}" if bare else f"- {rng.randint(2, 12)} -")]))
            row.spoiled = bare
    return lines + waiting


def _split(cells: list[DumpCell], row: DumpRow, style: Style) -> list[DumpLine]:
    if not cells:
        return []
    if style not in ONE_A_LINE:
        return [DumpLine(cells, row)]
    return [DumpLine([cell], row, gap=number == 0) for number, cell in enumerate(cells)]


def printed_line(line: DumpLine, style: Style) -> str:
    """A line as the style writes it."""
    texts = [cell.text for cell in line.cells]
    if line.row is None:
        return " ".join(texts)
    if style == "single-tab":
        return "".join(f"\t{text}" for text in texts)
    if style == "single-pipe":
        return f"{texts[0]} |"
    joiner = {"tabs": "\t", "pipes": " | ", "markdown": " | ", "flat": " ", "single": ""}[style]
    if style == "flat":
        texts = [text for text in texts if text]
    joined = joiner.join(texts)
    return f"| {joined} |" if style == "markdown" else joined


def dump_text(lines: list[DumpLine], style: Style) -> str:
    """All lines as one text."""
    pieces: list[str] = []
    for line in lines:
        if style == "single-tab" and line.gap:
            pieces.append("")
        pieces.append(printed_line(line, style))
    return "\n".join(pieces) + "\n"
