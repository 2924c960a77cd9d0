"""Writes the trained reader of figures as ONNX, for any number of crops of any width that is a multiple of 4."""

from __future__ import annotations

from pathlib import Path

import torch

from ocr_pipeline.evaluation.figure_net.engines.network import ExportedReader, FigureNet
from ocr_pipeline.evaluation.figure_net.recipe import NetworkRecipe
from ocr_pipeline.evaluation.training.engines.weights import load_weights, write_onnx
from ocr_pipeline.text.figure_intake import HEIGHT, STEP

__all__ = ["export", "load_network"]


def load_network(weights: Path) -> FigureNet:
    """The trained network, in evaluation mode.

    Raises:
        WeightsError: the file is none of ``training.train``.
    """
    return load_weights(weights, lambda recipe: FigureNet(NetworkRecipe.model_validate(recipe)), "reader of figures")


def export(weights: Path, path: Path) -> Path:
    """Write the ONNX file.

    Raises:
        WeightsError: there are no trained weights.
    """
    network = ExportedReader(load_network(weights)).eval()
    example = torch.zeros(2, 1, HEIGHT, 12 * STEP, dtype=torch.uint8)
    count, steps = torch.export.Dim("count", min=1, max=4096), torch.export.Dim("steps", min=2, max=512)
    shapes = {"ink": {0: count, 3: STEP * steps}}
    return write_onnx(network, example, path, dynamic_shapes=shapes, output="probabilities")
