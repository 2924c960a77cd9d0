"""Tables: rulings to grids, cells to texts, pieces over page breaks to one table."""

from ocr_pipeline.tables.aligned import find_aligned, holds_figures
from ocr_pipeline.tables.choosing import among, with_maps
from ocr_pipeline.tables.closer import look_closer
from ocr_pipeline.tables.find import FoundTable, find_tables
from ocr_pipeline.tables.joining import join_tables
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.reading import ReadTable, read_table
from ocr_pipeline.tables.scars import doubt_beside_scars, doubt_blanks
from ocr_pipeline.tables.seals import doubt_under_seals
from ocr_pipeline.tables.whole_rulings import whole_rulings
from ocr_pipeline.tables.witness import hear_witness

__all__ = [
    "FoundTable",
    "ReadTable",
    "TableOptions",
    "among",
    "doubt_beside_scars",
    "doubt_blanks",
    "doubt_under_seals",
    "find_aligned",
    "find_tables",
    "hear_witness",
    "holds_figures",
    "join_tables",
    "look_closer",
    "read_table",
    "whole_rulings",
    "with_maps",
]
