"""Plots as inline SVG, for a page that stands by itself. Colours are the page's: ``var(--ink)``, ``var(--bar)``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Part", "area_chart", "bar_chart", "histogram", "share_bar"]

_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Part:
    """A label with its figure, the text that shows it, and a CSS colour (empty: the page's own)."""

    label: str
    value: float
    text: str
    color: str = ""


def bar_chart(parts: Sequence[Part]) -> str:
    """One horizontal bar a part, longest at the full width."""
    row, left, right = 26, 170, 140
    most = max((part.value for part in parts), default=0.0) or 1.0
    shapes = []
    for number, part in enumerate(parts):
        y = number * row
        width = (_WIDTH - left - right) * part.value / most
        fill = part.color or "var(--bar)"
        shapes.append(
            f'<text x="{left - 8}" y="{y + 17}" text-anchor="end">{escape(part.label)}</text>'
            f'<rect x="{left}" y="{y + 4}" width="{max(width, 1):.1f}" height="18" rx="2" fill="{fill}"/>'
            f'<text x="{left + width + 6:.1f}" y="{y + 17}" class="figure">{escape(part.text)}</text>'
        )
    return _svg("".join(shapes), len(parts) * row)


def share_bar(parts: Sequence[Part]) -> str:
    """One bar divided by the parts, with a legend below; parts without a value are left out of the bar."""
    whole = sum(part.value for part in parts) or 1.0
    shapes, x = [], 0.0
    for part in parts:
        width = _WIDTH * part.value / whole
        title = f"{part.label}: {part.text}"
        shapes.append(
            f'<rect x="{x:.2f}" y="0" width="{max(0.0, width - 1):.2f}" height="34" fill="{part.color}">'
            f"<title>{escape(title)}</title></rect>"
        )
        x += width
    for number, part in enumerate(parts):
        column, line = number % 3, number // 3
        x, y = column * _WIDTH / 3, 50 + line * 24
        shapes.append(
            f'<rect x="{x:.0f}" y="{y}" width="12" height="12" rx="2" fill="{part.color}"/>'
            f'<text x="{x + 18:.0f}" y="{y + 11}">{escape(part.label)} '
            f'<tspan class="figure">{escape(part.text)}</tspan></text>'
        )
    return _svg("".join(shapes), 50 + math.ceil(len(parts) / 3) * 24)


def histogram(values: Sequence[float], unit: str, *, bins: int = 30) -> str:
    """How often values fall into equal ranges from 0 to the 99th percentile; what is beyond is in the last one."""
    if not values:
        return _empty()
    top = sorted(values)[min(len(values) - 1, int(len(values) * 0.99))] or 1.0
    step = _round_step(top / bins)
    counts = [0] * (int(top / step) + 1)
    for value in values:
        counts[min(len(counts) - 1, int(value / step))] += 1
    most, height, bottom = max(counts), 160, 26
    width = _WIDTH / len(counts)
    shapes = [
        f'<rect x="{n * width:.2f}" y="{height - height * count / most:.2f}" width="{max(1.0, width - 1):.2f}" '
        f'height="{height * count / most:.2f}" fill="var(--bar)"><title>{n * step:.3g} to {(n + 1) * step:.3g} '
        f"{escape(unit)}: {count:,}</title></rect>"
        for n, count in enumerate(counts)
    ]
    shapes.append(_axis(height, top=len(counts) * step, unit=unit))
    return _svg("".join(shapes), height + bottom)


def area_chart(values: Sequence[float], length: float, unit: str) -> str:
    """A quantity over time, in equal parts of ``length`` (in ``unit``)."""
    if not values:
        return _empty()
    most, height, bottom, left = max(values) or 1.0, 140, 26, 44
    step = (_WIDTH - left) / len(values)
    points = [
        f"{left + (n + 0.5) * step:.1f},{height - (height - 14) * value / most:.1f}" for n, value in enumerate(values)
    ]
    first, last = f"{left + 0.5 * step:.1f},{height}", f"{_WIDTH - 0.5 * step:.1f},{height}"
    shapes = (
        f'<line x1="{left}" y1="14" x2="{_WIDTH}" y2="14" class="grid"/>'
        f'<text x="{left - 6}" y="18" text-anchor="end" class="figure">{most:,.3g}</text>'
        f'<text x="{left - 6}" y="{height}" text-anchor="end" class="figure">0</text>'
        f'<polygon points="{first} {" ".join(points)} {last}" fill="var(--area)"/>'
        f'<polyline points="{" ".join(points)}" fill="none" stroke="var(--bar)" stroke-width="2"/>'
    )
    return _svg(shapes + _axis(height, top=length, unit=unit, left=left), height + bottom)


def _axis(y: int, *, top: float, unit: str, left: int = 0) -> str:
    marks = [f'<line x1="{left}" y1="{y}" x2="{_WIDTH}" y2="{y}" class="axis"/>']
    step = _round_step(top / 5)
    for number in range(int(top / step + 1e-9) + 1):
        x = left + (_WIDTH - left) * number * step / top
        anchor = "start" if number == 0 else "end" if x > _WIDTH - 30 else "middle"
        words = f"{number * step:.3g}" + (f" {unit}" if number == 0 else "")
        marks.append(f'<text x="{x:.1f}" y="{y + 17}" text-anchor="{anchor}" class="figure">{escape(words)}</text>')
    return "".join(marks)


def _round_step(least: float) -> float:
    """The next number of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-9)))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))


def _svg(shapes: str, height: float) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}" role="img">{shapes}</svg>'


def _empty() -> str:
    return '<p class="note">Nothing to show.</p>'
