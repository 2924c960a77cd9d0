"""The curve "share sent to review against errors left" as a picture that stands by itself (SVG)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ocr_pipeline.evaluation.proof.reliability import CurvePoint

__all__ = ["review_curve"]

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 720, 420, 78, 58, 34, 24
_DECADES_X = (-3, 0)
_DECADES_Y = (-5, -1)


def review_curve(points: Sequence[CurvePoint], title: str) -> str:
    """Both axes logarithmic; the line is what was measured, the dashed one what the confidences say of themselves.

    Args:
        points: by rising threshold.
        title: written above.
    """
    shapes = [f'<text x="{_LEFT}" y="20" font-size="15">{title}</text>', *_axes()]
    for values, style in (
        ([(p.review, p.expected) for p in points], 'stroke="#8a8f98" stroke-dasharray="5 4"'),
        ([(p.review, p.errors) for p in points], 'stroke="#1f6feb"'),
    ):
        line = " ".join(f"{_x(review):.1f},{_y(errors):.1f}" for review, errors in values)
        shapes.append(f'<polyline points="{line}" fill="none" stroke-width="2" {style}/>')
    for n, point in enumerate(points):
        x, y = _x(point.review), _y(point.errors)
        # Below the lower edge stand the shares.
        above = -10 if n % 2 else 18 if y + 18 < _HEIGHT - _BOTTOM else -24
        shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f6feb"><title>{point.threshold}: {point.wrong} wrong of '
            f"{point.handed_out} handed out</title></circle>"
            f'<text x="{x:.1f}" y="{y + above:.1f}" font-size="10" text-anchor="middle">{point.threshold:g}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>{"".join(shapes)}</svg>\n'
    )


def _axes() -> list[str]:
    shapes = []
    for decade in range(_DECADES_X[0], _DECADES_X[1] + 1):
        x = _x(10.0**decade)
        shapes.append(
            f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_HEIGHT - _BOTTOM}" stroke="#e2e5e9"/>'
            f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{_share(decade)}</text>'
        )
    for decade in range(_DECADES_Y[0], _DECADES_Y[1] + 1):
        y = _y(10.0**decade)
        shapes.append(
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="#e2e5e9"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_share(decade)}</text>'
        )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    shapes.append(f'<text x="{middle:.0f}" y="{_HEIGHT - 14}" text-anchor="middle">share sent to review</text>')
    shapes.append(
        f'<text transform="translate(18 {_HEIGHT / 2:.0f}) rotate(-90)" text-anchor="middle">errors left in what is '
        "handed out</text>"
    )
    return shapes


def _share(decade: int) -> str:
    return f"{100 * 10.0**decade:g} %"


def _x(value: float) -> float:
    return _LEFT + (_WIDTH - _RIGHT - _LEFT) * _along(value, *_DECADES_X)


def _y(value: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * _along(value, *_DECADES_Y)


def _along(value: float, low: int, high: int) -> float:
    """0 to 1 along a logarithmic axis; what lies beyond its ends, none at all included, is drawn at the end."""
    return min(1.0, max(0.0, (math.log10(max(value, 10.0**low)) - low) / (high - low)))
