"""Garbled dumps: the truth that is said to be left is in the text, and nothing else is asked for."""

from __future__ import annotations

import pytest

from ocr_pipeline.evaluation.synthetic.garble import DAMAGES, STYLES, garble


@pytest.mark.parametrize("style", STYLES)
def test_an_undamaged_dump_holds_every_value(style: str) -> None:
    dump = garble(7, style=style, damages=())  # type: ignore[arg-type]  # one of STYLES
    assert None not in dump.held.values()
    assert all(text in dump.text for text in dump.held.values() if text)
    assert dump == garble(7, style=style, damages=())  # type: ignore[arg-type]


@pytest.mark.parametrize("damage", DAMAGES)
def test_only_values_that_the_text_holds_are_determinable(damage: str) -> None:
    for seed in range(5):
        dump = garble(seed, damages=(damage,))
        assert all(dump.held[field] for field in dump.determinable)
        assert all((dump.held[field] or "") in dump.text for field in dump.determinable)
