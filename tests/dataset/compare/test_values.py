import pytest

from ocr_pipeline.dataset.compare.shown import shown_change, shown_percent, shown_value
from ocr_pipeline.dataset.compare.values import ValueChange, compare_values
from ocr_pipeline.document import Status
from ocr_pipeline.report import Report
from tests.dataset.made_reports import Figures, made_report

FIELD = "applications/1/total"
FEES = "proactive/fees/amount"


def compared(before: Figures, after: Figures) -> dict[str, ValueChange]:
    changes = compare_values(made_report("松塘县财政局", 2022, before), made_report("松塘县财政局", 2023, after))
    return {change.id: change for change in changes}


@pytest.mark.parametrize(
    ("before", "after", "kind", "change", "percent"),
    [
        (4, 4, "same", 0, ""),
        (4, 6, "changed", 2, "+50 %"),
        (0, 6, "changed", 6, ""),
        (200, 201, "changed", 1, "+0.5 %"),
        (-13, -10, "changed", 3, "+23 %"),
        (6, 0, "changed", -6, "−100 %"),
        (Status.CONFLICT, 7, "uncertain", 0, ""),
        (Status.CONFLICT, 9, "uncertain", 2, "+29 %"),
        (Status.BLANK, 9, "uncertain", None, ""),
        (9, Status.MISSING, "uncertain", None, ""),
        (Status.BLANK, Status.BLANK, "uncertain", None, ""),
    ],
)
def test_a_change_and_how_sure_it_is(
    before: float | Status, after: float | Status, kind: str, change: float | None, percent: str
) -> None:
    found = compared({FIELD: before}, {FIELD: after})[FIELD]
    assert (found.kind, found.change, shown_percent(found)) == (kind, change, percent)


def with_unit(report: Report, unit: str | None) -> Report:
    return report.model_copy(update={"values": tuple(v.model_copy(update={"unit": unit}) for v in report.values)})


@pytest.mark.parametrize(
    ("units", "kind", "change", "shown"),
    [
        (("万元", "万元"), "changed", 0.5, "+0.5万元"),
        (("元", "万元"), "changed", 19_998.5, "+19,998.5元"),
        ((None, "万元"), "changed", None, ""),
    ],
)
def test_amounts_in_other_units(units: tuple[str | None, str], kind: str, change: float | None, shown: str) -> None:
    reports = [
        with_unit(made_report("松塘县财政局", 2022, {FEES: amount}), unit)
        for amount, unit in zip((1.5, 2.0), units, strict=True)
    ]
    (found,) = compare_values(*reports)
    assert (found.kind, found.change, shown_change(found)) == (kind, change, shown)


def test_the_same_amount_in_another_unit_is_no_change() -> None:
    one = with_unit(made_report("松塘县财政局", 2022, {FEES: 15_000}), "元")
    other = with_unit(made_report("松塘县财政局", 2023, {FEES: 1.5}), "万元")
    assert compare_values(one, other)[0].kind == "same"


def test_fields_of_one_form_only_stand_at_the_end_of_their_part() -> None:
    found = compared(
        {"applications/1/total": 1, "applications/3.6/total": 2, "disputes/x/y": 3},
        {"applications/1/total": 1, "applications/3.6.1/total": 2, "disputes/x/y": 3},
    )
    assert [(change.id, change.kind) for change in found.values()] == [
        ("applications/1/total", "same"),
        ("applications/3.6.1/total", "only-after"),
        ("applications/3.6/total", "only-before"),
        ("disputes/x/y", "same"),
    ]


def test_real_reports_are_compared_field_by_field(read_reports: dict[str, Report]) -> None:
    before, after = read_reports["report_a_clean"], read_reports["report_b_scan"]
    changes = {change.id: change for change in compare_values(before, after)}
    assert set(changes) == {v.id for v in before.values} | {v.id for v in after.values}
    for value in after.values:
        change = changes[value.id]
        assert change.after == value
        if change.before is not None and value.value is not None and change.before.value is not None:
            assert change.change == pytest.approx(value.value - change.before.value)
    assert {change.part for change in changes.values()} == {sheet.title for sheet in (*before.sheets, *after.sheets)}


@pytest.mark.parametrize(
    ("figure", "shown"),
    [(1234, "1,234"), (Status.BLANK, "–"), (Status.MISSING, "?"), (-3, "-3")],
)
def test_a_figure_for_people(figure: float | Status, shown: str) -> None:
    report = made_report("松塘县财政局", 2022, {FIELD: figure})
    assert shown_value(report.value(FIELD)) == shown
    assert shown_value(None) == ""
