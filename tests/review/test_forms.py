from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Status, Value
from ocr_pipeline.report import Report
from ocr_pipeline.report.labels import field_labels
from ocr_pipeline.report.sums import Sum
from ocr_pipeline.review.forms import Forms
from ocr_pipeline.templates import TemplateSet, load_templates

FORM = "gov-disclosure-b"
ROW = "applications/3.1"
_PACKAGED = Forms(load_templates())
COLUMNS = ("natural", "business", "research", "welfare", "legal", "other", "total")


@pytest.fixture(scope="module")
def forms(templates: TemplateSet) -> Forms:
    return Forms(templates)


def _values(figures: dict[str, int | None]) -> dict[str, Value]:
    return {
        field: Value(
            id=field,
            value=figure,
            status=Status.READ if figure is not None else Status.MISSING,
            confidence=0.9,
            form=FORM,
        )
        for field, figure in figures.items()
    }


def _row(figures: list[int | None]) -> dict[str, Value]:
    return _values({f"{ROW}/{column}": figure for column, figure in zip(COLUMNS, figures, strict=True)})


def _applicants(forms: Forms, field: str, values: dict[str, Value]) -> Sum:
    (found,) = (one for one in forms.sums(values[field], values, {}) if one.id == "applicants[3.1]")
    return found


def test_the_row_and_the_column_of_a_figure_are_its_sums(forms: Forms, flagged_report: Report) -> None:
    values = {value.id: value for value in flagged_report.values}
    labels = field_labels(flagged_report.sheets)
    sums = forms.sums(values[f"{ROW}/natural"], values, labels)
    assert {one.id for one in sums} == {"applicants[3.1]", "results[natural]"}
    row = next(one for one in sums if one.id == "applicants[3.1]")
    assert row.state == "broken"
    assert [term.name for term in row.left][:3] == ["自然人", "商业企业", "科研机构"]
    assert row.needed(f"{ROW}/natural") == values[f"{ROW}/natural"].value - 1
    column = next(one for one in sums if one.id == "results[natural]")
    assert (column.state, column.needed(f"{ROW}/natural")) == ("open", None)  # two of its members could not be read
    assert sums[0] == row


@given(st.lists(st.integers(0, 10_000), min_size=6, max_size=6), st.integers(0, 6), st.booleans())
def test_what_a_sum_needs_closes_it(figures: list[int], place: int, missing: bool) -> None:
    forms = _PACKAGED
    row: list[int | None] = [*figures, sum(figures)]
    printed, row[place] = row[place], None if missing else 77
    field = f"{ROW}/{COLUMNS[place]}"
    found = _applicants(forms, field, _row(row))
    assert found.needed(field) == printed
    row[place] = printed
    closed = _applicants(forms, field, _row(row))
    assert closed.state == "closed"
    assert closed.difference == 0


def test_nothing_is_needed_where_another_figure_is_missing(forms: Forms) -> None:
    values = _row([1, None, 3, 0, 0, 0, 10])
    found = _applicants(forms, f"{ROW}/natural", values)
    assert (found.state, found.needed(f"{ROW}/natural")) == ("open", None)


def test_a_form_that_nobody_knows_has_no_sums(forms: Forms) -> None:
    values = _row([1, 2, 3, 0, 0, 0, 6])
    for form in ("form-z", None):
        value = values[f"{ROW}/natural"].model_copy(update={"form": form})
        assert forms.sums(value, values, {}) == []
    assert forms.name("form-z") == "form-z"
    assert forms.kind(None, f"{ROW}/natural") == ""


@pytest.mark.parametrize(
    ("field", "text", "value", "unit"),
    [
        ("applications/1/natural", "1,234", 1234, None),
        ("applications/1/natural", "16368(件)", 16368, None),
        ("proactive/fees/amount", "8.4 亿", 8.4, "亿元"),
        ("proactive/fees/amount", "52.15", 52.15, None),
    ],
)
def test_a_typed_figure_is_read_as_the_field_holds_it(
    forms: Forms, field: str, text: str, value: float, unit: str | None
) -> None:
    parsed = forms.parse(FORM, field, text)
    assert parsed is not None
    assert (parsed.value, parsed.unit) == (value, unit)


@pytest.mark.parametrize("text", ["-3", "8.4", "12x", "", "一二", "1 2 3", "22（其中修订 16 件）"])
def test_what_the_field_cannot_hold_is_no_figure(forms: Forms, text: str) -> None:
    assert forms.parse(FORM, "applications/1/natural", text) is None


def test_without_a_form_any_figure_is_one(forms: Forms) -> None:
    assert forms.parse(None, "x/y/z", "增加 33") is not None
    assert forms.parse(None, "x/y/z", "x") is None
