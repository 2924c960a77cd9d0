"""Draws a whole report: figures, words and style by a seed, as pictures of pages with everything known about them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.evaluation.synthetic.figures import draw_figures
from ocr_pipeline.evaluation.synthetic.forms import Form, FormGrid, form_grid
from ocr_pipeline.evaluation.synthetic.options import ContentOptions, FormChoice
from ocr_pipeline.evaluation.synthetic.pages import Press
from ocr_pipeline.evaluation.synthetic.prose import Script, write_script
from ocr_pipeline.evaluation.synthetic.style import ReportStyle, draw_style
from ocr_pipeline.evaluation.synthetic.table_layout import lay_table
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth, TableTruth

__all__ = ["SyntheticReport", "draw_report", "print_table"]

_FORMS: tuple[FormChoice, ...] = ("A", "B", "mixed")


@dataclass(frozen=True, eq=False)
class SyntheticReport:
    """A report as pictures, with its truth.

    Attributes:
        pages: height x width x 3, uint8, RGB, one a page.
        truth: what is printed where.
    """

    pages: tuple[NDArray[np.uint8], ...]
    truth: ReportTruth


def draw_report(
    seed: int,
    *,
    form: FormChoice | None = None,
    style: ReportStyle | None = None,
    content: ContentOptions | None = None,
) -> SyntheticReport:
    """Draw a report; the same seed gives the same report on machines with the same fonts.

    Args:
        seed: any integer; settles everything that is not given.
        form: ``A``, ``B``, or ``mixed`` for tables of different forms; None for any of them.
        style: how it looks; None for ``draw_style(seed)``.
        content: what it says.
    """
    content = content or ContentOptions()
    style = style or draw_style(seed)
    rng = random.Random(f"{seed}/report")
    chosen: FormChoice = form or rng.choices(_FORMS, [42, 48, 10])[0]
    forms = _forms(chosen, rng)
    year = content.year or rng.choice([2019, 2020, 2020, 2021] if chosen == "A" else [2021, 2022, 2023, 2024, 2025])
    grids = tuple(form_grid(part, forms[part], halves=style.table.halves) for part in content.parts)
    figures = draw_figures(seed, grids, content)
    script = write_script(seed, year, figures.printed, grids, restart_numbers=style.restart_numbers)
    press, tables = _print(script, grids, figures.printed, style, content, rng)
    truth = ReportTruth(
        seed=seed,
        form=chosen,
        forms={grid.part: grid.form for grid in grids},
        body=script.body,
        year=year,
        title=script.title.replace("\n", "") if content.prose else "",
        fields=figures.printed,
        broken=figures.broken,
        tables=tuple(table.html for table in tables),
        grids=tuple(tables),
        pages=tuple(sheet.truth() for sheet in press.sheets),
        sections=tuple(press.sections),
    )
    return SyntheticReport(tuple(np.asarray(sheet.image, dtype=np.uint8) for sheet in press.sheets), truth)


def print_table(
    press: Press, grid: FormGrid, printed: Mapping[str, str], number: int, rng: random.Random
) -> TableTruth:
    """Print a table where the press stands, and say what is where.

    Args:
        press: prints it under the heading that it printed last.
        grid: its cells.
        printed: the figures, by field.
        number: how many tables there are before it.
        rng: settles what the style leaves open.
    """
    laid = lay_table(grid, printed, press.style, text_width=press.text_width, rng=rng)
    heading = press.sections[-1].title if press.sections else None
    return TableTruth(
        part=grid.part,
        form=grid.form,
        heading=heading,
        rows=laid.rows,
        columns=grid.columns,
        header_rows=grid.header_rows,
        ruling=press.style.table.ruling,
        cells=press.table(laid, number, rng),
    )


def _forms(form: FormChoice, rng: random.Random) -> dict[str, Form]:
    if form == "mixed":
        # The two directions seen in practice: the new proactive table before the old applications, and the reverse.
        first: Form = rng.choices(["B", "A"], [3, 1])[0]  # type: ignore[assignment]  # choices forgets the literals
        other: Form = "A" if first == "B" else "B"
        return {"proactive": first, "applications": other, "disputes": other}
    return {"proactive": form, "applications": form, "disputes": form}


def _print(
    script: Script,
    grids: tuple[FormGrid, ...],
    printed: dict[str, str],
    style: ReportStyle,
    content: ContentOptions,
    rng: random.Random,
) -> tuple[Press, list[TableTruth]]:
    press = Press(style)
    by_part = {grid.part: grid for grid in grids}
    tables: list[TableTruth] = []
    if content.prose:
        press.title(script)
    for position, block in enumerate(script.blocks):
        if block.kind == "table":
            grid = by_part[block.text]  # type: ignore[index]  # the script names parts
            tables.append(print_table(press, grid, printed, len(tables), rng))
        elif content.prose:
            if block.kind == "heading":
                following = script.blocks[position + 1 :]
                upcoming = following[0].text if following and following[0].kind == "table" else ""
                press.turn(landscape=style.landscape_tables and upcoming == "applications")
                press.heading(block)
            elif block.kind == "text":
                press.paragraph(block)
            else:
                press.sign(block)
    if content.prose:
        press.furniture(script)
    return press, tables
