"""The steps from nothing to weights: ``python -m ocr_pipeline.evaluation.page_net render|train|export|measure``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from ocr_pipeline.evaluation.page_net.recipe import load_recipe
from ocr_pipeline.evaluation.training.command import Folders, run_step


def _render(folders: Folders) -> Iterator[str]:
    from ocr_pipeline.evaluation.page_net.cache import render

    data = load_recipe(folders.recipe).train
    for done in render(data, folders.drawn, folders.jobs):
        yield f"{done} of {data.pages} pages"


def _train(folders: Folders) -> Iterator[str]:
    from ocr_pipeline.evaluation.page_net.engines.training import train

    return train(load_recipe(folders.recipe), folders.drawn, folders.out)


def _export(folders: Folders) -> Iterator[str]:
    from ocr_pipeline.evaluation.page_net.engines.export import export

    path = export(folders.out / "weights.pt", folders.out / "page_net.onnx")
    yield f"{path}: {path.stat().st_size} bytes"


def _measure(folders: Folders) -> Iterator[str]:
    from ocr_pipeline.evaluation.measurement import LayoutScores, write_measurement
    from ocr_pipeline.evaluation.page_net.ablation import ablation, format_scores
    from ocr_pipeline.evaluation.page_net.held_out import held_out_pages
    from ocr_pipeline.layout import load_detector
    from ocr_pipeline.page_net.engines.loading import load_viewer
    from ocr_pipeline.page_net.engines.onnx_viewer import OnnxViewer
    from ocr_pipeline.pipeline import Reader
    from ocr_pipeline.text.load import load_text_engine

    exported = folders.out / "page_net.onnx"
    viewer = OnnxViewer(exported) if exported.is_file() else load_viewer()
    pages = held_out_pages(load_recipe(folders.recipe).held_out)
    scores = ablation(pages, viewer, load_detector(), text=load_text_engine().detector, reader=Reader())
    yield format_scores(scores)
    write_measurement(LayoutScores.of(scores), folders.out / "measures.json")


_STEPS = {"render": _render, "train": _train, "export": _export, "measure": _measure}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step; returns the exit code."""
    return run_step("page_net", "pages", _STEPS, arguments)


if __name__ == "__main__":
    sys.exit(main())
