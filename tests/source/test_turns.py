from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from ocr_pipeline.errors import DamagedSourceError
from ocr_pipeline.source.turns import PageInTurn
from ocr_pipeline.text_layer import TextLayer


class _Guarded:
    """A page that notices when two threads are in the document."""

    unit: Literal["pt", "px"] = "pt"
    inside = threading.Lock()

    def __init__(self, index: int) -> None:
        self.index = index

    def _enter(self) -> None:
        assert self.inside.acquire(blocking=False), "two threads in one document"
        time.sleep(0.0005)
        self.inside.release()

    @property
    def width(self) -> float:
        self._enter()
        return 100.0 + self.index

    @property
    def height(self) -> float:
        self._enter()
        return 200.0

    @property
    def native_dpi(self) -> float | None:
        self._enter()
        return None

    def render(self, dpi: float) -> NDArray[np.uint8]:
        self._enter()
        return np.full((2, 2, 3), int(dpi), np.uint8)

    def render_without_text(self, dpi: float) -> NDArray[np.uint8] | None:
        self._enter()
        return None

    def text_layer(self) -> TextLayer | None:
        self._enter()
        raise DamagedSourceError("no characters")


def _use(page: PageInTurn) -> tuple[float, float, int]:
    with pytest.raises(DamagedSourceError):
        page.text_layer()
    assert page.native_dpi is None
    assert page.render_without_text(100) is None
    return page.width, page.height, int(page.render(72)[0, 0, 0])


def test_pages_are_used_one_at_a_time_and_say_what_they_say() -> None:
    pages = [PageInTurn(_Guarded(index)) for index in range(20)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(_use, pages)) == [(100.0 + index, 200.0, 72) for index in range(20)]
    assert [page.index for page in pages] == list(range(20))
    assert {page.unit for page in pages} == {"pt"}
