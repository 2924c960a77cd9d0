from __future__ import annotations

import numpy as np

from ocr_pipeline.tables.tied_ends import tied


def edges(rows: list[str]) -> np.ndarray:
    return np.array([[float(edge == "x") for edge in row] for row in rows])


NONE = edges(["....", "...."]), edges(["...", "...", "..."])


def test_rulings_that_begin_together_begin_at_a_lost_line() -> None:
    upright = edges(["...", "xxx", "xxx"])
    assert (tied(edges(["....", "xxxx"]), upright, NONE, []) >= 0.5).tolist() == [[True] * 4] * 2


def test_the_line_ends_where_a_ruling_passes_and_at_print() -> None:
    upright = edges(["..x", "xxx", "xxx"])
    assert tied(edges(["....", "xxxx"]), upright, NONE, [])[0].tolist() == [1, 1, 1, 0]
    print_ = edges(["...x", "...."]), edges(["...", "...", "..."])
    assert tied(edges(["....", "xxxx"]), edges(["...", "xx.", "xx."]), print_, [])[0].tolist() == [1, 1, 1, 0]


def test_one_alone_ends_only_at_a_caption_across_it() -> None:
    level, upright = edges(["....", "xxxx"]), edges(["...", ".x.", "xxx"])
    assert tied(level, upright, NONE, [])[0].tolist() == [0, 0, 0, 0]
    caption = edges(["....", "...."]), edges([".x.", "...", "..."])
    assert tied(level, upright, caption, [])[0].tolist() == [1, 1, 1, 1]


def test_a_ruling_at_a_corner_is_no_loose_end() -> None:
    level, upright = edges(["xx..", "xxxx"]), edges(["...", "xx.", "xxx"])
    before = level.copy()
    found = tied(level, upright, NONE, [])
    assert found.tolist() == before.tolist() == level.tolist()


def test_a_line_known_in_part_runs_on_below_its_caption() -> None:
    level, upright = edges([".xx.", "xxxx"]), edges(["...", "xxx", "xxx"])
    assert tied(level, upright, NONE, [(0, True)])[0].tolist() == [1, 1, 1, 1]
    assert tied(level, edges(["..x", "xxx", "xxx"]), NONE, [(0, True)])[0].tolist() == [1, 1, 1, 0]
