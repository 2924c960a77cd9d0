"""A recogniser's network as a function of arrays, whatever runs it: ONNX Runtime, or torch on a CPU or GPU."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.errors import ConfigurationError, MissingExtraError
from ocr_pipeline.text.decode import Steps, steps_of

__all__ = ["Network", "onnx_network", "torch_network"]


class Network(Protocol):
    """A recogniser's network; threads may share it."""

    def __call__(self, images: NDArray[np.float32], columns: Sequence[int], /) -> Steps:
        """What the network says of images, with their axis before those of ``Steps``.

        Args:
            images: batch x 3 x 48 x width, -1..1.
            columns: of the characters whose probabilities are asked for.
        """
        ...


def onnx_network(session: Any) -> Network:
    """The network of an ONNX Runtime session."""
    name = session.get_inputs()[0].name

    def run(images: NDArray[np.float32], columns: Sequence[int], /) -> Steps:
        return steps_of(np.asarray(session.run(None, {name: images})[0], dtype=np.float32), columns)

    return run


def torch_network(weights: Path, characters: int, *, device: str) -> Network:
    """PP-OCRv6 small in torch, in the form that Hugging Face transformers gives it.

    Its probabilities are those of the ONNX file to about 1e-4.

    Args:
        weights: safetensors in the names of transformers' ``PPOCRV6SmallRecForTextRecognition``.
        characters: how many it tells apart, blank included.
        device: cpu or gpu.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        ConfigurationError: no CUDA for ``device="gpu"``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import torch
            from safetensors.torch import load_file
            from transformers import PPOCRV6SmallRecConfig, PPOCRV6SmallRecForTextRecognition
    except ImportError:
        raise MissingExtraError("torch", "text.runtime torch") from None
    if device == "gpu" and not torch.cuda.is_available():
        raise ConfigurationError(
            "device gpu needs a torch built for CUDA and a GPU", remedy="set text.device to cpu, or install both"
        )
    # Products of ten bits, the default of newer cards, would make other readings than a CPU's.
    torch.backends.cudnn.allow_tf32 = False
    place = torch.device("cuda" if device == "gpu" else "cpu")
    model = PPOCRV6SmallRecForTextRecognition(PPOCRV6SmallRecConfig(head_out_channels=characters))
    model.load_state_dict(load_file(weights))
    model.eval().to(place)

    def run(images: NDArray[np.float32], columns: Sequence[int], /) -> Steps:
        with torch.inference_mode():
            found = model(torch.from_numpy(images).to(place)).last_hidden_state.float()
            # Reduced where it is: to copy the probabilities of all characters takes longer than to work them out.
            peak, best = found.max(dim=2)
            picked = found[:, :, torch.tensor(list(columns), dtype=torch.long, device=place)]
            return Steps(best.cpu().numpy(), peak.cpu().numpy(), picked.cpu().numpy())

    return run
