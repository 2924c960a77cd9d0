from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from ocr_pipeline.evaluation.synthetic import vocabulary
from ocr_pipeline.evaluation.synthetic.fonts import CHINESE_FACES, FALLBACK, available, load
from ocr_pipeline.evaluation.synthetic.typeset import Typeface, break_lines

FACE = Typeface(FALLBACK, "", 20)
TEXT = "全年共收到申请1234件，其中“自然人”（含线上）占52.15%；办结+13件。"


@settings(max_examples=60)
@given(st.text(alphabet=sorted(set(TEXT)), min_size=1, max_size=60), st.floats(25, 400))
def test_breaking_loses_nothing_and_fits(text: str, width: float) -> None:
    lines = break_lines(text, FACE, width)
    assert "".join(lines) == text
    assert all(FACE.width(line) <= width or len(line) == 1 for line in lines)


def test_figures_stay_whole_and_closing_marks_do_not_start_a_line() -> None:
    for width in range(120, 400, 7):
        for line in break_lines(TEXT, FACE, width)[1:]:
            assert line[0] not in "，；）”。%"
        assert any("1234" in line for line in break_lines(TEXT, FACE, width))


def test_a_figure_wider_than_its_cell_is_cut() -> None:
    assert "".join(break_lines("123456", FACE, 30)) == "123456"
    assert len(break_lines("123456", FACE, 30)) > 1


def test_the_reported_box_holds_exactly_the_ink() -> None:
    for face in (FACE, Typeface(FALLBACK, "", 31, bold=True)):
        image = Image.new("RGB", (900, 80), (255, 255, 255))
        box = face.draw(ImageDraw.Draw(image), (10.4, 50), TEXT[:12], color=(0, 0, 0))
        assert box is not None
        rows, columns = np.nonzero(np.asarray(image).min(axis=2) < 250)
        assert abs(box.left - columns.min()) <= 1
        assert abs(box.right - columns.max() - 1) <= 1
        assert abs(box.top - rows.min()) <= 1
        assert abs(box.bottom - rows.max() - 1) <= 1


def test_blanks_leave_no_ink() -> None:
    assert FACE.draw(ImageDraw.Draw(Image.new("RGB", (50, 50))), (0, 20), "  ", color=(0, 0, 0)) is None


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts((*value, *value.values()))
    elif isinstance(value, tuple):
        yield from (text for item in value for text in texts(item))


def test_the_bundled_font_has_every_character_and_needs_no_import() -> None:
    characters = {
        char for text in texts({name: getattr(vocabulary, name) for name in vocabulary.__all__}) for char in text
    }
    characters = {char for char in characters if not char.isspace()}
    assert len(characters) > 400
    for name in (FALLBACK, *available(CHINESE_FACES)):
        font = load(name, 24)
        missing = bytes(font.getmask("\U0010fffd"))
        lacking = {c for c in characters if ord(c) > 127 and bytes(font.getmask(c)) == missing}
        assert not lacking, (name, lacking)
    assert importlib.util.find_spec("layoutparser") is not None
