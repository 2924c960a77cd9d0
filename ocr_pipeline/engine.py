"""What the stages ask of a model that reads. No model lives here: those are in the ``engines`` modules.

Any object with the right method serves; a fake takes ten lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Reading
from ocr_pipeline.geometry import Polygon

__all__ = ["CLOSER_LOOKS", "FIGURE_ALPHABET", "FIGURE_NET", "Recognition", "Recognizer", "TextDetector"]

FIGURE_ALPHABET = "0123456789+-.,"
"""The characters a figure is printed with; what typed decoding may choose from. Units and words come from the free
reading of the same pass."""

FIGURE_NET = "figure_net"
"""Names this project's reader of figures as the engine of a reading."""


CLOSER_LOOKS = ("closer look 1", "closer look 2", "closer look 3")
"""Name what the first recogniser, the second and the reader of figures make of several views of one picture."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a recogniser makes of one image of one line.

    Attributes:
        text: the free reading, any character; empty when nothing is read.
        confidence: mean probability of the characters of ``text``, 0..1; 0 for an empty reading.
        typed: n-best readings within the alphabet asked for, best first, with the log probability of the whole string
            under the full model (so a word forced into digits has a very low one); empty when none was asked for.
    """

    text: str
    confidence: float
    typed: tuple[Reading, ...] = ()


@runtime_checkable
class Recognizer(Protocol):
    """Reads images of single lines."""

    @property
    def name(self) -> str:
        """Name and version of the model, as it goes into the report."""
        ...

    def recognize(
        self, images: Sequence[NDArray[np.uint8]], *, alphabet: str | None = None, beams: int = 5
    ) -> list[Recognition]:
        """Read each image (height x width or height x width x 3, uint8, RGB, dark on light), in the order given.

        Args:
            images: one line of text each; an image of no pixels gives an empty reading.
            alphabet: characters for the typed readings; None for none.
            beams: how many typed readings at most.
        """
        ...


@runtime_checkable
class TextDetector(Protocol):
    """Finds lines of text."""

    def detect(self, image: NDArray[np.uint8]) -> list[Polygon]:
        """Quadrilaterals around the lines of a page image (RGB, uint8), in its pixels, in no particular order."""
        ...
