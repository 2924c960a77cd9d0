"""How often a text layer says what the pixels say, on one page: words and figures apart.

Fonts whose digits alone are mapped wrongly are common. Agreement in zeros proves nothing on a page full of zeros, where
any layer that is shifted by a cell agrees as well; so figures count only when one of both says something else than the
most common figure.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_pipeline.document import Cell, Line, Table
from ocr_pipeline.text.layer_text import Said, common, figure_of, words_of
from ocr_pipeline.text.options import LayerOptions

__all__ = ["Agreement", "digits_of", "is_mark", "is_sure", "measure_agreement"]

_MARKS = set("-‐‑‒–—―−－─/／")
_MARK_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well a layer and the pixels agree on one page.

    Attributes:
        words: share of the characters of labels and lines that agree, 0..1.
        figures: the same for the figures that tell something; 1 when none does.
        compared: characters of labels and lines that were compared.
    """

    words: float
    figures: float
    compared: int

    def heard(self, options: LayerOptions) -> bool:
        """Whether the layer is a second reading of this page."""
        return self.compared >= options.heard_words and min(self.words, self.figures) >= options.heard_agreement

    def trusted(self, options: LayerOptions) -> bool:
        """Whether it is, if the page was drawn from it, its very text."""
        return self.compared >= options.trusted_words and min(self.words, self.figures) >= options.trusted_agreement


@dataclass
class _Count:
    same: int = 0
    total: int = 0

    def add(self, first: str, second: str) -> None:
        self.same += common(first, second)
        self.total += max(len(first), len(second))

    @property
    def share(self) -> float:
        return self.same / self.total if self.total else 1.0


def measure_agreement(
    tables: Sequence[Table],
    of_cells: Sequence[Sequence[Said | None]],
    lines: Sequence[Line],
    of_lines: Sequence[Said | None],
    options: LayerOptions,
) -> Agreement:
    """Compare cell by cell and line by line.

    Args:
        tables: as read from the pixels.
        of_cells: what the layer says in the place of each cell of each table, None where it says nothing.
        lines: as read from the pixels, outside the tables.
        of_lines: what the layer says in the place of each.
        options: how surely a cell has to be read to count.
    """
    words = _Count()
    figures: list[tuple[str, str]] = []
    for line, said in zip(lines, of_lines, strict=True):
        if said is not None:
            words.add(words_of(line.text), words_of(said.nearest(line.text)))
    for table, row in zip(tables, of_cells, strict=True):
        for cell, said in zip(table.cells, row, strict=True):
            # Of a cell that was read badly nothing can be learned, and a layer may leave out what it likes.
            if said is None or (cell.ink is not False and not is_sure(cell, options)):
                continue
            text = said.nearest(cell.text)
            seen, told = figure_of(cell.text), figure_of(text)
            if seen is None and told is None:
                if not is_mark(text, cell.text):
                    words.add(words_of(cell.text), words_of(text))
            else:
                figures.append((seen or "", told or ""))
    return Agreement(words.share, _figure_agreement(figures, options), words.total)


def _figure_agreement(pairs: Sequence[tuple[str, str]], options: LayerOptions) -> float:
    usual = Counter(seen for seen, _ in pairs).most_common(1)
    telling, every = _Count(), _Count()
    for seen, told in pairs:
        every.add(seen, told)
        if not seen == told == usual[0][0]:
            telling.add(seen, told)
    return telling.share if telling.total >= options.telling_figures else min(telling.share, every.share)


def is_sure(cell: Cell, options: LayerOptions) -> bool:
    """Whether a cell was read so well that it can be compared with."""
    if not cell.text or cell.confidence < options.sure_reading:
        return False
    if figure_of(cell.text) is None or not cell.readings:
        return True
    best = cell.readings[0]
    return math.exp(best.log_prob) >= options.sure_reading and figure_of(best.text) == figure_of(cell.text)


def is_mark(told: str, seen: str) -> bool:
    """Whether the layer has a dash or a stroke for no value, and the page something that may well be one.

    Readers take such marks for other characters (一, _), and there is no word in which they could be told apart.
    """
    return set(told) <= _MARKS and len(seen) <= _MARK_LENGTH and not digits_of(seen)


def digits_of(text: str) -> str:
    """The digits of a text, in their order."""
    return "".join(char for char in text if char.isdigit())
