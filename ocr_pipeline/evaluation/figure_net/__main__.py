"""The steps from nothing to weights: ``python -m ocr_pipeline.evaluation.figure_net render|train|export|measure``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ocr_pipeline.errors import OcrPipelineError
from ocr_pipeline.evaluation.figure_net.recipe import load_recipe


def _render(arguments: argparse.Namespace) -> None:
    from ocr_pipeline.evaluation.figure_net.cache import render

    done = 0
    for count in render(load_recipe(arguments.recipe).train, arguments.crops, arguments.jobs):
        done = count
        _say(f"{done} crops")


def _train(arguments: argparse.Namespace) -> None:
    from ocr_pipeline.evaluation.figure_net.engines.training import train

    for line in train(load_recipe(arguments.recipe), arguments.crops, arguments.out):
        _say(line)


def _export(arguments: argparse.Namespace) -> None:
    from ocr_pipeline.evaluation.figure_net.engines.export import export

    path = export(arguments.out / "weights.pt", arguments.out / "figure_net.onnx")
    _say(f"{path}: {path.stat().st_size} bytes")


def _measure(arguments: argparse.Namespace) -> None:
    from ocr_pipeline.evaluation.figure_net.measuring import format_shares, measure
    from ocr_pipeline.evaluation.figure_net.sheets import crops
    from ocr_pipeline.text.engines.figure_net import FigureReader
    from ocr_pipeline.text.load import load_text_engine
    from ocr_pipeline.text.options import TextOptions

    exported = arguments.out / "figure_net.onnx"
    general = load_text_engine(TextOptions(figure_reader=False))
    readers = {"figure_net": FigureReader(exported if exported.is_file() else None)}
    recognizers = [general.recognizer] if general.second is None else [general.recognizer, general.second]
    named = {**readers, **{reader.name: reader for reader in recognizers}}
    _say(format_shares(measure(crops(load_recipe(arguments.recipe).held_out), named)))


_STEPS = {"render": _render, "train": _train, "export": _export, "measure": _measure}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ocr_pipeline.evaluation.figure_net", description=__doc__)
    parser.add_argument("step", choices=tuple(_STEPS))
    parser.add_argument("--recipe", type=Path, help="YAML; the packaged recipe when left out")
    parser.add_argument("--crops", type=Path, default=Path("out/figure_net/crops"), help="folder of drawn crops")
    parser.add_argument("--out", type=Path, default=Path("out/figure_net"), help="folder of what training writes")
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
