from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ocr_pipeline.evaluation.synthetic.fixtures import FIXTURES, Fixture, draw_fixture
from ocr_pipeline.evaluation.synthetic.truth import CellPiece, ReportTruth
from ocr_pipeline.evaluation.truth import load_truth

FOLDER = Path(__file__).resolve().parents[3] / "fixtures"


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.file)
def test_fixtures_are_what_the_generator_makes(fixture: Fixture) -> None:
    stored = ReportTruth.model_validate_json((FOLDER / fixture.file).with_suffix(".json").read_text(encoding="utf-8"))
    made = draw_fixture(fixture).truth
    assert (made.fields, made.tables, made.broken) == (stored.fields, stored.tables, stored.broken)
    assert (made.title, made.sections) == (stored.title, stored.sections)
    # Versions of FreeType differ by a pixel here and there.
    for ours, theirs in zip(pieces(made), pieces(stored), strict=True):
        assert (ours.page, ours.text) == (theirs.page, theirs.text)
        assert np.allclose(ours.box.as_tuple(), theirs.box.as_tuple(), atol=3)
    for page, same in zip(made.pages, stored.pages, strict=True):
        assert np.allclose(page.transform.matrix, same.transform.matrix, atol=1e-6)


def pieces(truth: ReportTruth) -> list[CellPiece]:
    return [piece for grid in truth.grids for cell in grid.cells for piece in cell.pieces]


def test_the_folder_is_ground_truth_and_small() -> None:
    assert {truth.file for truth in load_truth(FOLDER)} == {fixture.file for fixture in FIXTURES}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 6_000_000


def test_the_reports_are_cut_inside_rows() -> None:
    for name in ("report_b_scan.json", "report_a_clean.json"):
        truth = ReportTruth.model_validate_json((FOLDER / name).read_text(encoding="utf-8"))
        cells = [cell for grid in truth.grids for cell in grid.cells if cell.row_span == 1 and len(cell.pieces) == 2]
        assert any(cell.role == "label" and all(piece.lines for piece in cell.pieces) for cell in cells), name
