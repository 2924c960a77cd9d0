"""The proof of a part as a run makes it, where the readings of both recognisers are known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ocr_pipeline.document import Status
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
    """The proof as the program makes it: the second recogniser is heard only where the equations leave a doubt.

    Args:
        placed: fields whose cells have all readings, the second recogniser's among them.
        form: id of the form.
        part: id of the part.
        options: thresholds.
    """
    equations = form_part(form, part)[1]
    deaf = [f if f.cell is None else replace(f, cell=f.cell.model_copy(update={"witnesses": ()})) for f in placed]
    first = prove(deaf, equations, options.model_copy(update={"repair_effort": 0.0}))
    settled = (Status.VERIFIED, Status.BLANK)
    heard = [
        dumb if dumb.cell is None or first.judgements[dumb.spec.id].status in settled else full
        for full, dumb in zip(placed, deaf, strict=True)
    ]
    return prove(heard, equations, options)
