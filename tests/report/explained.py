"""The report of conftest.py with sums over its form, and pictures of its page."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from ocr_pipeline.document import PageImage
from ocr_pipeline.equations import Equation
from ocr_pipeline.geometry import Transform
from ocr_pipeline.report import PagePictures, Report

NATURAL, BUSINESS, TOTAL = "natural", "business", "total"


def _row(row: str) -> Equation:
    plus = tuple(f"applications/{row}/{column}" for column in (NATURAL, BUSINESS))
    return Equation(f"applicants[{row}]", plus, (), (f"applications/{row}/{TOTAL}",), about="each row adds up")


def _column(column: str) -> Equation:
    plus = tuple(f"applications/{row}/{column}" for row in ("3.1", "3.3.1"))
    return Equation(f"results[{column}]", plus, (), (f"applications/1/{column}",), about="row 1 is the sum of results")


def with_sums(report: Report) -> Report:
    """91 + 2 = 93 and 40 + 1 = 41 close, 41 + 1234 = 93 does not, what has a missing member says nothing."""
    equations = (*(_row(row) for row in ("1", "3.1", "3.3.1")), *(_column(column) for column in (NATURAL, TOTAL)))
    (sheet,) = report.sheets
    return Report(**{**dict(report), "sheets": (sheet.model_copy(update={"equations": equations}),)})


def drawn_pages(report: Report) -> PagePictures:
    """A picture of each page with the grid of its tables and the text of every cell."""
    pictures = PagePictures()
    for page in report.pages:
        sheet = Image.new("RGB", (page.width, page.height), (252, 252, 250))
        draw = ImageDraw.Draw(sheet)
        for table in report.document.tables:
            for cell in table.cells:
                for place in (place for place in cell.places if place.page == page.index):
                    draw.rectangle(place.box.as_tuple(), outline=(30, 30, 30))
                    draw.text(
                        (place.box.left + 8, place.box.top + 8), cell.text.encode("ascii", "ignore"), fill=(0, 0, 0)
                    )
        color = np.asarray(sheet, dtype=np.uint8)
        pictures.add(
            PageImage(
                index=page.index,
                color=color,
                gray=color[:, :, 0],
                dpi=page.dpi,
                transform=Transform.scaling(0.5),
                source_size=(page.source_width, page.source_height),
            )
        )
    return pictures
