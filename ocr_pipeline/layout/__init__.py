"""What stands where on a page, in which order it is read, and how the document is divided.

``detect_regions`` looks at the picture, ``arrange`` puts the lines that were read into regions, and ``outline`` makes
the section tree of all pages. The models are in ``engines``.
"""

from ocr_pipeline.layout.arrange import arrange
from ocr_pipeline.layout.engines.loading import load_detector
from ocr_pipeline.layout.flow_outline import TableMark, outline_flow
from ocr_pipeline.layout.mapped import mapped_tables
from ocr_pipeline.layout.numbering import Scheme, parse_numbering
from ocr_pipeline.layout.options import DetectorOptions, LayoutOptions
from ocr_pipeline.layout.outline import Outline, outline
from ocr_pipeline.layout.parting import parted_at_white
from ocr_pipeline.layout.regions import RegionDetector, beside_headings, detect_regions, with_tables
from ocr_pipeline.layout.table_areas import is_stray
from ocr_pipeline.layout.table_headings import cut_at_headings, lone_headings
from ocr_pipeline.layout.unread import unread_areas

__all__ = [
    "DetectorOptions",
    "LayoutOptions",
    "Outline",
    "RegionDetector",
    "Scheme",
    "TableMark",
    "arrange",
    "beside_headings",
    "cut_at_headings",
    "detect_regions",
    "is_stray",
    "load_detector",
    "lone_headings",
    "mapped_tables",
    "outline",
    "outline_flow",
    "parse_numbering",
    "parted_at_white",
    "unread_areas",
    "with_tables",
]
