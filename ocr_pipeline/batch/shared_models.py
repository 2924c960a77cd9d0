"""The models that read text, in one process for all workers: what is asked of it, and how that is done in batches."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Polygon
from ocr_pipeline.text.batches import BatchedLines, LineImage
from ocr_pipeline.text.decode import Steps
from ocr_pipeline.text.options import TextOptions

__all__ = ["Ask", "LineWish", "ModelsOfAnother", "PageWish", "TextWork"]

R = TypeVar("R")

_GPU_WIDTH = 20_480
"""Pixels of lines that a GPU has at once; what keeps the cores of a CPU busy leaves one idle."""
_GPU_PAGES = 8


@dataclass(frozen=True, slots=True)
class LineWish:
    """A line to be read; ``columns`` of the characters whose probabilities are asked for."""

    model: Literal["first", "second"]
    line: LineImage
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PageWish:
    """A page on which lines are to be found; RGB, uint8."""

    page: NDArray[np.uint8]


class Ask(Protocol):
    """Has wishes done, in their order."""

    def __call__(self, wishes: Sequence[LineWish | PageWish], /) -> list[Any]:
        """``Steps`` for each line, polygons for each page."""
        ...


class TextWork:
    """The models of this process, as ``gathering.Work``.

    Args:
        options: of the text stage.
        models_folder: searched before the installed packages.

    Raises:
        OcrPipelineError: see ``text.load.load_text_engine``.
    """

    def __init__(self, options: TextOptions, models_folder: Path | None = None) -> None:
        from ocr_pipeline.text.engines.paddle import PaddleDetector, PaddleRecognizer

        on_gpu = options.device == "gpu"
        self._width = max(options.batch_width, _GPU_WIDTH) if on_gpu else options.batch_width
        self._pages = _GPU_PAGES if on_gpu else 1
        self._detector = PaddleDetector(options, models_folder)
        names = {"first": options.recognizer, "second": options.second_recognizer}
        self._lines = {
            model: cast(BatchedLines, PaddleRecognizer(name, options, models_folder).lines)
            for model, name in names.items()
            if name is not None
        }

    def bucket(self, wish: LineWish | PageWish) -> tuple[Hashable, int]:
        """See ``Work.bucket``."""
        if isinstance(wish, PageWish):
            return self._detector.bucket(wish.page), self._pages
        width = wish.line.bucket
        return (wish.model, width, wish.columns), max(1, self._width // width)

    def run(self, wishes: Sequence[LineWish | PageWish]) -> Sequence[Any]:
        """See ``Work.run``."""
        pages = [wish.page for wish in wishes if isinstance(wish, PageWish)]
        if pages:
            return self._detector.detect_all(pages)
        lines = [wish for wish in wishes if isinstance(wish, LineWish)]
        first = lines[0]
        return self._lines[first.model].run([wish.line for wish in lines], first.columns)


class ModelsOfAnother:
    """Models that another process holds; ``text.load.SharedModels``."""

    def __init__(self, ask: Ask) -> None:
        self.detector = _Detector(ask)
        self.lines = _Lines(ask, "first")
        self.second_lines = _Lines(ask, "second")


@dataclass(frozen=True)
class _Detector:
    ask: Ask

    def detect(self, image: NDArray[np.uint8]) -> list[Polygon]:
        if image.size == 0:
            return []
        [found] = self.ask([PageWish(image)])
        return list(found)


@dataclass(frozen=True)
class _Lines:
    ask: Ask
    model: Literal["first", "second"]

    def read(self, images: Sequence[LineImage], columns: Sequence[int], decode: Callable[[Steps], R]) -> list[R]:
        if not images:
            return []
        chosen = tuple(columns)
        return [decode(steps) for steps in self.ask([LineWish(self.model, image, chosen) for image in images])]
