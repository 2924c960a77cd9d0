"""Loads PaddleOCR's predictors on ONNX Runtime, quietly and without asking any model host."""

from __future__ import annotations

import logging
import os
import warnings
from pathlib import Path
from typing import Any, Literal

from ocr_pipeline.errors import ConfigurationError, DependencyError
from ocr_pipeline.weights import cache_folder

__all__ = ["load_predictor"]


def load_predictor(
    kind: Literal["TextDetection", "TextRecognition"],
    name: str,
    folder: Path,
    *,
    device: str,
    **arguments: Any,
) -> Any:
    """One of PaddleOCR's single-model predictors.

    Args:
        kind: its class in paddleocr.
        name: the model's name as PaddleOCR knows it.
        folder: holds ``inference.onnx`` and ``inference.yml``.
        device: cpu or gpu.
        arguments: further ones of that class.

    Raises:
        DependencyError: paddleocr cannot be imported.
        ConfigurationError: no CUDA build of ONNX Runtime for ``device="gpu"``.
    """
    paddleocr = _import_paddleocr()
    config: dict[str, Any] = {
        # Shapes change from batch to batch, so a memory plan for one shape is wrong for the next and only costs memory.
        "enable_mem_pattern": False,
        "log_severity_level": 3,
        # The threads are the caller's: two that run a model each keep two cores busier than one operation on two.
        "intra_op_num_threads": 1,
        "inter_op_num_threads": 1,
    }
    if device == "gpu":
        _require_cuda()
        config["provider_options"] = {
            # The default measures every algorithm for every new shape, and nearly every batch is one.
            "cudnn_conv_algo_search": "HEURISTIC",
            # Products of ten bits, the default of newer cards, would make other readings than a CPU's.
            "use_tf32": "0",
        }
    predictor_class = getattr(paddleocr, kind)
    return predictor_class(
        model_name=name,
        model_dir=str(folder),
        engine="onnxruntime",
        engine_config=config,
        device=device,
        **arguments,
    )


def _import_paddleocr() -> Any:
    # Both are read when paddlex is imported. Without the first it asks its model hosts at every start.
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    os.environ.setdefault("PADDLE_PDX_CACHE_HOME", str(cache_folder() / "paddlex"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import paddleocr
    except ImportError as error:
        raise DependencyError(
            f"paddleocr cannot be imported: {error}", remedy="pip install 'paddleocr>=3.7,<3.8'"
        ) from error
    logging.getLogger("paddlex").setLevel(logging.WARNING)
    return paddleocr


def _require_cuda() -> None:
    import onnxruntime

    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        raise ConfigurationError(
            "device gpu needs an ONNX Runtime with CUDA",
            remedy="pip uninstall onnxruntime && pip install onnxruntime-gpu, or set device to cpu",
        )
