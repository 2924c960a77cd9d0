"""Small characters above or below the line: the mark of a note beside a figure is no digit of that figure."""

from __future__ import annotations

__all__ = ["lowered", "raised"]

_DIGITS = "0123456789"
_RAISED = str.maketrans(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans(_DIGITS, "₀₁₂₃₄₅₆₇₈₉")


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
