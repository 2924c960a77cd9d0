"""Equations as people read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.equations import Equation, Figure
from ocr_pipeline.report.labels import FieldLabel
from ocr_pipeline.report.sums import Sum, sum_lines, sum_title, sums

LABELS = {
    "p/1/a": FieldLabel(("一、行",), ("申请人", "甲")),
    "p/1/b": FieldLabel(("一、行",), ("申请人", "乙")),
    "p/1/t": FieldLabel(("一、行",), ("申请人", "总计")),
}
ROW = Equation("row[1]", ("p/1/a", "p/1/b"), (), ("p/1/t",), about="adds up")
numbers = st.integers(-(10**6), 10**6)


def _sum(equation: Equation = ROW, **figures: int | float | str | None) -> Sum:
    """Figures by the last letter of their field; a text is a number with a unit."""
    known = {}
    for name, figure in figures.items():
        number, unit = (float(figure[:-2]), figure[-2:]) if isinstance(figure, str) else (figure, None)
        known[f"p/1/{name}"] = Figure(number, unit)
    return next(sums([equation], known, LABELS))


def test_a_sum_that_closes_and_one_that_does_not() -> None:
    found = _sum(a=40, b=1, t=41)
    assert (found.state, found.left_total, found.right_total, found.where) == ("closed", 41, 41, "一、行")
    assert sum_lines(found) == ["left   41 = 甲 40 + 乙 1", "right  41 = 总计 41", "closes"]
    assert sum_title(found) == "row[1] (一、行; adds up)"
    broken = _sum(a=40, b=None, t=1234567)
    assert broken.difference == 40 - 1234567
    assert sum_lines(broken)[0] == "left        40 = 甲 40 + 乙 blank"
    assert sum_lines(broken)[2] == "difference -1234527"


def test_why_a_sum_says_nothing() -> None:
    assert _sum(a=40, t=41).open_because == "乙 is missing"
    assert _sum().open_because == "甲, 乙, 总计 are missing"
    assert _sum(a=None, b=None, t=3).open_because == "a whole side is blank"
    assert _sum(a="1万元", b=2, t=3).open_because == "the units do not compare"
    assert "? " not in sum_lines(_sum(a=40, t=41))[2]
    assert sum_lines(_sum(a=40, t=41))[0] == "left   甲 40 + 乙 ?"


@given(a=numbers, b=numbers, t=numbers, take=st.booleans(), field=st.sampled_from("abt"))
def test_the_figure_that_is_needed_closes_the_sum(a: int, b: int, t: int, take: bool, field: str) -> None:
    equation = Equation("x", ("p/1/a",), ("p/1/b",), ("p/1/t",)) if take else ROW
    figures = {"a": a, "b": b, "t": t}
    needed = _sum(equation, **figures).needed(f"p/1/{field}")
    assert _sum(equation, **{**figures, field: needed}).state == "closed"
    assert (_sum(equation, **figures).state == "closed") == (needed == figures[field])
    alone = {name: figure for name, figure in figures.items() if name != field}
    assert _sum(equation, **alone).needed(f"p/1/{field}") == needed


def test_no_figure_is_needed_where_that_cannot_be_said() -> None:
    assert _sum(a=40, t=41).needed("p/1/a") is None
    assert _sum(a=40, b=1, t=41).needed("p/9/z") is None
    assert _sum(a="1万元", b="5千元", t="2万元").needed("p/1/a") is None


def test_a_long_side_names_what_counts() -> None:
    fields = tuple(f"p/{n}/a" for n in range(12))
    labels = {field: FieldLabel((f"行{n}",), ("甲",)) for n, field in enumerate(fields)}
    equation = Equation("long", fields[:-1], (), fields[-1:])
    figures = {field: Figure(7 if n in (3, 11) else 0) for n, field in enumerate(fields)}
    (found,) = sums([equation], figures, labels)
    assert sum_lines(found)[0] == "left   7 = 行3 7 + 10 that are 0 or blank"
    assert found.where == "甲"
    (zero,) = sums([equation], dict.fromkeys(fields, Figure(0)), labels)
    assert sum_lines(zero)[0] == "left   0 = 行0 0 + 10 that are 0 or blank"
    (unnamed,) = sums([equation], figures, {})
    assert unnamed.where == ""
    assert "p/3/a 7" in sum_lines(unnamed)[0]
