from __future__ import annotations

from ocr_pipeline.evaluation.proof.determined import determined, in_equations
from ocr_pipeline.templates.equations import Equation


def table() -> tuple[Equation, ...]:
    """Two rows and two columns with their totals."""
    rows = [Equation(f"row{r}", (f"{r}a", f"{r}b"), (), (f"{r}t",)) for r in "12"]
    columns = [Equation(f"column{c}", (f"1{c}", f"2{c}"), (), (f"t{c}",)) for c in "ab"]
    return (*rows, *columns)


def test_a_figure_that_all_others_of_an_equation_are_known_of_follows() -> None:
    assert determined({"1a"}, table()) == {"1a"}
    assert determined({"1a", "2b"}, table()) == {"1a", "2b"}
    assert determined({"1a", "1b"}, table()) == {"1a", "1b"}


def test_figures_that_only_stand_together_do_not() -> None:
    # Each row and each column has two of the four: any amount can go round in a ring.
    assert determined({"1a", "1b", "2a", "2b"}, table()) == set()
    assert determined({"1b", "1t", "2a"}, table()) == {"1b", "1t", "2a"}
    assert determined({"1t", "ta", "1a"}, table()) == set()


def test_what_stands_in_no_equation_follows_from_none() -> None:
    assert determined({"alone"}, table()) == set()
    assert determined(set(), table()) == set()
    assert in_equations({"alone", "1a"}, table()) == {"1a"}
