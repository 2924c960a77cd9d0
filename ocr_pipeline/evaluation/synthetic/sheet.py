"""One page being drawn: its picture and the truth about it, which grow together."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw

from ocr_pipeline.evaluation.synthetic.style import Color
from ocr_pipeline.evaluation.synthetic.truth import LineRole, LineTruth, PageTruth, RulingTruth, TableArea
from ocr_pipeline.evaluation.synthetic.typeset import Typeface
from ocr_pipeline.geometry import Box

__all__ = ["LineLook", "Sheet"]


@dataclass(frozen=True, slots=True)
class LineLook:
    """What a line is and how it is printed: ``extra`` pixels after each character justify it."""

    role: LineRole
    color: Color = (0, 0, 0)
    level: int | None = None
    extra: float = 0.0


class Sheet:
    """A white page in RGB of ``width`` x ``height`` pixels at ``dpi``."""

    def __init__(self, index: int, width: int, height: int, dpi: int) -> None:
        self.index = index
        self.dpi = dpi
        self.image = Image.new("RGB", (width, height), (255, 255, 255))
        self.canvas = ImageDraw.Draw(self.image)
        self.lines: list[LineTruth] = []
        self.tables: list[TableArea] = []
        self.rulings: list[RulingTruth] = []

    def print_line(
        self,
        origin: tuple[float, float],
        text: str,
        face: Typeface,
        look: LineLook,
    ) -> LineTruth | None:
        """Print a line from its left edge and baseline; None when it leaves no ink. Cell lines are only returned."""
        box = face.draw(self.canvas, origin, text, color=look.color, extra=look.extra)
        if box is None:
            return None
        line = LineTruth(text=text, box=box.clipped(*self.image.size), role=look.role, level=look.level)
        if look.role != "cell":
            self.lines.append(line)
        return line

    def fill(self, box: Box, color: Color) -> None:
        """Paint whole pixels of a half-open box."""
        left, top, right, bottom = (round(v) for v in box.as_tuple())
        if right > left and bottom > top:
            self.canvas.rectangle((left, top, right - 1, bottom - 1), fill=color)

    def truth(self) -> PageTruth:
        """What is true of the page so far."""
        width, height = self.image.size
        return PageTruth(
            index=self.index,
            width=width,
            height=height,
            dpi=self.dpi,
            lines=tuple(self.lines),
            tables=tuple(self.tables),
            rulings=tuple(self.rulings),
            image_width=width,
            image_height=height,
            image_dpi=self.dpi,
        )
