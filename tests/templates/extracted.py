"""What tests of extraction ask of what was found."""

import random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ocr_pipeline.document import Value
from ocr_pipeline.templates import Extraction, Form
from tests.templates.drawn_tables import Drawn, draw, figures_of

PARTS = ("proactive", "applications", "disputes")
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEEDS = st.integers(0, 10_000)


def drawn_part(form: Form, part: str, seed: int) -> tuple[Drawn, dict[str, str]]:
    figures = figures_of(form, form.part(part), random.Random(seed))
    return draw(form.part(part), figures, table_id=part), figures


def by_id(found: Extraction) -> dict[str, Value]:
    return {value.id: value for value in found.values}


def wrong(found: Extraction, figures: dict[str, str]) -> dict[str, str]:
    """Values handed out as good that are not what is printed."""
    good = {v.id: str(v.value) for v in found.values if v.status.is_good}
    return {field: number for field, number in good.items() if figures.get(field) != number}


def good(found: Extraction) -> set[str]:
    return {value.id for value in found.values if value.status.is_good}


def codes(found: Extraction) -> set[str]:
    return {finding.code for finding in found.findings}
