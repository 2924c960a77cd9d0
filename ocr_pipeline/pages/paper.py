"""The paper of a page: its colour, its shading, and the page without it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["flattened", "paper_color", "smoothed", "softened", "stretched"]

_REDUCTION = 8
_INK_REACH_INCHES = 0.3
"""Strokes and gaps between them narrower than this are print; what is wider is paper, shadow or a coloured cell."""

_FAINT_INK = 70
"""Ink lighter than this level (0 is black) is darkened."""

_TARGET_INK = 40
_BILEVEL_SHARE = 0.002
_SOFTENING = 0.6
_CLEAR = 20.0
"""How many times the grain of the paper print is deep that needs no smoothing."""
_SMOOTHING_INCHES = 0.004
_LINE = 41
"""Pixels of a line in which dots of a ruling have others beside them."""
_TWICE = 0.1
"""Share of the changes from line to line that follow one another where each line is there twice."""
_MAX_GAIN = 3.0
_MAX_NOISE = 10.0
"""How far the grain of the paper may be amplified, in grey levels."""


def paper_color(image: NDArray[np.uint8]) -> tuple[int, ...]:
    """The colour of most of the bright pixels, one number a channel; white where there are none.

    Args:
        image: height x width or height x width x channels, uint8.
    """
    small = image[::8, ::8].reshape(-1, 1 if image.ndim == 2 else image.shape[2])
    brightness = small.max(axis=1)
    bright = small[brightness >= np.percentile(brightness, 50)] if brightness.size else small
    if not bright.size:
        return (255,) * small.shape[1]
    return tuple(int(v) for v in np.median(bright, axis=0))


def flattened(gray: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """Divided by the estimated paper, so that paper is near 255 under shadows and in coloured cells, too.

    The paper is what a morphological closing leaves: wider than any stroke, smoothed by a median and a blur.

    Args:
        gray: height x width, uint8.
        dpi: pixels per inch.
    """
    height, width = gray.shape
    small_size = (max(1, width // _REDUCTION), max(1, height // _REDUCTION))
    small = cv2.resize(gray, small_size, interpolation=cv2.INTER_AREA)
    # The mean of a block under print is grey; the brightest of the blocks around it is paper.
    reach = max(3, round(_INK_REACH_INCHES * dpi / _REDUCTION)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    paper = cv2.medianBlur(paper, min(reach, 15) | 1)
    paper = cv2.GaussianBlur(paper, (0, 0), reach / 6)
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(gray, np.maximum(full, 1), scale=255), dtype=np.uint8)


def softened(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A page of pure black and white, such as a fax, without single stray pixels and with slightly soft edges.

    Recognisers are trained on grey edges; a page that has them is returned as it is.

    Args:
        pixels: height x width x 3, uint8, RGB.
    """
    sample = pixels[::3, ::3]
    between = np.count_nonzero((sample > 32) & (sample < 223))
    if between > _BILEVEL_SHARE * sample.size:
        return pixels
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    clean = cv2.GaussianBlur(np.where(_strays(gray), 255, gray).astype(np.uint8), (3, 3), _SOFTENING)
    return np.asarray(cv2.cvtColor(clean, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def _strays(gray: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Black pixels with nothing but white around them; two high where a fax of half the lines has each line twice."""
    dark = gray < 128
    changes = (dark[1:] != dark[:-1]).any(axis=1)
    doubled = np.count_nonzero(changes[1:] & changes[:-1]) < _TWICE * np.count_nonzero(changes)
    size = 2 if doubled else 1
    ring = np.ones((size + 2, 3), np.uint8)
    ring[1:-1, 1] = 0
    alone = dark & (cv2.erode(gray, ring, anchor=(1, 1)) >= 128)
    if doubled:
        alone[1:] |= alone[:-1] & dark[1:]
        alone &= ~_in_line(alone)
    return np.asarray(alone)


def _in_line(alone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Strays, two pixels each, with two others in line with them, across or down: the dots of a ruling."""
    dots = alone.astype(np.uint8)
    across = cv2.boxFilter(dots, cv2.CV_16U, (_LINE, 3), normalize=False)
    down = cv2.boxFilter(dots, cv2.CV_16U, (3, _LINE), normalize=False)
    return np.asarray(np.maximum(across, down) >= 6)


def smoothed(gray: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """Faint print that drowns in the grain of its paper, blurred; a page of clearer print is returned as it is.

    Grain is stretched with the print, and then passes for specks. A blur weakens it far more than strokes.

    Args:
        gray: height x width, uint8, already flattened.
        dpi: pixels per inch.
    """
    seen = _ink_and_grain(gray)
    if seen is None:
        return gray
    paper, level, grain = seen
    if paper - level >= _CLEAR * grain:
        return gray
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), _SMOOTHING_INCHES * dpi), dtype=np.uint8)


def stretched(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Faint ink darkened and paper brought to 255; a page of dark ink keeps its tones.

    Args:
        gray: height x width, uint8, already flattened.
    """
    seen = _ink_and_grain(gray)
    if seen is None:
        return gray
    paper, level, grain = seen
    gain = 1.0
    if level > _FAINT_INK:
        gain = min(_MAX_GAIN, (paper - _TARGET_INK) / max(1.0, paper - level))
        gain = max(1.0, min(gain, _MAX_NOISE / max(grain, 0.5)))
    table = np.clip(255.0 - (paper - np.arange(256)) * gain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(gray, table), dtype=np.uint8)


def _ink_and_grain(gray: NDArray[np.uint8]) -> tuple[int, float, float] | None:
    """Grey levels of paper and of ink, and the standard deviation of the paper; None for a page without either."""
    histogram = np.bincount(gray[::2, ::2].ravel(), minlength=256).astype(np.float64)
    if not histogram[128:].any():
        return None
    paper = 128 + int(histogram[128:].argmax())
    above = histogram[paper:]
    # The side above the peak has no ink in it; a clipped peak says nothing, so the other side is taken.
    grain = _spread(above) if paper < 250 else _spread(histogram[128 : paper + 1][::-1])
    ink = histogram[: max(1, int(paper - max(15.0, 4.0 * grain)))]
    if ink.sum() < 50:
        return None
    return paper, float(np.searchsorted(np.cumsum(ink), 0.15 * ink.sum())), grain


def _spread(tail: NDArray[np.float64]) -> float:
    """Standard deviation of one half of a peak, from its 68 % point, in grey levels."""
    limited = tail[:40]
    total = limited.sum()
    return float(np.searchsorted(np.cumsum(limited), 0.68 * total)) if total > 0 else 0.0
