"""Our tables beside those of SLANet-plus: pictures of single tables, the same recogniser, in the same run.

``python -m ocr_pipeline.evaluation.table_contest`` makes the table of docs/accuracy.md again.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr_pipeline.errors import OcrPipelineError
from ocr_pipeline.evaluation.html_table import parse_table
from ocr_pipeline.evaluation.measurement import TableScores, write_measurement
from ocr_pipeline.evaluation.page_net.grids import draw_grid
from ocr_pipeline.evaluation.synthetic.damage import damage
from ocr_pipeline.evaluation.synthetic.forms import PARTS
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.pages import Press
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report, print_table
from ocr_pipeline.evaluation.synthetic.style import ReportStyle, draw_style
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth
from ocr_pipeline.evaluation.teds import TableSimilarity, similarity

__all__ = ["Entrant", "Picture", "contest", "format_contest", "pictures"]

Ruling = Literal["full", "partial", "horizontal", "none"]
Entrant = Callable[[NDArray[np.uint8]], str]
"""A picture of a table (height x width x 3, uint8, RGB) to HTML; empty where it finds none."""

_DPI, _MARGIN_INCHES = 200, 0.15
_TRIES = 40


@dataclass(frozen=True, eq=False)
class Picture:
    """One table as a picture, with its truth as HTML."""

    ruling: Ruling
    pixels: NDArray[np.uint8]
    truth: str


def pictures(ruling: Ruling, count: int, seed: int, profile: str = "scan", *, known: bool = True) -> Iterator[Picture]:
    """So many tables with such rulings, each of another seed, whole on one page; fewer where seeds run out.

    Args:
        ruling: which lines are printed.
        count: how many.
        seed: the first.
        profile: of damage, see ``synthetic.damage``.
        known: tables of the known forms, or else of no form.
    """
    made = 0
    for number in range(seed, seed + _TRIES * count):
        if made == count:
            return
        style = draw_style(number)
        table = style.table.model_copy(update={"ruling": ruling, "double_frame": False, "dotted": False})
        style = style.model_copy(update={"table": table, "dpi": _DPI})
        drawn = _form_table(number, style) if known else _any_table(number, style)
        picture = _picture(damage(drawn, profile, number), ruling)
        if picture is not None:
            made += 1
            yield picture


def _form_table(number: int, style: ReportStyle) -> SyntheticReport:
    return draw_report(number, style=style, content=ContentOptions(parts=(PARTS[number % len(PARTS)],), prose=False))


def _any_table(number: int, style: ReportStyle) -> SyntheticReport:
    """A table of no known form on pages of its own."""
    rng, press = random.Random(f"{number}/any table"), Press(style)
    table = print_table(press, *draw_grid(rng), 0, rng).model_copy(update={"part": "", "form": "none"})
    truth = ReportTruth(
        seed=number,
        form="none",
        forms={},
        body="",
        year=2020,
        title="",
        fields={},
        tables=(table.html,),
        grids=(table,),
        pages=tuple(sheet.truth() for sheet in press.sheets),
        sections=(),
    )
    return SyntheticReport(tuple(np.asarray(sheet.image, dtype=np.uint8) for sheet in press.sheets), truth)


def _picture(report: SyntheticReport, ruling: Ruling) -> Picture | None:
    areas = [(page, area) for page in report.truth.pages for area in page.tables]
    if len(areas) != 1 or len(report.truth.tables) != 1:
        return None
    page, area = areas[0]
    image = report.pages[page.index]
    box = page.on_image(area.box).expanded(_MARGIN_INCHES * page.image_dpi).clipped(image.shape[1], image.shape[0])
    return Picture(ruling, np.ascontiguousarray(image[box.slices()]), report.truth.tables[0])


def contest(shown: Sequence[Picture], entrants: Mapping[str, Entrant]) -> dict[tuple[Ruling, str], TableSimilarity]:
    """Mean similarity of what each entrant makes of the pictures to their truth, by ruling and entrant."""
    scores: dict[tuple[Ruling, str], list[TableSimilarity]] = defaultdict(list)
    for picture in shown:
        truth = parse_table(picture.truth)
        for name, entrant in entrants.items():
            html = entrant(picture.pixels)
            found = similarity(truth, parse_table(html)) if "<td" in html else TableSimilarity(0.0, 0.0)
            scores[picture.ruling, name].append(found)
    return {
        key: TableSimilarity(
            float(np.mean([one.teds for one in many])), float(np.mean([one.structure for one in many]))
        )
        for key, many in scores.items()
    }


def format_contest(scores: Mapping[tuple[Ruling, str], TableSimilarity]) -> str:
    """A Markdown table: TEDS and TEDS of the structure alone."""
    lines = ["| rulings | found by | TEDS | structure only |", "| --- | --- | ---: | ---: |"]
    lines += [f"| {r} | {name} | {s.teds:.3f} | {s.structure:.3f} |" for (r, name), s in scores.items()]
    return "\n".join(lines)


def _entrants() -> dict[str, Entrant]:
    from ocr_pipeline.document import PageImage
    from ocr_pipeline.evaluation.engines.slanet_plus import SlanetPlus
    from ocr_pipeline.evaluation.pixels import read_pixels
    from ocr_pipeline.geometry import Transform
    from ocr_pipeline.pipeline import Reader
    from ocr_pipeline.text.lines import read_lines
    from ocr_pipeline.text.load import load_text_engine

    reader, text, slanet = Reader(), load_text_engine(), SlanetPlus()

    def ours(pixels: NDArray[np.uint8]) -> str:
        report = read_pixels(reader, pixels, _DPI)
        tables = report.tables if report else ()
        return max((table.html for table in tables), key=len, default="")

    def theirs(pixels: NDArray[np.uint8]) -> str:
        height, width = pixels.shape[:2]
        gray = np.asarray(Image.fromarray(pixels).convert("L"), dtype=np.uint8)
        page = PageImage(0, pixels, gray, _DPI, Transform.identity(), (width, height), "px")
        return slanet.html(pixels, read_lines(page, text.detector, text.recognizer))

    return {"ocr_pipeline": ours, "SLANet-plus": theirs}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ocr_pipeline.evaluation.table_contest", description=__doc__)
    parser.add_argument("--count", type=int, default=8, help="pictures of each kind of ruling")
    parser.add_argument("--seed", type=int, default=43_000, help="the first seed")
    parser.add_argument("--profile", default="scan", help="damage of the pictures")
    parser.add_argument("--unknown", action="store_true", help="tables of no known form")
    parser.add_argument("--out", type=Path, help="write the figures there, as JSON")
    chosen = parser.parse_args(arguments)
    try:
        entrants = _entrants()
        scores: dict[tuple[Ruling, str], TableSimilarity] = {}
        for ruling in get_args(Ruling):
            shown = pictures(ruling, chosen.count, chosen.seed, chosen.profile, known=not chosen.unknown)
            found = contest(list(shown), entrants)
            sys.stdout.write(format_contest(found) + "\n")
            sys.stdout.flush()
            scores.update(found)
        if chosen.out is not None:
            write_measurement(TableScores.of((*key, score) for key, score in scores.items()), chosen.out)
    except OcrPipelineError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
