"""How the pieces of a document are put together."""

from __future__ import annotations

import pytest

from ocr_pipeline.assembly import in_reading_order, merged
from ocr_pipeline.document import (
    Finding,
    FormMatch,
    Place,
    Region,
    RegionKind,
    Severity,
    Status,
    Table,
    Value,
)
from ocr_pipeline.geometry import Box
from ocr_pipeline.templates import Extraction

NOTHING = Extraction(
    findings=(Finding(code="no-known-table", severity=Severity.WARNING, message="no table matches a known form"),)
)


def holding(part: str, *statuses: Status) -> Extraction:
    values = tuple(
        Value(id=f"{part}/row/{n}", value=float(n) if status.is_good else None, status=status, confidence=1.0)
        for n, status in enumerate(statuses)
    )
    match = FormMatch(table="t1", form="gov-disclosure-b", part=part, score=1.0)
    return Extraction(values, (Finding(code="f", severity=Severity.INFO, message=part),), (match,))


def codes(extraction: Extraction) -> list[str]:
    return [finding.code for finding in extraction.findings]


def test_a_table_found_in_the_text_is_a_table_found() -> None:
    found = holding("disputes", Status.READ)
    assert codes(merged(NOTHING, found)) == codes(merged(found, NOTHING)) == ["f"]


def test_that_there_is_no_table_is_said_once() -> None:
    assert codes(merged(NOTHING, NOTHING)) == codes(merged(NOTHING, Extraction())) == ["no-known-table"]


@pytest.mark.parametrize("swapped", [False, True])
def test_the_better_of_two_readings_of_a_part_counts(swapped: bool) -> None:
    good, poor = holding("disputes", Status.VERIFIED, Status.READ), holding("disputes", Status.READ, Status.MISSING)
    both = merged(poor, good) if swapped else merged(good, poor)
    assert both.values == good.values
    assert both.matches == good.matches


def test_different_parts_are_kept() -> None:
    one, other = holding("disputes", Status.READ), holding("proactive", Status.READ)
    both = merged(one, other)
    assert both.values == (*one.values, *other.values)
    assert both.matches == (*one.matches, *other.matches)


def test_tables_of_a_spread_follow_one_another_as_its_pages_do() -> None:
    """The table begun at the foot of the left page goes on at the head of the right one."""
    left, right, lower = Box(50, 800, 450, 950), Box(550, 50, 950, 300), Box(550, 400, 950, 900)
    tables = [
        Table(id=f"p0t{n}", rows=1, columns=1, cells=(), places=(Place(page=0, box=box),))
        for n, box in enumerate((right, lower, left))
    ]
    regions = [Region(kind=RegionKind.TABLE, box=box.expanded(4)) for box in (left, right, lower)]
    assert [table.id for table in in_reading_order(tables, regions)] == ["p0t2", "p0t0", "p0t1"]
    assert in_reading_order(tables, regions[:2]) == tuple(tables), "where a table has no region nothing is known"
