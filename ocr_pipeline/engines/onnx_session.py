"""ONNX Runtime on a CPU, set up alike for every model that this program runs by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ocr_pipeline.errors import WeightsError

__all__ = ["open_session"]

_ERRORS_ONLY = 3


def open_session(path: Path | str, *, threads: int, purpose: str) -> Any:
    """An ``onnxruntime.InferenceSession``; any number of threads may run it at once.

    Args:
        path: the ONNX file.
        threads: of one run, at least 1.
        purpose: what the model is, for the message.

    Raises:
        WeightsError: the file is missing or cannot be loaded.
    """
    # The pipeline imports the engines; what needs no model, a text dump or an error, need not wait for the runtime.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin while they wait take the cores from the recogniser and from other processes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The arena would keep the largest activation of each model for the life of the process.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ERRORS_ONLY
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # ONNX Runtime raises a dozen unrelated classes for a file it cannot load.
        raise WeightsError(f"{purpose} cannot be loaded: {error}", source=path) from error
