"""How well text dumps are read: garbled reports by the seed, and what came of each value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ocr_pipeline.evaluation.fields import FieldVerdict, PredictedValue, Verdict, judge_all
from ocr_pipeline.evaluation.synthetic.garble import GarbledDump, garble
from ocr_pipeline.source.dump import read_flow
from ocr_pipeline.templates import TemplateSet, extract_tokens, load_templates

__all__ = ["DumpScore", "score_dump", "score_dumps"]


@dataclass(frozen=True, slots=True)
class DumpScore:
    """What came of a dump, or of several.

    Attributes:
        dumps: how many.
        determinable: values that the text alone gives (see ``synthetic.garble``).
        found: those of them that were handed out right.
        held: values whose characters are in the text.
        right: those of them that were handed out right.
        wrong: values handed out as good that are not what was printed, or that the text does not hold.
    """

    dumps: int = 0
    determinable: int = 0
    found: int = 0
    held: int = 0
    right: int = 0
    wrong: tuple[tuple[int, FieldVerdict], ...] = ()

    def __add__(self, other: DumpScore) -> DumpScore:
        return DumpScore(
            self.dumps + other.dumps,
            self.determinable + other.determinable,
            self.found + other.found,
            self.held + other.held,
            self.right + other.right,
            (*self.wrong, *other.wrong),
        )

    @property
    def recall(self) -> float:
        """Share of the determinable values that were found, 0..1; 1 when there are none."""
        return self.found / self.determinable if self.determinable else 1.0


def score_dump(seed: int, dump: GarbledDump, templates: TemplateSet) -> DumpScore:
    """Read one dump and compare with its truth."""
    values = extract_tokens(read_flow(dump.text), templates).values
    predicted = {v.id: PredictedValue(v.value, v.status, v.unit, v.raw) for v in values}
    verdicts = judge_all(dump.held, predicted)
    held = {key for key, text in dump.held.items() if text}
    right = {v.id for v in verdicts if v.verdict is Verdict.RIGHT and v.id in held}
    return DumpScore(
        dumps=1,
        determinable=len(dump.determinable),
        found=len(dump.determinable & right),
        held=len(held),
        right=len(right),
        wrong=tuple((seed, v) for v in verdicts if v.verdict is Verdict.WRONG),
    )


def score_dumps(seeds: Iterable[int], templates: TemplateSet | None = None) -> DumpScore:
    """Garble a report for each seed, read it, and add up what came of them."""
    templates = templates or load_templates()
    return sum((score_dump(seed, garble(seed), templates) for seed in seeds), DumpScore())
