"""Writes the trained network as ONNX, from uint8 ink to uint8 maps, for pages of any size."""

from __future__ import annotations

from pathlib import Path

import torch

from ocr_pipeline.evaluation.page_net.engines.network import ExportedNet, PageNet
from ocr_pipeline.evaluation.page_net.recipe import NetworkRecipe
from ocr_pipeline.evaluation.training.engines.weights import load_weights, write_onnx
from ocr_pipeline.page_net.intake import MULTIPLE

__all__ = ["export", "load_network"]


def load_network(weights: Path) -> PageNet:
    """The trained network, in evaluation mode.

    Raises:
        WeightsError: the file is none of ``training.train``.
    """
    return load_weights(weights, lambda recipe: PageNet(NetworkRecipe.model_validate(recipe)), "page network")


def export(weights: Path, path: Path) -> Path:
    """Write the ONNX file; its height and width are free multiples of 32.

    Raises:
        WeightsError: there are no trained weights.
    """
    network = ExportedNet(load_network(weights)).eval()
    example = torch.zeros(1, 3, 8 * MULTIPLE, 6 * MULTIPLE, dtype=torch.uint8)
    rows, columns = (torch.export.Dim(name, min=1, max=256) for name in ("rows", "columns"))
    free = {2: MULTIPLE * rows, 3: MULTIPLE * columns}
    return write_onnx(network, example, path, dynamic_shapes={"ink": free}, output="maps")
