"""Trains the reader of figures on a CPU: one cycle of AdamW, and an average of the weights for what is kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from ocr_pipeline.evaluation.figure_net.batches import batches, targets
from ocr_pipeline.evaluation.figure_net.cache import StoredCrops
from ocr_pipeline.evaluation.figure_net.engines.network import FigureNet, parameters
from ocr_pipeline.evaluation.figure_net.recipe import FigureRecipe
from ocr_pipeline.evaluation.page_net.engines.training import forget_statistics, store
from ocr_pipeline.text.figure_intake import STEP

__all__ = ["loss_of", "train"]

_EVERY = 200
_WARM = 0.06
_SETTLING = 200
_HEAD = ("step", "seconds", "loss")


def train(recipe: FigureRecipe, crops: Path, out: Path) -> Iterator[str]:
    """Train; gives a line for people every so many steps.

    Args:
        recipe: of the network and its training.
        crops: folder that ``cache.render`` filled.
        out: ``weights.pt`` and ``training_log.csv`` are written there.

    Raises:
        OutputError: there are no crops, or a file cannot be written.
    """
    settings = recipe.training
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    stored = StoredCrops(crops)
    network = FigureNet(recipe.network).to(memory_format=torch.channels_last)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(settings.average), use_buffers=True
    )
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.rate, total_steps=settings.steps + 1, pct_start=_WARM
    )
    yield f"{parameters(network)} weights, {len(stored)} crops, {settings.steps} steps"
    started, total, log = time.monotonic(), 0.0, []
    for step, (ink, widths, texts) in enumerate(_ahead(stored, settings.batch, settings.steps, settings.seed), start=1):
        loss = loss_of(network(_values(ink)), widths, texts)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        schedule.step()
        average.update_parameters(network)
        total += float(loss.detach())
        if step % _EVERY == 0 or step == settings.steps:
            row = [step, round(time.monotonic() - started), round(total / ((step - 1) % _EVERY + 1), 5)]
            log.append(row)
            total = 0.0
            if step == settings.steps:
                _settle(average.module, stored, settings.batch, settings.seed + 1)
            store(out, average.module, recipe.network, _HEAD, log)
            yield " ".join(f"{name} {value}" for name, value in zip(_HEAD, row, strict=True))


def loss_of(logits: torch.Tensor, widths: np.ndarray, texts: list[str]) -> torch.Tensor:
    """Connectionist temporal classification (Graves et al., ICML 2006), mean over the crops."""
    numbers, lengths = targets(texts)
    return functional.ctc_loss(
        functional.log_softmax(logits, dim=2).transpose(0, 1),
        torch.from_numpy(numbers),
        torch.from_numpy(-(-widths // STEP)),
        torch.from_numpy(lengths),
        zero_infinity=True,
    )


def _values(ink: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(ink).to(torch.float32).div(255.0).contiguous(memory_format=torch.channels_last)


def _ahead(crops: StoredCrops, size: int, count: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray, list[str]]]:
    """Batches, the next of which is made while one is learned from."""
    source = batches(crops, size, count, seed)
    with ThreadPoolExecutor(max_workers=1) as ahead:
        upcoming = ahead.submit(next, source, None)
        while (batch := upcoming.result()) is not None:
            upcoming = ahead.submit(next, source, None)
            yield batch


def _settle(network: FigureNet, crops: StoredCrops, size: int, seed: int) -> None:
    """Statistics of the normalisation for the averaged weights (Izmailov et al., UAI 2018, section 3.2)."""
    forget_statistics(network)
    with torch.no_grad():
        for ink, _, _ in batches(crops, size, _SETTLING, seed):
            network(_values(ink))
    network.eval()
