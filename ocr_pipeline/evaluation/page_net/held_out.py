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

__all__ = ["HeldOutPage", "PicturePage", "held_out_pages"]

_UNSEEN_SHARE = 0.15
_SAME_HEADING = 1.6


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


@dataclass(frozen=True, eq=False)
class HeldOutPage:
    """One page with its truth, all boxes in pixels of ``image``.

    Attributes:
        ruling: how its tables are ruled.
        cells: every piece of a cell on it, of each of the tables in ``tables``.
        headings: titles and headings, their lines united; ``heading_lines`` line by line.
        seals: boxes around the ink of each seal.
        maps: true maps but ``seal``, as ``labels.paint`` gives them.
    """

    name: str
    profile: str
    ruling: str
    image: PageImage
    tables: tuple[Box, ...]
    cells: tuple[Box, ...]
    headings: tuple[Box, ...]
    heading_lines: tuple[Box, ...]
    seals: tuple[Box, ...]
    maps: dict[MapName, NDArray[np.uint8]]


def held_out_pages(recipe: DataRecipe) -> Iterator[HeldOutPage]:
    """The pages of a recipe, prepared without a model for their orientation (none is turned)."""
    for damaged in damaged_pages(recipe):
        image = prepare(PicturePage(damaged.page.index, damaged.image, damaged.dpi), orienter=None)
        yield _with_truth(damaged, image)


def _with_truth(damaged: DamagedPage, image: PageImage) -> HeldOutPage:
    page, grids = damaged.page, damaged.report.truth.grids
    to_page = damaged.to_image.then(image.transform.inverse())
    scale = WORK_DPI / image.dpi
    to_input = to_page.then(Transform.scaling(scale, scale))
    size = tuple(-(-round(side * scale) // STRIDE) for side in (image.width, image.height))
    headings = [line for line in page.lines if line.role in ("title", "heading")]

    def placed(boxes: Sequence[Box]) -> tuple[Box, ...]:
        return tuple(to_page.box(box).clipped(image.width, image.height) for box in boxes)

    return HeldOutPage(
        name=damaged.name,
        profile=damaged.profile,
        ruling=grids[0].ruling if grids else "none",
        image=image,
        tables=placed([area.box for area in page.tables]),
        cells=placed([piece.box for piece in pieces_on(page.index, grids)]),
        headings=placed(_united(headings)),
        heading_lines=placed([line.box for line in headings]),
        seals=_seals(damaged.ink, to_page, image),
        maps=paint(page, grids, to_input, (size[0], size[1])),
    )


def _united(lines: Sequence[LineTruth]) -> list[Box]:
    """Lines of one rank right below each other are one heading."""
    groups: list[list[LineTruth]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        near = last is not None and line.box.top - last.box.bottom < _SAME_HEADING * line.box.height
        if last is not None and near and (line.role, line.level) == (last.role, last.level):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Box.union_of(line.box for line in group) for group in groups]


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
