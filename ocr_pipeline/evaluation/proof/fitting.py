"""Fits the coefficients of ``templates.calibration`` to samples, by penalised maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ocr_pipeline.document import Cell
from ocr_pipeline.evaluation.proof.counting import Seen, cancelling, likeness
from ocr_pipeline.evaluation.proof.samples import HARSH
from ocr_pipeline.templates.calibration import Calibration, Climate, ContestWeights, InkWeights, WordWeights
from ocr_pipeline.templates.contest import contest_features
from ocr_pipeline.templates.deciding import typed_readings
from ocr_pipeline.templates.mistakes import mistake_probability, mistaken
from ocr_pipeline.templates.readers import second_readings, third_readings
from ocr_pipeline.templates.signs import has_trace, is_unsigned
from ocr_pipeline.templates.weighing import WORN, ink_features, word_features

__all__ = ["START", "fit_calibration"]

_RIDGE = 0.3
"""Weight of the penalty on the square of each coefficient."""

_DOUBTFUL = 0.3
"""Climate from which figures are misread at all."""

START = Calibration(
    climate=Climate(low=-2.8, high=-0.4, usual=0.003, prior=20),
    heard=InkWeights(first=1),
    three=InkWeights(first=1),
    alone=InkWeights(first=1),
    words=WordWeights(bias=0, bare=0, log_probability=1, worn=0, agrees=0, differs=0),
    first_floor=1e-5,
    contest=ContestWeights(first=1, second=0, third=0, bias=0),
    second_floor=1e-3,
    third_floor=1e-4,
    blank=(0.001, 0.1),
    unsigned=(0.001, 0.1),
    cancel=0.05,
    alike=0.2,
    misplaced=2e-5,
    astray=0.05,
    unlisted=0.01,
    broken=0.005,
    repaired=0.999,
    prose=0.05,
    issuer=0.0001,
)
"""Where the fit starts; what cannot be measured on generated reports (how often issuers err) stays as it is here."""


def fit_calibration(cells: Sequence[Seen], start: Calibration = START) -> Calibration:
    """The coefficients that make the true numbers of these cells likeliest.

    Args:
        cells: of many reports in all states, with the second recogniser heard on all of them.
        start: floors and climate as they shall be, and what is not fitted.
    """
    return start.model_copy(
        update={
            "three": _fit_ink(cells, start, _three),
            "heard": _fit_ink(cells, start, _two),
            "alone": _fit_ink(cells, start, _one),
            "words": _fit_words(cells),
            "contest": _fit_contest(cells, start),
            "blank": _hidden(cells),
            "unsigned": _lost_signs(cells),
            "cancel": round(max(cancelling(cells), 0.005), 4),
            "alike": round(likeness(cells), 3),
        }
    )


def _three(cell: Cell) -> Cell | None:
    """The cell with what all readers make of it; None where one was not asked."""
    return cell if second_readings(cell) and third_readings(cell) else None


def _two(cell: Cell) -> Cell | None:
    """The same without the reader of figures."""
    second = second_readings(cell)
    return cell.model_copy(update={"witnesses": tuple(second)}) if second else None


def _one(cell: Cell) -> Cell:
    """The cell before others are asked."""
    return cell.model_copy(update={"witnesses": ()})


def _fit_ink(cells: Sequence[Seen], start: Calibration, known: Callable[[Cell], Cell | None]) -> InkWeights:
    problems = list(_problems(cells, start, known))
    most = max(len(rows) for rows, _ in problems)
    features = np.zeros((len(problems), most, len(InkWeights.model_fields)))
    absent = np.ones((len(problems), most), dtype=bool)
    for n, (rows, _) in enumerate(problems):
        features[n, : len(rows)], absent[n, : len(rows)] = rows, False
    true = np.array([index for _, index in problems])
    wanted = features[np.arange(len(problems)), true]

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = np.where(absent, -np.inf, features @ theta)
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        likely = shares[np.arange(len(true)), true]
        total = _RIDGE * float(theta @ theta) - float(np.log(likely + 1e-300).sum())
        gradient = np.einsum("nk,nkf->f", shares, features) - wanted.sum(axis=0)
        return total, gradient + 2 * _RIDGE * theta

    guess = np.array(InkWeights(first=0.5, free=0.5, other=1.0).vector)
    found = minimize(loss, guess, jac=True, method="L-BFGS-B").x
    return InkWeights(**{name: round(float(x), 4) for name, x in zip(InkWeights.model_fields, found, strict=True)})


def _problems(
    cells: Sequence[Seen], start: Calibration, known: Callable[[Cell], Cell | None]
) -> Iterator[tuple[NDArray[np.float64], int]]:
    """For each figure the features of every number it may be, and which of them is true."""
    for seen in cells:
        cell = known(seen.cell.cell)
        if cell is None:
            continue
        typed = {parsed.value for parsed, _ in typed_readings(cell, seen.cell.kind)}
        if not typed or seen.first.unit or seen.first.remark:
            continue
        if seen.first.value is not None and seen.first.value not in typed:
            continue
        rows = ink_features(cell, seen.cell.kind, seen.worn, start)
        numbers = list(rows)
        true = numbers.index(seen.truth) if seen.truth is not None and seen.truth in rows else numbers.index(None)
        yield np.array(list(rows.values())), true


def _fit_words(cells: Sequence[Seen]) -> WordWeights:
    rows, right = [], []
    for seen in cells:
        cell = seen.cell.cell
        typed = {parsed.value for parsed, _ in typed_readings(cell, seen.cell.kind)}
        plain = cell.readings and not seen.first.unit and not seen.first.remark and seen.first.value in typed
        if seen.first.value is None or plain or not cell.ink:
            continue
        for heard in (cell, cell.model_copy(update={"witnesses": ()})):
            rows.append(word_features(seen.first, heard, seen.cell.kind, seen.worn))
            right.append(seen.right)
    features = np.array(rows).reshape(-1, len(WordWeights.model_fields))
    target = np.array(right, dtype=np.float64)

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = features @ theta
        total = float(np.sum(np.logaddexp(0.0, scores) - target * scores)) + _RIDGE * float(theta @ theta)
        return total, features.T @ (1 / (1 + np.exp(-scores)) - target) + 2 * _RIDGE * theta

    found = minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B").x
    return WordWeights(**{name: round(float(x), 4) for name, x in zip(WordWeights.model_fields, found, strict=True)})


def _fit_contest(cells: Sequence[Seen], start: Calibration) -> ContestWeights:
    """Misread figures against figures read right for which the issuer may have meant another, both of equal weight."""
    rows: list[tuple[float, ...]] = []
    slips: list[float] = []
    misread: list[bool] = []
    weight = {True: 0.0, False: 1e-9}
    for seen in cells:
        first, truth = seen.first.value, seen.truth
        if not isinstance(first, int) or not isinstance(truth, int) or seen.worn < _DOUBTFUL:
            continue
        if seen.cell.kind != "count":
            continue
        for asked in (truth,) if first != truth else mistaken(truth):
            row = contest_features(seen.cell.cell, "count", first, asked, start)
            slip = mistake_probability(first, asked)
            weight[first != truth] += 1.0 if first != truth else slip
            if row is not None:
                rows.append((*row, 1.0))
                slips.append(math.log(slip))
                misread.append(first != truth)
    features = np.array(rows).reshape(-1, len(ContestWeights.model_fields))
    against, target = np.array(slips), np.array(misread, dtype=np.float64)
    weights = np.where(target > 0, 1.0, np.exp(against))
    weights[target == 0] *= weight[True] / weight[False]

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = features @ theta - against
        total = float((weights * (np.logaddexp(0.0, scores) - target * scores)).sum())
        gradient = features.T @ (weights * (1 / (1 + np.exp(-scores)) - target))
        return total + _RIDGE * float(theta @ theta), gradient + 2 * _RIDGE * theta

    found = minimize(loss, np.zeros(len(ContestWeights.model_fields)), jac=True, method="L-BFGS-B").x
    names = ContestWeights.model_fields
    return ContestWeights(**{name: round(float(x), 4) for name, x in zip(names, found, strict=True)})


def _hidden(cells: Sequence[Seen]) -> tuple[float, float]:
    """Share of the cells called blank that hide a figure, on clean print and on worn."""
    # Harsh samples have no blank cells, so that any cell called blank there hides a figure.
    blank = [seen for seen in cells if seen.first.blank and seen.part.profile != HARSH]
    return _shares([seen.worn >= WORN for seen in blank], [seen.truth is not None for seen in blank])


def _lost_signs(cells: Sequence[Seen]) -> tuple[float, float]:
    """Share of the changes read without a sign whose minus was lost, where signs are legible and where not."""
    unsigned = [
        s for s in cells if s.cell.kind == "change" and is_unsigned(s.first, s.cell.cell) and s.cell.cell.readings
    ]
    doubtful = [not seen.legible or has_trace(seen.cell.cell, seen.first) for seen in unsigned]
    return _shares(doubtful, [seen.first.value == -(seen.truth or 0) for seen in unsigned])


def _shares(groups: Sequence[bool], happened: Sequence[bool]) -> tuple[float, float]:
    """How often it happened in each of two groups, with a tenth of a case more, since never is not seen."""
    found = []
    for wanted in (False, True):
        cases = [yes for group, yes in zip(groups, happened, strict=True) if group is wanted]
        found.append(round((sum(cases) + 0.1) / (len(cases) + 0.2), 5))
    return found[0], found[1]
