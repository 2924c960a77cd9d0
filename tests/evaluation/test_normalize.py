from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.evaluation.normalize import normalize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("　（一） 予以\n公开\t", "(一)予以公开"),
        ("１２，３4．5％", "12,34.5%"),
        ("规\u200b范\ufeff性", "规范性"),
        ("①㎡Ⅲ", "①㎡Ⅲ"),
        ("。、“”", "。、“”"),
    ],
)
def test_folds_width_and_drops_blanks_but_keeps_other_characters_apart(text: str, expected: str) -> None:
    assert normalize(text) == expected


@given(st.text())
def test_normalizing_twice_changes_nothing(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
