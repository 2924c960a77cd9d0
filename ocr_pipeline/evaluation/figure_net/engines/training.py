"""Trains the reader of figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from ocr_pipeline.evaluation.figure_net.batches import batches, targets
from ocr_pipeline.evaluation.figure_net.cache import StoredCrops
from ocr_pipeline.evaluation.figure_net.engines.network import FigureNet
from ocr_pipeline.evaluation.figure_net.recipe import FigureRecipe
from ocr_pipeline.evaluation.training.engines.loop import Lesson, as_input, learn
from ocr_pipeline.text.figure_intake import STEP

__all__ = ["loss_of", "train"]

_EVERY = 200
_SETTLING = 200

_Batch = tuple[NDArray[np.uint8], NDArray[np.int64], list[str]]


def train(recipe: FigureRecipe, crops: Path, out: Path) -> Iterator[str]:
    """Train; gives a line for people every so many steps.

    Args:
        recipe: of the network and its training.
        crops: folder that ``cache.render`` filled.
        out: ``weights.pt`` and ``training_log.csv`` are written there.

    Raises:
        OutputError: there are no crops, or a file cannot be written.
    """
    settings, stored = recipe.training, StoredCrops(crops)
    settling = batches(stored, settings.batch, _SETTLING, settings.seed + 1)
    lesson = Lesson[_Batch](
        build=lambda: FigureNet(recipe.network),
        recipe=recipe.network,
        batches=batches(stored, settings.batch, settings.steps, settings.seed),
        losses=lambda network, batch: [loss_of(network(as_input(batch[0])), *batch[1:])],
        columns=("loss",),
        settling=(as_input(ink) for ink, _, _ in settling),
        every=_EVERY,
    )
    return learn(lesson, settings, out)


def loss_of(logits: torch.Tensor, widths: NDArray[np.int64], texts: list[str]) -> torch.Tensor:
    """Connectionist temporal classification (Graves et al., ICML 2006), mean over the crops.

    Args:
        logits: crops x steps x outputs.
        widths: of the crops, in pixels.
        texts: what they print.
    """
    numbers, lengths = targets(texts)
    return functional.ctc_loss(
        functional.log_softmax(logits, dim=2).transpose(0, 1),
        torch.from_numpy(numbers),
        torch.from_numpy(-(-widths // STEP)),
        torch.from_numpy(lengths),
        zero_infinity=True,
    )
