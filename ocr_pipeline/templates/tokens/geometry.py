"""Rows with empty cells: where a dump keeps these, the count of cells tells which column is blank.

A row's cells are those between its label and the end of its line or record. Besides the columns there may be fillers,
which merged cells leave behind: so many before the first column and after the last as other rows like it show.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.tokens.chain import Chain
from ocr_pipeline.templates.tokens.found_rows import FoundRow
from ocr_pipeline.templates.tokens.stream import Token, is_figure

__all__ = ["place_blanks"]

Fillers = tuple[int, int]


def place_blanks(chain: Chain, rows: Sequence[FoundRow], cells: Sequence[Token], options: TemplateOptions) -> None:
    """Place the cells of rows that are known by their label and have empty cells."""
    records = {
        found.row: _record(cells, found.label)
        for found in rows
        if found.trust == "label" and found.label is not None and found.margin >= options.alignment_margin
    }
    seen = {row: _ends(chain, row, record) for row, record in records.items()}
    for found in rows:
        record = records.get(found.row, [])
        figures = sum(token.kind == "figure" for token in record)
        width = chain.rows[found.row].width
        if figures >= width or figures == len(record) or figures != len(found.filled):
            continue
        if any(token.text not in ("", *found.loose, *found.placed.values()) for token in record):
            continue
        lead = _fillers(chain, found.row, record, records, seen)
        if lead is None:
            found.note = found.note or "its empty cells are not as many as in other rows"
            continue
        texts = [token.text for token in record[lead : lead + width]]
        types = [spec.type for spec in chain.rows[found.row].specs]
        if len(texts) == width and all(is_figure(t, k) for t, k in zip(texts, types, strict=True) if t):
            found.placed, found.loose, found.note = dict(enumerate(texts)), (), ""


def _record(cells: Sequence[Token], label: int) -> list[Token]:
    """The figures and empty cells that belong to a label: up to the next label, line or gap."""
    beside = label + 1 < len(cells) and not cells[label + 1].first
    record: list[Token] = []
    for token in cells[label + 1 :]:
        if token.kind == "label" or token.gap or (beside and token.first):
            break
        record.append(token)
    return record


def _ends(chain: Chain, row: int, record: Sequence[Token]) -> Fillers | None:
    """Fillers before and after the figures of a complete row."""
    figures = [i for i, token in enumerate(record) if token.kind == "figure"]
    if len(figures) != chain.rows[row].width or figures[-1] - figures[0] != len(figures) - 1:
        return None
    return figures[0], len(record) - 1 - figures[-1]


def _fillers(
    chain: Chain,
    row: int,
    record: Sequence[Token],
    records: dict[int, list[Token]],
    seen: dict[int, Fillers | None],
) -> int | None:
    """How many fillers stand before the first column of this row; None where that cannot be told."""
    width, depth, block = chain.rows[row].width, len(chain.rows[row].groups), chain.rows[row].block
    alike = [r for r in records if len(chain.rows[r].groups) == depth and chain.rows[r].block == block]
    shown = {ends for r in alike if (ends := seen[r]) is not None}
    fitting = {lead for lead, trail in shown if lead + width + trail == len(record)}
    if shown:
        return next(iter(fitting)) if len(fitting) == 1 else None
    # No row is complete. As many cells as columns, with a figure at both ends, leave no room for fillers; anything else
    # may have lost an empty cell at its end.
    framed = len(record) == width and record[0].kind == record[-1].kind == "figure"
    return 0 if framed else None
