"""Horizontal bars as SVG: several beside each other, or several in one; colours that the colour-blind tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Bar", "Group", "Key", "Part", "bar_plot"]

_WIDTH, _LABELS, _WORDS, _EDGE = 760, 190, 210, 16
_TITLE, _LEGEND, _AXIS = 30, 20, 40
_HEADING, _BAR, _BETWEEN, _APART = 26, 17, 3, 11
_GRID, _INK, _FAINT = "#d9dee4", "#1d232b", "#5d6773"
_STEPS = 5
_LEAST = 1.5
"""Pixels of the shortest stretch."""


@dataclass(frozen=True, slots=True)
class Key:
    """A colour (CSS) and what it stands for; ``hollow`` ones are drawn as an outline."""

    color: str
    meaning: str
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar from ``start`` to ``stop``, both shares of the axis, 0..1."""

    key: Key
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with the words at its end."""

    parts: tuple[Part, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under one label; one with a ``heading`` opens a new part of the plot."""

    label: str
    bars: tuple[Bar, ...]
    heading: str = ""


def bar_plot(title: str, groups: Sequence[Group], axis: str, top: float = 1.0) -> str:
    """A plot as a whole SVG document.

    Args:
        title: written above.
        groups: from top to bottom.
        axis: what the axis shows.
        top: the number that the axis ends with; it begins with 0.
    """
    keys = list(dict.fromkeys(part.key for group in groups for bar in group.bars for part in bar.parts))
    legend, y = _legend(keys)
    first = y
    shapes: list[str] = []
    for group in groups:
        if group.heading:
            y += _HEADING
            shapes.append(f'<text x="{_EDGE}" y="{y - 8}" font-weight="bold">{escape(group.heading)}</text>')
        height = len(group.bars) * (_BAR + _BETWEEN)
        shapes.append(
            f'<text x="{_LABELS - 10}" y="{y + height / 2 + 3:.1f}" text-anchor="end">{escape(group.label)}</text>'
        )
        for bar in group.bars:
            shapes += _bar(bar, y)
            y += _BAR + _BETWEEN
        y += _APART
    frame = [f'<text x="{_EDGE}" y="21" font-size="15">{escape(title)}</text>', *legend, *_axis(first, y, top)]
    frame.append(f'<text x="{_x(0.5):.1f}" y="{y + 34}" text-anchor="middle" fill="{_FAINT}">{escape(axis)}</text>')
    height = y + _AXIS
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'font-family="sans-serif" font-size="12.5" fill="{_INK}" role="img"><title>{escape(title)}</title>'
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>{"".join(frame)}{"".join(shapes)}</svg>\n'
    )


def _bar(bar: Bar, y: float) -> list[str]:
    shapes = []
    for part in bar.parts:
        if part.stop <= part.start:
            continue
        # What is there at all is seen, however little it is.
        left, right = min(_x(part.start), _x(part.stop) - _LEAST), _x(part.stop)
        shape = f'x="{left:.1f}" y="{y}" width="{right - left:.1f}" height="{_BAR}"'
        shapes.append(f"<rect {shape} {_look(part.key)}/>")
    shapes.append(f'<text x="{_WIDTH - _WORDS + 10}" y="{y + 13}">{escape(bar.words)}</text>')
    return shapes


def _legend(keys: Sequence[Key]) -> tuple[list[str], int]:
    """The keys in as many rows as they need, and where the rows end."""
    shapes, x, y = [], float(_LABELS), _TITLE + 2
    for key in keys:
        width = 34 + 6.6 * len(key.meaning)
        if x > _LABELS and x + width > _WIDTH:
            x, y = float(_LABELS), y + _LEGEND
        shapes.append(
            f'<rect x="{x:.0f}" y="{y}" width="12" height="12" {_look(key)}/>'
            f'<text x="{x + 18:.0f}" y="{y + 11}">{escape(key.meaning)}</text>'
        )
        x += width
    return shapes, y + _LEGEND + 4


def _look(key: Key) -> str:
    return f'fill="white" stroke="{key.color}"' if key.hollow else f'fill="{key.color}"'


def _axis(first: float, last: float, top: float) -> list[str]:
    shapes = []
    for step in range(_STEPS + 1):
        x = _x(step / _STEPS)
        shapes.append(
            f'<line x1="{x:.1f}" y1="{first - 2}" x2="{x:.1f}" y2="{last - 4}" stroke="{_GRID}"/>'
            f'<text x="{x:.1f}" y="{last + 12}" text-anchor="middle" fill="{_FAINT}">{top * step / _STEPS:g}</text>'
        )
    return shapes


def _x(share: float) -> float:
    return _LABELS + (_WIDTH - _WORDS - _LABELS) * min(1.0, max(0.0, share))
