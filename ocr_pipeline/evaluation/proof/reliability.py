"""Whether a confidence means what it says: values of generated reports against their truth.

The expected calibration error is that of Naeini et al., "Obtaining well calibrated probabilities using Bayesian
binning" (AAAI 2015): values are put into bins of equal width by confidence, and the distance between a bin's mean
confidence and its share of right values is averaged, weighted by the number of values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocr_pipeline.document import Status
from ocr_pipeline.evaluation.proof.counting import printed_number
from ocr_pipeline.evaluation.proof.hearing import form_part, prove_heard
from ocr_pipeline.evaluation.proof.samples import PartSample
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.templates import TemplateOptions
from ocr_pipeline.templates.placing import PlacedField
from ocr_pipeline.templates.proving import Proof

__all__ = ["Believed", "CurvePoint", "Reliability", "believed", "reliability"]

_BINS = 15
_THRESHOLDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999, 0.99995)


@dataclass(frozen=True, slots=True)
class Believed:
    """One value of a sample: how sure the program was, whether it was right, and what became of it."""

    confidence: float
    right: bool
    status: Status
    profile: str
    field: str


class CurvePoint(FrozenModel):
    """What a threshold costs and brings: the share sent to review, and the share of errors in what is handed out."""

    threshold: float
    review: float
    errors: float
    expected: float
    handed_out: int
    wrong: int


class Reliability(FrozenModel):
    """What was measured.

    Attributes:
        values: with a number, that were judged.
        error: expected calibration error over all of them.
        doubtful_error: the same over values of less than 0.99 confidence.
        bins: mean confidence, share of right values and number, by bin.
        good: handed out as good by their status.
        silent: of these, wrong.
        curve: by threshold of the confidence alone.
        by_profile: number of values, handed out, of these wrong, and calibration error.
    """

    values: int
    error: float
    doubtful_error: float
    bins: tuple[tuple[float, float, int], ...]
    good: int
    silent: int
    curve: tuple[CurvePoint, ...]
    by_profile: dict[str, tuple[int, int, int, float]]


def believed(samples: Iterable[PartSample], options: TemplateOptions) -> list[Believed]:
    """The values of the samples as the program would hand them out, each beside its truth."""
    found: list[Believed] = []
    for sample in samples:
        proof = _proof(sample, options)
        for cell in sample.cells:
            decision, judgement = proof.decisions[cell.field], proof.judgements[cell.field]
            if decision.value is None:
                continue
            right = printed_number(cell) == decision.value
            found.append(Believed(judgement.confidence, right, judgement.status, sample.profile, cell.field))
    return found


def reliability(values: Sequence[Believed]) -> Reliability:
    """Measure it."""
    good = [v for v in values if v.status.is_good]
    profiles = {v.profile for v in values}
    by_profile = {}
    for profile in sorted(profiles):
        mine = [v for v in values if v.profile == profile]
        out = [v for v in mine if v.status.is_good]
        by_profile[profile] = (len(mine), len(out), sum(not v.right for v in out), round(_error(mine), 5))
    return Reliability(
        values=len(values),
        error=round(_error(values), 5),
        doubtful_error=round(_error([v for v in values if v.confidence < 0.99]), 5),
        bins=tuple(_bins(values)),
        good=len(good),
        silent=sum(not v.right for v in good),
        curve=tuple(_point(values, threshold) for threshold in _THRESHOLDS),
        by_profile=by_profile,
    )


def _proof(sample: PartSample, options: TemplateOptions) -> Proof:
    specs = {spec.id: spec for spec in form_part(sample.form, sample.part)[0]}
    placed = [PlacedField(spec=specs[cell.field], cell=cell.cell, header=cell.header) for cell in sample.cells]
    placed += [PlacedField(spec=specs[field], obstacle="absent") for field in sample.absent if field in specs]
    return prove_heard(placed, sample.form, sample.part, options)


def _bins(values: Sequence[Believed]) -> list[tuple[float, float, int]]:
    groups: dict[int, list[Believed]] = {}
    for value in values:
        groups.setdefault(min(_BINS - 1, int(value.confidence * _BINS)), []).append(value)
    return [
        (
            round(sum(v.confidence for v in group) / len(group), 5),
            round(sum(v.right for v in group) / len(group), 5),
            len(group),
        )
        for _, group in sorted(groups.items())
    ]


def _error(values: Sequence[Believed]) -> float:
    if not values:
        return 0.0
    return sum(abs(mean - right) * count for mean, right, count in _bins(values)) / len(values)


def _point(values: Sequence[Believed], threshold: float) -> CurvePoint:
    out = [v for v in values if v.confidence >= threshold]
    wrong = sum(not v.right for v in out)
    expected = sum(1.0 - v.confidence for v in out)
    return CurvePoint(
        threshold=threshold,
        review=round(1.0 - len(out) / max(1, len(values)), 6),
        errors=round(wrong / max(1, len(out)), 7),
        expected=round(expected / max(1, len(out)), 7),
        handed_out=len(out),
        wrong=wrong,
    )
