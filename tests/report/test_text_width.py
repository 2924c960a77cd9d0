from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.report.text_width import clipped, display_width, padded, wrapped

TEXTS = st.text(alphabet=st.sampled_from("aB1 政府（），“—é\u0301"), max_size=20)


@given(TEXTS, st.integers(0, 30))
def test_clipped_fits(text: str, width: int) -> None:
    cut = clipped(text, width)
    assert display_width(cut) <= width
    assert cut == text or width == 0 or cut.endswith("…")
    assert display_width(text) > width or cut == text


@given(TEXTS, st.integers(2, 30))
def test_wrapped_keeps_every_character(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join(lines) == text
    assert all(display_width(line) <= width for line in lines)


@given(TEXTS, st.integers(0, 40), st.booleans())
def test_padded_fills_up(text: str, width: int, right: bool) -> None:
    full = padded(text, width, right=right)
    assert display_width(full) == max(width, display_width(text))
    assert full.endswith(text) if right else full.startswith(text)
