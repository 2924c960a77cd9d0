"""Placeholders of pictures, and the garbage that a dump's own recognition of these pictures left behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["without_pictures"]

_PLACEHOLDER = re.compile(
    r"\[(?:image|图片|圖片|img|picture)\s*[:：][^\]\n]*\]|!\[[^\]\n]*\]\([^)\n]*\)", re.IGNORECASE
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SHARE = 0.5
"""Of Chinese characters in text; noise read as characters is mostly others."""
_ENOUGH = 4
"""Chinese characters from which a line, when they are at least half of it, is no garbage."""


def without_pictures(lines: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Each line without placeholders and their garbage, with how many of either were taken out of it.

    After a placeholder the rest of the cell, and the lines below it, are garbage until Chinese text goes on.
    """
    after_picture = False
    for line in lines:
        pictures = len(_PLACEHOLDER.findall(line))
        if pictures:
            pieces = _PLACEHOLDER.split(line)
            kept = [pieces[0], *(_without_garbage(piece) for piece in pieces[1:])]
            after_picture = not _is_text(pieces[-1])
            yield "".join(kept), pictures, sum(a != b for a, b in zip(kept, pieces, strict=True))
        elif after_picture and line.strip() and not _is_text(line):
            yield "", 0, 1
        else:
            after_picture = after_picture and not line.strip()
            yield line, 0, 0


def _without_garbage(piece: str) -> str:
    cell, separator, rest = re.match(r"([^\t|]*)([\t|]?)([\s\S]*)", piece).groups()  # type: ignore[union-attr]
    return (cell if _is_text(cell) else "") + separator + rest


def _is_text(piece: str) -> bool:
    chinese = len(_CHINESE.findall(piece))
    return chinese >= _ENOUGH and chinese >= _SHARE * len(re.sub(r"\s", "", piece))
