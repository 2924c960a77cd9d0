"""Character error rate: the share of characters that have to be corrected by hand."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from ocr_pipeline.evaluation.normalize import normalize

__all__ = ["CharacterErrors", "character_errors"]


@dataclass(frozen=True, slots=True)
class CharacterErrors:
    """How far a text is from its truth.

    Attributes:
        edits: insertions, deletions and substitutions (Levenshtein) between the normalised texts.
        length: characters of the normalised truth.
    """

    edits: int
    length: int

    @property
    def rate(self) -> float:
        """``edits / length``, 0 or more: above 1 when more was made up than there is to read; 0/0 counts as 0."""
        if self.length == 0:
            return float(self.edits > 0)
        return self.edits / self.length


def character_errors(truth: str, read: str) -> CharacterErrors:
    """Compare a text with its truth, both normalised (see ``evaluation.normalize``), as one string each.

    >>> character_errors("收到申请 12 件", "收到申请１2件。").edits
    1
    """
    want, got = normalize(truth), normalize(read)
    return CharacterErrors(edits=Levenshtein.distance(want, got), length=len(want))
