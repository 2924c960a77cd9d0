from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.text_layer import UNKNOWN, LayerChar, TextLayer, is_garbled, plain_character


def test_moving_maps_every_box_and_keeps_the_rest() -> None:
    layer = TextLayer(
        (LayerChar("七", Box(10, 20, 30, 40)), LayerChar("8", Box(30, 20, 35, 40), visible=False, gap=True)), drawn=True
    )
    turn = Transform.quarter_turns(1, 100, 200)
    moved = layer.moved(turn)
    assert [char.box for char in moved.chars] == [turn.box(char.box) for char in layer.chars]
    assert [(c.text, c.visible, c.gap) for c in moved.chars] == [("七", True, False), ("8", False, True)]
    assert moved.drawn
    assert TextLayer((), drawn=False).moved(turn) == TextLayer((), drawn=False)


def test_what_would_lie_at_infinity_is_left_out() -> None:
    horizon = Transform((1, 0, 0, 0, 1, 0, 0.1, 0, -1))
    assert TextLayer((LayerChar("1", Box(10, 0, 20, 5)),), drawn=True).moved(horizon).chars == ()


@pytest.mark.parametrize("code", [0, 0xFFFE, 0xFFFF, 0xD83D, 0xE005, 0xF0000, 0x110000, 0x01, UNKNOWN])
def test_what_nobody_prints_is_unknown(code: int | str) -> None:
    assert plain_character(code if isinstance(code, int) else ord(code)) == UNKNOWN


@pytest.mark.parametrize(
    ("code", "char"), [(0x2F00, "一"), (0x2F2D, "山"), (0xF900, "豈"), (0x38, "8"), (0xFF18, "８")]
)
def test_stand_ins_give_what_they_stand_for_and_all_else_stays(code: int, char: str) -> None:
    assert plain_character(code) == char


@given(st.integers(0, 0x10FFFF))
def test_a_named_character_is_never_garbled(code: int) -> None:
    char = plain_character(code)
    assert char == UNKNOWN or not is_garbled(char)
