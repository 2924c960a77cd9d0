"""Squares cut from drawn pages for one step of training, changed as pages differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.evaluation.page_net.cache import StoredPages
from ocr_pipeline.page_net.maps import MAPS, STRIDE

__all__ = ["draw_batch"]

_TRIES = 3
_SEALED = 0.6
"""Of the squares of a page with seals; they are rare, and small."""


def draw_batch(
    pages: StoredPages, count: int, side: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Ink (count x 3 x side x side) and true maps (count x len(MAPS) x side / 2 x side / 2), uint8.

    Args:
        pages: to cut from.
        count: squares, each of another page.
        side: input pixels, a multiple of 32.
        rng: settles everything.
    """
    inks, maps = [], []
    for number in rng.choice(len(pages), count, replace=len(pages) < count):
        ink, truth = _cut(*pages.page(int(number)), side, rng)
        inks.append(_changed(ink, rng).transpose(2, 0, 1))
        maps.append(truth)
    return np.ascontiguousarray(inks), np.ascontiguousarray(maps)


def _cut(
    ink: NDArray[np.uint8], maps: NDArray[np.uint8], side: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A square; one that shows a part of a table is preferred to one of text alone, and seals are looked for."""
    small = side // STRIDE
    ink = np.pad(ink, ((0, max(0, side - ink.shape[0])), (0, max(0, side - ink.shape[1])), (0, 0)))
    rows, columns = -(-ink.shape[0] // STRIDE), -(-ink.shape[1] // STRIDE)
    below, right = max(0, rows - maps.shape[1]), max(0, columns - maps.shape[2])
    maps = np.pad(maps, ((0, 0), (0, below), (0, right)))
    table = maps[MAPS.index("table")]
    most = ((ink.shape[0] - side) // STRIDE, (ink.shape[1] - side) // STRIDE)
    seals = np.argwhere(maps[MAPS.index("seal")])
    for _ in range(_TRIES):
        if len(seals) and rng.random() < _SEALED:
            # Squares that some seal is in, anywhere in it.
            about = seals[rng.integers(len(seals))] - rng.integers(0, small, 2)
            top, left = (STRIDE * int(np.clip(at, 0, end)) for at, end in zip(about, most, strict=True))
        else:
            top, left = (STRIDE * int(rng.integers(0, end + 1)) for end in most)
        window = np.s_[top // STRIDE : top // STRIDE + small, left // STRIDE : left // STRIDE + small]
        if table[window].mean() > 0.15:
            break
    return ink[top : top + side, left : left + side], maps[:, window[0], window[1]]


def _changed(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Stronger or fainter, greyer, with a little grain: what the level of a page does not settle."""
    values = ink.astype(np.float32) * rng.uniform(0.75, 1.2)
    if rng.random() < 0.3:
        values = np.repeat(values.mean(axis=2, keepdims=True), 3, axis=2)
    if rng.random() < 0.3:
        values += rng.normal(0, rng.uniform(2, 10), (*values.shape[:2], 1))
    return np.clip(values, 0, 255).astype(np.uint8)
