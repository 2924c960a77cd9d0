"""Tables: rulings to grids, cells to texts, pieces over page breaks to one table."""

from ocr_pipeline.tables.find import FoundTable, find_tables
from ocr_pipeline.tables.joining import join_tables
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.reading import read_table

__all__ = ["FoundTable", "TableOptions", "find_tables", "join_tables", "read_table"]
