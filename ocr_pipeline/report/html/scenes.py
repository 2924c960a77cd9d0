"""Pieces of pages in HTML: each page picture is in the file once, and every crop and overlay shows a part of it."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ocr_pipeline.document import Page, Status, Value
from ocr_pipeline.geometry import Box
from ocr_pipeline.report.html.markup import Html, el
from ocr_pipeline.report.page_pictures import PagePicture, PagePictures
from ocr_pipeline.report.places import Places, View

__all__ = ["Mark", "Scenes", "data_url"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A box on a page in the colour of a status: where it leads to, what it says, and its own id."""

    box: Box
    status: Status
    title: str
    target: str
    id: str


@dataclass
class Scenes:
    """Shows parts of the pages of one report.

    Args:
        places: where values stand.
        pictures: of the pages; a page without one is not shown.
        apart: each crop holds its piece of the picture itself, which is smaller where there are few of them.
    """

    places: Places
    pictures: PagePictures
    apart: bool = False
    _used: set[int] = field(default_factory=set)

    def views(self, value: Value) -> Sequence[View]:
        """What can be shown for a value."""
        return [view for view in self.places.views(value) if self.pictures.get(view.page.index) is not None]

    def crop(self, view: View, status: Status, alt: str) -> Html:
        """A piece of a page, with a frame around the cell that it is about."""
        picture = self.pictures.get(view.page.index)
        if picture is None:
            return Html("")
        box = picture.raster_box(view.page, view.box)
        inside = [self._piece(picture, box) if self.apart else self._use(picture)]
        if view.cell is not None:
            inside.append(_rect(picture.raster_box(view.page, view.cell), f"frame s-{status.value}"))
        # A size of its own, so that a browser without styles shows it too.
        return el(
            "svg",
            inside,
            class_=f"crop crop-{view.kind}",
            viewbox=_view_box(box),
            width=round(box.width),
            height=round(box.height),
            role="img",
            aria_label=alt,
        )

    def sheet(self, page: Page, marks: Iterable[Mark]) -> Html:
        """A whole page with its values marked; each mark leads to its figure."""
        picture = self.pictures.get(page.index)
        if picture is None:
            return Html("")
        shown = []
        for mark in marks:
            box = _rect(picture.raster_box(page, mark.box), f"mark s-{mark.status.value}", el("title", mark.title))
            shown.append(el("a", box, href=mark.target, id=mark.id))
        return el(
            "svg",
            self._use(picture),
            shown,
            class_="sheet",
            viewbox=_view_box(Box(0, 0, picture.width, picture.height)),
            role="group",
            aria_label=f"page {page.index + 1}",
        )

    def definitions(self) -> Html:
        """The pictures that crops and sheets use, once each; has to stand in the same file, anywhere."""
        images = [
            el(
                "image",
                id=_name(picture),
                width=picture.width,
                height=picture.height,
                href=data_url(picture.data, picture.media),
            )
            for picture in self.pictures
            if picture.index in self._used
        ]
        if not images:
            return Html("")
        # Not display: none, which would take the pictures from those that use them as well.
        return el("svg", el("defs", images), class_="definitions", width=0, height=0, aria_hidden="true")

    def _piece(self, picture: PagePicture, box: Box) -> Html:
        # Whole pixels, as a crop has them, so that the frame around the cell stays where it belongs.
        whole = Box(math.floor(box.left), math.floor(box.top), math.ceil(box.right), math.ceil(box.bottom))
        whole = whole.clipped(picture.width, picture.height)
        piece = data_url(self.pictures.crop(picture.index, whole))
        return el("image", x=whole.left, y=whole.top, width=whole.width, height=whole.height, href=piece)

    def _use(self, picture: PagePicture) -> Html:
        self._used.add(picture.index)
        return el("use", href=f"#{_name(picture)}")


def data_url(data: bytes, media: str = "image/webp") -> str:
    """A picture as an address that holds it."""
    return f"data:{media};base64,{base64.b64encode(data).decode()}"


def _name(picture: PagePicture) -> str:
    return f"page-picture-{picture.index + 1}"


def _view_box(box: Box) -> str:
    return " ".join(f"{edge:.1f}" for edge in (box.left, box.top, box.width, box.height))


def _rect(box: Box, name: str, *children: Html) -> Html:
    attributes = f'x="{box.left:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    return Html(f'<rect class="{name}" {attributes}>{"".join(children)}</rect>')
