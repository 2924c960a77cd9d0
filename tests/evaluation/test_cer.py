from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.evaluation.cer import CharacterErrors, character_errors


@pytest.mark.parametrize(
    ("truth", "read", "edits", "rate"),
    [
        ("收到申请12件", "收到申请12件", 0, 0.0),
        ("收到申请12件", "收到 申请\n１２件", 0, 0.0),
        ("收到申请012件", "收到申请017件。", 2, 0.25),
        ("收到申请12件", "", 7, 1.0),
        ("一", "二三四", 3, 3.0),
        ("", "", 0, 0.0),
        ("", "多余", 2, 1.0),
    ],
)
def test_counts_the_characters_to_correct(truth: str, read: str, edits: int, rate: float) -> None:
    errors = character_errors(truth, read)
    assert errors.edits == edits
    assert errors.rate == pytest.approx(rate)


def test_rate_is_edits_over_true_length() -> None:
    assert CharacterErrors(edits=3, length=12).rate == 0.25


@given(st.text(max_size=30), st.text(max_size=30))
def test_edits_are_symmetric_and_bounded_by_the_longer_text(a: str, b: str) -> None:
    there, back = character_errors(a, b), character_errors(b, a)
    assert there.edits == back.edits <= max(there.length, back.length)
