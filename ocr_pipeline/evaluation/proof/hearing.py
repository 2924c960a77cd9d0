"""The proof of a part as a run makes it, where the readings of both recognisers are known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ocr_pipeline.document import Cell, Status
from ocr_pipeline.engine import CLOSER_LOOKS
from ocr_pipeline.templates import TemplateOptions, load_templates
from ocr_pipeline.templates.equations import Equation, part_equations
from ocr_pipeline.templates.model import FieldSpec
from ocr_pipeline.templates.placing import PlacedField
from ocr_pipeline.templates.proving import Proof, prove

__all__ = ["form_part", "prove_heard"]


@lru_cache
def form_part(form: str, part: str) -> tuple[tuple[FieldSpec, ...], tuple[Equation, ...]]:
    """The fields and the equations of a part of a packaged form."""
    template = load_templates().form(form)
    return template.part(part).fields, part_equations(template, part)


def prove_heard(placed: Sequence[PlacedField], form: str, part: str, options: TemplateOptions) -> Proof:
    """The proof as the program makes it: others are heard only where the equations leave a doubt, and a closer look is
    taken only at figures that may be repaired.

    Args:
        placed: fields whose cells have all readings, those of others and of closer looks among them.
        form: id of the form.
        part: id of the part.
        options: thresholds.
    """
    equations = form_part(form, part)[1]
    deaf = [f if f.cell is None else replace(f, cell=f.cell.model_copy(update={"witnesses": ()})) for f in placed]
    first = prove(deaf, equations, options.model_copy(update={"repair_effort": 0.0}))
    settled = (Status.VERIFIED, Status.BLANK)
    full = {f.spec.id: f.cell for f in placed if f.cell is not None}
    heard = [
        f
        if f.cell is None or first.judgements[f.spec.id].status in settled
        else replace(f, cell=_without_closer_looks(full[f.spec.id]))
        for f in deaf
    ]
    return prove(heard, equations, options, lambda cells: {name: full[name] for name in cells})


def _without_closer_looks(cell: Cell) -> Cell:
    witnesses = tuple(w for w in cell.witnesses if w.engine not in CLOSER_LOOKS)
    return cell.model_copy(update={"witnesses": witnesses})
