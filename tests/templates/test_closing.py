from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.templates.closing import Check, Slot, explain

CLEAN = 9.0


def slot(first: int | None, *alternatives: tuple[int, float], free: float = CLEAN) -> Slot:
    return Slot(first, alternatives, free, CLEAN)


def grid(cells: list[list[Slot]]) -> tuple[dict[str, Slot], list[Check]]:
    """A table whose last row and column are totals, with every row and column as a check."""
    slots = {f"{r}{c}": cell for r, row in enumerate(cells) for c, cell in enumerate(row)}
    last_row, last_column = len(cells) - 1, len(cells[0]) - 1
    rows = [[f"{r}{c}" for c in range(last_column + 1)] for r in range(last_row + 1)]
    columns = [[f"{r}{c}" for r in range(last_row + 1)] for c in range(last_column + 1)]
    return slots, [Check(tuple((f, -1 if f == line[-1] else 1) for f in line), 0) for line in (*rows, *columns)]


def table(seen: int, *alternatives: tuple[int, float], free: float = CLEAN) -> list[list[Slot]]:
    """2 + 3 = 5, 4 + 1 = 5, and the sums 6, 4, 10; the first figure is read as ``seen``."""
    return [
        [slot(seen, *alternatives, free=free), slot(3), slot(5)],
        [slot(4), slot(1), slot(5)],
        [slot(6), slot(4), slot(10)],
    ]


def test_what_closes_needs_no_change() -> None:
    found = explain(*grid(table(2)), margin=4, effort=1)
    assert found is not None
    assert (found.changed, len(found.settled)) == ({}, 9)


def test_row_and_column_cross_at_the_misread_figure() -> None:
    found = explain(*grid(table(7, (2, 1.5), (1, 0.5))), margin=4, effort=1)
    assert found is not None
    assert found.changed == {"00": 2}
    assert len(found.settled) == 9


def test_a_number_that_nobody_read_is_located_all_the_same() -> None:
    found = explain(*grid(table(7, (1, 0.5))), margin=4, effort=1)
    assert found is not None
    assert found.changed == {"00": None}


def test_one_equation_cannot_tell_who_is_wrong() -> None:
    slots = {"a": slot(2), "b": slot(3), "c": slot(6)}
    found = explain(slots, [Check((("a", 1), ("b", 1), ("c", -1)), 0)], margin=4, effort=1)
    assert found is not None
    assert len(found.changed) == 1
    assert not found.settled


def test_the_cheaper_of_two_is_settled_only_by_the_margin() -> None:
    slots = {"a": slot(2, (3, 1.0)), "b": slot(3, (4, 3.0)), "c": slot(6)}
    check = [Check((("a", 1), ("b", 1), ("c", -1)), 0)]
    for margin, settled in ((1.0, {"a", "b", "c"}), (4.0, {"c"})):
        found = explain(slots, check, margin=margin, effort=1)
        assert found is not None
        assert found.changed == {"a": 3}
        assert found.settled == settled


def test_an_unreadable_figure_takes_one_of_its_numbers_or_none() -> None:
    slots = {"a": slot(None, (4, 1.0), (5, 0.2), free=6.0)}
    for rest, number in ((-4, 4), (-5, 5), (-9, None)):
        found = explain(slots, [Check((("a", 1),), rest)], margin=4, effort=1)
        assert found is not None
        assert found.changed == {"a": number}


def test_without_effort_there_is_no_answer() -> None:
    assert explain(*grid(table(7, (2, 1.5))), margin=4, effort=1e-9) is None


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 30), st.floats(0.0, 8.0), st.randoms(use_true_random=False))
def test_an_explanation_closes_every_check_and_does_not_depend_on_order(seen: int, cost: float, rng) -> None:
    slots, checks = grid(table(seen, *([(2, cost)] if seen != 2 else [])))
    found = explain(slots, checks, margin=3, effort=1)
    assert found is not None
    numbers = {f: found.changed.get(f, s.first) for f, s in slots.items()}
    for check in checks:
        if all(numbers[f] is not None for f, _ in check.terms):
            assert sum(sign * numbers[f] for f, sign in check.terms) + check.rest == 0
    shuffled = dict(rng.sample(list(slots.items()), len(slots)))
    assert explain(shuffled, checks, margin=3, effort=1) == found
