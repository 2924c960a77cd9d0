"""Roman numerals, as lists of web pages and of Word documents are numbered."""

from __future__ import annotations

__all__ = ["LARGEST", "roman"]

LARGEST = 3999
"""There is no common way to write more."""

_SIGNS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def roman(number: int) -> str:
    """The number, 1 to ``LARGEST``, in lower case.

    >>> roman(4), roman(1999)
    ('iv', 'mcmxcix')
    """
    text = ""
    for worth, letters in _SIGNS:
        times, number = divmod(number, worth)
        text += letters * times
    return text
