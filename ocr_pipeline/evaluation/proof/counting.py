"""What was misread, and how far misreadings go together."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ocr_pipeline.evaluation.proof.samples import HARSH, CellSample, PartSample
from ocr_pipeline.templates import TemplateOptions
from ocr_pipeline.templates.calibration import Calibration
from ocr_pipeline.templates.deciding import Decision, decide
from ocr_pipeline.templates.signs import signs_legible
from ocr_pipeline.templates.values import is_no_value, parse_value
from ocr_pipeline.templates.weighing import WORN, climate

__all__ = ["Seen", "cancelling", "legible_pages", "likeness", "printed_number", "seen_cells"]

_WRECKED = 0.08
"""From this share of unreadable or wrong cells on, a part of ordinary damage has lost its grid."""
_PAIRS = 20_000


@dataclass(frozen=True)
class Seen:
    """One cell of a sample, decided.

    Attributes:
        part: the sample that it is of.
        cell: the cell with its truth.
        truth: the number that is printed; None for a blank cell.
        first: what is made of it before the second recogniser is heard and the reader of figures a second time.
        alone: what the first recogniser makes of its picture by itself; None where that is not known.
        worn: climate of its part.
        legible: whether the signs of its part are beyond doubt.
    """

    part: PartSample
    cell: CellSample
    truth: int | float | None
    first: Decision
    worn: float
    legible: bool
    alone: Decision | None = None

    @property
    def misread_alone(self) -> bool:
        """Whether the first recogniser by itself read a figure where another is printed."""
        return self.alone is not None and self.truth is not None and self.alone.value not in (None, self.truth)

    @property
    def right(self) -> bool:
        """Whether a figure was read, and the one that is printed."""
        return self.first.value is not None and self.first.value == self.truth

    @property
    def misread(self) -> bool:
        """Whether a figure was read where another is printed."""
        return self.first.value is not None and self.truth is not None and self.first.value != self.truth


def printed_number(sample: CellSample) -> int | float | None:
    """The number that is printed; None for a blank cell."""
    parsed = None if is_no_value(sample.truth) else parse_value(sample.truth, sample.kind)
    return None if parsed is None else parsed.value


def seen_cells(samples: Iterable[PartSample], calibration: Calibration, *, wrecked: bool = False) -> Iterator[Seen]:
    """All cells, decided without witnesses.

    Args:
        samples: the parts.
        calibration: for the climate.
        wrecked: keep parts whose grid went wrong, too.
    """
    options = TemplateOptions()
    for part in samples:
        alone = [sample.cell.model_copy(update={"witnesses": ()}) for sample in part.cells]
        first = [decide(cell, sample.kind, options) for cell, sample in zip(alone, part.cells, strict=True)]
        worn = climate(zip(first, alone, strict=True), calibration)
        legible = worn < WORN or signs_legible(sample.cell for sample in part.cells if sample.kind == "change")
        cells = [
            Seen(part, sample, printed_number(sample), found, worn, legible, _alone(sample, options))
            for sample, found in zip(part.cells, first, strict=True)
        ]
        failed = sum(seen.misread or (seen.truth is not None and seen.first.value is None) for seen in cells)
        if wrecked or part.profile == HARSH or failed <= _WRECKED * len(cells):
            yield from cells


def _alone(sample: CellSample, options: TemplateOptions) -> Decision | None:
    return None if sample.alone is None else decide(sample.alone, sample.kind, options)


def legible_pages(cells: Iterable[Seen], most: float) -> list[Seen]:
    """The cells of reports of whose figures no greater share than ``most`` is misread or unreadable."""
    known = list(cells)
    counts: dict[tuple[int, str], tuple[int, int]] = {}
    for seen in known:
        if seen.truth is not None:
            failed, figures = counts.get((seen.part.seed, seen.part.profile), (0, 0))
            wrong = seen.misread or seen.first.value is None
            counts[seen.part.seed, seen.part.profile] = (failed + wrong, figures + 1)
    kept = {key for key, (failed, figures) in counts.items() if failed <= most * figures}
    return [seen for seen in known if (seen.part.seed, seen.part.profile) in kept]


def cancelling(cells: Sequence[Seen]) -> float:
    """Chance that two misread figures, drawn at random, leave a sum as it was."""
    away = [int(s.first.value) - int(s.truth) for s in cells if s.misread and s.first.value and s.truth is not None]
    if len(away) < 2:
        return 0.0
    rng = random.Random(1)
    pairs = [rng.sample(away, 2) for _ in range(_PAIRS)]
    return sum(abs(one) == abs(other) for one, other in pairs) / _PAIRS


def likeness(cells: Iterable[Seen]) -> float:
    """Of figures that stand in a part again, misread once: the share misread in the same way the other time."""
    groups: dict[tuple[int, str, str, str], list[Seen]] = {}
    for seen in cells:
        if seen.truth is not None and seen.first.value is not None:
            key = (seen.part.seed, seen.part.profile, seen.part.part, seen.cell.truth)
            groups.setdefault(key, []).append(seen)
    again = same = 0
    for group in groups.values():
        for one in group:
            if one.misread:
                others = [other for other in group if other is not one]
                again += len(others)
                same += sum(other.first.value == one.first.value for other in others)
    return same / again if again else 0.0
