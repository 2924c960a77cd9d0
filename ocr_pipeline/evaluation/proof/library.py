"""Figures that were really read, right and wrong, from which simulated reports are put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from rapidfuzz.distance import Levenshtein

from ocr_pipeline.errors import DamagedSourceError
from ocr_pipeline.evaluation.proof.counting import Seen, legible_pages
from ocr_pipeline.evaluation.proof.samples import HARSH
from ocr_pipeline.evaluation.proof.transplant import Record
from ocr_pipeline.templates.deciding import Decision

__all__ = ["Library", "MisreadBy"]

MisreadBy = Literal["all", "first"]
_BAND = 0.12
"""Records of one simulated report come from pages as worn as each other, give or take this."""
_ENOUGH = 40


class Library:
    """Records of figures read right and of misread ones, by how worn their pages were.

    Misread by ``all`` are those that the first recogniser and the reader of figures together took for another figure:
    few, and the hardest. Misread by the ``first`` are those that the first recogniser alone took for another, whatever
    became of them when the reader of figures had looked as well; all that was really read comes with either.

    Reports in which far more is misread than in any that is simulated are left out: their ink is of another kind.

    Args:
        cells: of samples.
        most: greatest share of a report's figures that may be misread or unreadable.
        misread_by: who misread the misread ones.

    Raises:
        DamagedSourceError: the samples hold no misread figure.
    """

    def __init__(self, cells: Iterable[Seen], most: float = 0.12, misread_by: MisreadBy = "all") -> None:
        self.right: list[Record] = []
        self.misread: list[Record] = []
        self.usual: list[Record] = []
        self._near: dict[tuple[str, float], list[Record]] = {}
        for seen in legible_pages(cells, most):
            plain = seen.cell.kind == "count" and seen.cell.truth.isdecimal() and seen.cell.cell.readings
            if not plain or seen.first.remark or seen.first.unit:
                continue
            misread = seen.misread if misread_by == "all" else seen.misread_alone
            taken = seen.first if misread_by == "all" else seen.alone
            if not (misread or seen.right) or (misread and _is_of_two(taken, seen.cell.truth)):
                continue
            alone = str(taken.value) if misread and taken is not None and misread_by == "first" else ""
            record = Record(seen.cell.truth, seen.cell.cell, seen.worn, alone)
            (self.misread if misread else self.right).append(record)
            if not misread and seen.part.profile != HARSH:
                self.usual.append(record)
        if not self.misread or not self.right:
            raise DamagedSourceError(
                "samples without misread figures", remedy="gather more with ocr-pipeline proof gather"
            )

    def around(self, kind: Literal["right", "misread", "usual"], worn: float) -> list[Record]:
        """Records from pages about that worn."""
        key = (kind, round(worn, 2))
        if key not in self._near:
            self._near[key] = self._around(getattr(self, kind), key[1])
        return self._near[key]

    def _around(self, records: Sequence[Record], worn: float) -> list[Record]:
        band = _BAND
        while True:
            near = [record for record in records if abs(record.worn - worn) <= band]
            if len(near) >= min(_ENOUGH, len(records)):
                return near
            band *= 2


def _is_of_two(taken: Decision | None, printed: str) -> bool:
    """Whether more was read than the figure has characters: two cells ran together, which is no matter of reading."""
    return taken is not None and Levenshtein.distance(str(taken.value), printed) > len(printed)
