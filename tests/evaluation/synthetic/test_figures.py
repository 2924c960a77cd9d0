from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.evaluation.synthetic.figures import draw_figures, open_equations
from ocr_pipeline.evaluation.synthetic.forms import PARTS, Form, FormGrid, form_grid
from ocr_pipeline.evaluation.synthetic.options import ContentOptions, Scale

SCALES: tuple[Scale, ...] = ("zero", "tiny", "small", "medium", "large", "huge")


def grids(form: Form) -> tuple[FormGrid, ...]:
    return tuple(form_grid(part, form) for part in PARTS)


def equations(form: Form):  # type: ignore[no-untyped-def]
    return [equation for grid in grids(form) for equation in grid.equations]


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.sampled_from(["A", "B"]), st.sampled_from(SCALES))
def test_every_equation_closes(seed: int, form: Form, scale: Scale) -> None:
    figures = draw_figures(seed, grids(form), ContentOptions(scale=scale, broken=0))
    assert open_equations(figures.numbers, equations(form)) == ()
    assert all(value >= 0 for key, value in figures.numbers.items() if not key.endswith("/items_change"))
    assert set(figures.printed) == {field for grid in grids(form) for field in grid.fields}


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.integers(1, 3))
def test_broken_figures_leave_equations_open(seed: int, count: int) -> None:
    figures = draw_figures(seed, grids("B"), ContentOptions(scale="small", zero="0", broken=count, blank_totals="none"))
    assert len(figures.broken) == count
    shown = {key: float(figures.printed[key]) for key in figures.broken}
    assert all(figures.numbers[key] != value for key, value in shown.items())
    assert open_equations({**figures.numbers, **shown}, equations("B"))


def test_what_is_printed_is_what_is_meant() -> None:
    figures = draw_figures(4, grids("A"), ContentOptions(scale="medium", zero="0", broken=0, blank_totals="none"))
    for key, text in figures.printed.items():
        if key.startswith(("applications/", "disputes/")):
            assert float(text.replace(",", "")) == figures.numbers[key]


@pytest.mark.parametrize(("kind", "blank"), [("row", "applications/3.7/natural"), ("column", "applications/1/total")])
def test_totals_left_blank(kind: str, blank: str) -> None:
    options = ContentOptions(scale="small", zero="0", broken=0, blank_totals=kind)  # type: ignore[arg-type]
    figures = draw_figures(1, grids("A"), options)
    assert figures.printed[blank] == ""
    assert figures.printed["applications/1/natural"] != ""


def test_a_blank_zero_is_an_empty_string_and_a_slash_stays_a_slash() -> None:
    for mark in ("", "/", "-", "—"):
        options = ContentOptions(scale="zero", zero=mark, broken=0, blank_totals="none")  # type: ignore[arg-type]
        printed = draw_figures(1, grids("B"), options).printed
        assert {printed[key] for key in printed if key.startswith("applications/")} == {mark}


def test_the_spellings_seen_in_practice_turn_up() -> None:
    options = ContentOptions(scale="large", broken=0)
    texts = {text for seed in range(120) for text in draw_figures(seed, grids("A"), options).printed.values()}
    for pattern in (
        r"\+\d+",
        r"-\d+",
        r"增加 \d+",
        r"减少\d+",
        r"减\d+",
        r"[\d.]+ ?亿",
        r"\d+元",
        r"\d+\.\d+",
        r"[\d.]+万",
    ):
        assert any(re.fullmatch(pattern, text) for text in texts), pattern
