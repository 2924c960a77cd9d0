"""Drawn pages as the network meets them: sealed, damaged, straightened as well as it goes, with their true maps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.evaluation.page_net.labels import keep_printed, paint
from ocr_pipeline.evaluation.page_net.recipe import DataRecipe
from ocr_pipeline.evaluation.page_net.scenes import Scene, draw_scene
from ocr_pipeline.evaluation.synthetic import seal
from ocr_pipeline.evaluation.synthetic.damage import damage
from ocr_pipeline.evaluation.synthetic.prose import body_name
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.truth import PageTruth
from ocr_pipeline.geometry import Transform
from ocr_pipeline.page_net.intake import ink_of, reduced
from ocr_pipeline.page_net.maps import MAPS, STRIDE, WORK_DPI

__all__ = ["DamagedPage", "Sample", "damaged_pages", "samples"]

_SEAL_STROKES = 5
"""Pixels of the maps, white between the strokes of a seal's character."""
_FINE = 2
"""Pages are straightened at this multiple of ``WORK_DPI`` and then reduced, as the program does it."""


@dataclass(frozen=True, eq=False)
class DamagedPage:
    """One page as it was handed out.

    Attributes:
        name: seed and page, such as ``12/0``.
        profile: its damage.
        image: height x width x 3, uint8, RGB.
        dpi: of the image.
        to_image: from the undamaged raster to the image.
        ink: how much ink of seals stands where, on the undamaged raster, 0..1.
        page: what is true of it.
        report: the drawn report it is a page of.
    """

    name: str
    profile: str
    image: NDArray[np.uint8]
    dpi: float
    to_image: Transform
    ink: NDArray[np.float32]
    page: PageTruth
    report: SyntheticReport


@dataclass(frozen=True, eq=False)
class Sample:
    """One page to train on.

    Attributes:
        name: seed and page, such as ``12/0``.
        profile: its damage.
        color: height x width x 3, uint8, RGB, at twice ``WORK_DPI``, straightened as far as the program could.
        truth: len(MAPS) x height / 4 x width / 4 (rounded up), uint8, 0 or 1.
    """

    name: str
    profile: str
    color: NDArray[np.uint8]
    truth: NDArray[np.uint8]


def samples(recipe: DataRecipe) -> Iterator[Sample]:
    """The pages of a recipe as the network is trained on them, one after the other."""
    for number, damaged in enumerate(damaged_pages(recipe)):
        yield _sample(damaged, recipe, random.Random(f"{damaged.name}/{number}/sample"))


def damaged_pages(recipe: DataRecipe) -> Iterator[DamagedPage]:
    """The pages of a recipe as they were handed out, one after the other."""
    scene = Scene(recipe.faces, recipe.dpi, recipe.clutter_share, recipe.known_share, recipe.hard_share)
    made, seed = 0, recipe.seed
    while made < recipe.pages:
        rng = random.Random(f"{seed}/samples")
        report = draw_scene(seed, scene)
        profile = rng.choices(list(recipe.profiles), list(recipe.profiles.values()))[0]
        order = sorted(range(len(report.pages)), key=lambda i: (not report.truth.pages[i].tables, rng.random()))
        for index in order[: min(recipe.most_of_scene, recipe.pages - made)]:
            yield _damaged(report, index, profile, recipe, rng)
            made += 1
        seed += 1


def _damaged(report: SyntheticReport, index: int, profile: str, recipe: DataRecipe, rng: random.Random) -> DamagedPage:
    page = report.truth.pages[index]
    image, ink = report.pages[index], np.zeros(report.pages[index].shape[:2], np.float32)
    if rng.random() < recipe.seal_share:
        image, ink = _sealed(image, page, rng)
    # Only this page is damaged; its neighbour shows through from the back.
    pages = (image, report.pages[(index + 1) % len(report.pages)])
    alone = report.truth.model_copy(update={"pages": (page.model_copy(update={"index": 0}),)})
    done = damage(SyntheticReport(pages, alone), profile, rng.randrange(1 << 30))
    after, name = done.truth.pages[0], f"{report.truth.seed}/{index}"
    return DamagedPage(name, profile, done.pages[0], after.image_dpi, after.transform, ink, page, report)


def _sample(damaged: DamagedPage, recipe: DataRecipe, rng: random.Random) -> Sample:
    page = damaged.page
    to_color = _straightened(page, recipe, rng)
    width, height = (round(side * WORK_DPI * _FINE / page.dpi) for side in (page.width, page.height))
    color = _warped(damaged.image, damaged.to_image.inverse().then(to_color), (width, height))
    to_input = to_color.then(Transform.scaling(1 / _FINE, 1 / _FINE))
    size = (_maps_side(width), _maps_side(height))
    maps = paint(page, damaged.report.truth.grids, to_input, size)
    maps["seal"] = _ink_map(damaged.ink, to_input, size)
    keep_printed(maps, ink_of(reduced(color, WORK_DPI * _FINE)).max(axis=2))
    truth = np.stack([maps[name] for name in MAPS])
    return Sample(damaged.name, damaged.profile, color, truth)


def _maps_side(side: int) -> int:
    return -(-round(side / _FINE) // STRIDE)


def _warped(image: NDArray[np.uint8], transform: Transform, size: tuple[int, int]) -> NDArray[np.uint8]:
    matrix = Transform.translation(0.5, 0.5).then(transform).then(Transform.translation(-0.5, -0.5)).as_array()
    # A resolution above that of the target is halved first, or hairlines would fall between its pixels.
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    if scale < 0.7:
        image = np.asarray(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        return _warped(image, Transform.scaling(2, 2).then(transform), size)
    warped = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def _straightened(page: PageTruth, recipe: DataRecipe, rng: random.Random) -> Transform:
    """From the raster to a page straightened with a remaining skew, stray corners and a wrong resolution."""
    zoom = WORK_DPI * _FINE / page.dpi * (1 + rng.uniform(-1, 1) * recipe.zoom)
    width, height = page.width, page.height
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    worse = 4 if recipe.slack and rng.random() < recipe.slack else 1
    angle = np.radians(rng.gauss(0, recipe.skew) * min(worse, 2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = corners.mean(axis=0)
    stray = np.array([[rng.gauss(0, recipe.stray) * worse * width for _ in range(2)] for _ in range(4)])
    moved = ((corners - middle) @ turn.T + middle + stray) * zoom
    moved += np.array([rng.uniform(-0.02, 0.02) * width * zoom for _ in range(2)])
    return Transform.from_array(np.asarray(cv2.getPerspectiveTransform(corners, moved.astype(np.float32)), np.float64))


def _sealed(
    image: NDArray[np.uint8], page: PageTruth, rng: random.Random
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """One to three seals, and where their ink is (0..1)."""
    ink = np.zeros(image.shape[:2], np.float32)
    draws = np.random.default_rng(rng.randrange(1 << 30))
    for _ in range(rng.choice([1, 1, 2, 3])):
        diameter = round(page.dpi / 25.4 * rng.uniform(30, 50))
        mask = seal.seal_mask(body_name(rng), "bundled-serif", diameter, draws)
        center = (rng.uniform(0.1, 0.9) * page.width, rng.uniform(0.1, 0.9) * page.height)
        if page.tables and rng.random() < 0.6:
            box = rng.choice(page.tables).box
            center = (rng.uniform(box.left, box.right), rng.uniform(box.top, box.bottom))
        red = (rng.randint(170, 240), rng.randint(10, 80), rng.randint(15, 80))
        blue = (rng.randint(20, 80), rng.randint(40, 100), rng.randint(150, 220))
        image = seal.press_seal(image, mask, center, red if rng.random() < 0.9 else blue, rng.uniform(0.4, 0.95))
        # The same stamp on a black sheet of paper, so to say: what it leaves is the ink itself.
        blank = np.full((*ink.shape, 3), 255, np.uint8)
        ink = np.maximum(ink, 1 - seal.press_seal(blank, mask, center, (0, 0, 0), 1.0)[..., 0] / np.float32(255))
    return image, ink


def _ink_map(ink: NDArray[np.float32], to_input: Transform, size: tuple[int, int]) -> NDArray[np.uint8]:
    if not ink.any():
        return np.zeros((size[1], size[0]), np.uint8)
    to_map = to_input.then(Transform.scaling(1 / STRIDE, 1 / STRIDE))
    coverage = _warped((ink * 255).astype(np.uint8), to_map, size)
    # Strokes are thinner than a pixel; what lies between those of one character belongs to the seal as well.
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_SEAL_STROKES, _SEAL_STROKES))
    return np.asarray(cv2.morphologyEx((coverage > 50).astype(np.uint8), cv2.MORPH_CLOSE, kernel), np.uint8)
