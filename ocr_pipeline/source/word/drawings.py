"""What is drawn into a document: DrawingML and VML pictures with crop and turn, and boxes with text of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ocr_pipeline.source.word.names import Element, child, local, name, value

__all__ = ["Alternatives", "DrawnPart", "PictureUse", "TextBox", "Unreadable", "drawn_parts", "is_drawing"]

_DRAWINGS = frozenset(name(short) for short in ("w:drawing", "w:pict", "w:object"))
_EMU_PER_POINT = 12_700
_UNITS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "px": 0.75, "pc": 12.0, "": 0.75}
_LENGTH = re.compile(r"\s*(-?[\d.]+)\s*([a-z]*)\s*")
_OTHERS = {"chart": "a chart", "relIds": "a diagram", "contentPart": "handwriting"}


@dataclass(frozen=True, slots=True)
class PictureUse:
    """A place where a picture stands.

    Attributes:
        relation: id of the relation to its file; None for a picture without any.
        link: whether it stays outside the document.
        crop: shares of its width and height cut off at left, top, right and bottom; negative ones add a margin.
        turn: clockwise, in degrees.
        flip: whether it is mirrored left to right, and top to bottom.
        height: as displayed, in points; None when not said.
        floating: it is placed on the page and does not stand in its line.
    """

    relation: str | None
    link: bool = False
    crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    turn: float = 0.0
    flip: tuple[bool, bool] = (False, False)
    height: float | None = None
    floating: bool = False


@dataclass(frozen=True, slots=True)
class TextBox:
    """Paragraphs and tables placed on the page: the children of ``content``."""

    content: Element


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something drawn that holds neither text nor a picture file; ``what`` names it."""

    what: str


@dataclass(frozen=True, slots=True)
class Alternatives:
    """An ``mc:AlternateContent`` within a drawing: the caller has to choose among ``options``, best first."""

    options: tuple[tuple[DrawnPart, ...], ...]


DrawnPart = PictureUse | TextBox | Unreadable | Alternatives | str


def is_drawing(element: Element) -> bool:
    """Whether ``drawn_parts`` may be asked for it."""
    return element.tag in _DRAWINGS


def drawn_parts(drawing: Element) -> Iterator[DrawnPart]:
    """What a drawing shows, in order.

    Args:
        drawing: ``w:drawing``, ``w:pict`` or ``w:object``.

    Yields:
        Pictures, text boxes, things that cannot be read, alternatives, and the text of ornamental lettering.
    """
    frame = child(drawing, "wp:inline")
    floating = frame is None and child(drawing, "wp:anchor") is not None
    frame = child(drawing, "wp:anchor") if frame is None else frame
    extent = child(frame, "wp:extent")
    height = None if extent is None else _number(extent.get("cy")) / _EMU_PER_POINT
    yield from _walk(drawing, floating, height)


def _walk(element: Element, floating: bool, height: float | None) -> Iterator[DrawnPart]:
    for item in element:
        tag = local(item)
        if tag == "AlternateContent":
            yield Alternatives(tuple(tuple(_walk(option, floating, height)) for option in item))
        elif tag == "txbxContent":
            yield TextBox(item)
        elif tag == "blip":
            yield _drawing_picture(item, floating, height)
        elif tag == "imagedata":
            yield _vml_picture(item)
        elif tag == "textpath" and item.get("string"):
            yield item.get("string", "")
        elif tag in _OTHERS:
            yield Unreadable(_OTHERS[tag])
        else:
            yield from _walk(item, floating, height)


def _drawing_picture(blip: Element, floating: bool, height: float | None) -> PictureUse:
    fill = blip.getparent()
    cut = child(fill, "a:srcRect")
    crop = (0.0, 0.0, 0.0, 0.0)
    if cut is not None:
        left, top, right, bottom = (_number(cut.get(side)) / 100_000 for side in "ltrb")
        crop = (left, top, right, bottom)
    # The picture's own shape says how it is turned: beside the fill in pictures, around it in filled shapes.
    owner = None if fill is None else fill.getparent()
    placed = child(owner, "pic:spPr", "a:xfrm")
    placed = child(owner, "a:xfrm") if placed is None else placed
    turn, flip = 0.0, (False, False)
    if placed is not None:
        turn = _number(placed.get("rot")) / 60_000
        flip = (placed.get("flipH") in ("1", "true"), placed.get("flipV") in ("1", "true"))
    embedded = value(blip, "r:embed")
    linked = value(blip, "r:link")
    return PictureUse(embedded or linked, embedded is None and linked is not None, crop, turn, flip, height, floating)


def _vml_picture(data: Element) -> PictureUse:
    shape = data.getparent()
    style = _vml_style("" if shape is None else shape.get("style", ""))
    crop = tuple(_fraction(data.get(f"crop{side}")) for side in ("left", "top", "right", "bottom"))
    flip = style.get("flip", "")
    relation = value(data, "r:id") or value(data, "o:relid") or value(data, "r:pict")
    return PictureUse(
        relation=relation or value(data, "r:href"),
        link=relation is None,
        crop=(crop[0], crop[1], crop[2], crop[3]),
        turn=_vml_turn(style.get("rotation", "")),
        flip=("x" in flip, "y" in flip),
        height=_length(style.get("height")),
        floating=style.get("position") == "absolute",
    )


def _vml_style(text: str) -> dict[str, str]:
    pairs = (entry.partition(":") for entry in text.split(";"))
    return {key.strip().lower(): content.strip().lower() for key, _, content in pairs}


def _vml_turn(text: str) -> float:
    """Degrees; with the unit ``fd`` there are 65,536 to the degree."""
    return _number(text[:-2]) / 65_536 if text.endswith("fd") else _number(text)


def _fraction(text: str | None) -> float:
    """A share of 1; with the unit ``f`` there are 65,536 to one."""
    if text is None:
        return 0.0
    return _number(text[:-1]) / 65_536 if text.endswith("f") else _number(text)


def _length(text: str | None) -> float | None:
    match = _LENGTH.fullmatch(text or "")
    if match is None or match.group(2) not in _UNITS:
        return None
    return _number(match.group(1)) * _UNITS[match.group(2)]


def _number(text: str | None) -> float:
    try:
        found = float(text or 0)
    except ValueError:
        return 0.0
    return found if abs(found) < 1e12 else 0.0
