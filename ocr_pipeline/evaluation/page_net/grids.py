"""Random tables of no known form: any number of rows and columns, grouped headers and labels, figures and words."""

from __future__ import annotations

import random
from dataclasses import replace

from ocr_pipeline.evaluation.synthetic import vocabulary as words
from ocr_pipeline.evaluation.synthetic.forms import FormCell, FormGrid, Role

__all__ = ["draw_grid"]

_PHRASES = (
    *words.TOPICS,
    *words.FIELDS,
    *words.CHANNELS,
    *words.UNITS,
    *(second + first for first in words.PLACE_SECOND for second in words.PLACE_FIRST[:4]),
)
_HEADERS = ("单位", "数量", "金额", "备注", "合计", "年份", "本年", "上年", "增减", "比例（%）", "名称", "类别", "序号")


def draw_grid(rng: random.Random, most_rows: int = 16, *, captions: bool = False) -> tuple[FormGrid, dict[str, str]]:
    """A table and what its value cells print.

    Args:
        rng: settles everything.
        most_rows: below the headers.
        captions: with brackets and blanks, also between its rows.
    """
    columns, rows = rng.choice([2, 3, 3, 4, 4, 5, 6, 7, 8, 10, 12]), rng.randint(2, most_rows)
    cells = _header(columns, rng)
    head = max(cell.row + cell.row_span for cell in cells)
    cells += _body(head, rows, columns, rng)
    if captions:
        cells = _captioned(cells, head, columns, rng)
        rows = max(cell.row + cell.row_span for cell in cells) - head
    printed = {cell.field: _value(rng) for cell in cells if cell.field is not None}
    weights = [rng.uniform(0.6, 1.4) if rng.random() < 0.6 else 1.0 for _ in range(columns - 1)]
    edges = [0.0]
    for weight in weights:
        edges.append(edges[-1] + weight / sum(weights))
    edges[-1] = 1.0
    grid = FormGrid("proactive", "A", head + rows, columns, tuple(cells), head, ("表",), (), tuple(edges))
    return grid, printed


def _cell(row: int, column: int, spans: tuple[int, int], text: str, role: Role) -> FormCell:
    field = f"r{row}c{column}" if role == "value" else None
    return FormCell(row, column, spans[0], spans[1], text, role, field)


def _header(columns: int, rng: random.Random) -> list[FormCell]:
    """One row of headers, or two with groups; sometimes a caption across above them."""
    cells: list[FormCell] = []
    row = 0
    if rng.random() < 0.2:
        cells.append(_cell(0, 0, (1, columns), _phrase(rng) + "情况表", "caption"))
        row = 1
    if columns < 4 or rng.random() < 0.6:
        return cells + [_cell(row, c, (1, 1), rng.choice(_HEADERS), "header") for c in range(columns)]
    cells.append(_cell(row, 0, (2, 1), rng.choice(_HEADERS), "corner"))
    column = 1
    while column < columns:
        span = min(rng.choice([1, 2, 2, 3, 4]), columns - column)
        if span == 1:
            cells.append(_cell(row, column, (2, 1), rng.choice(_HEADERS), "header"))
        else:
            cells.append(_cell(row, column, (1, span), _phrase(rng), "header"))
            cells += [_cell(row + 1, column + k, (1, 1), rng.choice(_HEADERS), "header") for k in range(span)]
        column += span
    return cells


def _body(head: int, rows: int, columns: int, rng: random.Random) -> list[FormCell]:
    grouped = columns >= 4 and rng.random() < 0.35
    wordy = rng.random() < 0.3
    cells: list[FormCell] = []
    row = head
    while row < head + rows:
        span = min(rng.choice([1, 2, 3, 4]), head + rows - row) if grouped else 1
        first = 1
        if grouped:
            cells.append(_cell(row, 0, (span, 1), _phrase(rng), "group"))
            first = 2
        for k in range(row, row + span):
            cells.append(_cell(k, first - 1, (1, 1), _label(rng), "label"))
            column = first
            while column < columns:
                across = 2 if column + 1 < columns and rng.random() < 0.03 else 1
                role: Role = "label" if wordy and rng.random() < 0.4 else "value"
                cells.append(_cell(k, column, (1, across), _phrase(rng) if role == "label" else "", role))
                column += across
        row += span
    return cells


def _captioned(cells: list[FormCell], head: int, columns: int, rng: random.Random) -> list[FormCell]:
    """The cells with captions across all columns or all but the first, above some rows that no group reaches over."""
    apart = [c.row for c in cells if c.row >= head and c.column == 0 and rng.random() < 0.3]
    moved = [replace(c, row=c.row + sum(at <= c.row for at in apart)) for c in cells]
    for number, at in enumerate(sorted(apart)):
        first = 1 if columns > 2 and rng.random() < 0.3 else 0
        moved.append(_cell(at + number, first, (1, columns - first), _caption(rng), "caption"))
        if first:
            moved.append(_cell(at + number, 0, (1, 1), _label(rng), "label"))
    return sorted(moved, key=lambda c: (c.row, c.column))


def _caption(rng: random.Random) -> str:
    """White beside brackets, figures and blanks looks like the white between two columns."""
    numbers = "一二三四五六七八九十"
    item = f"第{rng.choice(('', '二', '三')) + rng.choice(numbers)}条第（{rng.choice(numbers)}）项"
    noted = f"{_phrase(rng)}（{_phrase(rng)}）{_phrase(rng)}"
    unit = f"（单位：{rng.choice(('万元', '件', '人次', '元'))}）"
    figures = f"（{rng.choice(numbers)}） {_phrase(rng)} {rng.randint(1, 2025)} {rng.choice(('年', '项', '件'))}"
    spread = " ".join(rng.choice(_HEADERS) + _phrase(rng))
    return rng.choice((item, item, noted, unit, figures, spread))


def _phrase(rng: random.Random) -> str:
    return rng.choice(_PHRASES)


def _label(rng: random.Random) -> str:
    number = f"{rng.randint(1, 12)}." if rng.random() < 0.3 else ""
    return number + "".join(_phrase(rng) for _ in range(rng.choice([1, 1, 1, 2, 3])))


def _value(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(["0", "0", "", "/", "-"])
    if kind < 0.85:
        return str(rng.randint(1, 10 ** rng.randint(1, 5)))
    return rng.choice([f"{rng.uniform(0, 100):.2f}", f"{rng.uniform(0, 100):.1f}%", f"{rng.randint(1000, 9999999):,}"])
