"""Small characters above or below the line: the mark of a note beside a figure is no digit of that figure."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["MARKS", "Shift", "lowered", "raised"]

Shift = Callable[[str], str]
"""How text is written that is set above or below the line."""

_DIGITS, _ABOVE, _BELOW = "0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
_RAISED, _LOWERED = str.maketrans(_DIGITS, _ABOVE), str.maketrans(_DIGITS, _BELOW)

MARKS = re.compile(f"[{_ABOVE}{_BELOW}]+")
"""Digits that were set off."""


def raised(text: str) -> str:
    """Text as it is set above the line, digits by characters that no figure consists of.

    >>> "12" + raised("3"), "12" + raised("[3]")
    ('12³', '12[³]')
    """
    return text.translate(_RAISED)


def lowered(text: str) -> str:
    """The same below the line.

    >>> "H" + lowered("2") + "O"
    'H₂O'
    """
    return text.translate(_LOWERED)
