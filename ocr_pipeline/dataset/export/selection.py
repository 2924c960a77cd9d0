"""Which rows of a dataset are exported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_pipeline.dataset.schema import TABLES, TableName
from ocr_pipeline.document import Status
from ocr_pipeline.errors import UsageError

__all__ = ["Selection", "years_of"]

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for; an empty tuple asks for all.

    Attributes:
        bodies: names, with ``*`` and ``?`` for any characters and any one.
        years: years reported on.
        forms: ids of forms; of ``values`` only.
        fields: field ids, with ``*`` and ``?``; of ``values`` only.
        statuses: of ``values`` only.
    """

    bodies: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    forms: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()

    def where(self, table: TableName) -> tuple[str, list[object]]:
        """A condition on the rows of a table, and its parameters; what a table has no column for is left out."""
        columns = {column.name for column in TABLES[table]}
        conditions: list[str] = []
        parameters: list[object] = []
        for column, wanted, operator in (
            ("body", self.bodies, "GLOB"),
            ("year", self.years, "="),
            ("form", self.forms, "="),
            ("id", self.fields, "GLOB"),
            ("status", tuple(status.value for status in self.statuses), "="),
        ):
            if wanted and column in columns:
                conditions.append("(" + " OR ".join([f'"{column}" {operator} ?'] * len(wanted)) + ")")
                parameters += wanted
        return " AND ".join(conditions) or "true", parameters

    def __str__(self) -> str:
        parts = {
            "body": self.bodies,
            "year": tuple(map(str, self.years)),
            "form": self.forms,
            "field": self.fields,
            "status": tuple(status.value for status in self.statuses),
        }
        return ", ".join(f"{name} {' or '.join(wanted)}" for name, wanted in parts.items() if wanted) or "everything"


def years_of(texts: Sequence[str]) -> tuple[int, ...]:
    """Years and ranges of years, commas between them.

    >>> years_of(["2019,2021-2023"])
    (2019, 2021, 2022, 2023)

    Raises:
        UsageError: something else is among them.
    """
    years: list[int] = []
    for text in (part.strip() for entry in texts for part in entry.split(",")):
        match = _YEARS.fullmatch(text)
        if match is None or int(match[2] or match[1]) < int(match[1]):
            raise UsageError(f"{text!r} is no year", remedy="give years as 2023, as 2021-2023, or several with commas")
        years += range(int(match[1]), int(match[2] or match[1]) + 1)
    return tuple(dict.fromkeys(years))
