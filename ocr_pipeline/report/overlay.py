"""Page pictures with what each stage found drawn on them: regions, grids, values.

Every function takes a page's upright raster (height x width x 3, uint8, RGB), leaves it as it is, and returns a copy of
the same width with the drawing on it and a strip with the legend below it; coordinates stay those of the raster.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Region, Table, Value
from ocr_pipeline.geometry import Box
from ocr_pipeline.report.palette import REGION_COLORS, STATUS_STYLES, Color

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

__all__ = ["draw_regions", "draw_tables", "draw_values"]

Picture = NDArray[np.uint8]

_CELL_COLORS: dict[str, Color] = {"cell": (0, 114, 178), "spanning cell": (213, 94, 0), "empty": (204, 121, 167)}
_TABLE_COLOR: Color = (0, 158, 115)
_FILL_OPACITY = 60
_FONT_FILE = Path("misc") / "NotoSerifCJKjp-Regular.otf"


def draw_regions(image: Picture, regions: Sequence[Region]) -> Picture:
    """Each region in the colour of its kind, with its place in the reading order; its lines thin."""
    canvas = _Canvas(image)
    for region in regions:
        color = REGION_COLORS[region.kind]
        for line in region.lines:
            canvas.outline(line.box, color, thin=True)
        canvas.outline(region.box, color)
        canvas.tag(region.box, f"{region.order} {region.kind.value} {region.confidence:.2f}", color, beside=True)
    used = {region.kind: REGION_COLORS[region.kind] for region in regions}
    return canvas.finished({kind.value: color for kind, color in used.items()})


def draw_tables(image: Picture, tables: Sequence[Table], page_index: int) -> Picture:
    """The grids of the tables as far as they stand on that page: each cell, spanning and empty ones told apart.

    Args:
        image: raster of the page.
        tables: all tables of the document, or some.
        page_index: the page shown, from 0.
    """
    canvas = _Canvas(image)
    for table in tables:
        for cell in table.cells:
            kind = "spanning cell" if cell.row_span > 1 or cell.column_span > 1 else "cell"
            kind = kind if cell.text.strip() else "empty"
            for place in cell.places:
                if place.page == page_index:
                    canvas.block(place.box, _CELL_COLORS[kind])
        for place in table.places:
            if place.page == page_index:
                canvas.outline(place.box, _TABLE_COLOR)
                canvas.tag(place.box, f"{table.id}: {table.rows} x {table.columns}", _TABLE_COLOR, beside=True)
    return canvas.finished({**_CELL_COLORS, "table": _TABLE_COLOR})


def draw_values(image: Picture, values: Sequence[Value], tables: Sequence[Table], page_index: int) -> Picture:
    """The cell of each value in the colour of its status, with the number that was made of it.

    A value's own box is on the source page, so its cell is looked up by table, row and column; a value without one
    (its cell was not found) cannot be drawn.

    Args:
        image: raster of the page.
        values: all values of the report, or some.
        tables: the tables they came from.
        page_index: the page shown, from 0.
    """
    places = {
        (table.id, row, column): cell.places
        for table in tables
        for row, slots in enumerate(table.grid())
        for column, cell in enumerate(slots)
        if cell is not None
    }
    canvas = _Canvas(image)
    for value in values:
        style = STATUS_STYLES[value.status]
        for place in places.get((value.table or "", value.row or 0, value.column or 0), ()):
            if place.page == page_index and value.row is not None and value.column is not None:
                canvas.block(place.box, style.color)
                shown = "" if value.value is None else f"{value.value}{value.unit or ''}"
                canvas.tag(place.box, shown + style.mark, style.color)
    return canvas.finished({f"{s.value} {style.mark}".strip(): style.color for s, style in STATUS_STYLES.items()})


class _Canvas:
    """A copy of a picture to draw on; line widths and letters grow with it."""

    def __init__(self, image: Picture) -> None:
        from PIL import Image, ImageDraw

        self._base = Image.fromarray(np.ascontiguousarray(image)).convert("RGBA")
        self._layer = Image.new("RGBA", self._base.size, (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self._layer)
        scale = max(self._base.size) / 1000
        self._line = max(1, round(1.6 * scale))
        self._font = _font(max(9, round(10 * scale)))

    def outline(self, box: Box, color: Color, *, thin: bool = False) -> None:
        self._rectangle(box, color, 1 if thin else self._line, opacity=0)

    def block(self, box: Box, color: Color) -> None:
        self._rectangle(box, color, max(1, self._line // 2), opacity=_FILL_OPACITY)

    def tag(self, box: Box, text: str, color: Color, *, beside: bool = False) -> None:
        """Small letters on the box's upper left corner, on a ground of its colour; nothing where there is no font.

        Args:
            beside: left of the box, where the paper has room for them, so that they cover nothing of it.
        """
        if self._font is None or not text:
            return
        space = self._font.getlength(text) + 2 * self._line
        x = box.left - space if beside and box.left >= space else box.left
        left, top, right, bottom = self._draw.textbbox((x, box.top), text, font=self._font)
        self._draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), fill=(*color, 230))
        self._draw.text((x, box.top), text, font=self._font, fill=(*_letters_on(color), 255))

    def finished(self, legend: dict[str, Color]) -> Picture:
        from PIL import Image

        drawn = Image.alpha_composite(self._base, self._layer).convert("RGB")
        return np.vstack([np.asarray(drawn, dtype=np.uint8), self._legend(drawn.width, legend.items())])

    def _rectangle(self, box: Box, color: Color, width: int, *, opacity: int) -> None:
        fill = (*color, opacity) if opacity else None
        # Pillow includes the last pixel, boxes do not.
        edges = (box.left, box.top, max(box.left, box.right - 1), max(box.top, box.bottom - 1))
        self._draw.rectangle(edges, fill=fill, outline=(*color, 255), width=width)

    def _legend(self, width: int, entries: Iterable[tuple[str, Color]]) -> Picture:
        from PIL import Image, ImageDraw

        size = 14 if self._font is None else round(self._font.size * 1.5)
        spots: list[tuple[float, float, str, Color]] = []
        x, y = float(size), size / 2
        for name, color in entries:
            length = 1.5 * size + (0 if self._font is None else self._font.getlength(name))
            if x + length > width and x > size:
                x, y = float(size), y + 1.5 * size
            spots.append((x, y, name, color))
            x += length + size
        strip = Image.new("RGB", (width, round(y + 1.5 * size)), (255, 255, 255))
        draw = ImageDraw.Draw(strip)
        for x, y, name, color in spots:
            draw.rectangle((x, y, x + size, y + size), fill=color)
            if self._font is not None:
                draw.text((x + 1.5 * size, y), name, font=self._font, fill=(0, 0, 0))
        return np.asarray(strip, dtype=np.uint8)


def _letters_on(color: Color) -> Color:
    """Black or white, whichever stands out more (luminance after ITU-R BT.601)."""
    luminance = 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]
    return (0, 0, 0) if luminance > 140 else (255, 255, 255)


@cache
def _font(size: int) -> FreeTypeFont | None:
    """The CJK font out of layoutparser's files, found without importing it; None when there is none."""
    from PIL import ImageFont

    spec = find_spec("layoutparser")
    for folder in (spec and spec.submodule_search_locations) or ():
        file = Path(folder) / _FONT_FILE
        if file.is_file():
            return ImageFont.truetype(str(file), size)
    return None
