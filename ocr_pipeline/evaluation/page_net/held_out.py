"""Pages that the network was not trained on, prepared as the program prepares them, with the truth in their pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.evaluation.page_net.labels import paint, pieces_on
from ocr_pipeline.evaluation.page_net.recipe import DataRecipe
from ocr_pipeline.evaluation.page_net.samples import DamagedPage, damaged_pages
from ocr_pipeline.evaluation.synthetic.truth import LineTruth
from ocr_pipeline.evaluation.synthetic.warp import warped
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.page_net.maps import STRIDE, WORK_DPI, MapName
from ocr_pipeline.pages.preparing import prepare

__all__ = ["HeldOutPage", "PicturePage", "Printed", "held_out_pages"]

_UNSEEN_SHARE = 0.15
_PAPER = 250
"""Grey values of the undamaged page below this are print or a fill."""


@dataclass(frozen=True, eq=False)
class PicturePage:
    """A picture as a page of a source, for ``pages.prepare``."""

    index: int
    image: NDArray[np.uint8]
    native_dpi: float
    unit: Literal["pt", "px"] = "px"

    @property
    def width(self) -> float:
        """Pixels."""
        return float(self.image.shape[1])

    @property
    def height(self) -> float:
        """Pixels."""
        return float(self.image.shape[0])

    def render(self, dpi: float) -> NDArray[np.uint8]:
        """The picture at a resolution."""
        if abs(dpi - self.native_dpi) < 0.5:
            return self.image
        factor = dpi / self.native_dpi
        method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        return np.asarray(cv2.resize(self.image, None, fx=factor, fy=factor, interpolation=method), np.uint8)


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed of tables and headings.

    Attributes:
        tables: their outer rulings where they have them, else rulings, fills and characters.
        headings: titles and headings, the ink of their lines united; ``heading_lines`` line by line.
    """

    tables: tuple[Box, ...]
    headings: tuple[Box, ...]
    heading_lines: tuple[Box, ...]

    def placed(self, transform: Transform, image: PageImage) -> Printed:
        """The same on a page image, to which the transform leads."""

        def moved(boxes: Sequence[Box]) -> tuple[Box, ...]:
            return tuple(transform.box(box).clipped(image.width, image.height) for box in boxes)

        return Printed(moved(self.tables), moved(self.headings), moved(self.heading_lines))


@dataclass(frozen=True, eq=False)
class HeldOutPage:
    """One page with its truth, all boxes in pixels of ``image`` but those of ``printed``.

    Attributes:
        ruling: how its tables are ruled.
        picture: as it was handed out; ``image`` is the page that the program makes of it.
        printed: its tables and headings, on the undamaged raster, which ``to_picture`` leads to the picture.
        cells: every piece of a cell on it, of each of the tables.
        seals: boxes around the ink of each seal.
        maps: true maps but ``seal``, as ``labels.paint`` gives them.
    """

    name: str
    profile: str
    ruling: str
    picture: PicturePage
    image: PageImage
    printed: Printed
    to_picture: Transform
    cells: tuple[Box, ...]
    seals: tuple[Box, ...]
    maps: dict[MapName, NDArray[np.uint8]]

    def printed_on(self, image: PageImage) -> Printed:
        """Its tables and headings in the pixels of a page that was made of its picture.

        Two such pages may be straightened differently, and a box that is turned to another page grows.
        """
        return self.printed.placed(self.to_picture.then(image.transform.inverse()), image)


def held_out_pages(recipe: DataRecipe) -> Iterator[HeldOutPage]:
    """The pages of a recipe, prepared without a model for their orientation (none is turned)."""
    for damaged in damaged_pages(recipe):
        picture = PicturePage(damaged.page.index, damaged.image, damaged.dpi)
        yield _with_truth(damaged, picture, prepare(picture, orienter=None))


def _with_truth(damaged: DamagedPage, picture: PicturePage, image: PageImage) -> HeldOutPage:
    page, grids = damaged.page, damaged.report.truth.grids
    to_page = damaged.to_image.then(image.transform.inverse())
    scale = WORK_DPI / image.dpi
    to_input = to_page.then(Transform.scaling(scale, scale))
    size = tuple(-(-round(side * scale) // STRIDE) for side in (image.width, image.height))
    raster = damaged.report.pages[page.index]
    headings = [line for line in page.lines if line.role in ("title", "heading")]

    return HeldOutPage(
        name=damaged.name,
        profile=damaged.profile,
        ruling=grids[0].ruling if grids else "none",
        picture=picture,
        image=image,
        printed=Printed(
            tables=tuple(_inked(area.box, raster) for area in page.tables),
            headings=tuple(
                Box.union_of(_inked(line.box, raster) for line in lines)
                for lines in _together(headings, [section.title for section in damaged.report.truth.sections])
            ),
            heading_lines=tuple(_inked(line.box, raster) for line in headings),
        ),
        to_picture=damaged.to_image,
        cells=tuple(
            to_page.box(piece.box).clipped(image.width, image.height) for piece in pieces_on(page.index, grids)
        ),
        seals=_seals(damaged.ink, to_page, image),
        maps=paint(page, grids, to_input, (size[0], size[1])),
    )


def _inked(box: Box, raster: NDArray[np.uint8]) -> Box:
    """What is printed of a box, to the pixel.

    The generator's boxes of lines reach over the white that belongs to characters such as brackets, and those of
    tables without outer rulings over the white around their print; of a page, nobody can tell how far such white goes.
    """
    part = raster[box.slices()]
    inked: NDArray[np.bool_] = part.min(axis=2) < _PAPER
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not rows.size:
        return box
    left, top = float(round(box.left)), float(round(box.top))
    return Box(left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)


def _together(lines: Sequence[LineTruth], titles: Sequence[str]) -> list[list[LineTruth]]:
    """The lines of each heading: those of the title of the document, and such as make up the title of a section."""
    known = {_bare(title) for title in titles}
    groups: list[list[LineTruth]] = []
    for line in lines:
        last = groups[-1] if groups else []
        goes_on = bool(last) and (line.role, line.level) == (last[-1].role, last[-1].level)
        if goes_on and _bare("".join(above.text for above in last)) not in known:
            last.append(line)
        else:
            groups.append([line])
    return groups


def _bare(text: str) -> str:
    return "".join(text.split())


def _seals(ink: NDArray[np.float32], to_page: Transform, image: PageImage) -> tuple[Box, ...]:
    if not ink.any():
        return ()
    small = Transform.scaling(0.25, 0.25)
    coverage = warped(
        (ink * 255).astype(np.uint8), to_page.then(small), (image.width // 4, image.height // 4), (0, 0, 0)
    )
    joined = cv2.morphologyEx((coverage > 40).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    boxes = []
    for left, top, width, height, area in cv2.connectedComponentsWithStats(joined)[2][1:]:
        if area > _UNSEEN_SHARE * (image.dpi / 4) ** 2:
            boxes.append(Box(left * 4, top * 4, (left + width) * 4, (top + height) * 4))
    return tuple(boxes)
