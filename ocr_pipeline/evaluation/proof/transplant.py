"""What a recogniser made of one figure, carried over to another: the same confusions at characters that are the same.

Simulated reports need their figures misread as real ones are, with the probabilities and the further readings that
real misreadings have. So a record of a cell that was really read is taken, every reading of it described as edits of
what was printed, and the edits made where the new figure has the same characters.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from ocr_pipeline.document import Cell, Reading

__all__ = ["Record", "transplanted"]


@dataclass(frozen=True, slots=True)
class Record:
    """A figure that was read: what is printed, the cell with all readings, and the climate of its part; and, where that
    is what it was chosen for, the other figure that the first recogniser alone read."""

    printed: str
    cell: Cell
    worn: float
    alone: str = ""


def transplanted(record: Record, printed: str, rng: random.Random, *, whole: bool = False) -> Cell | None:
    """The record's cell as if ``printed`` stood in it; None where its first reading has no like there.

    Readings whose confusions have no place in the new figure are left out; with ``whole`` there must be none, since a
    figure without the rivals that it had would be clearer than it was.
    """
    places = _Places(record.printed, printed, rng)
    first = places.edited(record.cell.readings[0].text) if record.cell.readings else None
    if first is None or (record.alone and places.edited(record.alone) is None):
        return None
    text = places.edited(record.cell.text)
    if whole and any(
        places.edited(reading.text) is None for reading in (*record.cell.readings, *record.cell.witnesses)
    ):
        return None
    return record.cell.model_copy(
        update={
            "text": first if text is None else text,
            "readings": _moved(record.cell.readings, places),
            "witnesses": _moved(record.cell.witnesses, places),
        }
    )


def _moved(readings: Sequence[Reading], places: _Places) -> tuple[Reading, ...]:
    moved: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        text = places.edited(reading.text)
        if text is not None:
            moved.setdefault((reading.engine, text), reading.model_copy(update={"text": text}))
    return tuple(moved.values())


class _Places:
    """Which character of one figure stands for which of the other; settled as edits ask for it, then kept."""

    def __init__(self, old: str, new: str, rng: random.Random) -> None:
        self._old, self._new, self._rng = old, new, rng
        self._at: dict[int, int] = {}
        self._gaps: dict[int, int] = {0: 0, len(old): len(new)}
        self._known: dict[str, str | None] = {old: new}

    def edited(self, text: str) -> str | None:
        """The new figure with the edits that make ``text`` of the old one; None where a character has no like."""
        if text not in self._known:
            self._known[text] = self._edited(text)
        return self._known[text]

    def _edited(self, text: str) -> str | None:
        edits = Levenshtein.editops(self._old, text)
        out: dict[int, str] = {}
        put: dict[int, str] = {}
        for edit in edits:
            if edit.tag == "insert":
                gap = self._gap(edit.src_pos)
                put[gap] = put.get(gap, "") + text[edit.dest_pos]
                continue
            at = self._place(edit.src_pos)
            if at is None:
                return None
            out[at] = text[edit.dest_pos] if edit.tag == "replace" else ""
        kept = [put.get(i, "") + out.get(i, char) for i, char in enumerate(self._new)]
        return "".join(kept) + put.get(len(self._new), "")

    def _place(self, position: int) -> int | None:
        if position not in self._at:
            taken = set(self._at.values())
            free = [i for i, c in enumerate(self._new) if c == self._old[position] and i not in taken]
            if not free:
                return None
            self._at[position] = self._rng.choice(free)
        return self._at[position]

    def _gap(self, position: int) -> int:
        if position not in self._gaps:
            self._gaps[position] = self._rng.randint(0, len(self._new))
        return self._gaps[position]
