from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.text.engines import runtime


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What PaddleOCR is asked for, which it then does not load."""
    given: dict[str, Any] = {}
    monkeypatch.setattr(runtime, "_import_paddleocr", lambda: SimpleNamespace(TextDetection=given.update))
    return given


def test_a_gpu_searches_no_algorithms_and_rounds_as_a_cpu_does(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from paddlex.inference.models.runners.onnxruntime_runner import ONNXRuntimeRunnerConfig

    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CUDAExecutionProvider"])
    runtime.load_predictor("TextDetection", "det", Path("models"), device="gpu")
    assert asked["device"] == "gpu"
    config = ONNXRuntimeRunnerConfig.model_validate(asked["engine_config"])
    assert config.provider_options == {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}


def test_a_cpu_gets_no_options_of_another_provider(asked: dict[str, Any]) -> None:
    runtime.load_predictor("TextDetection", "det", Path("models"), device="cpu")
    assert "provider_options" not in asked["engine_config"]


def test_a_gpu_needs_a_runtime_with_cuda(asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ConfigurationError, match="ONNX Runtime with CUDA"):
        runtime.load_predictor("TextDetection", "det", Path("models"), device="gpu")
    assert asked == {}
