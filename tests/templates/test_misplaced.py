"""Rows that have slipped against their labels: a family of sums breaks, and nothing of the part is good."""

import random

import pytest

from ocr_pipeline.document import Status
from ocr_pipeline.templates import Form, TemplateSet, extract
from tests.templates.drawn_tables import Drawn, draw, figures_of
from tests.templates.extracted import by_id, wrong


def slipped(drawn: Drawn) -> None:
    """Let every label stand one row lower than its figures."""
    figures = {id(token) for token in drawn.tokens.values()}
    rows = [row for row in drawn.cells if any(id(token) in figures for token in row)]
    first = next(column for column, token in enumerate(rows[0]) if id(token) in figures)
    labels = [row[:first] for row in rows]
    for row, above in zip(rows[1:], labels[:-1], strict=True):
        row[:first] = above
    rows[0][:first] = [None] * first


@pytest.mark.parametrize("seed", range(6))
def test_labels_a_row_lower_leave_nothing_good_but_what_is_so_anyway(
    templates: TemplateSet, form_a: Form, seed: int
) -> None:
    part = form_a.part("applications")
    figures = figures_of(form_a, part, random.Random(seed))
    drawn = draw(part, figures)
    slipped(drawn)
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    told = [v for v in found.values if v.status is Status.CONFLICT]
    assert any("sums do not close" in evidence.detail for value in told for evidence in value.evidence)


def test_one_wrong_row_is_no_reason_to_doubt_the_others(templates: TemplateSet, form_a: Form) -> None:
    part = form_a.part("applications")
    figures = figures_of(form_a, part, random.Random(3))
    printed = dict(figures)
    for column in ("natural", "business", "research", "welfare", "legal", "other"):
        printed[f"applications/3.3.1/{column}"] = str(int(figures[f"applications/3.3.1/{column}"]) + 1)
    values = by_id(extract([draw(part, printed).table()], [], templates))
    assert all(values[f"applications/{row}/total"].status.is_good for row in ("1", "2", "4"))


def test_totals_of_zero_are_kept_as_printed(templates: TemplateSet, form_a: Form) -> None:
    part = form_a.part("applications")
    figures = figures_of(form_a, part, random.Random(3))
    figures |= {field: "0" for field in figures if field.endswith("/total")}
    values = by_id(extract([draw(part, figures).table()], [], templates))
    assert {field: str(values[field].value) for field in figures} == figures
    told = [evidence.detail for value in values.values() for evidence in value.evidence]
    assert not any("sums do not close" in detail for detail in told)
