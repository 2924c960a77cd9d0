"""Reads the figures of a JSON report, also one that was changed by hand and no longer holds together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ocr_pipeline.errors import SourceError, UnknownFormatError
from ocr_pipeline.report import from_json
from ocr_pipeline.verification.entries import Content, KindOf, Problem
from ocr_pipeline.verification.rows import FlatRow, entries_of

__all__ = ["read_json"]


def read_json(data: bytes, path: Path, kind_of: KindOf) -> Content:
    """The figures under ``values``; that the rest does not hold together is a problem, not the end.

    Raises:
        DamagedSourceError: no JSON.
        UnknownFormatError: JSON that is no report, or of another version of the contract.
    """
    problems: list[Problem] = []
    values: list[Any] = []
    try:
        from_json(data, name=str(path))
    except UnknownFormatError:
        raise
    except SourceError as error:
        values = _values(data, error)
        problems.append(Problem("file", error.message))
    # Not those of the loaded report, whose types make a number of what only looks like one.
    rows = _rows(values or json.loads(data)["values"], problems)
    return Content("json", tuple(entries_of(rows, kind_of, problems)), tuple(problems))


def _values(data: bytes, error: SourceError) -> list[Any]:
    """The values of a report that cannot be loaded; the error again where there are none."""
    try:
        content = json.loads(data)
    except ValueError:
        raise error from None
    values = content.get("values") if isinstance(content, dict) else None
    if not isinstance(values, list):
        raise error
    return values


def _rows(values: list[Any], problems: list[Problem]) -> Iterator[FlatRow]:
    for number, value in enumerate(values):
        place = f"values[{number}]"
        if isinstance(value, dict):
            yield FlatRow(place, value)
        else:
            problems.append(Problem(place, "no value"))
