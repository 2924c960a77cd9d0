"""The steps from nothing to weights: ``python -m ocr_pipeline.evaluation.page_net render|train|export|measure``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ocr_pipeline.errors import OcrPipelineError
from ocr_pipeline.evaluation.page_net.cache import render
from ocr_pipeline.evaluation.page_net.recipe import load_recipe


def _render(arguments: argparse.Namespace) -> None:
    data = load_recipe(arguments.recipe).train
    for done in render(data, arguments.pages, arguments.jobs):
        _say(f"{done} of {data.pages} pages")


def _train(arguments: argparse.Namespace) -> None:
    from ocr_pipeline.evaluation.page_net.engines.training import train

    for line in train(load_recipe(arguments.recipe), arguments.pages, arguments.out):
        _say(line)


def _export(arguments: argparse.Namespace) -> None:
    from ocr_pipeline.evaluation.page_net.engines.export import export

    path = export(arguments.out / "weights.pt", arguments.out / "page_net.onnx")
    _say(f"{path}: {path.stat().st_size} bytes")


def _measure(arguments: argparse.Namespace) -> None:
    from ocr_pipeline.evaluation.page_net.ablation import ablation, format_scores
    from ocr_pipeline.evaluation.page_net.held_out import held_out_pages
    from ocr_pipeline.layout import load_detector
    from ocr_pipeline.page_net.engines.loading import load_viewer
    from ocr_pipeline.page_net.engines.onnx_viewer import OnnxViewer
    from ocr_pipeline.text.load import load_text_engine

    exported = arguments.out / "page_net.onnx"
    viewer = OnnxViewer(exported) if exported.is_file() else load_viewer()
    pages = held_out_pages(load_recipe(arguments.recipe).held_out)
    _say(format_scores(ablation(pages, viewer, load_detector(), load_text_engine().detector)))


_STEPS = {"render": _render, "train": _train, "export": _export, "measure": _measure}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ocr_pipeline.evaluation.page_net", description=__doc__)
    parser.add_argument("step", choices=tuple(_STEPS))
    parser.add_argument("--recipe", type=Path, help="YAML; the packaged recipe when left out")
    parser.add_argument("--pages", type=Path, default=Path("out/page_net/pages"), help="folder of drawn pages")
    parser.add_argument("--out", type=Path, default=Path("out/page_net"), help="folder of what training writes")
    parser.add_argument("--jobs", type=int, default=1, help="processes that draw")
    chosen = parser.parse_args(arguments)
    try:
        _STEPS[chosen.step](chosen)
    except OcrPipelineError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
