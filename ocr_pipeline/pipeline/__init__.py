"""The order of the stages: one document in, one Report out. This is the only room that knows it.

source -> pages -> tables (rulings) -> layout (regions) -> text -> tables (cells) -> text (the source's own) -> layout
-> tables (joining) -> templates -> report

``reader`` is the way of a document, ``page_stages`` that of each of its pages; in between, ``bodies`` makes one
document of pages, or of a flow with its pictures.
"""

from ocr_pipeline.pipeline.models import ORIENTATION_MODEL
from ocr_pipeline.pipeline.reader import Reader, read

__all__ = ["ORIENTATION_MODEL", "Reader", "read"]
