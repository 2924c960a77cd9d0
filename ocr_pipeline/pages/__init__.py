"""Makes pages upright, straight and clean, each with the map back to its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocr_pipeline.pages.inputs import Orientation, Orienter, RasterSource
from ocr_pipeline.pages.options import PageOptions

if TYPE_CHECKING:
    from ocr_pipeline.pages.preparing import prepare

__all__ = ["Orientation", "Orienter", "PageOptions", "RasterSource", "prepare"]


def __getattr__(name: str) -> Any:
    # The options are wanted by whoever reads the configuration; OpenCV only by whoever prepares a page.
    if name == "prepare":
        from ocr_pipeline.pages.preparing import prepare

        return prepare
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
