"""Weights on disk: as training leaves them, and as ONNX."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import onnx
import torch

from ocr_pipeline.errors import OutputError, WeightsError
from ocr_pipeline.frozen import FrozenModel

__all__ = ["load_weights", "store", "write_onnx"]

N = TypeVar("N", bound=torch.nn.Module)

_OPSET = 18


def store(
    out: Path, network: torch.nn.Module, recipe: FrozenModel, head: Sequence[str], log: Sequence[Sequence[float]]
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


def load_weights(weights: Path, build: Callable[[Mapping[str, Any]], N], name: str) -> N:
    """The trained network, in evaluation mode.

    Args:
        weights: what ``store`` wrote.
        build: makes the network from its recipe.
        name: of the network, for the message.

    Raises:
        WeightsError: the file is none of ``store``, or of another network.
    """
    try:
        stored = torch.load(weights, weights_only=True)
        network = build(stored["network"])
        network.load_state_dict(stored["weights"])
    except Exception as error:
        raise WeightsError(f"no trained {name}: {error}", source=weights) from error
    network.eval()
    return network


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
