"""Sets a script on pages: title, headings, paragraphs and tables flow down and over, headers and numbers are added."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from ocr_pipeline.evaluation.synthetic.prose import Block, Script
from ocr_pipeline.evaluation.synthetic.sheet import LineLook, Sheet
from ocr_pipeline.evaluation.synthetic.style import Color, ReportStyle
from ocr_pipeline.evaluation.synthetic.table_cut import Room, cut_table
from ocr_pipeline.evaluation.synthetic.table_draw import TablePlace, draw_pieces
from ocr_pipeline.evaluation.synthetic.table_layout import LaidTable
from ocr_pipeline.evaluation.synthetic.truth import CellTruth, SectionTruth
from ocr_pipeline.evaluation.synthetic.typeset import Typeface, break_lines
from ocr_pipeline.geometry import Box

__all__ = ["Press"]

_RED: Color = (200, 16, 16)


class Press:
    """Prints blocks one after the other.

    Attributes:
        sheets: the pages so far.
        sections: headings so far, with their text.
    """

    def __init__(self, style: ReportStyle) -> None:
        self.style = style
        self.sheets: list[Sheet] = []
        self.sections: list[SectionTruth] = []
        self.landscape = False
        self.y = 0.0
        self._new_sheet()

    def _px(self, points: float) -> float:
        return points * self.style.dpi / 72

    def _face(self, name: str, points: float, *, bold: bool = False) -> Typeface:
        style = self.style
        size = max(8, round(self._px(points)))
        return Typeface(name, style.latin_face, size, bold and not name.endswith("-bold"), style.autospace)

    def _new_sheet(self) -> None:
        mm = self.style.dpi / 25.4
        width, height = self.style.page_mm
        if self.landscape:
            width, height = height, width
        self.sheets.append(Sheet(len(self.sheets), round(width * mm), round(height * mm), self.style.dpi))
        top, right, bottom, left = (round(m * mm) for m in self.style.margins_mm)
        self.left, self.top = left, top
        self.text_width = self.sheets[-1].image.width - left - right
        self.bottom = self.sheets[-1].image.height - bottom
        self.y = float(top)

    def turn(self, *, landscape: bool) -> None:
        """Go on on a page of the other orientation, if it is another one."""
        if landscape != self.landscape:
            self.landscape = landscape
            self._new_sheet()

    def title(self, script: Script) -> None:
        """The title, centred, broken into lines of about equal length."""
        style = self.style
        face = self._face(style.title_face, style.title_pt, bold=style.bold_title)
        for text in script.title.split("\n"):
            lines = break_lines(text, face, self.text_width)
            if len(lines) > 1:
                lines = break_lines(text, face, face.width(text) / len(lines) + 2 * face.size)
            for line in lines:
                self._line(line, face, LineLook("title", style.title_color, 0), _Setting("center"))
        if style.red_rule:
            self.y += face.size * 0.3
            rule = Box(self.left, self.y, self.left + self.text_width, self.y + max(2, style.dpi / 72))
            self.sheets[-1].fill(rule, _RED)
        self.y += face.size * 0.8

    def heading(self, block: Block) -> None:
        """A heading; it moves to the next page rather than stand last on one."""
        style = self.style
        name = style.heading_face if block.level == 1 else style.body_face
        size = style.heading_pt if block.level == 1 else style.body_pt
        face = self._face(name, size, bold=style.bold_headings)
        leading = face.size * style.body_leading
        if self.y + 2.2 * leading > self.bottom:
            self._new_sheet()
        if block.level == 1:
            self.y += 0.3 * leading
        page = len(self.sheets) - 1
        centred = style.center_headings and block.level == 1
        indent = 2.0 * face.size if style.indent_headings and not centred else 0.0
        for i, line in enumerate(break_lines(block.text, face, self.text_width, first_indent=indent)):
            align = "center" if centred else "left"
            look = LineLook("heading", style.ink, block.level)
            self._line(line, face, look, _Setting(align, indent if i == 0 else 0.0))
        self.sections.append(SectionTruth(level=block.level, title=block.text, page=page))

    def paragraph(self, block: Block) -> None:
        """A paragraph, its first line indented by two characters."""
        style = self.style
        face = self._face(style.body_face, style.body_pt)
        indent = 2.0 * face.size
        lines = break_lines(block.text, face, self.text_width, first_indent=indent)
        for i, line in enumerate(lines):
            stretch = style.justify and i < len(lines) - 1
            setting = _Setting("left", indent if i == 0 else 0.0, stretch)
            self._line(line, face, LineLook("text", style.ink), setting)
        if not self.sections:
            self.sections.append(SectionTruth(level=0, title="", page=self.sheets[-1].index))
        last = self.sections[-1]
        self.sections[-1] = last.model_copy(update={"text": f"{last.text}{block.text}\n"})

    def sign(self, block: Block) -> None:
        """A line of the signature, to the right."""
        face = self._face(self.style.body_face, self.style.body_pt)
        self._line(block.text, face, LineLook("text", self.style.ink), _Setting("right", 2.0 * face.size))
        if self.sections:
            last = self.sections[-1]
            self.sections[-1] = last.model_copy(update={"text": f"{last.text}{block.text}\n"})

    def table(self, table: LaidTable, number: int, rng: random.Random) -> tuple[CellTruth, ...]:
        """A table, cut into as many pages as it needs."""
        look = self.style.table
        self.y += self._px(self.style.table_gap_pt) / 2
        start = round(self.y)
        head = sum(table.heights[: table.header_rows + 1])
        if not look.cut_header and start + head > self.bottom:
            self._new_sheet()
            start = round(self.y)
        bands, pieces = cut_table(table, look, Room(start, self.top, self.bottom))
        first = len(self.sheets) - 1
        while len(self.sheets) - 1 < first + bands[-1].page:
            self._new_sheet()
        left = self.left + round((self.text_width - table.xs[-1]) / 2)
        cells = draw_pieces(table, pieces, self.sheets[first:], self.style, TablePlace(left, number, rng))
        self.y = bands[-1].bottom + self._px(self.style.table_gap_pt)
        return cells

    def furniture(self, script: Script) -> None:
        """Running headers and page numbers on all pages."""
        style = self.style
        face = self._face(style.body_face, 9.0)
        for sheet in self.sheets:
            if style.running_header:
                text = script.title.replace("\n", "")
                x = (sheet.image.width - face.width(text)) / 2
                origin = (max(0.0, x), self._px(style.margins_mm[0] * 72 / 25.4) * 0.6)
                sheet.print_line(origin, text, face, LineLook("header", style.ink))
                sheet.lines.insert(0, sheet.lines.pop())
            number = _page_number(style.page_number, sheet.index + 1, len(self.sheets))
            if number:
                room = sheet.image.width - 2 * self.left - face.width(number)
                x = self.left + (room / 2 if style.page_number_align == "center" else room)
                y = sheet.image.height - self._px(style.margins_mm[2] * 72 / 25.4) * 0.5
                sheet.print_line((x, y), number, face, LineLook("footer", style.ink))

    def _line(self, text: str, face: Typeface, look: LineLook, setting: _Setting) -> None:
        leading = face.size * self.style.body_leading
        if self.y + leading > self.bottom:
            self._new_sheet()
        free = self.text_width - setting.indent - face.width(text)
        shift = {"left": setting.indent, "center": free / 2, "right": free}[setting.align]
        if setting.stretch and 0 < free < 3 * face.size and len(text) > 1:
            look = replace(look, extra=free / (len(text) - 1))
        baseline = self.y + (leading - face.size) / 2 + face.ascent
        self.sheets[-1].print_line((self.left + shift, baseline), text, face, look)
        self.y += leading


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a line lies between the margins; ``indent`` in pixels, ``stretch`` fills the measure."""

    align: str = "left"
    indent: float = 0.0
    stretch: bool = False


def _page_number(kind: str, number: int, total: int) -> str:
    return {
        "none": "",
        "plain": str(number),
        "dash": f"- {number} -",
        "long_dash": f"— {number} —",
        "chinese": f"第 {number} 页",
        "total": f"第{number}页 共{total}页",
    }[kind]
