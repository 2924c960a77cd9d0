"""The pictures placed on a PDF page: at which resolution they cover it, and whether they are whole."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ocr_pipeline.geometry import Box

__all__ = ["FORM_DEPTH", "Picture", "covering_dpi", "is_cut_off", "pictures_of"]

_COVER = 0.5
"""The share of the page that pictures must cover for it to count as scanned."""

FORM_DEPTH = 4
"""Form objects within form objects are looked into to this depth; no page of a report nests them further."""

_END_OF_JPEG = b"\xff\xd9"
_TAIL = 64  # bytes behind the end mark that scanners fill up with
_BLOCK = 16  # rows, the largest block that JPEG codes together


@dataclass(frozen=True, slots=True)
class Picture:
    """One placed picture.

    Attributes:
        area: area on the page that it covers, in square points, clipped to the page.
        dpi: its pixels per inch as placed; the higher one where the axes differ.
        pixels: how many it has.
    """

    area: float
    dpi: float
    pixels: int


def pictures_of(page: Any) -> list[tuple[Picture, Any]]:
    """All pictures of a page with their pdfium objects, also those inside form objects.

    Args:
        page: a ``pypdfium2.PdfPage``; the objects live as long as it does.
    """
    import pypdfium2.raw as pdfium_c

    left, bottom, right, top = page.get_bbox()
    visible = Box(min(left, right), min(bottom, top), max(left, right), max(bottom, top))
    found = []
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=FORM_DEPTH):
        width, height = item.get_px_size()
        matrix = item.get_matrix()
        container = item.container
        while container is not None:
            matrix = matrix.multiply(container.get_matrix())
            container = container.container
        across, down = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
        if min(width, height) < 1 or min(across, down) <= 0:
            continue
        corners = [matrix.on_point(x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
        picture = Picture(
            area=Box.around(corners).intersection_area(visible),
            dpi=max(width / across, height / down) * 72.0,
            pixels=width * height,
        )
        found.append((picture, item))
    return found


def covering_dpi(pictures: Sequence[Picture], page_area: float) -> float | None:
    """The resolution at which pictures cover most of the page; None when they do not.

    A page may be one scan, or many strips of one, or a sharp layer of print over a coarse one of paper; so it is the
    highest resolution at or above which the pictures together cover enough.

    Args:
        pictures: all pictures of the page.
        page_area: in square points, > 0.
    """
    covered = 0.0
    for picture in sorted(pictures, key=lambda p: -p.dpi):
        covered += picture.area
        if covered >= _COVER * page_area:
            return picture.dpi
    return None


def is_cut_off(item: Any) -> bool:
    """Whether the data of a placed JPEG end too early; pdfium would draw the rest of it grey, without a word.

    Args:
        item: a ``pypdfium2.PdfImage``. Pictures of other encodings are taken to be whole.
    """
    if item.get_filters(skip_simple=True) != ["DCTDecode"]:
        return False
    data = bytes(item.get_data(decode_simple=True))
    return _END_OF_JPEG not in data[-_TAIL:] and not _reaches_the_bottom(data)


def _reaches_the_bottom(data: bytes) -> bool:
    """Whether a JPEG that only lacks its end mark, as some scanners write it, has all its rows.

    The decoder fills what is missing with one colour. A progressive one is filled everywhere at once, so without an
    end mark it is never taken for whole.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data + _END_OF_JPEG), formats=["JPEG"]) as image:
            if image.info.get("progressive"):
                return False
            bottom = image.convert("L").crop((0, image.height - _BLOCK, image.width, image.height))
    except (OSError, SyntaxError, ValueError):
        return False
    low, high = bottom.getextrema()
    return bool(low != high)
