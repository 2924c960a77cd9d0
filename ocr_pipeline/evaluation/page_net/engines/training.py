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
_GAP = 21
"""Pixels of the maps from the foot of one table to the head of the next that count as between them."""
_GAP_WEIGHT = 4.0

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
    hundredth of the pixels. It is left out where a map shows nothing, or every doubt would be punished there and what
    is rare never be learned. The white between two tables weighs more (as between cells in Ronneberger et al., 2015).
    """
    entropy = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    entropy = (entropy * (1 + _GAP_WEIGHT * _gaps(truth))).mean(dim=(0, 2, 3))
    values = torch.sigmoid(logits)
    shared = (values * truth).sum(dim=(0, 2, 3))
    total = (values + truth).sum(dim=(0, 2, 3))
    there = (truth.sum(dim=(0, 2, 3)) > 0).to(values.dtype)
    return 4 * entropy + there * (1 - (2 * shared + 100.0) / (total + 100.0))


def _gaps(truth: torch.Tensor) -> torch.Tensor:
    """Where the map of tables is empty between two that stand one below the other, and the rows next to that."""
    gaps = torch.zeros_like(truth)
    table = truth[:, MAPS.index("table")]
    wide = functional.max_pool2d(table, (_GAP, 1), 1, (_GAP // 2, 0))
    closed = 1 - functional.max_pool2d(1 - wide, (_GAP, 1), 1, (_GAP // 2, 0))
    between = functional.max_pool2d(closed - table, (3, 1), 1, (1, 0))
    gaps[:, MAPS.index("table")] = between
    return gaps
