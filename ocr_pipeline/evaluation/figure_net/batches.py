"""Batches of crops of like width, changed as crops differ."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.evaluation.figure_net.cache import StoredCrops
from ocr_pipeline.text.figure_intake import HEIGHT, SYMBOLS

__all__ = ["batches", "changed", "targets"]

_POOL = 32
"""Batches whose crops are sorted by width together."""


def batches(
    crops: StoredCrops, size: int, count: int, seed: int
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64], list[str]]]:
    """So many batches: ink (size x 1 x 32 x width, uint8), the width of each crop, and what each shows."""
    rng = np.random.default_rng(seed)
    given = 0
    while True:
        chosen = rng.permutation(len(crops))[: _POOL * size]
        chosen = chosen[np.argsort([crops.images[i].shape[1] for i in chosen], kind="stable")]
        for number in rng.permutation(-(-len(chosen) // size)):
            part = chosen[number * size : (number + 1) * size]
            images = [changed(crops.images[i], rng) for i in part]
            widths = np.array([image.shape[1] for image in images], dtype=np.int64)
            ink = np.zeros((len(images), 1, HEIGHT, int(widths.max())), np.uint8)
            for row, image in zip(ink, images, strict=True):
                row[0, :, : image.shape[1]] = image
            yield ink, widths, [crops.texts[i] for i in part]
            given += 1
            if given == count:
                return


def changed(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Sheared, moved, coarser, fainter in places, thinned, crossed and dirty: what the sheets do not show enough of."""
    height, width = image.shape
    shear, shift = rng.normal(0, 0.06), rng.normal(0, 0.8, 2)
    size = rng.uniform((0.78, 0.86), (1.12, 1.12))
    matrix = np.array(
        [
            [size[0], shear, width * (1 - size[0]) / 2 - shear * height / 2 + shift[0]],
            [0, size[1], height * (1 - size[1]) / 2 + shift[1]],
        ]
    )
    moved = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR)
    kind = rng.random()
    if kind < 0.15:
        moved = cv2.erode(moved, np.ones((2, 1) if rng.random() < 0.5 else (1, 2), np.uint8))
    elif kind < 0.25:
        moved = cv2.dilate(moved, np.ones((2, 2), np.uint8))
    if rng.random() < 0.15:
        moved = _coarse(moved, rng)
    if rng.random() < 0.15:
        moved = _crossed(moved, rng)
    values = moved.astype(np.float32)
    if rng.random() < 0.3:
        patch = rng.uniform(0.25, 1.3, (3, max(2, width // 12))).astype(np.float32)
        values *= cv2.resize(patch, (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.2:
        top, lost = int(rng.integers(1, height)), int(rng.integers(1, 4))
        # A scan line that is lost is white, or the one above again.
        above = values[top - 1] if rng.random() < 0.4 else values[top : top + lost] * rng.uniform(0, 0.5)
        values[top : top + lost] = above
    if rng.random() < 0.08:
        dots = rng.random((height, width)) < rng.uniform(0.003, 0.03)
        values[dots] = 255 - values[dots]
    if rng.random() < 0.4:
        values += rng.normal(0, rng.uniform(3, 22), (height, width)).astype(np.float32)
    return np.asarray(np.clip(values, 0, 255), dtype=np.uint8)


def _coarse(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """As if so few pixels had been all that there were, or out of focus."""
    height, width = image.shape
    if rng.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.6, 1.8)), dtype=np.uint8)
    share = rng.uniform(0.28, 0.6)
    small = cv2.resize(image, (max(4, round(width * share)), round(height * share)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _crossed(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """With what else leaves ink in a cell: a piece of a ruling along a side, or the rest of a seal's stroke across."""
    height, width = image.shape
    added = np.zeros_like(image)
    ink, thick = int(rng.integers(60, 256)), int(rng.integers(1, 3))
    kind = rng.random()
    if kind < 0.35:
        y = int(rng.choice([0, 1, 2, height - 3, height - 2, height - 1]))
        cv2.line(added, (0, y), (width, y), ink, thick)
    elif kind < 0.6:
        x = int(rng.choice([0, 1, width - 2, width - 1]))
        cv2.line(added, (x, 0), (x, height), ink, thick)
    else:
        center = (int(rng.normal(width / 2, width)), int(rng.normal(height / 2, 2 * height)))
        ink = int(rng.integers(30, 140))
        cv2.circle(added, center, int(rng.integers(height // 2, 4 * height)), ink, int(rng.integers(1, 4)), cv2.LINE_AA)
    return np.maximum(image, added)


def targets(texts: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The characters of all texts as numbers of outputs, one after the other, and the length of each text."""
    numbers = [SYMBOLS.index(char) for text in texts for char in text]
    return np.array(numbers, dtype=np.int64), np.array([len(text) for text in texts], dtype=np.int64)
