"""Pages to train and to measure on: reports of the known forms and pages of any tables, ruled in every way there is."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import numpy as np

from ocr_pipeline.evaluation.page_net.clutter import add_clutter
from ocr_pipeline.evaluation.page_net.grids import draw_grid
from ocr_pipeline.evaluation.synthetic.pages import Press
from ocr_pipeline.evaluation.synthetic.prose import Script, write_script
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report, print_table
from ocr_pipeline.evaluation.synthetic.style import ReportStyle, TableStyle, draw_style
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth, TableTruth

__all__ = ["Scene", "draw_scene", "scene_style"]

_PALE = (120, 150, 165, 180, 200, 215)
"""Shades of rulings of which a threshold leaves rows of dots, or nothing."""
_MOST_STACKED = 7
_LINE_COLORS = ((0, 0, 0), (0, 0, 0), (0, 0, 0), (90, 90, 90), (150, 150, 150), (195, 195, 195), (60, 80, 140))


@dataclass(frozen=True, slots=True)
class Scene:
    """How pages are drawn: ``faces`` are Chinese faces (names in ``synthetic.fonts``), ``dpi`` resolutions.

    Shares of all scenes: ``clutter`` those with charts, pictures and black edges, ``known_forms`` reports, ``hard``
    those with worn, dashed or pale rulings, cells with frames of their own, many small tables one below the other,
    or rows without rulings that stand as close as the lines of one.
    """

    faces: tuple[str, ...]
    dpi: tuple[int, ...]
    clutter: float = 0.3
    known_forms: float = 0.45
    hard: float = 0.0


def scene_style(seed: int, scene: Scene) -> ReportStyle:
    """A style whose tables are ruled in more ways than those of ordinary reports."""
    rng = random.Random(f"{seed}/scene style")
    style = draw_style(seed, faces=scene.faces)
    table = style.table
    ruling = rng.choices(["full", "partial", "horizontal", "none"], [50, 14, 18, 18])[0]
    line = rng.choice([1, 1, 1, 2, 2, 3])
    changes: dict[str, Any] = {
        "ruling": ruling,
        "line_px": line,
        "outer_px": line + rng.choice([0, 0, 1, 2]),
        "dotted": rng.random() < 0.12,
        "double_frame": rng.random() < 0.1,
        "line_color": rng.choice(_LINE_COLORS),
        "width": rng.choice([1.0, 1.0, 0.96, 1.06, 0.8, 0.65]),
    }
    if ruling in ("horizontal", "none"):
        # Without rulings only the white between the cells tells them apart.
        changes["pad_x"] = max(table.pad_x, rng.uniform(2.5, 8))
    # Latin faces are drawn anew: a style of chosen faces has none.
    latin = draw_style(seed).latin_face
    update = {
        "table": TableStyle.model_validate({**table.model_dump(), **changes}),
        "dpi": rng.choice(scene.dpi),
        "latin_face": latin,
        "table_latin_face": latin,
    }
    return style.model_copy(update=update)


def _hard_rulings(rng: random.Random, dpi: int) -> dict[str, Any]:
    """What a fax or a browser makes of the rulings of a table; often several of these at once."""
    changes: dict[str, Any] = {"line_px": 1, "outer_px": rng.choice([1, 1, 2])}
    kind = rng.choice(["worn", "worn", "dashed", "pale", "pale", "framed"])
    if kind == "worn":
        changes |= {"worn": rng.choice([0.2, 0.4, 0.6, 0.75])}
    elif kind == "dashed":
        changes |= {"dash_px": rng.randint(2, max(3, dpi // 12)), "line_px": rng.choice([1, 1, 2])}
    elif kind == "framed":
        gap = max(2, round(rng.uniform(0.008, 0.035) * dpi))
        changes |= {"ruling": "full", "cell_gap_px": gap, "double_frame": rng.random() < 0.6}
    if kind == "pale" or rng.random() < 0.3:
        shade = rng.choice(_PALE)
        changes |= {"line_color": (shade, shade, shade)}
    return changes


def _close_rows(rng: random.Random) -> dict[str, Any]:
    """Rows as close as the lines of a label that wraps: only what stands beside its first line tells where it ends."""
    changes: dict[str, Any] = {} if rng.random() < 0.3 else {"header_fill": None}
    return changes | {
        "ruling": rng.choices(["none", "horizontal"], [75, 25])[0],
        "pad_x": rng.uniform(1.5, 6),
        "pad_y": rng.choice([0.0, 0.0, 0.5, 1.0]),
        "row_height": 8.0,
        "leading": rng.uniform(1.1, 1.8),
        "middle": rng.random() < 0.35,
        "label_share": rng.uniform(0.3, 0.5),
        "dotted": False,
    }


def draw_scene(seed: int, scene: Scene) -> SyntheticReport:
    """A few pages; the same seed gives the same pages on machines with the same fonts."""
    rng = random.Random(f"{seed}/scene")
    style = scene_style(seed, scene)
    hard = random.Random(f"{seed}/hard scene")
    if hard.random() < scene.hard:
        return _with_clutter(_draw_hard(seed, style, scene, hard), scene, rng)
    drawn = draw_report(seed, style=style) if rng.random() < scene.known_forms else _draw_any(seed, style, rng)
    return _with_clutter(drawn, scene, rng)


def _with_clutter(drawn: SyntheticReport, scene: Scene, rng: random.Random) -> SyntheticReport:
    pages = [np.array(page) for page in drawn.pages]
    for page, truth in zip(pages, drawn.truth.pages, strict=True):
        if rng.random() < scene.clutter:
            add_clutter(page, truth, rng, collages=scene.hard > 0)
    return SyntheticReport(tuple(pages), drawn.truth)


def _draw_hard(seed: int, style: ReportStyle, scene: Scene, rng: random.Random) -> SyntheticReport:
    kind = rng.choices(["stack", "worn", "close"], [35, 40, 25])[0]
    if kind == "stack":
        return _draw_stack(seed, style, rng)
    changes = _hard_rulings(rng, style.dpi) if kind == "worn" else _close_rows(rng)
    style = style.model_copy(update={"table": style.table.model_copy(update=changes)})
    if rng.random() < scene.known_forms:
        return draw_report(seed, style=style)
    return _draw_any(seed, style, rng, captions=rng.random() < 0.7)


def _draw_stack(seed: int, style: ReportStyle, rng: random.Random) -> SyntheticReport:
    """A page or two of small tables, with headings, lines of text or only a little white between them."""
    script = write_script(seed, rng.randint(2012, 2025), {}, ())
    rulings = rng.choices(["horizontal", "none", "full", "partial"], [35, 30, 20, 15], k=2)
    press = Press(style.model_copy(update={"table_gap_pt": rng.uniform(2.0, 9.0)}))
    if rng.random() < 0.4:
        press.title(script)
    tables: list[TableTruth] = []
    blocks = [block for block in script.blocks if block.kind in ("heading", "text")]
    headings = [block for block in blocks if block.kind == "heading"]
    texts = [block for block in blocks if block.kind == "text" and len(block.text) < 120] or blocks
    between = rng.choice([[6, 1, 3], [1, 1, 8], [3, 3, 3]])
    for _ in range(rng.randint(3, _MOST_STACKED)):
        what = rng.choices(["heading", "text", "nothing"], between)[0]
        if what == "heading" and headings:
            press.heading(rng.choice(headings))
        elif what == "text":
            press.paragraph(rng.choice(texts))
        ruling = rng.choice(rulings)
        # White is all that parts two tables without rulings.
        gap = rng.uniform(8.0, 20.0) if ruling == "none" else rng.uniform(2.0, 9.0)
        table = style.table.model_copy(update={"ruling": ruling, "pad_x": max(style.table.pad_x, 2.5)})
        press.style = style.model_copy(update={"table": table, "table_gap_pt": gap})
        printed = print_table(press, *draw_grid(rng, rng.choice([3, 5, 8])), len(tables), rng)
        tables.append(printed.model_copy(update={"part": "", "form": "none", "heading": None}))
        if len(press.sheets) > 2:
            break
    return _as_report(seed, script, press, tables, rng)


def _draw_any(seed: int, style: ReportStyle, rng: random.Random, *, captions: bool = False) -> SyntheticReport:
    """One or two pages of prose and tables of no known form; ``captions`` as ``draw_grid`` takes it."""
    script = write_script(seed, rng.randint(2012, 2025), {}, ())
    press = Press(style)
    if rng.random() < 0.4:
        press.title(script)
    tables: list[TableTruth] = []
    blocks = [block for block in script.blocks if block.kind in ("heading", "text")]
    start = rng.randrange(max(1, len(blocks) - 6))
    for block in blocks[start : start + rng.randint(2, 8)]:
        if block.kind == "heading":
            press.heading(block)
        elif rng.random() < 0.6:
            press.paragraph(block)
        if rng.random() < 0.5:
            printed = print_table(press, *draw_grid(rng, captions=captions), len(tables), rng)
            tables.append(printed.model_copy(update={"part": "", "form": "none", "heading": None}))
        if len(press.sheets) > 2:
            break
    return _as_report(seed, script, press, tables, rng)


def _as_report(
    seed: int, script: Script, press: Press, tables: list[TableTruth], rng: random.Random
) -> SyntheticReport:
    if rng.random() < 0.6:
        press.furniture(Script(script.body, script.title, ()))
    truth = ReportTruth(
        seed=seed,
        form="none",
        forms={},
        body=script.body,
        year=2020,
        title=script.title.replace("\n", ""),
        fields={},
        tables=(),
        grids=tuple(tables),
        pages=tuple(sheet.truth() for sheet in press.sheets),
        sections=tuple(press.sections),
    )
    return SyntheticReport(tuple(np.asarray(sheet.image, dtype=np.uint8) for sheet in press.sheets), truth)
