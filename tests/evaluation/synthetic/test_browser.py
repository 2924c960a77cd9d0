"""Reports on pages that a browser lays out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ocr_pipeline.cli.app import main
from ocr_pipeline.document import PageImage
from ocr_pipeline.errors import DependencyError
from ocr_pipeline.evaluation.synthetic.browser import (
    BrowserStyle,
    draw_browser_style,
    find_chromium,
    laid_out_by_browser,
)
from ocr_pipeline.evaluation.synthetic.damage import damage
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.truth import load_truth
from ocr_pipeline.geometry import Transform
from ocr_pipeline.tables import find_tables, whole_rulings

needs_chromium = pytest.mark.skipif(find_chromium() is None, reason="no Chromium (Debian: apt-get install chromium)")


@pytest.fixture(scope="module")
def report() -> SyntheticReport:
    return draw_report(5, form="B")


@needs_chromium
@pytest.mark.parametrize("collapse", ["collapse", "separate"])
def test_the_tables_are_on_the_pages(report: SyntheticReport, collapse: str) -> None:
    style = BrowserStyle(family="Noto Sans CJK SC", size=8, collapse=collapse, spacing=2)
    drawn = laid_out_by_browser(report, style)
    assert drawn.truth.fields == report.truth.fields
    assert [(t.image_height, t.image_width) for t in drawn.truth.pages] == [page.shape[:2] for page in drawn.pages]
    rows = 0
    for index, page in enumerate(drawn.pages):
        gray = whole_rulings(np.ascontiguousarray(page[:, :, 0]), 200.0)
        image = PageImage(index, page, gray, 200.0, Transform.identity(), (page.shape[1], page.shape[0]), "px")
        rows += sum(table.grid.rows for table in find_tables(image))
    # A row that a page break cuts through stands on both pages.
    printed = sum(grid.rows for grid in report.truth.grids)
    assert printed <= rows <= printed + len(drawn.pages) - 1


@needs_chromium
def test_such_pages_can_be_damaged(report: SyntheticReport) -> None:
    drawn = laid_out_by_browser(report, draw_browser_style(5))
    faxed = damage(drawn, "fax", 5)
    assert [page.shape[2] for page in faxed.pages] == [3] * len(drawn.pages)
    assert faxed.truth.profile == "fax"


@needs_chromium
def test_synth_takes_the_layout(tmp_path: Path) -> None:
    arguments = ["synth", "--out", str(tmp_path), "--count", "1", "--seed", "5", "--profile", "clean"]
    assert main([*arguments, "--layout", "browser"]) == 0
    (truth,) = load_truth(tmp_path)
    assert truth.path.is_file()


def test_without_a_browser_it_is_said_what_to_install(report: SyntheticReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DependencyError, match="needs Chromium") as caught:
        laid_out_by_browser(report, draw_browser_style(5))
    assert "apt-get install chromium" in caught.value.remedy


def test_seeds_differ_in_style() -> None:
    styles = {draw_browser_style(seed) for seed in range(40)}
    assert len(styles) > 30
    assert draw_browser_style(7) == draw_browser_style(7)
