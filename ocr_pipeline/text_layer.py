"""The text that a page carries beside its pixels: characters with boxes, as the source gives them.

Nothing here says whether it is true. It may be what the page was drawn with, a reading of the scan by another program,
or garbage; ``ocr_pipeline.text.trust`` compares it with the pixels.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from ocr_pipeline.geometry import Box, Transform

__all__ = ["LAYER_ENGINE", "UNKNOWN", "LayerChar", "TextLayer", "is_garbled", "plain_character"]

LAYER_ENGINE = "text-layer"
"""Names the text layer as the engine of a reading."""

UNKNOWN = "\ufffd"
"""Stands for a character that the source cannot name."""

# Radicals and compatibility ideographs look like the character that is meant and are written for it by some programs.
_STAND_INS = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))


@dataclass(frozen=True, slots=True)
class LayerChar:
    """One character.

    Attributes:
        text: the character; ``UNKNOWN`` for one without a name. Never white space.
        box: on the source page as displayed, in its unit; after ``TextLayer.moved`` in the target's pixels.
        visible: False when the source says that it is not painted (the invisible text over a scan).
        gap: white space stands before it.
    """

    text: str
    box: Box
    visible: bool = True
    gap: bool = False


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The characters of one page in the order of the source.

    Attributes:
        chars: white space left out.
        drawn: the page is painted from these characters; False when a picture covers it, so that they can only be
            somebody's reading of that picture.
    """

    chars: tuple[LayerChar, ...]
    drawn: bool

    def moved(self, transform: Transform) -> TextLayer:
        """The layer with its boxes mapped; characters that would lie at infinity are left out.

        Args:
            transform: from the source page to where the boxes are wanted, for example the inverse of
                ``PageImage.transform``.
        """
        if not self.chars:
            return self
        corners = [corner for char in self.chars for corner in char.box.corners]
        try:
            points = transform.points(corners)
        except ValueError:
            return replace(self, chars=())
        chars = tuple(
            replace(char, box=Box.around(points[4 * number : 4 * number + 4])) for number, char in enumerate(self.chars)
        )
        return replace(self, chars=chars)


def plain_character(code: int) -> str:
    """The character of a code point, stand-ins replaced by what they stand for; ``UNKNOWN`` for what is none.

    >>> plain_character(0x2F00), plain_character(0xFFFE) == UNKNOWN
    ('一', True)
    """
    if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return UNKNOWN
    char = chr(code)
    if any(low <= code <= high for low, high in _STAND_INS):
        char = unicodedata.normalize("NFKC", char)
    return UNKNOWN if is_garbled(char) else char


def is_garbled(text: str) -> bool:
    """Whether a text holds characters that no document prints: unnamed, private, unassigned or control characters."""
    return any(char == UNKNOWN or unicodedata.category(char) in ("Co", "Cn", "Cs", "Cc") for char in text)
