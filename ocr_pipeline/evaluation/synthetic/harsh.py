"""Damages so harsh that figures are misread, each of one kind; none moves what is printed by more than its pixels."""

from __future__ import annotations

import random
from typing import Any

from ocr_pipeline.evaluation.synthetic.damage import Damage

__all__ = ["harsh_damage"]


def harsh_damage(rng: random.Random) -> Damage:
    """One of a kind drawn at random, as harsh as ``rng`` has it."""
    return _KINDS[rng.choice(list(_KINDS))](rng)


def _faint(rng: random.Random) -> Damage:
    contrast, thin, blur = rng.uniform(0.15, 0.32), rng.uniform(0.2, 0.9), rng.uniform(0.3, 0.8)
    return Damage(contrast=contrast, thin=thin, blur=blur, **_grain(rng))


def _coarse(rng: random.Random) -> Damage:
    return Damage(dpi=rng.uniform(66, 92), blur=rng.uniform(0.0, 0.6), **_grain(rng))


def _fax(rng: random.Random) -> Damage:
    thin, coarse = rng.choice([0.0, 0.25, 0.5]), rng.random() < 0.6
    speckle, dropped = rng.uniform(0.001, 0.005), rng.uniform(0.003, 0.01)
    return Damage(fax=True, coarse=coarse, thin=thin, noise=20, speckle=speckle, dropped=dropped)


def _blurred(rng: random.Random) -> Damage:
    return Damage(blur=rng.uniform(1.2, 2.6), **_grain(rng))


def _noisy(rng: random.Random) -> Damage:
    return Damage(noise=rng.uniform(20, 45), contrast=rng.uniform(0.35, 0.7), blur=rng.uniform(0.4, 1.0))


def _sealed(rng: random.Random) -> Damage:
    contrast, blur = rng.uniform(0.3, 0.9), rng.uniform(0.5, 1.3)
    return Damage(seals=rng.randint(2, 6), contrast=contrast, blur=blur, **_grain(rng))


def _photographed(rng: random.Random) -> Damage:
    """As a camera sees it, but from straight above: the grids have to stay where they are."""
    contrast, blur, shade = rng.uniform(0.3, 0.8), rng.uniform(1.0, 2.2), rng.uniform(0.3, 0.7)
    return Damage(contrast=contrast, blur=blur, shade=shade, **_grain(rng))


def _grain(rng: random.Random) -> dict[str, Any]:
    return {"noise": rng.uniform(3, 12), "jpeg": rng.randint(35, 85)}


_KINDS = {
    "faint": _faint,
    "coarse": _coarse,
    "fax": _fax,
    "blurred": _blurred,
    "noisy": _noisy,
    "sealed": _sealed,
    "photographed": _photographed,
}
