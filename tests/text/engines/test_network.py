"""The same weights in ONNX Runtime and in torch: the same probabilities, and so the same readings."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pytest

from ocr_pipeline.engine import FIGURE_ALPHABET
from ocr_pipeline.errors import ConfigurationError, MissingExtraError, WeightsError
from ocr_pipeline.text.engines.network import torch_network
from ocr_pipeline.text.engines.paddle import PaddleRecognizer
from ocr_pipeline.text.options import TextOptions
from ocr_pipeline.weights import resolve

Draw = Callable[..., np.ndarray]
TEXTS = ("0", "7", "12", "1,234", "+85", "-13", "52.15", "根据《中华人民共和国政府信息公开条例》，现予公布。")


@pytest.fixture(scope="module")
def in_torch() -> PaddleRecognizer:
    pytest.importorskip("torch", reason="needs torch: pip install 'ocr-pipeline[torch]'")
    pytest.importorskip("transformers", reason="needs transformers: pip install 'ocr-pipeline[torch]'")
    try:
        resolve("PP-OCRv6_small_rec_torch")
    except WeightsError as error:
        pytest.skip(str(error))
    return PaddleRecognizer("PP-OCRv6_small_rec", TextOptions(runtime="torch"))


def test_both_runtimes_read_alike(in_torch: PaddleRecognizer, recognizer: PaddleRecognizer, draw: Draw) -> None:
    images = [draw(text) for text in TEXTS]
    for alphabet in (None, FIGURE_ALPHABET):
        theirs = recognizer.recognize(images, alphabet=alphabet)
        for mine, other in zip(in_torch.recognize(images, alphabet=alphabet), theirs, strict=True):
            assert mine.text == other.text
            assert mine.confidence == pytest.approx(other.confidence, abs=2e-3)
            assert [reading.text for reading in mine.typed] == [reading.text for reading in other.typed]
            for one, two in zip(mine.typed, other.typed, strict=True):
                assert np.exp(one.log_prob) == pytest.approx(np.exp(two.log_prob), abs=2e-3)


@pytest.mark.parametrize("size", [(1, 64), (5, 320), (2, 1000)])
def test_both_runtimes_give_the_same_probabilities(
    size: tuple[int, int], in_torch: PaddleRecognizer, recognizer: PaddleRecognizer
) -> None:
    count, width = size
    images = np.random.default_rng(width).uniform(-1, 1, (count, 3, 48, width)).astype(np.float32)
    every = range(18710)
    mine, theirs = in_torch.lines.network(images, every), recognizer.lines.network(images, every)
    assert mine.picked.shape == theirs.picked.shape
    assert np.abs(mine.picked - theirs.picked).max() < 2e-3
    assert np.abs(mine.peak - theirs.peak).max() < 2e-3
    assert (mine.peak == mine.picked.max(axis=2)).all()


def test_without_torch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match=r"ocr-pipeline\[torch\]"):
        torch_network(resolve("PP-OCRv6_small_rec"), 18710, device="cpu")


def test_a_gpu_that_is_not_there_is_an_error(in_torch: PaddleRecognizer) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    with pytest.raises(ConfigurationError, match="built for CUDA"):
        PaddleRecognizer("PP-OCRv6_small_rec", TextOptions(runtime="torch", device="gpu"))
