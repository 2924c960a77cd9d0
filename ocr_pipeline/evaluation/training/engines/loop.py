"""Trains a network on a CPU: one cycle of AdamW, and an average of the weights for the network that is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from ocr_pipeline.evaluation.training.engines.weights import store
from ocr_pipeline.evaluation.training.recipe import TrainingRecipe
from ocr_pipeline.frozen import FrozenModel

__all__ = ["Lesson", "as_input", "learn"]

B = TypeVar("B")

_WARM = 0.06
"""Share of the steps in which the learning rate rises."""
_CLIP = 2.0


@dataclass(frozen=True)
class Lesson(Generic[B]):
    """What a network learns.

    Attributes:
        build: makes the network, with weights drawn at random.
        recipe: of the network, stored with its weights.
        batches: as many as there are steps; the next is made while one is learned from.
        losses: what a batch costs the network, and after it what else goes into the log.
        columns: of the log, one for each of the losses.
        settling: inputs to measure the statistics of the normalisation on, for the averaged weights.
        every: steps between two lines of the log.
    """

    build: Callable[[], torch.nn.Module]
    recipe: FrozenModel
    batches: Iterable[B]
    losses: Callable[[torch.nn.Module, B], Sequence[torch.Tensor]]
    columns: tuple[str, ...]
    settling: Iterable[torch.Tensor]
    every: int = 100


def learn(lesson: Lesson[B], settings: TrainingRecipe, out: Path) -> Iterator[str]:
    """Train; gives a line for people every so many steps.

    Args:
        lesson: the network and what it learns from.
        settings: of the optimisation.
        out: ``weights.pt`` and ``training_log.csv`` are written there.

    Raises:
        OutputError: a file cannot be written.
    """
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    network = lesson.build().to(memory_format=torch.channels_last)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(settings.average), use_buffers=True
    )
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.rate, total_steps=settings.steps + 1, pct_start=_WARM
    )
    yield f"{sum(weight.numel() for weight in network.parameters())} weights, {settings.steps} steps"
    head = ("step", "seconds", *lesson.columns)
    started, sums, log = time.monotonic(), np.zeros(len(lesson.columns)), []
    for step, batch in enumerate(_ahead(lesson.batches), start=1):
        losses = lesson.losses(network, batch)
        optimizer.zero_grad(set_to_none=True)
        losses[0].backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
        optimizer.step()
        schedule.step()
        average.update_parameters(network)
        sums += [float(loss.detach()) for loss in losses]
        if step % lesson.every == 0 or step == settings.steps:
            count = (step - 1) % lesson.every + 1
            row = [step, round(time.monotonic() - started), *(round(float(value), 5) for value in sums / count)]
            log.append(row)
            sums[:] = 0
            if step == settings.steps:
                _settle(average.module, lesson.settling)
            store(out, average.module, lesson.recipe, head, log)
            yield " ".join(f"{name} {value}" for name, value in zip(head, row, strict=True))


def as_input(ink: NDArray[np.uint8]) -> torch.Tensor:
    """What a network calculates with: 0..1, float32, laid out as convolutions like it."""
    return torch.from_numpy(ink).to(torch.float32).div(255.0).contiguous(memory_format=torch.channels_last)


def _ahead(batches: Iterable[B]) -> Iterator[B]:
    """The batches, the next of which is made while one is learned from."""
    source = iter(batches)
    with ThreadPoolExecutor(max_workers=1) as ahead:
        upcoming = ahead.submit(next, source, None)
        while (batch := upcoming.result()) is not None:
            upcoming = ahead.submit(next, source, None)
            yield batch


def _settle(network: torch.nn.Module, inputs: Iterable[torch.Tensor]) -> None:
    """Measure the statistics of the normalisation anew, for they were averaged over networks that are long gone.

    Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", UAI 2018, section 3.2.
    """
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.reset_running_stats()
            # The plain mean over all that follows.
            layer.momentum = None
    network.train()
    with torch.no_grad():
        for values in inputs:
            network(values)
    network.eval()
