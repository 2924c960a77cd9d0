from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from ocr_pipeline.engine import FIGURE_ALPHABET, Recognition, Recognizer, TextDetector
from ocr_pipeline.geometry import Polygon


class _Blind:
    """The ten lines that the module promises are enough."""

    name = "blind"

    def recognize(
        self, images: Sequence[NDArray[np.uint8]], *, alphabet: str | None = None, beams: int = 5
    ) -> list[Recognition]:
        return [Recognition("", 0.0) for _ in images]

    def detect(self, image: NDArray[np.uint8]) -> list[Polygon]:
        return []


def test_any_object_with_the_right_methods_is_an_engine() -> None:
    assert isinstance(_Blind(), Recognizer)
    assert isinstance(_Blind(), TextDetector)


@pytest.mark.parametrize("missing", ["name", "recognize"])
def test_an_object_without_one_of_them_is_no_recogniser(missing: str) -> None:
    members = {name: getattr(_Blind, name) for name in ("name", "recognize") if name != missing}
    assert not isinstance(type("Half", (), members)(), Recognizer)


def test_the_alphabet_of_figures_has_each_character_once_and_all_digits() -> None:
    assert len(set(FIGURE_ALPHABET)) == len(FIGURE_ALPHABET)
    assert set("0123456789") <= set(FIGURE_ALPHABET)


def test_a_recognition_is_frozen_and_compares_by_value() -> None:
    reading = Recognition("12", 0.9)
    assert reading == Recognition("12", 0.9, ())
    with pytest.raises(dataclasses.FrozenInstanceError):
        reading.text = "13"  # type: ignore[misc]
