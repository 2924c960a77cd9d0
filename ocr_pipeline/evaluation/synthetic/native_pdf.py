"""Drawn reports as PDF files with real text: fonts, characters and rulings in place of pictures.

The text of such a file can be made wrong in the ways that are met: fonts that name their characters wrongly or not at
all, and invisible text over a picture of the page that says something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from PIL import Image

from ocr_pipeline.errors import MissingExtraError
from ocr_pipeline.evaluation.synthetic.files import writing
from ocr_pipeline.evaluation.synthetic.fonts import FALLBACK, font_file, load
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.truth import CellPiece, PageTruth, ReportTruth
from ocr_pipeline.geometry import Box

__all__ = ["TEXT_FAULTS", "TextFault", "write_native_pdf"]

TextFault = Literal[
    "digits",
    "two_digits",
    "private",
    "mojibake",
    "unmapped",
    "copied",
    "noisy",
    "shifted",
    "changed",
    "one_changed",
    "doubled",
]
"""What is wrong with the text of a page, its picture being right.

``digits``: every digit is named as another one; ``two_digits``: 6 and 8 are mixed up; ``private``: characters named in
the private use area; ``mojibake``: as Latin letters; ``unmapped``: not at all. The others are invisible text over a
picture: ``copied`` is right, in ``noisy`` every 25th character is another one, in ``shifted`` each cell's text stands
in the cell after it, in ``changed`` every figure is another one, in ``one_changed`` one on each page. ``doubled`` has
such changed text over right, drawn text.
"""
TEXT_FAULTS: tuple[TextFault, ...] = get_args(TextFault)

_NAMING = ("digits", "two_digits", "private", "mojibake", "unmapped")
_OVER_PICTURES = ("copied", "noisy", "shifted", "changed", "one_changed")
_REFERENCE = 200
_DATE = datetime(2020, 1, 1, tzinfo=timezone.utc)
_NAME_OF_GLYPH = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})>")
_Printed = tuple[str, Box]


def write_native_pdf(
    report: SyntheticReport, path: Path, *, fault: TextFault | None = None, pictured: Collection[int] = ()
) -> Path:
    """A PDF whose pages are drawn with text and lines, all in the font that is always there.

    Args:
        report: the places of its text come from its truth; pages that are drawn anew show no damage.
        path: where to write.
        fault: what is wrong with the text; None for text that is right.
        pictured: pages (from 0) that are pictures without text, as in a document put together from several.

    Raises:
        MissingExtraError: fpdf2 is not installed.
        OutputError: the file cannot be written.
    """
    pdf = _new_document()
    for page, pixels in zip(report.truth.pages, report.pages, strict=True):
        shown = page.index in pictured or fault in _OVER_PICTURES
        size = (page.image_width, page.image_height) if shown else (page.width, page.height)
        width, height = (side * 72 / (page.image_dpi if shown else page.dpi) for side in size)
        pdf.add_page(format=(width, height))
        if shown:
            pdf.image(Image.fromarray(pixels), x=0, y=0, w=width, h=height)
        else:
            _rule(pdf, report.truth, page)
            _print(pdf, _in_points(_printed(report.truth, page), page))
        if page.index not in pictured and fault in (*_OVER_PICTURES, "doubled"):
            with pdf.local_context(text_mode=3):
                _print(pdf, _in_points(_claimed(report.truth, page, fault), page, on_picture=shown))
    data = bytes(pdf.output())
    with writing(path):
        path.write_bytes(_misnamed(data, fault) if fault in _NAMING else data)
    return path


def _new_document() -> Any:
    try:
        from fpdf import FPDF
    except ImportError as error:
        raise MissingExtraError("dev", "writing native PDF files") from error
    pdf = FPDF(unit="pt")
    # The tables that name the characters stay legible, so that they can be changed.
    pdf.set_compression(False)
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(_DATE)
    pdf.add_font("cjk", "", str(font_file(FALLBACK).path))
    return pdf


def _pieces(truth: ReportTruth, page: PageTruth) -> Iterator[CellPiece]:
    for table in truth.grids:
        for cell in table.cells:
            yield from (piece for piece in cell.pieces if piece.page == page.index)


def _printed(truth: ReportTruth, page: PageTruth) -> list[_Printed]:
    lines = [(line.text, line.box) for line in page.lines]
    return lines + [(line.text, line.box) for piece in _pieces(truth, page) for line in piece.lines]


def _rule(pdf: Any, truth: ReportTruth, page: PageTruth) -> None:
    scale = 72 / page.dpi
    pdf.set_line_width(0.6)
    for piece in _pieces(truth, page):
        box = piece.box.scaled(scale)
        pdf.rect(box.left, box.top, box.width, box.height)


def _in_points(lines: list[_Printed], page: PageTruth, *, on_picture: bool = False) -> list[_Printed]:
    if on_picture:
        return [(text, page.on_image(box).scaled(72 / page.image_dpi)) for text, box in lines]
    return [(text, box.scaled(72 / page.dpi)) for text, box in lines]


def _print(pdf: Any, lines: list[_Printed]) -> None:
    for text, box in lines:
        _print_line(pdf, text, box)


def _print_line(pdf: Any, text: str, ink: Box) -> None:
    """Set a line so that its ink fills its place; justified lines by space between the characters."""
    left, top, right, bottom = _ink(text)
    by_width, by_height = (ink.width / max(1, right - left), ink.height / max(1, bottom - top))
    stretched = len(text) > 1 and by_width > 1.08 * by_height
    scale = by_height if stretched else by_width
    pdf.set_font("cjk", size=max(1.0, scale * _REFERENCE))
    free = ink.width - scale * (right - left)
    pdf.set_char_spacing(free / (len(text) - 1) if stretched else 0)
    baseline = ink.bottom - scale * (bottom - _ascent())
    pdf.text(ink.left - scale * left, baseline, text)


@lru_cache(maxsize=4096)
def _ink(text: str) -> tuple[float, float, float, float]:
    return load(FALLBACK, _REFERENCE).getbbox(text)


def _ascent() -> float:
    return float(load(FALLBACK, _REFERENCE).getmetrics()[0])


def _claimed(truth: ReportTruth, page: PageTruth, fault: TextFault | None) -> list[_Printed]:
    """What the invisible text of a page says, and where."""
    lines = _printed(truth, page)
    if fault == "copied":
        return lines
    if fault == "noisy":
        return _noisy(lines)
    if fault == "shifted":
        return _shifted(truth, page) + [(line.text, line.box) for line in page.lines]
    figures = [number for number, (text, _) in enumerate(lines) if re.fullmatch(r"[\d.]+", text)]
    changed = set(figures[len(figures) // 2 :][:1] if fault == "one_changed" else figures)
    return [(_turned(text) if number in changed else text, box) for number, (text, box) in enumerate(lines)]


def _noisy(lines: list[_Printed]) -> list[_Printed]:
    noisy, position = [], 0
    for text, box in lines:
        chars = list(text)
        for index in range(-position % 25, len(chars), 25):
            chars[index] = _turned(chars[index]) if chars[index].isdigit() else "口"
        noisy.append(("".join(chars), box))
        position += len(chars)
    return noisy


def _shifted(truth: ReportTruth, page: PageTruth) -> list[_Printed]:
    cells = [piece.lines for piece in _pieces(truth, page) if piece.lines]
    places = [lines[0].box for lines in cells]
    return [
        (line.text, Box(place.left, place.top, place.left + line.box.width, place.top + line.box.height))
        for lines, place in zip(cells, places[1:] + places[:1], strict=True)
        for line in lines[:1]
    ]


def _turned(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "3895217046"))


def _misnamed(data: bytes, fault: TextFault | None) -> bytes:
    """The file with other names for its glyphs; all lengths stay, so that its table of contents holds."""
    if fault == "unmapped":
        return data.replace(b"/ToUnicode ", b"/ToUnknown ")
    rename = _RENAMING[str(fault)]

    def renamed(match: re.Match[bytes]) -> bytes:
        code = int(match[2], 16)
        return b"<%s> <%04X>" % (match[1], rename(code) & 0xFFFF)

    return _NAME_OF_GLYPH.sub(renamed, data)


def _by_text(change: Callable[[str], str]) -> Callable[[int], int]:
    return lambda code: ord(change(chr(code))) if code else code


_RENAMING: dict[str, Callable[[int], int]] = {
    "digits": _by_text(_turned),
    "two_digits": _by_text(lambda text: text.translate(str.maketrans("68", "86"))),
    "private": lambda code: 0xE000 + code % 0x1000,
    "mojibake": lambda code: chr(code).encode("gb18030")[0] if code > 0x7F else code,
}
