"""What the equations can say at all about misread figures, if one knew which figures are misread."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from ocr_pipeline.templates.equations import Equation

__all__ = ["determined", "in_equations"]


def in_equations(fields: Collection[str], equations: Sequence[Equation]) -> set[str]:
    """The fields that stand in an equation."""
    return {field for equation in equations for field in equation.members if field in fields}


def determined(fields: Collection[str], equations: Sequence[Equation]) -> set[str]:
    """The fields whose numbers follow from the equations and from the numbers of all other fields.

    Two figures of one row that stand in no other equation leave only their sum. A number follows where its unit vector
    lies in the row space of the equations over the unknown fields.
    """
    order = sorted(fields)
    place = {field: n for n, field in enumerate(order)}
    rows = np.zeros((len(equations), len(order)))
    for row, equation in zip(rows, equations, strict=True):
        for field, sign in equation.signs.items():
            if field in place:
                row[place[field]] = sign
    if not order or not rows.any():
        return set()
    rank = np.linalg.matrix_rank(rows)
    # Setting a column to zero takes it out without making the matrix empty.
    others = {field: np.where(np.arange(len(order)) == place[field], 0.0, rows) for field in order}
    return {field for field, rest in others.items() if np.linalg.matrix_rank(rest) < rank}
