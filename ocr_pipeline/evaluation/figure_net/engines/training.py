"""Trains the reader of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.evaluation.figure_net.batches import batches, targets
from ocr_pipeline.evaluation.figure_net.cache import StoredCrops
from ocr_pipeline.evaluation.figure_net.engines.export import load_network
from ocr_pipeline.evaluation.figure_net.engines.network import FigureNet
from ocr_pipeline.evaluation.figure_net.recipe import FigureRecipe
from ocr_pipeline.evaluation.training.engines.loop import Lesson, as_input, learn
from ocr_pipeline.evaluation.training.recipe import TrainingRecipe
from ocr_pipeline.text.figure_intake import STEP

__all__ = ["loss_of", "train", "train_further"]

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
    return _taught(recipe, recipe.training, StoredCrops(crops), lambda: FigureNet(recipe.network), out)


def train_further(recipe: FigureRecipe, crops: Sequence[Path], weights: Path, out: Path) -> Iterator[str]:
    """Train on from weights that ``train`` left, as the recipe's ``further`` has it; gives lines as that does.

    Args:
        recipe: of the network and its training.
        crops: folders that ``cache.render`` filled, all of which it learns from.
        weights: the file.
        out: ``weights.pt`` and ``training_log.csv`` are written there.

    Raises:
        OutputError: there are no crops, or a file cannot be written.
        WeightsError: there are no trained weights.
        ConfigurationError: the recipe ends with the first training.
    """
    if recipe.further is None:
        raise ConfigurationError(
            "the recipe says of no further training", remedy="the weights of the step train are all"
        )
    network = load_network(weights).train()
    yield from _taught(recipe, recipe.further.training, StoredCrops(*crops), lambda: network, out)


def _taught(
    recipe: FigureRecipe, settings: TrainingRecipe, stored: StoredCrops, build: Callable[[], FigureNet], out: Path
) -> Iterator[str]:
    settling = batches(stored, settings.batch, _SETTLING, settings.seed + 1)
    lesson = Lesson[_Batch](
        build=build,
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
