"""Rows that have slipped against their labels: a family of sums breaks, and nothing of the part is good."""

import random
from itertools import pairwise

import pytest

from ocr_pipeline.document import Status
from ocr_pipeline.equations import Equation, Figure, evaluate
from ocr_pipeline.templates import Form, TemplateSet, extract
from ocr_pipeline.templates.misplaced import misplacement, places_denied
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


@pytest.mark.parametrize("seed", range(4))
def test_an_issuers_mistakes_do_not_hide_that_rows_slipped(templates: TemplateSet, form_a: Form, seed: int) -> None:
    part = form_a.part("applications")
    figures = figures_of(form_a, part, random.Random(seed))
    for row in ("3.3.1", "3.5.2"):
        figures[f"applications/{row}/total"] = str(int(figures[f"applications/{row}/total"]) + 9)
    drawn = draw(part, figures)
    slipped(drawn)
    assert not wrong(extract([drawn.table()], [], templates), figures)


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


def test_a_row_of_zeros_in_the_place_of_the_totals_is_no_habit(templates: TemplateSet, form_b: Form) -> None:
    part = form_b.part("applications")
    figures = figures_of(form_b, part, random.Random(3))
    rows = list(dict.fromkeys(spec.row.id for spec in part.fields if spec.row.id.startswith("3.")))
    printed = dict(figures)
    for column in ("natural", "business", "research", "welfare", "legal", "other", "total"):
        for row, below in pairwise(rows):
            printed[f"applications/{row}/{column}"] = figures[f"applications/{below}/{column}"]
        printed[f"applications/3.7/{column}"] = "0"
    assert rows[-1] == "3.7"
    assert not wrong(extract([draw(part, printed).table()], [], templates), figures)


@pytest.mark.parametrize("seed", range(4))
def test_a_row_that_slipped_to_the_left_over_a_blank_is_not_good(
    templates: TemplateSet, form_a: Form, seed: int
) -> None:
    part = form_a.part("disputes")
    figures = figures_of(form_a, part, random.Random(seed))
    kinds = ("upheld", "corrected", "other", "pending", "total")
    row = {kind: f"disputes/litigation_after/{kind}" for kind in kinds}
    figures |= {row["upheld"]: "0", row["corrected"]: "4", row["other"]: "3", row["pending"]: "2", row["total"]: "9"}
    printed = dict(figures)
    for kind, behind in zip(kinds, (*kinds[1:], None), strict=True):
        printed[row[kind]] = "" if behind is None else figures[row[behind]]
    found = extract([draw(part, printed).table()], [], templates)
    assert not wrong(found, figures)


@pytest.mark.parametrize(("elsewhere", "told"), [(6, True), (3, True), (2, False), (0, False)])
def test_totals_of_zero_are_no_habit_where_one_row_holds_most_of_the_sums(elsewhere: int, told: bool) -> None:
    figures: dict[str, Figure] = {}
    equations: list[Equation] = []
    for number, column in enumerate(("natural", "business", "research", "welfare", "legal", "other"), start=3):
        addends = {"a": number, "b": 2 * number, "c": 3 * number if number - 3 < elsewhere else 1}
        figures |= {f"part/{row}/{column}": Figure(value) for row, value in addends.items()}
        figures[f"part/total/{column}"] = Figure(0)
        plus = tuple(f"part/{row}/{column}" for row in addends)
        equations.append(Equation(f"results[{column}]", plus, (), (f"part/total/{column}",)))
    assert (misplacement(evaluate(equations, figures), figures) is not None) is told


def test_addends_that_are_more_than_their_total_say_so_where_others_are_lost() -> None:
    figures: dict[str, Figure] = {}
    equations: list[Equation] = []
    for number, column in enumerate(("natural", "business", "legal"), start=3):
        figures |= {f"part/a/{column}": Figure(number), f"part/total/{column}": Figure(number - 1)}
        plus = (f"part/a/{column}", f"part/lost/{column}")
        equations.append(Equation(f"results[{column}]", plus, (), (f"part/total/{column}",)))
    assert misplacement(evaluate(equations, figures), figures) is not None
    enough = figures | {f"part/total/{column}": Figure(9) for column in ("natural", "business", "legal")}
    assert misplacement(evaluate(equations, enough), enough) is None


def test_of_several_figures_in_a_place_those_count_that_close_most() -> None:
    columns = ("natural", "business", "legal")
    figures = {f"part/{row}/{column}": Figure(n) for row, n in (("a", 3), ("total", 9)) for column in columns}
    equations = [Equation(f"results[{c}]", (f"part/a/{c}", f"part/b/{c}"), (), (f"part/total/{c}",)) for c in columns]
    strange, right = ({f"part/b/{column}": Figure(n) for column in columns} for n in (1, 6))
    assert not places_denied(figures, equations, figures)
    assert set(places_denied(figures, equations, figures, [strange])) == set(figures)
    assert not places_denied(figures, equations, figures, [strange, right])
