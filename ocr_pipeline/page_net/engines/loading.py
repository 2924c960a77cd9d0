"""From the manifest to the page network, ready to look."""

from __future__ import annotations

from pathlib import Path

from ocr_pipeline.page_net.maps import Viewer
from ocr_pipeline.weights import resolve

__all__ = ["PAGE_NET", "load_viewer"]

PAGE_NET = "page_net"


def load_viewer(models_folder: Path | None = None, *, threads: int = 1) -> Viewer:
    """The network of the manifest.

    Args:
        models_folder: searched before the packaged models.
        threads: of one run; the pages of a document are shared among threads already (``crew.Crew``).

    Raises:
        WeightsError: the weights are missing, altered or cannot be loaded.
    """
    from ocr_pipeline.page_net.engines.onnx_viewer import OnnxViewer

    return OnnxViewer(resolve(PAGE_NET, models_folder), threads=threads)
