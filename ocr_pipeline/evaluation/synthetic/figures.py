"""A consistent set of figures for the tables of a report: every equation of the forms holds by construction.

Afterwards some may be changed on purpose, as real issuers do: a figure mistyped, totals left blank.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ocr_pipeline.evaluation.synthetic.forms import FormGrid
from ocr_pipeline.evaluation.synthetic.options import ContentOptions, Scale
from ocr_pipeline.evaluation.synthetic.spellings import Spelling
from ocr_pipeline.templates.equations import Equation, Figure, evaluate

__all__ = ["Figures", "draw_figures", "open_equations"]

_SCALES: dict[Scale, tuple[int, int]] = {
    "zero": (0, 0),
    "tiny": (1, 9),
    "small": (10, 80),
    "medium": (81, 900),
    "large": (901, 30_000),
    "huge": (30_001, 300_000),
}
_SCALE_WEIGHTS: dict[Scale, int] = {"zero": 22, "tiny": 24, "small": 26, "medium": 17, "large": 9, "huge": 2}
_APPLICANT_WEIGHTS = {"natural": 78, "business": 12, "research": 1, "welfare": 1, "legal": 5, "other": 3}
_OUTCOME_WEIGHTS = {"upheld": 70, "corrected": 8, "other": 14, "pending": 8}


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one report.

    Attributes:
        printed: id to the string that is printed, "" for a blank cell.
        numbers: id to the number meant (amounts in yuan), before a cell was blanked or broken.
        broken: ids changed so that an equation does not close.
    """

    printed: dict[str, str]
    numbers: dict[str, float]
    broken: tuple[str, ...]


def draw_figures(seed: int, grids: tuple[FormGrid, ...], options: ContentOptions) -> Figures:
    """Figures for these tables, by the seed."""
    rng = random.Random(f"{seed}/figures")
    scale = options.scale or rng.choices(list(_SCALE_WEIGHTS), list(_SCALE_WEIGHTS.values()))[0]
    numbers: dict[str, float] = {}
    for grid in grids:
        numbers.update(_DRAW[grid.part](rng, grid, scale))
    counts = [key for key in numbers if key.startswith(("applications/", "disputes/"))]
    equations = [equation for grid in grids for equation in grid.equations]
    broken = _broken(rng, numbers, equations, options)
    spelling = Spelling.drawn(rng, options.zero)
    meant = dict(numbers)
    numbers.update(broken)
    printed = {key: spelling.printed(rng, key, value) for key, value in numbers.items()}
    for key, value in broken.items():
        printed[key] = str(value)
    for key in _left_blank(rng, counts, options):
        if key not in broken:
            printed[key] = ""
    return Figures(printed, meant, tuple(broken))


def open_equations(numbers: Mapping[str, float], equations: Sequence[Equation]) -> tuple[str, ...]:
    """The ids of the equations that do not close."""
    outcomes = evaluate(equations, {key: Figure(value) for key, value in numbers.items()})
    return tuple(outcome.equation.id for outcome in outcomes if outcome.state == "broken")


def _spread(rng: random.Random, count: int, names: list[str], weights: list[float]) -> dict[str, int]:
    """``count`` items dealt out to the names by weight; large counts by share, so that it stays cheap."""
    if count <= 2000:
        shares = dict.fromkeys(names, 0)
        for name in rng.choices(names, weights, k=count):
            shares[name] += 1
        return shares
    total = sum(weights)
    shares = {n: int(count * w / total * rng.uniform(0.9, 1.0)) for n, w in zip(names, weights, strict=True)}
    largest = max(shares, key=lambda n: shares[n])
    shares[largest] += count - sum(shares.values())
    return shares


def _applications(rng: random.Random, grid: FormGrid, scale: Scale) -> dict[str, float]:
    rows = list(dict.fromkeys(key.split("/")[1] for key in grid.fields))
    results = [row for row in rows if row.startswith("3.") and row != "3.7"]
    # A body uses few of the outcomes, and uses those often.
    weights = [rng.random() ** 4 * (6 if row in ("3.1", "3.2", "3.4.1") else 1) + 0.01 for row in results]
    values: dict[str, float] = dict.fromkeys(grid.fields, 0)
    low, high = _SCALES[scale]
    new = _spread(rng, rng.randint(low, high), list(_APPLICANT_WEIGHTS), list(map(float, _APPLICANT_WEIGHTS.values())))
    for column, arrived in new.items():
        carried = rng.randint(0, max(1, arrived // 12)) if scale != "zero" and rng.random() < 0.5 else 0
        left = rng.randint(0, (arrived + carried) // 8) if rng.random() < 0.6 else 0
        handled = arrived + carried - left
        dealt = _spread(rng, handled, results, weights)
        for row, value in {"1": arrived, "2": carried, **dealt, "3.7": handled, "4": left}.items():
            values[f"applications/{row}/{column}"] = value
            values[f"applications/{row}/total"] += value
    return values


def _disputes(rng: random.Random, grid: FormGrid, scale: Scale) -> dict[str, float]:
    values: dict[str, float] = dict.fromkeys(grid.fields, 0)
    high = max(1, _SCALES[scale][1] // 12) if scale != "zero" else 0
    for group in dict.fromkeys(key.rsplit("/", 1)[0] for key in grid.fields):
        count = rng.randint(0, high) if rng.random() < 0.6 else 0
        for outcome, value in _spread(
            rng, count, list(_OUTCOME_WEIGHTS), [*map(float, _OUTCOME_WEIGHTS.values())]
        ).items():
            values[f"{group}/{outcome}"] = value
        values[f"{group}/total"] = count
    return values


def _proactive(rng: random.Random, grid: FormGrid, scale: Scale) -> dict[str, float]:
    top = {"zero": 0, "tiny": 20, "small": 400, "medium": 9_000, "large": 200_000, "huge": 999_999}[scale]
    # Even a body without applications makes some decisions.
    if scale == "zero" and rng.random() < 0.5:
        top = rng.choice([5, 60, 3000])
    values: dict[str, float] = {}
    for key in grid.fields:
        column = key.rsplit("/", 1)[1]
        if column == "items_change":
            values[key] = rng.choice([0, rng.randint(-40, 40), rng.randint(-2000, 2000)]) if top else 0
        elif column == "amount":
            values[key] = _amount(rng, scale) if top and rng.random() < 0.7 else 0
        elif column in ("decisions", "projects"):
            values[key] = int(top * rng.random() ** 3) if rng.random() < 0.8 else 0
        else:
            values[key] = int(min(top, 900) * rng.random() ** 3) if rng.random() < 0.7 else 0
    for row in ("rules", "normative"):
        total, new = f"proactive/{row}/published_total", f"proactive/{row}/published_new"
        if total in values:
            values[total] = max(values[total], values[new])
    return values


def _amount(rng: random.Random, scale: Scale) -> float:
    """Yuan, with fen, spread evenly over the orders of magnitude."""
    high = {"zero": 6, "tiny": 6, "small": 7, "medium": 8, "large": 9, "huge": 10}[scale]
    return round(10 ** rng.uniform(3, high), rng.choice([0, 0, 1, 2]))


_DRAW = {"proactive": _proactive, "applications": _applications, "disputes": _disputes}


def _broken(
    rng: random.Random, numbers: dict[str, float], equations: Sequence[Equation], options: ContentOptions
) -> dict[str, int]:
    count = options.broken
    if count is None:
        count = rng.randint(1, 3) if rng.random() < 0.15 else 0
    members = list(dict.fromkeys(field for equation in equations for field in equation.members))
    changed: dict[str, int] = {}
    while len(changed) < min(count, len(members)):
        key = rng.choice([member for member in members if member not in changed])
        old = int(numbers[key])
        candidates = {old + 1, old - 1, old + 10, old * 10, int(str(old)[::-1])}
        trial = {**changed, key: rng.choice(sorted(c for c in candidates if c >= 0 and c != old))}
        # Two changes could cancel out; each must leave an equation of its own open.
        still = set(open_equations({**numbers, **trial}, equations))
        if all(any(field in e.members and e.id in still for e in equations) for field in trial):
            changed = trial
    return changed


def _left_blank(rng: random.Random, counts: list[str], options: ContentOptions) -> list[str]:
    kind = options.blank_totals or rng.choices(["none", "row", "column"], [94, 3, 3])[0]
    if kind == "row":
        return [key for key in counts if key.startswith("applications/3.7/")]
    if kind == "column":
        return [key for key in counts if key.startswith("applications/") and key.endswith("/total")]
    return []
