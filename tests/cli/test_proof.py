from __future__ import annotations

from pathlib import Path

import pytest

from ocr_pipeline.cli import main
from ocr_pipeline.evaluation.proof.samples import PartSample, write_samples
from tests.evaluation.proof.conftest import sample


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("proof") / "cells.jsonl.gz"
    made: list[PartSample] = [sample(n, "harsh", 0.05) for n in range(4)]
    assert len(list(write_samples(path, made))) == 4
    return path


def test_fit_writes_what_the_program_loads(cells: Path, tmp_path: Path) -> None:
    from ocr_pipeline.templates.calibration import load_calibration

    assert main(["proof", "fit", str(cells), "--out", str(tmp_path), "-q"]) == 0
    assert load_calibration(tmp_path).cancel > 0


def test_repair_and_confidence_print_and_write(cells: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures, plot = tmp_path / "a.json", tmp_path / "curve.svg"
    assert main(["proof", "repair", str(cells), "--reports", "2", "--misread", "0.02", "--out", str(figures)]) == 0
    assert "wrong repairs 0" in capsys.readouterr().out
    assert figures.is_file()
    assert main(["proof", "confidence", str(cells), "--plot", str(plot)]) == 0
    assert "calibration error" in capsys.readouterr().out
    assert plot.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["proof", "repair", "none.gz"], 3),
        (["proof", "repair", "none.gz", "--misread", "2"], 2),
        (["proof", "confidence", "none.gz"], 3),
        (["proof", "gather", "cells.gz", "--count", "0"], 2),
        (["proof"], 2),
    ],
)
def test_bad_calls_have_their_codes(arguments: list[str], code: int) -> None:
    assert main(arguments) == code
