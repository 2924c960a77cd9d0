"""The same part twice in a document: whether both copies say the same.

A web page repeats its table as a picture, a file holds the report of the year before, too. Which of two figures is
meant no one can tell from them, so what copies do not agree on is not handed out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from ocr_pipeline.document import Evidence, Finding, Severity, Status, Value

__all__ = ["Copy", "against_copies"]

_LEAST = 3
"""Other figures in a copy, of which none is good, that make it another table."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A part as another copy of it has it.

    Attributes:
        tables: ids of the tables it is in.
        values: of all its fields.
    """

    tables: tuple[str, ...]
    values: tuple[Value, ...]


def against_copies(
    part: str, values: Sequence[Value], copies: Sequence[Copy]
) -> tuple[tuple[Value, ...], tuple[Finding, ...]]:
    """The values of a part, and what is to be said of its copies.

    A copy with one other figure is another table, so that nothing is good then but what it confirms; so is one whose
    sums do not close, where most of it says something else. A copy that merely cannot be read says nothing.

    Args:
        part: its id, for messages.
        values: of the copy that is recognised best.
        copies: the others.
    """
    found: list[Finding] = []
    result = tuple(values)
    for copy in copies:
        there = {value.id: value for value in copy.values if value.status.is_good}
        here = {value.id: value for value in values if value.status.is_good}
        same = {field for field in here.keys() & there.keys() if _figure(here[field]) == _figure(there[field])}
        differ = (here.keys() & there.keys()) - same
        differ = differ or _mostly_other(here, copy.values)
        if differ:
            result = tuple(_doubted(result, same, there, copy))
        found.extend(_found(part, table, tuple(v.id for v in values if v.id in differ)) for table in copy.tables)
    return result, tuple(found)


def _mostly_other(here: Mapping[str, Value], values: Sequence[Value]) -> set[str]:
    """Fields of which a copy prints another figure, good or not, if that is most of what it prints; else none."""
    printed = [value for value in values if value.id in here and value.value is not None]
    other = {value.id for value in printed if _figure(value) != _figure(here[value.id])}
    return other if len(other) >= _LEAST and 2 * len(other) > len(printed) else set()


def _doubted(values: Sequence[Value], same: Set[str], there: dict[str, Value], copy: Copy) -> Iterator[Value]:
    for value in values:
        if value.id in same or not value.status.is_good:
            yield value
            continue
        raw = f"reads {there[value.id].raw!r}" if value.id in there else "does not confirm it"
        detail = f"the copy in {', '.join(copy.tables)} {raw}"
        evidence = Evidence(kind="second_reading", detail=detail, agrees=False)
        yield value.model_copy(update={"status": Status.CONFLICT, "evidence": (*value.evidence, evidence)})


def _figure(value: Value) -> tuple[float | None, str | None]:
    return value.value, value.unit


def _found(part: str, table: str, fields: tuple[str, ...]) -> Finding:
    if fields:
        message = f"{part} is in the document again, with other figures; what the copies do not agree on is not settled"
    else:
        message = f"{part} is in the document again; the better copy was used"
    return Finding(code="duplicate-part", severity=Severity.WARNING, message=message, table=table, fields=fields)
