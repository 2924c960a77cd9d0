from __future__ import annotations

import functools
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from ocr_pipeline.evaluation import teds as module
from ocr_pipeline.evaluation.html_table import HtmlTable, parse_table
from ocr_pipeline.evaluation.teds import similarity, teds

Node = tuple[tuple[int, int, int, str], tuple[Any, ...]]


def _table(*rows: str) -> str:
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


@st.composite
def _tables(draw: st.DrawFn) -> HtmlTable:
    text = st.sampled_from(["", "0", "12", "10", "规章", "规范性文件"])
    cell = st.builds(
        lambda t, r, c: f'<td rowspan="{r}" colspan="{c}">{t}</td>', text, st.integers(1, 2), st.integers(1, 2)
    )
    rows = draw(st.lists(st.lists(cell, max_size=3).map("".join), max_size=3))
    return parse_table(_table(*rows), compact=draw(st.booleans()))


def _forest_distance(a: HtmlTable, b: HtmlTable) -> float:
    """The definition, written down as it stands: remove, add or exchange the last root of a forest."""

    def tree(table: HtmlTable) -> Node:
        rows = [((1, 1, 1, ""), tuple(((2, c.row_span, c.column_span, c.text), ()) for c in r)) for r in table.rows]
        return ((0, 1, 1, ""), tuple(rows))

    def size(forest: tuple[Node, ...]) -> int:
        return sum(1 + size(children) for _, children in forest)

    def exchange(x: tuple[int, int, int, str], y: tuple[int, int, int, str]) -> float:
        return 1.0 if x[:3] != y[:3] else Levenshtein.normalized_distance(x[3], y[3])

    @functools.cache
    def distance(f: tuple[Node, ...], g: tuple[Node, ...]) -> float:
        if not f or not g:
            return float(size(f) + size(g))
        (x, below_x), (y, below_y) = f[-1], g[-1]
        return min(
            distance(f[:-1] + below_x, g) + 1,
            distance(f, g[:-1] + below_y) + 1,
            distance(f[:-1], g[:-1]) + distance(below_x, below_y) + exchange(x, y),
        )

    return distance((tree(a),), (tree(b),))


@pytest.mark.parametrize(
    ("truth", "read", "whole", "structure"),
    [
        # 3 nodes (tr, td, td); half of one text is wrong.
        (_table("<td>a</td><td>12</td>"), _table("<td>a</td><td>17</td>"), 1 - 0.5 / 3, 1.0),
        # One of four nodes is not there.
        (_table("<td>a</td><td>b</td><td>c</td>"), _table("<td>a</td><td>c</td>"), 1 - 1 / 4, 1 - 1 / 4),
        # A whole row of three nodes out of six is lost.
        (_table("<td>a</td><td>b</td>", "<td>c</td><td>d</td>"), _table("<td>a</td><td>b</td>"), 0.5, 0.5),
        # A span is lost: that cell counts 1 (its text does not matter then) and its lost neighbour 1, of 5 nodes.
        (
            _table("<td colspan=2>a</td>", "<td>b</td><td>c</td>"),
            _table("<td>a</td><td></td>", "<td>b</td><td>c</td>"),
            1 - 2 / 6,
            1 - 2 / 6,
        ),
        (_table(), _table(), 1.0, 1.0),
        (_table("<td>a</td>"), _table(), 0.0, 0.0),
    ],
)
def test_values_computed_by_hand(truth: str, read: str, whole: float, structure: float) -> None:
    result = teds(truth, read)
    assert result.teds == pytest.approx(whole)
    assert result.structure == pytest.approx(structure)


def test_never_below_zero_for_tables_further_apart_than_either_is_large() -> None:
    # Rows without cells against one row of two cells: distance 4 between trees of 3 nodes.
    empty = parse_table("<table><tr></tr><tr></tr><tr></tr></table>", compact=False)
    assert similarity(empty, parse_table(_table("<td>a</td><td>b</td>"))).teds == 0.0


def test_a_table_of_the_usual_size_is_compared_within_two_seconds() -> None:
    cells = "".join(f"<td>{n}</td>" for n in range(10))
    begin = time.thread_time()
    result = teds(_table(*[cells] * 28), _table(*[cells] * 27))
    assert time.thread_time() - begin < 2.0
    assert result.teds == pytest.approx(1 - 11 / 308)


@settings(max_examples=150)
@given(_tables(), _tables())
def test_distance_is_that_of_the_definition(a: HtmlTable, b: HtmlTable) -> None:
    tree_a, tree_b = module._Tree.of(a), module._Tree.of(b)
    distance = module._distance(tree_a, tree_b, module._exchange_costs(tree_a, tree_b, texts=True))
    assert distance == pytest.approx(_forest_distance(a, b))


@settings(max_examples=80)
@given(_tables(), _tables())
def test_symmetric_and_between_zero_and_one_and_structure_forgives_text(a: HtmlTable, b: HtmlTable) -> None:
    there, back = similarity(a, b), similarity(b, a)
    assert there.teds == pytest.approx(back.teds)
    assert there.structure == pytest.approx(back.structure)
    assert 0.0 <= there.teds <= there.structure + 1e-12 <= 1.0 + 1e-12


@given(_tables())
def test_equal_tables_score_one(table: HtmlTable) -> None:
    result = similarity(table, table)
    assert (result.teds, result.structure) == (1.0, 1.0)
