"""Damages drawn reports as scanners, fax machines, cameras and offices do, and records what it did to the geometry.

A ``Damage`` is a plain description that can be written down and combined; ``PROFILES`` draw one by a seed, each with a
strength of its own. Names joined by ``+`` (``seal+scan``) are done one on top of the other.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.evaluation.synthetic import seal, stains, warp
from ocr_pipeline.evaluation.synthetic.fonts import FALLBACK
from ocr_pipeline.evaluation.synthetic.marking import watermarked
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.truth import PageTruth
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.geometry import Transform

__all__ = ["PROFILES", "Damage", "damage", "draw_damage"]

Image = NDArray[np.uint8]


class Damage(FrozenModel):
    """What happens to the pages of a report, in the order of the fields; the defaults leave everything as it is.

    Lengths in pixels are at 200 dpi and scale with the page's resolution.
    """

    seals: int = Field(0, ge=0, le=6, description="seals on each page, over tables where there are any")
    watermark: float = Field(0.0, ge=0, le=0.5, description="darkness of a watermark")
    bleed: float = Field(0.0, ge=0, le=0.5, description="how much of the back shows through")
    contrast: float = Field(1.0, gt=0, le=1, description="darkness of the ink")
    thin: float = Field(0.0, ge=0, le=1, description="strokes eroded")
    skew: float = Field(0.0, ge=-10, le=10, description="degrees, each page up to this, either way")
    perspective: float = Field(0.0, ge=0, le=0.1, description="corners of a photograph stray, share of the width")
    paper: tuple[int, int, int] = Field((255, 255, 255), description="RGB of the paper")
    shade: float = Field(0.0, ge=0, le=0.9, description="uneven light, how dark the darkest place")
    dpi: float | None = Field(None, ge=50, le=600, description="resolution handed out; None keeps the page's own")
    blur: float = Field(0.0, ge=0, le=5, description="standard deviation in pixels")
    noise: float = Field(0.0, ge=0, le=60, description="standard deviation in grey levels")
    gray: bool = Field(False, description="handed out without colour")
    fax: bool = Field(False, description="one bit a pixel, with lost lines and dirt")
    coarse: bool = Field(False, description="a fax of half the lines")
    speckle: float = Field(0.0, ge=0, le=0.05, description="share of a fax's pixels turned over")
    dropped: float = Field(0.0, ge=0, le=0.05, description="share of a fax's lines damaged")
    specks: int = Field(0, ge=0, le=5000, description="of toner, on each page")
    streaks: int = Field(0, ge=0, le=8, description="from edge to edge of each scan")
    turns: int = Field(0, ge=0, le=3, description="clockwise quarter turns")
    jpeg: int | None = Field(None, ge=5, le=100, description="quality")


def _scan(rng: random.Random) -> Damage:
    white = rng.randint(238, 253)
    return Damage(
        skew=rng.choice([0.3, 0.8, 1.5, 2.2]),
        paper=(white, white - rng.randint(0, 3), white - rng.randint(0, 8)),
        bleed=rng.choice([0.0, 0.0, 0.06, 0.12]),
        shade=rng.uniform(0.0, 0.1),
        blur=rng.uniform(0.3, 0.8),
        noise=rng.uniform(2, 8),
        gray=rng.random() < 0.5,
        jpeg=rng.randint(55, 92),
    )


def _watermark(rng: random.Random) -> Damage:
    return _scan(rng).model_copy(update={"watermark": rng.uniform(0.15, 0.32), "bleed": 0.0})


def _streaks(rng: random.Random) -> Damage:
    return _scan(rng).model_copy(update={"streaks": rng.randint(1, 4)})


def _specks(rng: random.Random) -> Damage:
    return _scan(rng).model_copy(update={"specks": rng.randint(100, 900)})


def _fax(rng: random.Random) -> Damage:
    return Damage(
        fax=True,
        coarse=rng.random() < 0.5,
        skew=rng.uniform(0.2, 1.2),
        thin=rng.choice([0.0, 0.0, 0.25]),
        blur=0.5,
        noise=rng.uniform(6, 22),
        speckle=rng.uniform(0.0002, 0.003),
        dropped=rng.uniform(0.0, 0.006),
    )


def _faint(rng: random.Random) -> Damage:
    return _scan(rng).model_copy(
        update={"contrast": rng.uniform(0.22, 0.5), "thin": rng.uniform(0.0, 0.7), "bleed": 0.0, "shade": 0.05}
    )


def _seal(rng: random.Random) -> Damage:
    return Damage(
        seals=rng.randint(1, 3), skew=0.5, blur=rng.uniform(0.2, 0.5), noise=rng.uniform(0, 4), jpeg=rng.randint(70, 93)
    )


def _photo(rng: random.Random) -> Damage:
    warm = rng.randint(225, 248)
    return Damage(
        perspective=rng.uniform(0.008, 0.045),
        paper=(warm, warm - rng.randint(0, 8), warm - rng.randint(4, 24)),
        shade=rng.uniform(0.25, 0.6),
        blur=rng.uniform(0.5, 1.2),
        noise=rng.uniform(3, 9),
        jpeg=rng.randint(60, 90),
    )


def _lowres(rng: random.Random) -> Damage:
    return Damage(
        dpi=rng.choice([96, 100, 100, 110]), skew=0.4, blur=rng.uniform(0.0, 0.5), noise=rng.uniform(0, 4),
        jpeg=rng.randint(50, 85),
    )  # fmt: skip


def _sideways(rng: random.Random) -> Damage:
    return _scan(rng).model_copy(update={"turns": rng.choice([1, 3]), "skew": 0.5})


def _upsidedown(rng: random.Random) -> Damage:
    return _scan(rng).model_copy(update={"turns": 2, "skew": 0.5})


PROFILES: dict[str, Callable[[random.Random], Damage]] = {
    "clean": lambda _: Damage(),
    "scan": _scan,
    "fax": _fax,
    "faint": _faint,
    "seal": _seal,
    "photo": _photo,
    "lowres": _lowres,
    "sideways": _sideways,
    "upsidedown": _upsidedown,
    "watermark": _watermark,
    "streaks": _streaks,
    "specks": _specks,
}


def draw_damage(profile: str, seed: int) -> list[Damage]:
    """The damages of a profile, in order; more than one for names joined by ``+``.

    Raises:
        ConfigurationError: no such profile.
    """
    drawn = []
    for name in profile.split("+"):
        if name not in PROFILES:
            raise ConfigurationError(
                f"no damage profile {name!r}", remedy=f"choose from {', '.join(PROFILES)}, or several joined by +"
            )
        drawn.append(PROFILES[name](random.Random(f"{seed}/{name}")))
    return drawn


def damage(report: SyntheticReport, profile: str | Damage, seed: int) -> SyntheticReport:
    """A damaged copy; its truth keeps the boxes of the undamaged raster and carries the map onto the new pictures.

    Args:
        report: as drawn, or already damaged.
        profile: a name of ``PROFILES``, several joined by ``+``, or a damage of one's own.
        seed: settles strength, noise and places.

    Raises:
        ConfigurationError: no such profile.
    """
    steps = [profile] if isinstance(profile, Damage) else draw_damage(profile, seed)
    name = "custom" if isinstance(profile, Damage) else profile
    pages = list(report.pages)
    truths = list(report.truth.pages)
    for number, step in enumerate(steps):
        originals = tuple(pages)
        for i, truth in enumerate(truths):
            rng = np.random.default_rng([zlib.crc32(name.encode()), abs(seed), number, i])
            pages[i], truths[i] = _page(originals, truth, step, report, rng)
    updated = report.truth.model_copy(update={"profile": name, "pages": tuple(truths)})
    return SyntheticReport(tuple(pages), updated)


def _page(
    originals: tuple[Image, ...], truth: PageTruth, step: Damage, report: SyntheticReport, rng: np.random.Generator
) -> tuple[Image, PageTruth]:
    image = originals[truth.index]
    scale = truth.image_dpi / 200
    if step.seals:
        image = _sealed(image, truth, step.seals, report.truth.body, rng)
    if step.watermark:
        image = watermarked(image, step.watermark, scale, rng)
    if step.bleed:
        image = stains.bled(image, originals[(truth.index + 1) % len(originals)], step.bleed)
    if step.contrast < 1:
        image = stains.faded(image, step.contrast, rng)
    if step.thin:
        image = stains.thinned(image, step.thin)
    if step.paper != (255, 255, 255):
        image = stains.toned(image, step.paper)
    if step.specks:
        image = stains.soiled(image, step.specks, scale, rng)
    image, transform, dpi = _warped(image, truth, step, rng)
    if step.shade:
        image = stains.lit(image, step.shade, rng)
    if step.blur:
        image = stains.blurred(image, max(0.15, step.blur * scale * dpi / truth.image_dpi))
    if step.noise:
        image = stains.grained(image, step.noise, rng, coloured=not step.gray)
    if step.gray:
        image = np.repeat(image.mean(axis=2).astype(np.uint8)[..., None], 3, axis=2)
    if step.fax:
        image = stains.faxed(image, rng, coarse=step.coarse, speckle=step.speckle, dropped=step.dropped)
    if step.streaks:
        image = stains.streaked(image, step.streaks, dpi / 200, rng)
    if step.turns:
        image, turn = warp.turned(image, step.turns)
        transform = transform.then(turn)
    if step.jpeg is not None:
        image = stains.compressed(image, step.jpeg)
    changes = {
        "transform": truth.transform.then(transform),
        "image_width": image.shape[1],
        "image_height": image.shape[0],
        "image_dpi": dpi,
    }
    return image, truth.model_copy(update=changes)


def _warped(image: Image, truth: PageTruth, step: Damage, rng: np.random.Generator) -> tuple[Image, Transform, float]:
    transform, dpi = Transform.identity(), truth.image_dpi
    if step.skew:
        image, turn = warp.skewed(image, float(rng.uniform(-step.skew, step.skew)), step.paper)
        transform = transform.then(turn)
    if step.perspective:
        image, slant, _ = warp.photographed(image, step.perspective, rng)
        transform = transform.then(slant)
    if step.dpi is not None:
        image, scale = warp.rescaled(image, step.dpi / dpi)
        transform, dpi = transform.then(scale), step.dpi
    return image, transform, dpi


def _sealed(image: Image, truth: PageTruth, count: int, body: str, rng: np.random.Generator) -> Image:
    for _ in range(count):
        diameter = round(truth.image_dpi / 25.4 * rng.uniform(36, 46))
        mask = seal.seal_mask(body, FALLBACK, diameter, rng)
        height, width = image.shape[:2]
        x, y = rng.uniform(0.15, 0.85) * width, rng.uniform(0.15, 0.9) * height
        if truth.tables and rng.random() < 0.8:
            area = truth.on_image(truth.tables[int(rng.integers(len(truth.tables)))].box)
            x, y = rng.uniform(area.left, area.right), rng.uniform(area.top, area.bottom)
        color = (int(rng.integers(190, 235)), int(rng.integers(15, 70)), int(rng.integers(20, 70)))
        image = seal.press_seal(image, mask, (float(x), float(y)), color, float(rng.uniform(0.55, 0.95)))
    return image
