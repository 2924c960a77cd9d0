"""What befalls the rows of a table on their way into a text dump."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ocr_pipeline.evaluation.synthetic.dump_rows import (
    ONE_A_LINE,
    DumpCell,
    DumpLine,
    DumpRow,
    Style,
    printed_line,
)
from ocr_pipeline.evaluation.synthetic.forms import FormGrid

__all__ = ["DAMAGES", "damage_rows", "without_repeats"]

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
    "spans",
    "everywhere",
    "repeated-headers",
    "end",
)
"""Row labels lost; values of a row lost; whole rows lost; single cells lost; labels cut by a page break, the rest after
the figures; wrong characters in labels; lines equal to the one before removed; lines printed twice; labels of several
rows before their figures; notes and rows that the form does not know; headers lost; headers of narrow columns read
crosswise; page numbers between rows; a stretch of cells lost (where a row is a line: within one); every line that was
there before removed; the header again in the middle of the table; the text broken off."""


def damage_rows(rows: list[DumpRow], damages: Sequence[str], grid: FormGrid, style: Style, rng: random.Random) -> None:
    """Damage the rows of one table in place, in the ways named."""
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
        # Of a group with one row of figures left nobody could tell whose they are: it looks like rows in order.
        group = [row for row in fields if row.detached]
        if sum(row.complete for row in group) < 2:
            for row in group:
                row.detached = False
    for row in _some([row for row in rows if row.kind == "head"], 0.5, "headers" in damages, rng):
        for cell in row.cells:
            cell.lost = rng.random() < 0.6
    if "crosswise" in damages and grid.part == "disputes":
        rows[grid.header_rows - 1].cells = _crosswise(rows[grid.header_rows - 1].cells)
    if "spans" in damages:
        _lose_span(rows, style, rng)
    if "repeated-headers" in damages and grid.part == "applications":
        heads = [row for row in rows if row.kind == "head"]
        at = rng.randrange(grid.header_rows + 2, len(rows))
        rows[at:at] = [DumpRow("head", 0, [DumpCell(cell.text) for cell in row.cells]) for row in heads]
    if "notes" in damages:
        _insert_notes(rows, rng)


def _some(rows: list[DumpRow], share: float, active: bool, rng: random.Random) -> list[DumpRow]:
    return [row for row in rows if rng.random() < share] if active else []


def _cut(row: DumpRow, rng: random.Random) -> None:
    label = row.label
    if label is not None and not label.lost and len(label.text) >= 8:
        at = rng.randint(len(label.text) // 2 + 1, len(label.text) - 2)
        label.text, row.tail = label.text[:at], label.text[at:]


def _mistype(row: DumpRow, rng: random.Random) -> None:
    label = row.label
    if label is not None and len(label.text) >= 7:
        at = rng.randrange(3, len(label.text) - 1)
        label.text = label.text[:at] + rng.choice(["", "的", label.text[at] * 2]) + label.text[at + 1 :]


def _lose_span(rows: list[DumpRow], style: Style, rng: random.Random) -> None:
    fields = [row for row in rows if row.kind == "row"]
    cells = [cell for row in rows for cell in row.cells] if style in ONE_A_LINE else list(rng.choice(fields).values)
    start = rng.randrange(len(cells))
    for cell in cells[start : start + rng.randint(1, 30)]:
        cell.lost = True


def _crosswise(cells: list[DumpCell]) -> list[DumpCell]:
    """Labels in columns, read line by line: first all first characters, then all second ones."""
    words = [cell.text for cell in cells if cell.text]
    longest = max(map(len, words), default=0)
    scraps = [" ".join(word[i] for word in words if i < len(word)) for i in range(longest)]
    return [DumpCell(scrap) for scrap in scraps]


def _insert_notes(rows: list[DumpRow], rng: random.Random) -> None:
    places = sorted(rng.sample(range(1, len(rows)), min(2, len(rows) - 1)), reverse=True)
    for place in places:
        block = rows[place - 1].block
        if rng.random() < 0.5:
            note = [DumpCell(rng.choice(["注：含上年度结转数量", "说明：以上数据截至12月31日", "单位负责人：王某某"]))]
        else:
            count = max(1, len(rows[place - 1].values))
            name = rng.choice(["其中：通过网络受理", "电子邮件渠道收到", "备查事项合并统计"])
            note = [DumpCell(name), *(DumpCell(str(rng.randint(0, 99))) for _ in range(count))]
        rows.insert(place, DumpRow("note", block, note))


def without_repeats(lines: Sequence[DumpLine], style: Style, *, everywhere: bool) -> list[DumpLine]:
    """The lines without those that equal the one before them, or any before them."""
    kept: list[DumpLine] = []
    seen: set[str] = set()
    for line in lines:
        text = printed_line(line, style).strip()
        again = text in seen if everywhere else bool(kept) and text == printed_line(kept[-1], style).strip()
        if not (again and line.row is not None):
            kept.append(line)
            seen.add(text)
    return kept
