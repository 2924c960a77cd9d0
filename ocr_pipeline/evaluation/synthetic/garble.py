"""Text dumps of reports, damaged as archives, web copies and PDF extraction do, with what is left of the truth.

A value is **held** when its characters are still in the text, and lost otherwise. A held value is **determinable** by a
rule that is narrower than what a clever reader could prove, so that a program may be asked for all of them:

* every column of its row is still there, in order and next to each other, and no other figure stands among them;
* there are at least two columns, or its label is there;
* its label is there before it (whole, with a typing error, or its first half), or, where the label is lost, every row
  from the next known one above (or the header of the block) to the next known one below is complete;
* where labels stand apart from their figures, all rows of the group are whole and the next row is known;
* rows whose cells stand one a line are followed by the next row of the form, since a loss that swallowed that row may
  have begun inside them;
* blank cells are kept by the way the dump is written, or the row has none; figures that an empty cell makes ambiguous
  do not count, nor does anything of a row that was cut short or in which the text ends.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from ocr_pipeline.evaluation.synthetic.dump_damage import DAMAGES, damage_rows, without_repeats
from ocr_pipeline.evaluation.synthetic.dump_rows import (
    ONE_A_LINE,
    STYLES,
    DumpCell,
    DumpLine,
    DumpRow,
    Style,
    dump_lines,
    dump_rows,
    dump_text,
    printed_line,
)
from ocr_pipeline.evaluation.synthetic.figures import draw_figures
from ocr_pipeline.evaluation.synthetic.forms import PARTS, Form, form_grid
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.prose import write_script

__all__ = ["DAMAGES", "STYLES", "GarbledDump", "garble"]


@dataclass(frozen=True, slots=True)
class GarbledDump:
    """A dump and its truth.

    Attributes:
        text: the dump.
        held: field id to the printed string where the text still holds it, None where it lost it.
        determinable: ids of held values that the text alone gives, by the rule of this module.
        style: how cells are told apart.
        damages: what was done to it.
    """

    text: str
    held: dict[str, str | None]
    determinable: frozenset[str]
    style: Style
    damages: tuple[str, ...]


def garble(seed: int, *, style: Style | None = None, damages: tuple[str, ...] | None = None) -> GarbledDump:
    """Draw a report and its damaged dump.

    Args:
        seed: any integer; settles everything that is not given.
        style: how the cells are told apart.
        damages: of ``DAMAGES``; drawn when left out (one to four).
    """
    rng = random.Random(f"{seed}/garble")
    written: Style = rng.choice(STYLES) if style is None else style
    chosen = tuple(damages) if damages is not None else tuple(rng.sample(DAMAGES, rng.randint(0, 4)))
    first: Form = rng.choice(("A", "B"))
    other: Form = ("B" if first == "A" else "A") if rng.random() < 0.1 else first
    grids = tuple(form_grid(part, first if part == "proactive" else other) for part in PARTS)
    figures = draw_figures(seed, grids, ContentOptions())
    script = write_script(seed, 2020 if first == "A" else 2023, figures.printed, grids)
    lines: list[DumpLine] = [_plain(script.title)]
    tables: list[list[DumpRow]] = []
    for block in script.blocks:
        if block.kind != "table":
            lines.append(_plain(block.text))
            continue
        grid = next(g for g in grids if g.part == block.text)
        rows = dump_rows(grid, figures.printed, fillers=written in ("tabs", "pipes", "markdown") and rng.random() < 0.7)
        damage_rows(rows, chosen, grid, written, rng)
        tables.append(rows)
        lines.extend(dump_lines(rows, written, "page-numbers" in chosen, rng))
    if "duplicates" in chosen or "everywhere" in chosen:
        lines = without_repeats(lines, written, everywhere="everywhere" in chosen)
    text = dump_text(lines, written)
    if "end" in chosen:
        text, lines = _broken_off(text, lines, written, rng)
    return _judged(text, lines, tables, figures.printed, written, chosen)


def _plain(text: str) -> DumpLine:
    return DumpLine([DumpCell(text.replace("\n", ""))])


def _broken_off(text: str, lines: list[DumpLine], style: Style, rng: random.Random) -> tuple[str, list[DumpLine]]:
    """Cut at some line of the tables; the line itself may be cut, and then nothing of it counts."""
    inside = [number for number, line in enumerate(lines) if line.row is not None]
    at = rng.choice(inside[len(inside) // 4 :])
    kept = lines[:at]
    text = dump_text(kept, style)
    if rng.random() < 0.5 and style not in ONE_A_LINE:
        whole = printed_line(lines[at], style)
        cut = rng.randrange(len(whole) + 1)
        text += whole[:cut]
        kept = [*kept, DumpLine(_before(lines[at].cells, whole, cut))]
    return text, kept


def _before(cells: list[DumpCell], whole: str, cut: int) -> list[DumpCell]:
    """The cells of a printed line that are whole before the cut."""
    kept: list[DumpCell] = []
    position = 0
    for cell in cells:
        position = whole.index(cell.text, position) + len(cell.text)
        if position <= cut:
            kept.append(cell)
    return kept


def _judged(
    text: str,
    lines: list[DumpLine],
    tables: list[list[DumpRow]],
    printed: dict[str, str],
    style: Style,
    damages: tuple[str, ...],
) -> GarbledDump:
    shown = {cell.field for line in lines for cell in line.cells if cell.field}
    held = {key: value if key in shown else None for key, value in printed.items()}
    clear: set[str] = set()
    for rows in tables:
        for row in rows:
            if any(cell.field not in shown for cell in row.values):
                for cell in row.values:
                    cell.lost = True
        clear |= _clear(rows, lines, style)
    determinable = frozenset(key for key in clear if printed[key] not in ("", "/", "-", "—"))
    return GarbledDump(text, held, determinable, style, damages)


def _clear(rows: list[DumpRow], lines: list[DumpLine], style: Style) -> set[str]:
    """Ids of the values of the rows that are determinable."""
    fields = [row for row in rows if row.kind == "row"]
    present = {id(line.row) for line in lines if line.row is not None}
    result: set[str] = set()
    for number, row in enumerate(fields):
        blank = any(not cell.text for cell in row.values) or (row.spoiled and style in ONE_A_LINE)
        if not row.values or not row.complete or id(row) not in present or blank:
            continue
        following = fields[number + 1] if number + 1 < len(fields) else None
        if style in ONE_A_LINE and following is not None and not (following.named or following.complete):
            continue
        if row.detached and not _whole_group(fields, number):
            continue
        if row.label is None:
            noted = style in ONE_A_LINE and rows[rows.index(row) - 1].kind == "note"
            result |= {cell.field for cell in row.values if cell.field} if _titled(rows) and not noted else set()
        elif row.named or (len(row.values) > 1 and _counted(rows, row)):
            result |= {cell.field for cell in row.values if cell.field}
    return result


def _whole_group(fields: list[DumpRow], number: int) -> bool:
    """Whether all rows whose figures stand apart together with this one's are whole, and the next row is known."""
    start = stop = number
    while start > 0 and fields[start - 1].detached:
        start -= 1
    while stop < len(fields) and fields[stop].detached:
        stop += 1
    group = fields[start:stop]
    whole = all(row.named and row.complete and not row.spoiled and all(c.text for c in row.values) for row in group)
    known = stop == len(fields) or fields[stop].block != group[-1].block or fields[stop].named
    # The label of a row that has lost its figures right before them would belong to the group.
    apart = start == 0 or fields[start - 1].block != group[0].block or fields[start - 1].complete
    return whole and known and apart and len({row.block for row in group}) == 1


def _titled(rows: list[DumpRow]) -> bool:
    """Whether the header over the only row of the table is whole."""
    return not any(cell.lost for row in rows if row.kind == "head" for cell in row.cells)


def _counted(rows: list[DumpRow], row: DumpRow) -> bool:
    """Whether the rows between the next known ones are all complete, and all of the form."""
    at = rows.index(row)
    for step in (-1, 1):
        place = at + step
        while 0 <= place < len(rows):
            other = rows[place]
            if other.kind == "note" or other.detached or other.spoiled or any(not cell.text for cell in other.values):
                return False
            if other.kind == "head":
                if any(cell.lost for cell in other.cells):
                    return False
                break
            if not other.complete:
                return False
            if other.named:
                break
            place += step
        else:
            if step == -1:
                return False
    return not (row.detached or row.spoiled)
