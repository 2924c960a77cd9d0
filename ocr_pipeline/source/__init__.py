"""Opens documents of every kind, decided by content, within limits: as pages, or as a flow where there are none.

>>> from ocr_pipeline.source import open_source
>>> open_source("no/such/file.pdf")
Traceback (most recent call last):
    ...
ocr_pipeline.errors.SourceNotFoundError: no/such/file.pdf: no such file (check the path)
"""

from ocr_pipeline.source.document_source import NOMINAL_DPI, Source, SourcePage
from ocr_pipeline.source.opening import open_source
from ocr_pipeline.source.options import SourceOptions

__all__ = ["NOMINAL_DPI", "Source", "SourceOptions", "SourcePage", "open_source"]
