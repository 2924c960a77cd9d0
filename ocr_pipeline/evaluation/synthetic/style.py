"""How a report looks: one frozen style, drawn from a seed, that settles page, type, tables, rulings and cuts."""

from __future__ import annotations

import random
from typing import Literal

from pydantic import Field

from ocr_pipeline.evaluation.synthetic.fonts import CHINESE_FACES, FALLBACK, LATIN_FACES, available
from ocr_pipeline.frozen import FrozenModel

__all__ = ["Color", "LabelStyle", "ReportStyle", "TableStyle", "draw_style"]

Color = tuple[int, int, int]
Align = Literal["left", "center", "right"]

_BLACK: Color = (0, 0, 0)
_FILLS: tuple[Color, ...] = (
    (217, 217, 217),
    (242, 242, 242),
    (221, 235, 247),
    (226, 239, 218),
    (255, 242, 204),
    (252, 228, 214),
    (198, 224, 236),
)


class LabelStyle(FrozenModel):
    """How the official labels are typed."""

    half_width: bool = Field(False, description="() and , instead of （） and ，")
    number: Literal[".", "、", "．"] = Field(".", description="what follows the number of a row")
    spread: bool = Field(False, description="blanks between the characters of short column headers")
    plain_quotes: bool = Field(False, description="straight quotation marks")
    slips: float = Field(0.0, ge=0, le=1, description="share of labels with a character left out")


class TableStyle(FrozenModel):
    """How tables are laid out, ruled and cut."""

    width: float = Field(1.0, gt=0.5, le=1.1, description="of the width of the text")
    label_share: float = Field(0.42, ge=0.2, le=0.6, description="of the width for labels, applications")
    group_share: float = Field(0.24, ge=0.1, le=0.4, description="of the labels' width for the groups （三） to （六）")
    result_share: float = Field(0.13, ge=0.08, le=0.2, description="of the labels' width for 三、本年度办理结果")
    jitter: float = Field(0.0, ge=0, le=0.4, description="unevenness of the value columns")
    leading: float = Field(1.2, ge=1.0, le=2.0, description="of the size of the type")
    row_height: float = Field(14.0, ge=8, le=40, description="least height of a row, points")
    pad_x: float = Field(3.0, ge=1, le=8, description="points")
    pad_y: float = Field(1.5, ge=0, le=8, description="points; 0: rows are as close as the lines of one")
    label_align: Align = "center"
    value_align: Align = "center"
    middle: bool = Field(True, description="cells centred from top to bottom; otherwise at the top")
    vertical_result: bool = Field(True, description="三、本年度办理结果 with one character a line")
    vertical_outcomes: bool = Field(False, description="headers of the disputes with one character a line")
    halves: Literal["left", "right", "even"] = Field("right", description="see forms.form_grid")
    ruling: Literal["full", "partial", "horizontal", "none"] = "full"
    line_px: int = Field(2, ge=1, le=4, description="thickness of inner rulings, pixels")
    outer_px: int = Field(2, ge=1, le=6, description="thickness of the frame, pixels")
    double_frame: bool = False
    dotted: bool = Field(False, description="inner rulings dotted")
    dash_px: int = Field(0, ge=0, le=60, description="length of the dashes of inner rulings, pixels; 0: not dashed")
    worn: float = Field(0.0, ge=0, lt=1, description="share of each ruling that is lost in small pieces")
    cell_gap_px: int = Field(0, ge=0, le=20, description="between cells with frames of their own; 0: they share one")
    line_color: Color = _BLACK
    header_fill: Color | None = None
    header_color: Color = _BLACK
    bold_headers: bool = False
    row_split: bool = Field(True, description="a page break may run through a row")
    split_values: Literal["upper", "lower"] = Field("upper", description="where the figures of a cut row stand")
    span_text: Literal["flow", "middle", "largest"] = Field("flow", description="text of a cut spanning cell")
    repeat_header: bool = Field(False, description="header rows printed again on the next page")
    cut_header: bool = Field(False, description="a page break may fall between header rows")
    open_cut: bool = Field(False, description="no ruling at the lower edge of a page")
    extra_row: bool = Field(False, description="a row the form does not know")
    note_row: bool = Field(False, description="a remark as the last row")


class ReportStyle(FrozenModel):
    """How a whole report looks. Lengths are millimetres for the page, points for type."""

    dpi: int = Field(200, ge=96, le=400)
    page_mm: tuple[float, float] = Field((210.0, 297.0), description="width and height")
    landscape_tables: bool = Field(False, description="the applications on a landscape page of their own")
    margins_mm: tuple[float, float, float, float] = Field((25.0, 25.0, 25.0, 25.0), description="top right bottom left")
    body_face: str = FALLBACK
    heading_face: str = FALLBACK
    title_face: str = FALLBACK
    table_face: str = FALLBACK
    latin_face: str = Field("", description="figures in prose; empty: those of the Chinese face")
    table_latin_face: str = ""
    title_pt: float = Field(20.0, ge=12, le=32)
    heading_pt: float = Field(16.0, ge=9, le=22)
    body_pt: float = Field(14.0, ge=9, le=18)
    table_pt: float = Field(10.0, ge=6.5, le=14)
    body_leading: float = Field(1.6, ge=1.1, le=2.4)
    bold_title: bool = True
    bold_headings: bool = True
    center_headings: bool = False
    indent_headings: bool = True
    justify: bool = True
    autospace: bool = True
    ink: Color = Field(_BLACK, description="of the text")
    title_color: Color = _BLACK
    red_rule: bool = Field(False, description="a red line below the title")
    page_number: Literal["none", "plain", "dash", "long_dash", "chinese", "total"] = "dash"
    page_number_align: Align = "center"
    running_header: bool = False
    restart_numbers: bool = Field(False, description="table sections counted from 一 again")
    table_gap_pt: float = Field(6.0, ge=0, le=30)
    labels: LabelStyle = LabelStyle()
    table: TableStyle = TableStyle()


def draw_style(seed: int, *, faces: tuple[str, ...] | None = None) -> ReportStyle:
    """A style by the seed.

    Args:
        seed: any integer.
        faces: Chinese faces to choose from (names in ``fonts``); None for those of this machine.
    """
    rng = random.Random(f"{seed}/style")
    chinese = faces if faces is not None else (*available(CHINESE_FACES), FALLBACK)
    latin = ("", *available(LATIN_FACES)) if faces is None else ("",)
    light = [face for face in chinese if not face.endswith("-bold")] or list(chinese)
    body = rng.choice(light)
    same = rng.random() < 0.5
    body_latin = _latin(rng, latin)
    table_pt = rng.choice([7.5, 8.0, 9.0, 9.0, 9.0, 10.0, 10.5, 10.5, 12.0])
    body_pt = rng.choice([10.5, 12.0, 12.0, 14.0, 15.0, 16.0, 16.0])
    side = rng.choice([20.0, 25.4, 26.0, 28.0, 31.8])
    small_page = rng.random() < 0.05
    return ReportStyle(
        dpi=rng.choice([150, 200, 200, 200, 200, 240, 300]),
        page_mm=rng.choice([(182.0, 257.0), (215.9, 279.4)]) if small_page else (210.0, 297.0),
        landscape_tables=rng.random() < 0.07,
        margins_mm=(rng.choice([20.0, 25.4, 30.0, 37.0]), side, rng.choice([18.0, 25.4, 30.0, 35.0]), side),
        body_face=body,
        heading_face=body if same else rng.choice(chinese),
        title_face=rng.choice(chinese),
        table_face=body if same else rng.choice(light),
        latin_face=body_latin,
        table_latin_face=body_latin if rng.random() < 0.7 else _latin(rng, latin),
        title_pt=rng.choice([16.0, 18.0, 20.0, 22.0, 22.0]),
        heading_pt=min(22.0, body_pt + rng.choice([0.0, 0.0, 1.0, 2.0])),
        body_pt=body_pt,
        table_pt=table_pt,
        body_leading=rng.choice([1.3, 1.5, 1.6, 1.75, 2.0]),
        bold_title=rng.random() < 0.7,
        bold_headings=rng.random() < 0.6,
        center_headings=rng.random() < 0.1,
        indent_headings=rng.random() < 0.75,
        justify=rng.random() < 0.75,
        autospace=rng.random() < 0.5,
        ink=rng.choice([_BLACK, _BLACK, _BLACK, (51, 51, 51), (38, 38, 38)]),
        title_color=rng.choices([_BLACK, (200, 0, 0), (31, 78, 121)], [90, 6, 4])[0],
        red_rule=rng.random() < 0.06,
        page_number=rng.choice(["none", "none", "plain", "dash", "dash", "long_dash", "chinese", "total"]),
        page_number_align=rng.choice(["center", "center", "right"]),
        running_header=rng.random() < 0.15,
        restart_numbers=rng.random() < 0.08,
        table_gap_pt=rng.uniform(2, 16),
        labels=_draw_labels(rng),
        table=_draw_table_style(rng, table_pt),
    )


def _latin(rng: random.Random, faces: tuple[str, ...]) -> str:
    """Mostly a face like Times or the Chinese face's own; screen faces are rare in print."""
    weights = [
        1 if face.startswith(("dejavu", "c059")) else 5 if "serif" in face or "roman" in face else 3 for face in faces
    ]
    return rng.choices(faces, weights)[0]


def _draw_labels(rng: random.Random) -> LabelStyle:
    return LabelStyle(
        half_width=rng.random() < 0.15,
        number=rng.choices([".", "、", "．"], [75, 15, 10])[0],
        spread=rng.random() < 0.1,
        plain_quotes=rng.random() < 0.1,
        slips=0.05 if rng.random() < 0.08 else 0.0,
    )


def _draw_table_style(rng: random.Random, size: float) -> TableStyle:
    line = rng.choice([1, 1, 1, 2, 2, 3])
    dark = rng.random() < 0.03
    fill = rng.choice(_FILLS) if rng.random() < 0.25 else None
    split = rng.random() < 0.75
    return TableStyle(
        width=rng.choice([1.0, 1.0, 1.0, 0.96, 1.06]),
        label_share=rng.uniform(0.34, 0.52),
        group_share=rng.uniform(0.17, 0.3),
        result_share=rng.uniform(0.1, 0.15),
        jitter=rng.choice([0.0, 0.0, 0.1, 0.25]),
        leading=rng.choice([1.1, 1.15, 1.2, 1.3, 1.5]),
        row_height=rng.choice([size * 1.3, size * 1.6, size * 2.0, size * 2.6]),
        pad_x=rng.choice([1.5, 2.0, 3.0, 5.4]),
        pad_y=rng.choice([1.0, 1.0, 1.5, 2.5, 4.0]),
        label_align=rng.choice(["center", "center", "left"]),
        value_align=rng.choices(["center", "right", "left"], [82, 11, 7])[0],
        middle=rng.random() < 0.7,
        vertical_result=rng.random() < 0.8,
        vertical_outcomes=rng.random() < 0.4,
        halves=rng.choice(["left", "right", "even"]),
        ruling=rng.choices(["full", "partial"], [92, 8])[0],
        line_px=line,
        outer_px=line + rng.choice([0, 0, 0, 1, 2]),
        double_frame=rng.random() < 0.05,
        dotted=rng.random() < 0.05,
        line_color=rng.choices([_BLACK, (90, 90, 90), (150, 150, 150), (60, 80, 140)], [78, 12, 6, 4])[0],
        header_fill=(68, 114, 196) if dark else fill,
        header_color=(255, 255, 255) if dark else _BLACK,
        bold_headers=rng.random() < 0.2,
        row_split=split,
        split_values=rng.choice(["upper", "lower"]),
        span_text=rng.choice(["flow", "middle", "middle", "largest"]),
        repeat_header=rng.random() < 0.2,
        cut_header=rng.random() < 0.1,
        open_cut=rng.random() < 0.1,
        extra_row=rng.random() < 0.04,
        note_row=rng.random() < 0.06,
    )
