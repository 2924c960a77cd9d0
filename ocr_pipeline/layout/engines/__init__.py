"""Models that look for regions, behind LayoutParser's interface. Importing this package loads no runtime."""

from ocr_pipeline.layout.engines.loading import load_detector

__all__ = ["load_detector"]
