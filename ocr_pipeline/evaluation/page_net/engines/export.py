"""Writes the trained network as ONNX, from uint8 ink to uint8 maps, for pages of any size."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import onnx
import torch

from ocr_pipeline.errors import WeightsError
from ocr_pipeline.evaluation.page_net.engines.network import ExportedNet, PageNet
from ocr_pipeline.evaluation.page_net.recipe import NetworkRecipe
from ocr_pipeline.page_net.intake import MULTIPLE

__all__ = ["export", "load_network", "write_onnx"]

_OPSET = 18


def load_network(weights: Path) -> PageNet:
    """The trained network, in evaluation mode.

    Raises:
        WeightsError: the file is none of ``training.train``.
    """
    try:
        stored = torch.load(weights, weights_only=True)
        network = PageNet(NetworkRecipe.model_validate(stored["network"]))
        network.load_state_dict(stored["weights"])
    except Exception as error:
        raise WeightsError(f"no trained page network: {error}", source=weights) from error
    network.eval()
    return network


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


def write_onnx(
    network: torch.nn.Module, example: torch.Tensor, path: Path, *, dynamic_shapes: dict[str, Any], output: str
) -> Path:
    """Write a network of one input, ``ink``, as ONNX; what it notes of this machine is left out.

    Args:
        network: in evaluation mode.
        example: an input, uint8.
        path: of the file.
        dynamic_shapes: as for ``torch.onnx.export``.
        output: name of its output.
    """
    with warnings.catch_warnings():
        # The exporter warns of what it does itself.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (example,),
            path,
            input_names=["ink"],
            output_names=[output],
            dynamic_shapes=dynamic_shapes,
            opset_version=_OPSET,
            external_data=False,
            dynamo=True,
            verbose=False,
        )
    _strip_notes(path)
    return path


def _strip_notes(path: Path) -> None:
    """Take out what the exporter notes of the machine it ran on: for each node the lines of the code that made it."""
    model = onnx.load(path)
    graph = model.graph
    for item in (model, graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer):
        del item.metadata_props[:]
        item.doc_string = ""
    onnx.save(model, path)
