from __future__ import annotations

import math
import random

import pytest

from ocr_pipeline.document import Cell, Reading
from ocr_pipeline.engine import FIGURE_NET
from ocr_pipeline.evaluation.proof.samples import HARSH, CellSample, PartSample
from ocr_pipeline.evaluation.synthetic.figures import draw_figures
from ocr_pipeline.evaluation.synthetic.forms import form_grid
from ocr_pipeline.evaluation.synthetic.options import ContentOptions

LIKE = {"0": "8", "8": "0", "5": "6", "6": "5", "1": "7", "7": "1", "3": "8", "9": "0", "2": "7", "4": "1"}


def misread(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    other = text[:at] + LIKE[text[at]] + text[at + 1 :]
    return other if len(other) == 1 or other[0] != "0" else text + "1"


def cell(printed: str, first: str, sure: float, rival: str | None = None) -> Cell:
    texts = {first: sure, **({rival: (1 - sure) * 0.9} if rival else {})}
    readings = tuple(Reading(text=t, log_prob=math.log(p), engine="one") for t, p in texts.items())
    witnesses = [Reading(text=printed, log_prob=math.log(0.6), engine="two")]
    for text, share in {printed: 0.5, first: 0.3, **({rival: 0.01} if rival and rival != printed else {})}.items():
        witnesses.append(Reading(text=text, log_prob=math.log(share), engine=FIGURE_NET))
    return Cell(row=0, column=0, text=first, confidence=sure, ink=True, readings=readings, witnesses=tuple(witnesses))


def sample(seed: int, profile: str, share: float) -> PartSample:
    """Applications of a report of which this share of the figures is misread."""
    rng = random.Random(seed)
    grid = form_grid("applications", "A")
    figures = draw_figures(seed, (grid,), ContentOptions(broken=0, zero="0", blank_totals="none", scale="medium"))
    cells = []
    for field in grid.fields:
        printed = str(int(figures.numbers[field]))
        wrong = misread(printed, rng) if rng.random() < share else None
        sure = rng.uniform(0.5, 0.9) if wrong else 1 - 10 ** rng.uniform(-4, -1.5)
        made = cell(printed, wrong or printed, sure, printed if wrong else misread(printed, rng))
        cells.append(CellSample(field=field, kind="count", truth=printed, cell=made))
    return PartSample(seed=seed, profile=profile, form="gov-disclosure-a", part="applications", cells=tuple(cells))


@pytest.fixture(scope="session")
def samples() -> list[PartSample]:
    return [sample(n, HARSH if n % 2 else "scan", 0.06 if n % 2 else 0.0) for n in range(8)]
