from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr_pipeline.errors import ConfigurationError, OutputError
from ocr_pipeline.evaluation.figure_net.recipe import FigureRecipe
from ocr_pipeline.evaluation.training.command import Folders, run_step
from ocr_pipeline.evaluation.training.drawing import draw_parts
from ocr_pipeline.evaluation.training.recipe import read_recipe


def count_lines(part: int, index: Path) -> int:
    index.write_text("line\n" * part, encoding="utf-8")
    return part


def test_a_step_gets_its_folders_and_its_lines_are_shown(capsys) -> None:
    def draw(folders: Folders) -> Iterator[str]:
        yield f"into {folders.drawn.as_posix()} by {folders.jobs}"
        yield f"out of {folders.recipe}"

    def train(folders: Folders) -> Iterator[str]:
        yield f"to {folders.out.as_posix()}"

    steps = {"draw": draw, "train": train}
    assert run_step("some_net", "crops", steps, ["draw", "--jobs", "3"]) == 0
    assert run_step("some_net", "crops", steps, ["train", "--crops", "x", "--out", "y"]) == 0
    assert capsys.readouterr().out == "into out/some_net/crops by 3\nout of None\nto y\n"


def test_an_error_of_ours_becomes_an_exit_code(capsys) -> None:
    def fail(folders: Folders) -> Iterator[str]:
        yield str(read_recipe(FigureRecipe, "figure_net", folders.recipe))

    assert run_step("some_net", "crops", {"fail": fail}, ["fail", "--recipe", "absent"]) == ConfigurationError.exit_code
    assert "no recipe of figure_net" in capsys.readouterr().err


def test_parts_are_counted_as_they_are_drawn(tmp_path) -> None:
    assert sorted(draw_parts([2, 3], count_lines, tmp_path / "drawn"))[-1] == 5
    assert (tmp_path / "drawn" / "part001.json").read_text(encoding="utf-8") == "line\n" * 3


def test_a_folder_that_cannot_be_made_is_told(tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot write into"):
        list(draw_parts([1], count_lines, tmp_path / "file" / "drawn"))
