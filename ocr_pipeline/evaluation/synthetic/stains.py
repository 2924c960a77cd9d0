"""The part of damage that leaves geometry alone: ink, paper, light, grain and compression."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "bled", "blurred", "compressed", "faded", "faxed", "grained", "lit", "soiled", "streaked", "thinned", "toned",
]  # fmt: skip

Image = NDArray[np.uint8]


def _whole(image: NDArray[np.floating]) -> Image:
    return np.clip(image + 0.5, 0, 255).astype(np.uint8)


def faded(image: Image, contrast: float, rng: np.random.Generator) -> Image:
    """Ink weakened to ``contrast`` (0..1) of its darkness, unevenly as from an empty cartridge."""
    height, width = image.shape[:2]
    patches = rng.uniform(0.75, 1.15, (7, 5)).astype(np.float32)
    strength = contrast * cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC)
    return _whole(255 - (255 - image.astype(np.float32)) * np.clip(strength, 0.08, 1)[..., None])


def thinned(image: Image, share: float) -> Image:
    """Strokes eroded: a mix of the picture and its dilation (of the white), ``share`` 0..1."""
    kernel = np.ones((2, 2), np.uint8)
    thin = cv2.dilate(image, kernel)
    return _whole(image.astype(np.float32) * (1 - share) + thin.astype(np.float32) * share)


def bled(image: Image, other: Image, strength: float) -> Image:
    """The back of the sheet shows through: ``other`` mirrored, softened, at ``strength`` 0..1."""
    height, width = image.shape[:2]
    back = cv2.GaussianBlur(cv2.resize(other[:, ::-1], (width, height)), (0, 0), 2.5).astype(np.float32)
    return _whole(image.astype(np.float32) * (1 - strength * (255 - back) / 255))


def toned(image: Image, paper: tuple[int, int, int]) -> Image:
    """Printed on paper of that colour."""
    return _whole(image.astype(np.float32) * (np.asarray(paper, dtype=np.float32) / 255))


def lit(image: Image, strength: float, rng: np.random.Generator) -> Image:
    """Lit unevenly: a slope of light and one soft shadow, the darkest place ``strength`` (0..1) darker."""
    height, width = image.shape[:2]
    ys, xs = np.mgrid[0:height:16, 0:width:16].astype(np.float32)
    xs, ys = xs / width, ys / height
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * (xs - 0.5) + np.sin(angle) * (ys - 0.5)
    slope = (slope - slope.min()) / max(1e-6, float(slope.max() - slope.min()))
    edge = np.cos(rng.uniform(0, 6.28)) * (xs - rng.uniform(0.2, 0.8)) + (ys - rng.uniform(0.2, 0.8))
    shadow = 1 / (1 + np.exp(-edge * rng.uniform(6, 30)))
    share = rng.uniform(0.3, 0.8)
    dark = strength * (share * slope + (1 - share) * shadow)
    dark = cv2.resize(dark.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return _whole(image.astype(np.float32) * (1 - dark[..., None]))


def blurred(image: Image, sigma: float) -> Image:
    """Out of focus, Gaussian of ``sigma`` pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.uint8)


def grained(image: Image, sigma: float, rng: np.random.Generator, *, coloured: bool) -> Image:
    """Sensor noise of standard deviation ``sigma`` grey levels."""
    shape = image.shape if coloured else (*image.shape[:2], 1)
    noise = rng.standard_normal(shape, dtype=np.float32) * sigma
    return _whole(image.astype(np.float32) + noise)


def faxed(image: Image, rng: np.random.Generator, *, coarse: bool, speckle: float, dropped: float) -> Image:
    """Sent by fax: black and white, half the lines, dots out of nowhere, lines lost.

    Args:
        image: the page.
        rng: settles threshold and dirt.
        coarse: standard resolution, half the scan lines; otherwise fine.
        speckle: share of pixels turned over.
        dropped: share of scan lines lost or repeated.
    """
    height, width = image.shape[:2]
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    rows = height // 2 if coarse else height
    gray = cv2.resize(gray, (width, rows), interpolation=cv2.INTER_AREA)
    black = gray < rng.uniform(165, 205)
    black ^= rng.random(black.shape) < speckle
    for row in np.flatnonzero(rng.random(rows) < dropped):
        black[row] = black[row - 1] if rng.random() < 0.6 else False
        start = int(rng.integers(0, width))
        black[row, start : start + width // 3] = False
    page = np.where(black, 0, 255).astype(np.uint8)
    page = cv2.resize(page, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.repeat(page[..., None], 3, axis=2)


def streaked(image: Image, count: int, scale: float, rng: np.random.Generator) -> Image:
    """Streaks from edge to edge, as dirt on the glass of a scanner draws them, pale or black.

    Args:
        image: the page.
        count: how many.
        scale: pixels at 200 dpi to pixels of the page.
        rng: settles places, breadths and darkness.
    """
    marked = image.astype(np.float32)
    for _ in range(count):
        left = int(rng.uniform(0.1, 0.9) * image.shape[1])
        breadth = max(1, round(scale * float(rng.integers(1, 4))))
        marked[:, left : left + breadth] *= 1 - rng.uniform(0.25, 0.95)
    return _whole(marked)


def soiled(image: Image, count: int, scale: float, rng: np.random.Generator) -> Image:
    """Round specks of toner, one to three pixels of 200 dpi in radius; ``scale`` as for ``streaked``."""
    marked = np.ascontiguousarray(image)
    for _ in range(count):
        place = int(rng.uniform(0, image.shape[1])), int(rng.uniform(0, image.shape[0]))
        radius, level = max(1, round(scale * float(rng.integers(1, 4)))), float(rng.uniform(0, 90))
        cv2.circle(marked, place, radius, (level, level, level), -1, cv2.LINE_AA)
    return marked


def compressed(image: Image, quality: int) -> Image:
    """Through JPEG at ``quality`` 1..100."""
    done, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"a picture of shape {image.shape} cannot be written as JPEG")
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
