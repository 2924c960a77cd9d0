"""The folders that PaddleOCR loads: ``inference.onnx`` beside an ``inference.yml``, made from a verified ONNX file.

The packages carry bare ONNX files. The folder is derived data, so it is kept in the user's cache, or where that cannot
be written in a temporary folder for the life of the process.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from ocr_pipeline.errors import WeightsError
from ocr_pipeline.weights import cache_folder

__all__ = ["detection_config", "prepare_folder", "read_characters", "recognition_config"]

_CONFIG = "inference.yml"
_WEIGHTS = "inference.onnx"


def detection_config(name: str) -> dict[str, Any]:
    """What PaddleOCR has to know of a text detector (DB); thresholds and sizes are given at the call instead."""
    return {
        "Global": {"model_name": name},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"DetResizeForTest": {"resize_long": 960}},
                {
                    "NormalizeImage": {
                        "mean": [0.485, 0.456, 0.406],
                        "std": [0.229, 0.224, 0.225],
                        "scale": "1./255.",
                        "order": "hwc",
                    }
                },
                {"ToCHWImage": None},
                {"KeepKeys": {"keep_keys": ["image", "shape"]}},
            ]
        },
        "PostProcess": {"name": "DBPostProcess", "thresh": 0.3, "box_thresh": 0.6, "unclip_ratio": 1.5},
    }


def recognition_config(name: str, characters: Sequence[str]) -> dict[str, Any]:
    """What PaddleOCR has to know of a recogniser (CTC): input shape and characters (without blank and space)."""
    # PaddleOCR takes one string apart itself, and YAML reads that much faster than a list of 18,000 entries; but some
    # entries (flags) are of two code points.
    listed = "".join(characters) if all(len(character) == 1 for character in characters) else list(characters)
    return {
        "Global": {"model_name": name},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, 48, 320]}},
                {"KeepKeys": {"keep_keys": ["image"]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": listed},
    }


def read_characters(weights: Path, list_file: Path | None) -> tuple[str, ...]:
    """The characters a recogniser can write, in the order of its outputs, without blank and space.

    Args:
        weights: the ONNX file, read for its metadata ``character`` when there is no list.
        list_file: UTF-8, one character a line; None when the metadata holds it.

    Raises:
        WeightsError: there is no list, or it has an empty entry.
    """
    if list_file is not None:
        content = list_file.read_text(encoding="utf-8")
    else:
        content = _metadata(weights).get("character", "")
    # Not splitlines: the lists hold U+3000 and other characters that it, or strip, would take for white space.
    characters = content.split("\n")
    while characters and characters[-1] == "":
        characters.pop()
    if not characters or "" in characters:
        raise WeightsError(f"{list_file or weights} holds no list of characters, one a line")
    return tuple(characters)


def prepare_folder(weights: Path, config: dict[str, Any]) -> Path:
    """A folder PaddleOCR can load, made once and shared by processes.

    The folder is made beside its final place and renamed, so another process sees it whole or not at all.

    Args:
        weights: the ONNX file, already verified.
        config: content of ``inference.yml``.
    """
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False, width=1 << 30)
    stat = weights.stat()
    key = f"{weights.resolve()}\n{stat.st_size}\n{stat.st_mtime_ns}\n{text}".encode()
    name = f"{config['Global']['model_name']}-{hashlib.sha256(key).hexdigest()[:16]}"
    try:
        base = cache_folder() / "paddleocr"
        base.mkdir(parents=True, exist_ok=True)
        final = base / name
        if not _is_whole(final):
            _build(final, weights, text)
        if _is_whole(final):
            return final
    except OSError:
        pass  # A cache that cannot be written is no error: the folder below serves as well.
    private = Path(tempfile.mkdtemp(prefix="ocr-pipeline-"))
    atexit.register(shutil.rmtree, private, ignore_errors=True)
    _fill(private, weights, text)
    return private


def _is_whole(folder: Path) -> bool:
    return (folder / _CONFIG).is_file() and (folder / _WEIGHTS).is_file()


def _build(final: Path, weights: Path, config: str) -> None:
    making = Path(tempfile.mkdtemp(prefix=f".{final.name}-", dir=final.parent))
    try:
        _fill(making, weights, config)
        try:
            making.rename(final)
        except OSError:
            # Another process was first, or an earlier one left it without its weights; the loser's copy is not needed.
            if not _is_whole(final):
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _fill(folder: Path, weights: Path, config: str) -> None:
    (folder / _CONFIG).write_text(config, encoding="utf-8")
    target = folder / _WEIGHTS
    for link in (os.symlink, os.link, shutil.copyfile):
        try:
            link(weights.resolve(), target)
        except OSError:
            continue
        return
    raise WeightsError(f"{weights} cannot be linked or copied into {folder}", remedy="make room on the disk")


def _metadata(weights: Path) -> dict[str, str]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    return dict(session.get_modelmeta().custom_metadata_map)
