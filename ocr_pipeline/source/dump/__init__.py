"""Text dumps: decoded, split into cells, and told apart into prose and what may be tables."""

from ocr_pipeline.source.dump.opening import open_dump, read_flow

__all__ = ["open_dump", "read_flow"]
