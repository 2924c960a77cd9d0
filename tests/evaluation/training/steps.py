"""What the tests of the networks share: their marks, and the steps that make a network of a small recipe."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

NEEDS_TORCH = [
    pytest.mark.skipif(
        any(importlib.util.find_spec(name) is None for name in ("torch", "onnx", "onnxscript")),
        reason="torch, onnx and onnxscript are not installed: pip install 'ocr-pipeline[torch]'",
    ),
    # torch's own modules warn of each other.
    pytest.mark.filterwarnings("ignore"),
]


def take_steps(
    main: Callable[[Sequence[str]], int],
    recipe: str,
    drawn: str,
    folder: Path,
    steps: Sequence[str] = ("render", "train", "export"),
) -> Path:
    """Draw, train and export by the commands of the model card; everything is in the folder afterwards."""
    path = folder / "recipe.yaml"
    path.write_text(recipe, encoding="utf-8")
    for step in steps:
        arguments = [step, "--recipe", str(path), f"--{drawn}", str(folder / drawn), "--out", str(folder)]
        assert main(arguments) == 0
    return folder
