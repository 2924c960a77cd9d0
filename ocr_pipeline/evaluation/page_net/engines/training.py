"""Trains the page network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from ocr_pipeline.evaluation.page_net.cache import StoredPages
from ocr_pipeline.evaluation.page_net.crops import draw_batch
from ocr_pipeline.evaluation.page_net.engines.network import PageNet
from ocr_pipeline.evaluation.page_net.recipe import PageTraining, Recipe
from ocr_pipeline.evaluation.training.engines.loop import Lesson, as_input, learn
from ocr_pipeline.page_net.maps import MAPS

__all__ = ["loss_of", "train"]

_SETTLING = 100

_Batch = tuple[NDArray[np.uint8], NDArray[np.uint8]]


def train(recipe: Recipe, pages: Path, out: Path) -> Iterator[str]:
    """Train; gives a line for people every hundred steps.

    Args:
        recipe: of the network and its training.
        pages: folder that ``cache.render`` filled.
        out: ``weights.pt`` and ``training_log.csv`` are written there.

    Raises:
        OutputError: there are no pages, or a file cannot be written.
    """
    settings, stored = recipe.training, StoredPages(pages)
    settling = _batches(stored, settings, min(_SETTLING, settings.steps), settings.seed + 1)
    lesson = Lesson[_Batch](
        build=lambda: PageNet(recipe.network),
        recipe=recipe.network,
        batches=_batches(stored, settings, settings.steps, settings.seed),
        losses=lambda network, batch: _losses(network, *batch, settings),
        columns=("loss", *MAPS),
        settling=(as_input(ink) for ink, _ in settling),
    )
    return learn(lesson, settings, out)


def _batches(pages: StoredPages, settings: PageTraining, count: int, seed: int) -> Iterator[_Batch]:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield draw_batch(pages, settings.batch, settings.crop, rng)


def _losses(
    network: torch.nn.Module, ink: NDArray[np.uint8], truth: NDArray[np.uint8], settings: PageTraining
) -> Sequence[torch.Tensor]:
    """The weighted sum, and then the loss of each map."""
    with torch.autocast("cpu", torch.bfloat16, enabled=settings.half):
        logits = network(as_input(ink))
    losses = loss_of(logits.to(torch.float32), torch.from_numpy(truth).to(torch.float32))
    weighted = [weight * losses[MAPS.index(name)] for name, weight in settings.weights.items()]
    return torch.stack(weighted).sum(), *losses


def loss_of(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Loss of each map, len(MAPS): cross entropy plus one minus the soft Dice coefficient over the batch.

    The Dice part (Milletari, Navab and Ahmadi, "V-Net", 2016) keeps thin rulings from being learned away: they are a
    hundredth of the pixels.
    """
    entropy = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none").mean(dim=(0, 2, 3))
    values = torch.sigmoid(logits)
    shared = (values * truth).sum(dim=(0, 2, 3))
    total = (values + truth).sum(dim=(0, 2, 3))
    return 4 * entropy + 1 - (2 * shared + 100.0) / (total + 100.0)
