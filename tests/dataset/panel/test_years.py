from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.dataset.panel import PanelFinding, ReportFigures, check_years, load_rules, year_equations
from ocr_pipeline.dataset.panel.figures import shown
from ocr_pipeline.dataset.panel.rules import PREVIOUS
from ocr_pipeline.dataset.panel.years import check_same_year
from ocr_pipeline.dataset.rows import Key
from ocr_pipeline.equations import Figure

EQUATIONS = year_equations(load_rules())
FIELDS = sorted({member.removeprefix(PREVIOUS) for equation in EQUATIONS for member in equation.members})
COLUMNS = ("natural", "business", "research", "welfare", "legal", "other", "total")
NATURAL = "applications/{}/natural"
RULES = "proactive/rules/{}"


def report(year: int, figures: dict[str, float], name: str = "") -> ReportFigures:
    name = name or f"{year}.pdf"
    key = Key(f"{name}.json", name.rjust(64, "0"), name, "松塘县财政局", year)
    return ReportFigures(key, {field: Figure(value) for field, value in figures.items()})


def found(previous: dict[str, float], current: dict[str, float]) -> list[PanelFinding]:
    return list(check_years(report(2022, previous), report(2023, current), EQUATIONS))


def test_the_rules_cover_what_the_forms_say_of_years() -> None:
    assert sorted(equation.id for equation in EQUATIONS) == sorted(
        [
            f"carried-over[{column}]"
            for column in ["natural", "business", "research", "welfare", "legal", "other", "total"]
        ]
        + ["in-force[rules]", "in-force[normative]"]
    )


def test_what_is_carried_forward_is_carried_over() -> None:
    assert found({NATURAL.format(4): 8}, {NATURAL.format(2): 8}) == []
    (finding,) = found({NATURAL.format(4): 8}, {NATURAL.format(2): 5})
    assert finding.code == "carried-over"
    assert finding.difference == 3
    assert finding.fields == ("applications/2/natural",)
    assert finding.other_fields == ("applications/4/natural",)
    assert (finding.key.report, finding.other_report) == ("2023.pdf.json", "2022.pdf.json")
    for part in (
        "松塘县财政局 2022",
        "松塘县财政局 2023",
        "applications/4/natural = 8",
        "applications/2/natural = 5",
        "by 3",
    ):
        assert part in finding.message


def test_in_force_is_what_was_and_came_without_what_went() -> None:
    before = {RULES.format("in_force"): 10}
    assert found(before, {RULES.format("issued"): 4, RULES.format("repealed"): 1, RULES.format("in_force"): 13}) == []
    (finding,) = found(before, {RULES.format("issued"): 4, RULES.format("repealed"): 1, RULES.format("in_force"): 14})
    assert (finding.code, finding.difference) == ("in-force", -1)


@given(st.data())
def test_consistent_years_give_no_finding(data: st.DataObject) -> None:
    counts = st.integers(0, 10_000)
    before = {field: data.draw(counts) for field in FIELDS}
    after = {field: data.draw(counts) for field in FIELDS}
    for field in FIELDS:
        part, row, column = field.split("/")
        if (part, row) == ("applications", "4"):
            after[f"applications/2/{column}"] = before[field]
        elif column == "in_force":
            issued = after[f"{part}/{row}/issued"]
            after[f"{part}/{row}/repealed"] = repealed = data.draw(st.integers(0, before[field] + issued))
            after[field] = before[field] + issued - repealed
    assert found(before, after) == []
    # One figure that is off is found by exactly the equations that it is in.
    off = data.draw(st.sampled_from(FIELDS))
    broken = {finding.message.partition("]")[0] for finding in found(before, after | {off: after[off] + 1})}
    assert broken == {equation.id[:-1] for equation in EQUATIONS if off in equation.members}


@given(st.data())
def test_a_figure_that_is_not_good_gives_no_alarm(data: st.DataObject) -> None:
    figures = {field: data.draw(st.integers(0, 50)) for field in FIELDS}
    others = {field: data.draw(st.integers(0, 50)) for field in FIELDS}
    everything = found(figures, others)
    lost = data.draw(st.sets(st.sampled_from(FIELDS)))
    left = found(
        {f: v for f, v in figures.items() if f not in lost}, {f: v for f, v in others.items() if f not in lost}
    )
    assert [f for f in everything if not lost & {*f.fields, *f.other_fields}] == left


def test_reports_of_one_year_count_as_far_as_they_agree() -> None:
    one = report(2023, {"a": 1, "b": 2, "c": 3}, "scan.pdf")
    other = report(2023, {"a": 1, "b": 5, "d": 4}, "web.html")
    both, differences = check_same_year([one, other])
    assert {field: figure.value for field, figure in both.figures.items()} == {"a": 1, "c": 3, "d": 4}
    (finding,) = differences
    assert (finding.code, finding.fields) == ("same-year-differs", ("b",))
    assert (finding.key.report, finding.other_report) == ("web.html.json", "scan.pdf.json")
    assert "b: 2 and 5" in finding.message


def test_amounts_in_other_units_are_the_same_amount() -> None:
    key = report(2023, {}).key
    one = ReportFigures(key, {"fees": Figure(1.5, "万元")})
    other = ReportFigures(key, {"fees": Figure(15_000, "元")})
    both, differences = check_same_year([one, other])
    assert differences == []
    assert both.figures == one.figures


def reports() -> Iterator[st.SearchStrategy[dict[str, int]]]:
    for _ in range(3):
        yield st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2))


@given(st.tuples(*reports()), st.permutations(range(3)))
def test_the_order_of_reports_of_one_year_does_not_matter(
    figures: tuple[dict[str, int], ...], order: list[int]
) -> None:
    many = [report(2023, values, f"{number}.pdf") for number, values in enumerate(figures)]
    assert check_same_year(many)[0].figures == check_same_year([many[index] for index in order])[0].figures


@pytest.mark.parametrize(("figure", "text"), [(3.0, "3"), (1_234_567.0, "1234567"), (-0.5, "-0.5"), (None, "nothing")])
def test_figures_for_people(figure: float | None, text: str) -> None:
    assert shown(figure) == text
