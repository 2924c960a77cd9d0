from __future__ import annotations

import pytest

from ocr_pipeline.evaluation.synthetic.fonts import FALLBACK
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import draw_style

SEEDS = (3, 8, 21)


@pytest.fixture(scope="session", params=SEEDS)
def drawn(request: pytest.FixtureRequest) -> SyntheticReport:
    """Whole reports of different layouts, in the font that every machine has, small enough to be quick."""
    style = draw_style(request.param, faces=(FALLBACK,)).model_copy(update={"dpi": 150})
    return draw_report(request.param, style=style)
