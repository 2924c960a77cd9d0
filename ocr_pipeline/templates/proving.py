"""The proof of one part: what its cells print, weighed, repaired where that is beyond doubt, and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ocr_pipeline.equations import Figure
from ocr_pipeline.templates.calibration import load_calibration
from ocr_pipeline.templates.deciding import Decision, decide
from ocr_pipeline.templates.equations import Equation, Outcome, evaluate
from ocr_pipeline.templates.misplaced import places_denied, without_places
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.placing import PlacedField
from ocr_pipeline.templates.repair import Look, figures_read, repair
from ocr_pipeline.templates.statuses import Judgement, judge
from ocr_pipeline.templates.weighing import weigh_all

__all__ = ["Proof", "prove"]


@dataclass(frozen=True, slots=True)
class Proof:
    """By field id what was decided and what is known of it, and how the equations came out."""

    decisions: Mapping[str, Decision]
    judgements: Mapping[str, Judgement]
    outcomes: Sequence[Outcome]


def prove(
    placed: Sequence[PlacedField], equations: Sequence[Equation], options: TemplateOptions, look: Look | None = None
) -> Proof:
    """Decide, weigh, repair and judge every field that has a cell.

    Args:
        placed: all fields of one part; those without a cell are not decided.
        equations: all equations of the part.
        options: thresholds.
        look: takes a closer look at figures that may have been misread.
    """
    cells = {f.spec.id: f.cell for f in placed if f.cell is not None}
    kinds = {f.spec.id: f.spec.type for f in placed}
    decisions = {name: decide(cell, kinds[name], options) for name, cell in cells.items()}
    decisions = weigh_all(decisions, cells, kinds, load_calibration())
    found = repair(placed, decisions, equations, options, look)
    figures = figures_read(found.decisions)
    outcomes = evaluate(equations, figures)
    # Where most of a table was not found, what was found may stand in other rows than it seems.
    whole = len(cells) >= options.whole_part * len(placed)
    judgements = judge(found.decisions, outcomes, options, cleared=found.cleared, whole=whole)
    astray = places_denied(found.decisions, equations, figures, _with_rivals(placed, options))
    return Proof(found.decisions, without_places(judgements, astray), outcomes)


def _with_rivals(placed: Sequence[PlacedField], options: TemplateOptions) -> list[dict[str, Figure]]:
    """What the fields hold that have several figures in their place: the first of all, the second of all, and so on."""
    rivals = {f.spec.id: [decide(cell, f.spec.type, options) for cell in f.rivals] for f in placed if f.rivals}
    most = max(map(len, rivals.values()), default=0)
    return [figures_read({name: found[min(k, len(found) - 1)] for name, found in rivals.items()}) for k in range(most)]
