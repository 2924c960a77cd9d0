"""Text dumps of reports, damaged as archives, web copies and PDF extraction do, with what is left of the truth.

A value is **held** when its characters are still in the text, and lost otherwise. A held value is **determinable** by a
rule that is narrower than what a clever reader could prove, so that a program may be asked for all of them:

* every column of its row is still there, in order and next to each other, and no other figure stands among them;
* there are at least two columns, or its label is there;
* its label is there before it (whole, with a typing error, or its first half), or, where the label is lost, every row
  from the next known one above (or the header of the block) to the next known one below is complete;
* rows whose cells stand one a line are followed by the next row of the form, since a loss that swallowed that row may
  have begun inside them;
* blank cells are kept by the way the dump is written, or the row has none; figures that an empty cell makes ambiguous
  do not count, nor does anything of a row that was cut short or in which the text ends.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from ocr_pipeline.evaluation.synthetic.figures import draw_figures
from ocr_pipeline.evaluation.synthetic.forms import PARTS, Form, FormCell, FormGrid, form_grid
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.prose import write_script

__all__ = ["DAMAGES", "STYLES", "GarbledDump", "garble"]

Style = Literal["tabs", "pipes", "markdown", "flat", "single", "single-tab", "single-pipe"]
STYLES: tuple[Style, ...] = ("tabs", "pipes", "markdown", "flat", "single", "single-tab", "single-pipe")
"""How cells are told apart: a row a line (tabs, pipes, a Markdown table, blanks), or a cell a line."""
_ONE_A_LINE = ("single", "single-tab", "single-pipe")

DAMAGES = (
    "labels",
    "values",
    "rows",
    "cells",
    "cut-labels",
    "typos",
    "duplicates",
    "doubled",
    "detached",
    "notes",
    "headers",
    "crosswise",
    "page-numbers",
    "end",
)
"""Row labels lost; values of a row lost; whole rows lost; single cells lost; labels cut by a page break, the rest after
the figures; wrong characters in labels; lines equal to the one before removed; lines printed twice; labels of several
rows before their figures; notes and rows that the form does not know; headers lost; headers of narrow columns read
crosswise; page numbers between rows; the text broken off."""


@dataclass(slots=True)
class _Cell:
    text: str
    field: str | None = None
    lost: bool = False


@dataclass(slots=True)
class _Row:
    """A row of the form, or one that it does not know (``kind`` note)."""

    kind: Literal["head", "row", "note"]
    block: int
    cells: list[_Cell]
    tail: str = ""
    detached: bool = False
    doubled: bool = False
    lost: bool = False

    @property
    def values(self) -> list[_Cell]:
        return [cell for cell in self.cells if cell.field is not None]

    @property
    def label(self) -> _Cell | None:
        words = [cell for cell in self.cells if cell.field is None and cell.text]
        return words[-1] if words else None

    @property
    def named(self) -> bool:
        return self.label is not None and not self.label.lost and not self.lost

    @property
    def complete(self) -> bool:
        return not self.lost and not any(cell.lost for cell in self.values)


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


@dataclass(slots=True)
class _Line:
    """Printed cells; ``row`` is where they come from."""

    cells: list[_Cell]
    row: _Row | None = None
    gap: bool = False


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
    lines: list[_Line] = [_plain(script.title)]
    tables: list[list[_Row]] = []
    for block in script.blocks:
        if block.kind != "table":
            lines.append(_plain(block.text))
            continue
        grid = next(g for g in grids if g.part == block.text)
        rows = _rows(grid, figures.printed, fillers=written in ("tabs", "pipes", "markdown") and rng.random() < 0.7)
        _damage(rows, chosen, grid, rng)
        tables.append(rows)
        lines.extend(_lines(rows, written, "page-numbers" in chosen, rng))
    if "duplicates" in chosen:
        lines = _without_repeats(lines, written)
    text = _text(lines, written)
    if "end" in chosen:
        text, lines = _broken_off(text, lines, written, rng)
    return _judged(text, lines, tables, figures.printed, written, chosen)


def _plain(text: str) -> _Line:
    return _Line([_Cell(text.replace("\n", ""))])


def _rows(grid: FormGrid, printed: dict[str, str], *, fillers: bool) -> list[_Row]:
    rows: list[_Row] = []
    block = -1
    for number in range(grid.rows):
        here = [cell for cell in grid.cells if cell.row == number]
        kind: Literal["head", "row"] = "row" if any(cell.field for cell in here) else "head"
        if kind == "head" and (not rows or rows[-1].kind == "row"):
            block += 1
        cells: list[_Cell] = []
        column = 0
        while column < grid.columns:
            cell = _covering(grid, number, column)
            begins = cell.row == number and cell.column == column
            if begins:
                cells.append(_Cell(printed[cell.field] if cell.field else cell.text, cell.field))
            elif fillers:
                cells.append(_Cell(""))
            column += 1
        rows.append(_Row(kind, max(block, 0), cells))
    return rows


def _covering(grid: FormGrid, row: int, column: int) -> FormCell:
    return next(
        cell
        for cell in grid.cells
        if cell.row <= row < cell.row + cell.row_span and cell.column <= column < cell.column + cell.column_span
    )


def _damage(rows: list[_Row], damages: tuple[str, ...], grid: FormGrid, rng: random.Random) -> None:
    fields = [row for row in rows if row.kind == "row"]
    labelled = [row for row in fields if row.label is not None]
    for row in _some(fields, 0.08, "rows" in damages, rng):
        row.lost = True
    if "rows" in damages and len(fields) > 6 and rng.random() < 0.5:
        start = rng.randrange(len(fields) - 3)
        for row in fields[start : start + rng.randint(2, 6)]:
            row.lost = True
    for row in _some(labelled, 0.25, "labels" in damages, rng):
        row.label.lost = True  # type: ignore[union-attr]  # labelled rows have one
    for row in _some(fields, 0.15, "values" in damages, rng):
        for cell in row.values:
            cell.lost = True
    for row in _some(fields, 0.15, "cells" in damages, rng):
        for cell in rng.sample(row.values, min(len(row.values), rng.choice([1, 1, 2]))):
            cell.lost = True
    for row in _some(labelled, 0.2, "cut-labels" in damages, rng):
        _cut(row, rng)
    for row in _some(labelled, 0.3, "typos" in damages, rng):
        _mistype(row, rng)
    for row in _some(fields, 0.1, "doubled" in damages, rng):
        row.doubled = True
    if "detached" in damages and len(fields) > 3:
        start = rng.randrange(len(fields) - 2)
        for row in fields[start : start + rng.randint(2, 5)]:
            row.detached = row.block == fields[start].block
    for row in _some([row for row in rows if row.kind == "head"], 0.5, "headers" in damages, rng):
        for cell in row.cells:
            cell.lost = rng.random() < 0.6
    if "crosswise" in damages and grid.part == "disputes":
        rows[grid.header_rows - 1].cells = _crosswise(rows[grid.header_rows - 1].cells)
    if "notes" in damages:
        _insert_notes(rows, rng)


def _some(rows: list[_Row], share: float, active: bool, rng: random.Random) -> list[_Row]:
    return [row for row in rows if rng.random() < share] if active else []


def _cut(row: _Row, rng: random.Random) -> None:
    label = row.label
    if label is not None and not label.lost and len(label.text) >= 8:
        at = rng.randint(len(label.text) // 2 + 1, len(label.text) - 2)
        label.text, row.tail = label.text[:at], label.text[at:]


def _mistype(row: _Row, rng: random.Random) -> None:
    label = row.label
    if label is not None and len(label.text) >= 7:
        at = rng.randrange(3, len(label.text) - 1)
        label.text = label.text[:at] + rng.choice(["", "的", label.text[at] * 2]) + label.text[at + 1 :]


def _crosswise(cells: list[_Cell]) -> list[_Cell]:
    """Labels in columns, read line by line: first all first characters, then all second ones."""
    words = [cell.text for cell in cells if cell.text]
    longest = max(map(len, words), default=0)
    scraps = [" ".join(word[i] for word in words if i < len(word)) for i in range(longest)]
    return [_Cell(scrap) for scrap in scraps]


def _insert_notes(rows: list[_Row], rng: random.Random) -> None:
    places = sorted(rng.sample(range(1, len(rows)), min(2, len(rows) - 1)), reverse=True)
    for place in places:
        block = rows[place - 1].block
        if rng.random() < 0.5:
            note = [_Cell(rng.choice(["注：含上年度结转数量", "说明：以上数据截至12月31日", "单位负责人：王某某"]))]
        else:
            count = max(1, len(rows[place - 1].values))
            name = rng.choice(["其中：通过网络受理", "电子邮件渠道收到", "备查事项合并统计"])
            note = [_Cell(name), *(_Cell(str(rng.randint(0, 99))) for _ in range(count))]
        rows.insert(place, _Row("note", block, note))


def _lines(rows: list[_Row], style: Style, page_numbers: bool, rng: random.Random) -> list[_Line]:
    lines: list[_Line] = []
    waiting: list[_Line] = []
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
            target.append(_Line([_Cell(row.tail)], row))
        if page_numbers and rng.random() < 0.08:
            lines.append(_Line([_Cell(f"- {rng.randint(2, 12)} -")]))
    return lines + waiting


def _split(cells: list[_Cell], row: _Row, style: Style) -> list[_Line]:
    if not cells:
        return []
    if style not in _ONE_A_LINE:
        return [_Line(cells, row)]
    return [_Line([cell], row, gap=number == 0) for number, cell in enumerate(cells)]


def _without_repeats(lines: list[_Line], style: Style) -> list[_Line]:
    kept: list[_Line] = []
    for line in lines:
        if kept and _printed(line, style) == _printed(kept[-1], style) and line.row is not None:
            continue
        kept.append(line)
    return kept


def _printed(line: _Line, style: Style) -> str:
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


def _text(lines: list[_Line], style: Style) -> str:
    pieces: list[str] = []
    for line in lines:
        if style == "single-tab" and line.gap:
            pieces.append("")
        pieces.append(_printed(line, style))
    return "\n".join(pieces) + "\n"


def _broken_off(text: str, lines: list[_Line], style: Style, rng: random.Random) -> tuple[str, list[_Line]]:
    """Cut at some line of the tables; the line itself may be cut, and then nothing of it counts."""
    inside = [number for number, line in enumerate(lines) if line.row is not None]
    at = rng.choice(inside[len(inside) // 4 :])
    kept = lines[:at]
    text = _text(kept, style)
    if rng.random() < 0.5 and style not in _ONE_A_LINE:
        whole = _printed(lines[at], style)
        cut = rng.randrange(len(whole) + 1)
        text += whole[:cut]
        kept = [*kept, _Line(_before(lines[at].cells, whole, cut))]
    return text, kept


def _before(cells: list[_Cell], whole: str, cut: int) -> list[_Cell]:
    """The cells of a printed line that end before the cut."""
    kept: list[_Cell] = []
    position = 0
    for cell in cells:
        position = whole.index(cell.text, position) + len(cell.text)
        if position < cut:
            kept.append(cell)
    return kept


def _judged(
    text: str,
    lines: list[_Line],
    tables: list[list[_Row]],
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


def _clear(rows: list[_Row], lines: list[_Line], style: Style) -> set[str]:
    """Ids of the values of the rows that are determinable."""
    fields = [row for row in rows if row.kind == "row"]
    present = {id(line.row) for line in lines if line.row is not None}
    result: set[str] = set()
    for number, row in enumerate(fields):
        blank = any(not cell.text for cell in row.values)
        if not row.values or not row.complete or id(row) not in present or blank:
            continue
        following = fields[number + 1] if number + 1 < len(fields) else None
        if style in _ONE_A_LINE and following is not None and not (following.named or following.complete):
            continue
        if row.label is None:
            result |= {cell.field for cell in row.values if cell.field} if _titled(rows) else set()
        elif row.named or (len(row.values) > 1 and _counted(rows, row)):
            result |= {cell.field for cell in row.values if cell.field}
    return result


def _titled(rows: list[_Row]) -> bool:
    """Whether the header over the only row of the table is whole."""
    return not any(cell.lost for row in rows if row.kind == "head" for cell in row.cells)


def _counted(rows: list[_Row], row: _Row) -> bool:
    """Whether the rows between the next known ones are all complete, and all of the form."""
    at = rows.index(row)
    for step in (-1, 1):
        place = at + step
        while 0 <= place < len(rows):
            other = rows[place]
            if other.kind == "note" or other.detached or any(not cell.text for cell in other.values):
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
    return not row.detached
