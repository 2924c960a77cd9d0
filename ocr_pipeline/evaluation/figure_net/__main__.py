"""The steps from nothing to weights, ``python -m ocr_pipeline.evaluation.figure_net STEP``.

They are ``render``, ``train``, ``further``, ``export`` and ``measure``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from ocr_pipeline.evaluation.figure_net.recipe import load_recipe
from ocr_pipeline.evaluation.training.command import Folders, run_step

_FURTHER = "further"
"""Folder of what is learned after the first training, and of what comes of it."""


def _render(folders: Folders) -> Iterator[str]:
    from ocr_pipeline.evaluation.figure_net.cache import render

    recipe = load_recipe(folders.recipe)
    for done in render(recipe.train, folders.drawn, folders.jobs):
        yield f"{done} crops"
    if recipe.further is not None:
        for done in render(recipe.further.sheets, folders.drawn / _FURTHER, folders.jobs):
            yield f"{done} crops to learn from then on"


def _train(folders: Folders) -> Iterator[str]:
    from ocr_pipeline.evaluation.figure_net.engines.training import train

    return train(load_recipe(folders.recipe), folders.drawn, folders.out)


def _further(folders: Folders) -> Iterator[str]:
    from ocr_pipeline.evaluation.figure_net.engines.training import train_further

    learned = [folders.drawn, folders.drawn / _FURTHER]
    return train_further(load_recipe(folders.recipe), learned, folders.out / "weights.pt", folders.out / _FURTHER)


def _export(folders: Folders) -> Iterator[str]:
    from ocr_pipeline.evaluation.figure_net.engines.export import export

    last = folders.out if load_recipe(folders.recipe).further is None else folders.out / _FURTHER
    path = export(last / "weights.pt", folders.out / "figure_net.onnx")
    yield f"{path}: {path.stat().st_size} bytes"


def _measure(folders: Folders) -> Iterator[str]:
    from ocr_pipeline.evaluation.figure_net.measuring import format_shares, measure
    from ocr_pipeline.evaluation.figure_net.sheets import crops
    from ocr_pipeline.text.engines.figure_net import FigureReader
    from ocr_pipeline.text.load import load_text_engine
    from ocr_pipeline.text.options import TextOptions

    exported = folders.out / "figure_net.onnx"
    general = load_text_engine(TextOptions(figure_reader=False))
    readers = {"figure_net": FigureReader(exported if exported.is_file() else None)}
    recognizers = [general.recognizer] if general.second is None else [general.recognizer, general.second]
    named = {**readers, **{reader.name: reader for reader in recognizers}}
    yield format_shares(measure(crops(load_recipe(folders.recipe).held_out), named))


_STEPS = {"render": _render, "train": _train, "further": _further, "export": _export, "measure": _measure}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step; returns the exit code."""
    return run_step("figure_net", "crops", _STEPS, arguments)


if __name__ == "__main__":
    sys.exit(main())
