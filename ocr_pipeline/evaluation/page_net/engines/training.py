"""Trains the page network on a CPU: one cycle of AdamW, and an average of the weights for the network that is kept."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from pydantic import BaseModel
from torch.nn import functional

from ocr_pipeline.errors import OutputError
from ocr_pipeline.evaluation.page_net.cache import StoredPages
from ocr_pipeline.evaluation.page_net.crops import draw_batch
from ocr_pipeline.evaluation.page_net.engines.network import PageNet, parameters
from ocr_pipeline.evaluation.page_net.recipe import Recipe
from ocr_pipeline.page_net.maps import MAPS

__all__ = ["forget_statistics", "loss_of", "settle", "store", "train"]

_EVERY = 100
_WARM = 0.06
_SETTLING = 100


def train(recipe: Recipe, pages: Path, out: Path) -> Iterator[str]:
    """Train; gives a line for people every hundred steps.

    Args:
        recipe: of the network and its training.
        pages: folder that ``cache.render`` filled.
        out: ``weights.pt`` and ``training_log.csv`` are written there.

    Raises:
        OutputError: there are no pages, or a file cannot be written.
    """
    settings = recipe.training
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    network = PageNet(recipe.network).to(memory_format=torch.channels_last)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(settings.average), use_buffers=True
    )
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.rate, total_steps=settings.steps + 1, pct_start=_WARM
    )
    yield f"{parameters(network)} weights, {settings.steps} steps"
    started, sums, log = time.monotonic(), np.zeros(1 + len(MAPS)), []
    for step, (ink, truth) in enumerate(_batches(recipe, StoredPages(pages)), start=1):
        values = ink.to(torch.float32).div(255.0).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=settings.half):
            logits = network(values)
        losses = loss_of(logits.to(torch.float32), truth.to(torch.float32))
        loss = sum(weight * losses[MAPS.index(name)] for name, weight in settings.weights.items())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        schedule.step()
        average.update_parameters(network)
        sums += [float(loss.detach()), *losses.detach().tolist()]
        if step % _EVERY == 0 or step == settings.steps:
            count = (step - 1) % _EVERY + 1
            row = [step, round(time.monotonic() - started), *(round(float(v), 4) for v in sums / count)]
            log.append(row)
            sums[:] = 0
            if step == settings.steps:
                settle(average.module, recipe, StoredPages(pages))
            store(out, average.module, recipe.network, _HEAD, log)
            yield " ".join(f"{name} {value}" for name, value in zip(_HEAD, row, strict=True))


_HEAD = ("step", "seconds", "loss", *MAPS)


def _batches(recipe: Recipe, pages: StoredPages) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """As many as there are steps; the next is cut while one is learned from."""
    settings = recipe.training
    rng = np.random.default_rng(settings.seed)

    def cut() -> tuple[torch.Tensor, torch.Tensor]:
        ink, maps = draw_batch(pages, settings.batch, settings.crop, rng)
        return torch.from_numpy(ink), torch.from_numpy(maps)

    with ThreadPoolExecutor(max_workers=1) as ahead:
        upcoming = ahead.submit(cut)
        for _ in range(settings.steps):
            batch = upcoming.result()
            upcoming = ahead.submit(cut)
            yield batch


def settle(network: PageNet, recipe: Recipe, pages: StoredPages) -> None:
    """Measure the statistics of the normalisation anew, for they were averaged over networks that are long gone.

    Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", UAI 2018, section 3.2.

    Args:
        network: with averaged weights; in evaluation mode afterwards.
        recipe: of its training.
        pages: to measure on.
    """
    settings = recipe.training
    forget_statistics(network)
    rng = np.random.default_rng(settings.seed + 1)
    with torch.no_grad():
        for _ in range(min(_SETTLING, settings.steps)):
            ink, _maps = draw_batch(pages, settings.batch, settings.crop, rng)
            network(torch.from_numpy(ink).to(torch.float32).div(255.0))
    network.eval()


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


def forget_statistics(network: torch.nn.Module) -> None:
    """Let the normalisation take a plain mean over all batches that follow; in training mode afterwards."""
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    network.train()


def store(
    out: Path, network: torch.nn.Module, recipe: BaseModel, head: Sequence[str], log: Sequence[Sequence[float]]
) -> None:
    """Write ``weights.pt``, with the recipe of the network, and ``training_log.csv``.

    Raises:
        OutputError: a file cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        torch.save({"network": recipe.model_dump(), "weights": network.state_dict()}, out / "weights.pt")
        with (out / "training_log.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(log)
    except OSError as error:
        raise OutputError(f"cannot write into {out}: {error.strerror or error}") from error
