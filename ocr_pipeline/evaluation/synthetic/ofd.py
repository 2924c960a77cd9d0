"""Drawn reports as OFD files (GB/T 33190): text and rulings as objects, or pages as pictures."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image

from ocr_pipeline.evaluation.synthetic.files import writing
from ocr_pipeline.evaluation.synthetic.fonts import FALLBACK, font_file, load
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.truth import PageTruth, ReportTruth
from ocr_pipeline.geometry import Box

__all__ = ["ofd_bytes", "write_ofd"]

_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_DATE = (2020, 1, 1, 0, 0, 0)
_FONT, _FIRST_OBJECT = 2, 1000
_REFERENCE = 200


def write_ofd(report: SyntheticReport, path: Path, *, pictured: Collection[int] = (), embed: bool = False) -> Path:
    """An OFD file of a report.

    Args:
        report: the places of its text come from its truth; pages that are drawn anew show no damage.
        path: where to write.
        pictured: pages (from 0) that are pictures without text.
        embed: put the font into the file, and name the glyphs by their numbers too.

    Raises:
        OutputError: the file cannot be written.
    """
    with writing(path):
        path.write_bytes(ofd_bytes(report, pictured=pictured, embed=embed))
    return path


def ofd_bytes(report: SyntheticReport, *, pictured: Collection[int] = (), embed: bool = False) -> bytes:
    """The content of such a file; see ``write_ofd``."""
    files: dict[str, bytes] = {}
    pages, media = [], []
    for page, pixels in zip(report.truth.pages, report.pages, strict=True):
        if page.index in pictured:
            buffer = io.BytesIO()
            Image.fromarray(pixels).save(buffer, "JPEG", quality=90)
            files[f"Doc_0/Res/page_{page.index}.jpg"] = buffer.getvalue()
            media.append(page.index)
            content = _picture_page(page)
        else:
            content = _drawn_page(report.truth, page)
        files[f"Doc_0/Pages/Page_{page.index}/Content.xml"] = content.encode()
        pages.append(f'<ofd:Page ID="{100 + page.index}" BaseLoc="Pages/Page_{page.index}/Content.xml"/>')
    if embed:
        files["Doc_0/Res/font.otf"] = font_file(FALLBACK).path.read_bytes()
    files["Doc_0/PublicRes.xml"] = _fonts(embed).encode()
    files["Doc_0/DocumentRes.xml"] = _media(media).encode()
    files["Doc_0/Document.xml"] = _document(pages).encode()
    files["OFD.xml"] = _entry(report.truth.title).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: (name != "OFD.xml", name)):
            archive.writestr(zipfile.ZipInfo(name, _DATE), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _entry(title: str) -> str:
    return (
        f'{_HEAD}<ofd:OFD {_NAMESPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:DocID>0</ofd:DocID><ofd:Title>{escape(title)}</ofd:Title></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )


def _document(pages: list[str]) -> str:
    return (
        f"{_HEAD}<ofd:Document {_NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>100000</ofd:MaxUnitID><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>"
        f"<ofd:Pages>{''.join(pages)}</ofd:Pages></ofd:Document>"
    )


def _fonts(embed: bool) -> str:
    program = "<ofd:FontFile>font.otf</ofd:FontFile>" if embed else ""
    return (
        f'{_HEAD}<ofd:Res {_NAMESPACE} BaseLoc="Res"><ofd:Fonts>'
        f'<ofd:Font ID="{_FONT}" FontName="宋体" FamilyName="宋体">{program}</ofd:Font></ofd:Fonts></ofd:Res>'
    )


def _media(pages: list[int]) -> str:
    items = "".join(
        f'<ofd:MultiMedia ID="{10 + page}" Type="Image" Format="JPEG"><ofd:MediaFile>page_{page}.jpg</ofd:MediaFile>'
        "</ofd:MultiMedia>"
        for page in pages
    )
    return f'{_HEAD}<ofd:Res {_NAMESPACE} BaseLoc="Res"><ofd:MultiMedias>{items}</ofd:MultiMedias></ofd:Res>'


def _page(width: float, height: float, objects: str) -> str:
    return (
        f"{_HEAD}<ofd:Page {_NAMESPACE}><ofd:Area><ofd:PhysicalBox>0 0 {width:.3f} {height:.3f}</ofd:PhysicalBox>"
        f'</ofd:Area><ofd:Content><ofd:Layer ID="{_FIRST_OBJECT - 1}" Type="Body">{objects}</ofd:Layer></ofd:Content>'
        "</ofd:Page>"
    )


def _picture_page(page: PageTruth) -> str:
    width, height = (side * 25.4 / page.image_dpi for side in (page.image_width, page.image_height))
    return _page(
        width,
        height,
        f'<ofd:ImageObject ID="{_FIRST_OBJECT}" ResourceID="{10 + page.index}" Boundary="0 0 {width:.3f} {height:.3f}"'
        f' CTM="{width:.3f} 0 0 {height:.3f} 0 0"/>',
    )


def _drawn_page(truth: ReportTruth, page: PageTruth) -> str:
    scale = 25.4 / page.dpi
    pieces = [p for table in truth.grids for cell in table.cells for p in cell.pieces if p.page == page.index]
    lines = (*page.lines, *(line for piece in pieces for line in piece.lines))
    objects = [_ruling(piece.box.scaled(scale)) for piece in pieces]
    objects += [_text(line.text, line.box.scaled(scale)) for line in lines]
    numbered = "".join(text.replace("ID=", f'ID="{_FIRST_OBJECT + n}"', 1) for n, text in enumerate(objects))
    return _page(page.width * scale, page.height * scale, numbered)


def _ruling(box: Box) -> str:
    return (
        f'<ofd:PathObject ID= Boundary="{_numbers(box.left, box.top, box.width, box.height)}" LineWidth="0.25"'
        f' Stroke="true"><ofd:StrokeColor Value="0 0 0"/><ofd:AbbreviatedData>M 0 0 L {_numbers(box.width, 0)}'
        f" L {_numbers(box.width, box.height)} L {_numbers(0, box.height)} C</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _text(text: str, ink: Box) -> str:
    """A line whose ink fills its place; lines of one character a row go on downwards."""
    font = load(FALLBACK, _REFERENCE)
    left, top, right, bottom = font.getbbox(text, anchor="ls")
    if right <= left or bottom <= top:
        return ""
    size = ink.height / (bottom - top) * _REFERENCE
    advances = [font.getlength(char) * size / _REFERENCE for char in text]
    free = ink.width - (right - left) * size / _REFERENCE
    extra = free / (len(text) - 1) if len(text) > 1 else 0.0
    origin = (-left * size / _REFERENCE, -top * size / _REFERENCE)
    return (
        f'<ofd:TextObject ID= Boundary="{_numbers(ink.left, ink.top, ink.width, ink.height)}" Font="{_FONT}"'
        f' Size="{size:.4f}"><ofd:FillColor Value="0 0 0"/><ofd:TextCode X="{origin[0]:.4f}" Y="{origin[1]:.4f}"'
        f"{_deltas([advance + extra for advance in advances[:-1]])}>{escape(text)}</ofd:TextCode></ofd:TextObject>"
    )


def _deltas(steps: list[float]) -> str:
    """Steps between characters, equal ones in a row as ``g n v``."""
    if not steps:
        return ""
    return f' DeltaX="{" ".join(_runs([f"{step:.4f}" for step in steps]))}"'


def _runs(steps: list[str]) -> Iterator[str]:
    start = 0
    for end in range(1, len(steps) + 1):
        if end == len(steps) or steps[end] != steps[start]:
            yield f"g {end - start} {steps[start]}" if end - start > 1 else steps[start]
            start = end


def _numbers(*values: float) -> str:
    return " ".join(f"{value:.4f}" for value in values)
