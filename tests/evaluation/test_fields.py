from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Status
from ocr_pipeline.evaluation.fields import PredictedValue, PrintedNumber, Verdict, judge, judge_all, printed_number

GOOD = (Status.VERIFIED, Status.READ, Status.REPAIRED)
REVIEW = (Status.CONFLICT, Status.BLANK, Status.MISSING)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("0", 0, None),
        ("+72", 72, None),
        ("-13", -13, None),
        ("－13", -13, None),
        ("−13", -13, None),
        ("增加 33", 33, None),
        ("减少5", -5, None),
        ("减4", -4, None),
        ("8.4 亿", 8.4, "亿"),
        ("6.7328亿元", 6.7328, "亿元"),
        ("374780元", 374780, "元"),
        ("211.509万", 211.509, "万"),
        ("1,234，567", 1234567, None),
        ("１２ ３", 123, None),
        ("22（其中修订 16 件）", 22, None),
        ("16368(件)", 16368, None),
    ],
)
def test_spellings_of_numbers(text: str, number: float, unit: str | None) -> None:
    assert printed_number(text) == PrintedNumber(number, unit)


@pytest.mark.parametrize("text", ["", " ", "/", "-", "—", "无"])
def test_no_number(text: str) -> None:
    assert printed_number(text) is None


@given(st.integers(-(10**9), 10**9))
def test_integers_are_read_back(number: int) -> None:
    assert printed_number(str(number)) == PrintedNumber(float(number), None)


@pytest.mark.parametrize("status", GOOD)
@pytest.mark.parametrize(("truth", "verdict"), [("7", Verdict.RIGHT), ("1", Verdict.WRONG), ("", Verdict.WRONG)])
def test_handed_out_as_good(status: Status, truth: str, verdict: Verdict) -> None:
    assert judge(truth, PredictedValue(7, status)) is verdict


@pytest.mark.parametrize("status", GOOD)
def test_a_value_for_a_field_that_the_document_lost_is_made_up(status: Status) -> None:
    assert judge(None, PredictedValue(7, status)) is Verdict.WRONG


@pytest.mark.parametrize("status", REVIEW)
def test_a_number_that_went_to_review_is_flagged(status: Status) -> None:
    value = 1.0 if status is Status.CONFLICT else None
    assert judge("7", PredictedValue(value, status)) is Verdict.FLAGGED


def test_a_conflict_with_the_printed_number_is_right() -> None:
    assert judge("7", PredictedValue(7, Status.CONFLICT)) is Verdict.RIGHT


@pytest.mark.parametrize("truth", ["", "—", None])
@pytest.mark.parametrize("status", REVIEW)
def test_no_number_in_the_document_and_none_handed_out_is_right(truth: str | None, status: Status) -> None:
    assert judge(truth, PredictedValue(7.0 if status is Status.CONFLICT else None, status)) is Verdict.RIGHT


@pytest.mark.parametrize(("truth", "verdict"), [("7", Verdict.ABSENT), ("", Verdict.ABSENT), (None, Verdict.RIGHT)])
def test_no_entry(truth: str | None, verdict: Verdict) -> None:
    assert judge(truth, None) is verdict


@pytest.mark.parametrize(
    ("truth", "value", "unit", "verdict"),
    [
        ("8.4 亿", 8.4, "亿元", Verdict.RIGHT),
        ("8.4 亿", 84000, "万元", Verdict.RIGHT),
        ("8.4 亿", 8.4, "万元", Verdict.WRONG),
        ("8.4 亿", 8.4, None, Verdict.RIGHT),
        ("52.15", 52.15, "万元", Verdict.RIGHT),
        ("52.15", 52.16, None, Verdict.WRONG),
        ("6.7328亿元", 673280000, "元", Verdict.RIGHT),
    ],
)
def test_amounts_are_compared_in_yuan_where_both_sides_name_a_unit(
    truth: str, value: float, unit: str | None, verdict: Verdict
) -> None:
    assert judge(truth, PredictedValue(value, Status.READ, unit)) is verdict


def test_all_fields_get_one_verdict_and_values_of_unknown_fields_are_wrong() -> None:
    truth = {"a": "1", "b": "2", "c": None}
    predicted = {
        "a": PredictedValue(1, Status.READ),
        "x": PredictedValue(9, Status.READ),
        "y": PredictedValue(None, Status.BLANK),
    }
    verdicts = [(v.id, v.verdict) for v in judge_all(truth, predicted)]
    assert verdicts == [
        ("a", Verdict.RIGHT),
        ("b", Verdict.ABSENT),
        ("c", Verdict.RIGHT),
        ("x", Verdict.WRONG),
    ]
