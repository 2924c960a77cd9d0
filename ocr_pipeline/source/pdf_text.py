"""The characters of a PDF page with their boxes."""

from __future__ import annotations

import ctypes
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c

from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.raised import Shift, lowered, raised
from ocr_pipeline.source.pdf_pictures import FORM_DEPTH
from ocr_pipeline.text_layer import UNKNOWN, LayerChar, TextLayer, plain_character

__all__ = ["characters_of", "leave_out_text"]

_INVISIBLE = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
_STEPS = 1000
"""pdfium maps points to whole pixels of a device; one of this many pixels a point leaves no error that matters."""
_SMALLER, _SHIFT, _NEAR = 0.9, 0.1, 0.4
"""Of a note's mark, in heights of the box of the digit it stands at: its own height at most, how far its box ends above
or below that of the digit at least, and the gap between the two at most."""
_BREAKS = (0x02, 0xAD)
"""What pdfium puts for the hyphen at the end of a line, and the hyphen that is only a place for one."""


def characters_of(page: Any, width: float, height: float, *, drawn: bool) -> TextLayer | None:
    """All characters on a page, boxes in points as displayed (after rotation and cropping), origin top left, y down.

    A box is the font's own for the character, not that of its ink, so that a full stop stands where its advance does.

    Args:
        page: a ``pypdfium2.PdfPage``.
        width: of the page as displayed, in points.
        height: the same.
        drawn: see ``TextLayer``.

    Returns:
        None when there is no character on the visible part of the page.
    """
    text_page = page.get_textpage()
    try:
        chars = _characters(text_page.raw, _to_display(page, width, height), Box(0, 0, width, height))
    finally:
        text_page.close()
    return TextLayer(tuple(chars), drawn) if chars else None


def leave_out_text(page: Any) -> None:
    """Switch off all text of a loaded page, so that it renders without; the document stays as it is."""
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=FORM_DEPTH):
        pdfium_c.FPDFPageObj_SetIsActive(item.raw, False)


def _to_display(page: Any, width: float, height: float) -> Transform:
    """From the page's own space to the page as displayed."""
    x, y = ctypes.c_int(), ctypes.c_int()
    images = []
    for at in ((0, 0), (100, 0), (0, 100)):
        size = (round(width * _STEPS), round(height * _STEPS))
        pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, *(float(v) for v in at), x, y)
        images.append((x.value / size[0] * width, y.value / size[1] * height))
    (left, top), (right, along), (across, bottom) = images
    matrix = [
        [(right - left) / 100, (across - left) / 100, left],
        [(along - top) / 100, (bottom - top) / 100, top],
    ]
    return Transform.from_array(np.array(matrix))


def _characters(text_page: Any, to_display: Transform, visible: Box) -> list[LayerChar]:
    a, b, c, d, e, f = to_display.matrix[:6]
    chars: list[LayerChar] = []
    gap = False
    for index in range(pdfium_c.FPDFText_CountChars(text_page)):
        code = pdfium_c.FPDFText_GetUnicode(text_page, index)
        if code and chr(min(code, 0x10FFFF)).isspace():
            gap = True
            continue
        if code in _BREAKS or pdfium_c.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        edges = _edges(text_page, index)
        if edges is None:
            continue
        corners = [(x, y) for x in edges[:2] for y in edges[2:]]
        box = Box.around((a * x + b * y + c, d * x + e * y + f) for x, y in corners)
        if not visible.contains_point(box.center):
            continue
        unmapped = pdfium_c.FPDFText_HasUnicodeMapError(text_page, index) == 1
        painted = _mode(text_page, index) not in _INVISIBLE
        text = UNKNOWN if unmapped else plain_character(code)
        chars.append(LayerChar(text, box, painted, gap))
        gap = False
    return _with_marks(chars)


def _with_marks(chars: list[LayerChar]) -> list[LayerChar]:
    """The characters with digits set off that stand smaller behind another digit, above or below its line."""
    marked: list[LayerChar] = []
    digit: LayerChar | None = None
    shift: Shift | None = None
    for char in chars:
        if not char.text.isdecimal():
            digit = None
        elif digit is None or not _is_set_off(char.box, digit.box, marked[-1].box):
            digit, shift = char, None
        else:
            shift = shift or (raised if char.box.bottom < digit.box.bottom else lowered)
            char = replace(char, text=shift(char.text))
        marked.append(char)
    return marked


def _is_set_off(box: Box, digit: Box, before: Box) -> bool:
    """Whether a character is smaller than a digit of the same line and leaves its base line.

    Boxes are those of fonts, from the descent to the ascent, so that digits of one figure stand equally high even in
    two typefaces.
    """
    beside = -0.1 * digit.height <= box.left - before.right <= _NEAR * digit.height
    shifted = abs(box.bottom - digit.bottom) >= _SHIFT * digit.height
    return beside and shifted and box.height <= _SMALLER * digit.height and digit.top <= box.center[1] <= digit.bottom


def _edges(text_page: Any, index: int) -> tuple[float, float, float, float] | None:
    """Left, right, bottom and top; None for a character without a place."""
    loose = pdfium_c.FS_RECTF()
    if pdfium_c.FPDFText_GetLooseCharBox(text_page, index, loose):
        edges = (loose.left, loose.right, loose.bottom, loose.top)
        if all(math.isfinite(v) for v in edges) and edges[0] != edges[1] and edges[2] != edges[3]:
            return edges
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium_c.FPDFText_GetCharBox(text_page, index, left, right, bottom, top):
        return None
    tight = (left.value, right.value, bottom.value, top.value)
    return tight if all(math.isfinite(v) for v in tight) else None


def _mode(text_page: Any, index: int) -> int | None:
    item = pdfium_c.FPDFText_GetTextObject(text_page, index)
    return pdfium_c.FPDFTextObj_GetTextRenderMode(item) if item else None
