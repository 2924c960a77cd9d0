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

_LINE_COLORS = ((0, 0, 0), (0, 0, 0), (0, 0, 0), (90, 90, 90), (150, 150, 150), (195, 195, 195), (60, 80, 140))


@dataclass(frozen=True, slots=True)
class Scene:
    """How pages are drawn: ``faces`` are Chinese faces (names in ``synthetic.fonts``), ``dpi`` resolutions."""

    faces: tuple[str, ...]
    dpi: tuple[int, ...]
    clutter: float = 0.3
    known_forms: float = 0.45


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


def draw_scene(seed: int, scene: Scene) -> SyntheticReport:
    """A few pages; the same seed gives the same pages on machines with the same fonts."""
    rng = random.Random(f"{seed}/scene")
    style = scene_style(seed, scene)
    drawn = draw_report(seed, style=style) if rng.random() < scene.known_forms else _draw_any(seed, style, rng)
    pages = [np.array(page) for page in drawn.pages]
    for page, truth in zip(pages, drawn.truth.pages, strict=True):
        if rng.random() < scene.clutter:
            add_clutter(page, truth, rng)
    return SyntheticReport(tuple(pages), drawn.truth)


def _draw_any(seed: int, style: ReportStyle, rng: random.Random) -> SyntheticReport:
    """One or two pages of prose and tables of no known form."""
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
            printed = print_table(press, *draw_grid(rng), len(tables), rng)
            tables.append(printed.model_copy(update={"part": "", "form": "none", "heading": None}))
        if len(press.sheets) > 2:
            break
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
