"""Which reports, or which flagged values, are asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ocr_pipeline.document import Status

__all__ = ["Choice", "Order", "State"]

State = Literal["waiting", "done", "clean", "failed"]
"""Something waits; all that was flagged is settled; nothing was flagged; it cannot be opened or a stage failed."""

Order = Literal["urgency", "waiting", "body", "year", "name"]
"""Worst value first; most values waiting first; and by the alphabet or the calendar."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Conditions on reports; one that is None, or empty, lets every report through.

    Attributes:
        text: words that must all be in the title, the body, the year, the form or the file's name.
        body, year, form: of the report.
        status: at least one value has it; of single values: they have it.
        state: see ``State``.
        report: the key of one report.
    """

    text: str = ""
    body: str = ""
    year: int | None = None
    form: str = ""
    status: Status | None = None
    state: State | None = None
    report: str = ""

    @property
    def everything(self) -> bool:
        """Whether there is no condition."""
        return self == Choice()

    def of_report(self, key: str) -> Choice:
        """The same within one report."""
        return replace(self, report=key)

    def conditions(self) -> tuple[str, list[str | int]]:
        """As SQL over the table ``reports``, with its parameters."""
        clauses: list[str] = ["1"]
        parameters: list[str | int] = []
        for word in self.text.casefold().split():
            clauses.append("sought LIKE ? ESCAPE '!'")
            parameters.append(f"%{_escaped(word)}%")
        equal: dict[str, str | int | None] = {"key": self.report, "body": self.body, "year": self.year}
        for column, wanted in equal.items():
            if wanted not in (None, ""):
                clauses.append(f"reports.{column} = ?")
                parameters.append(wanted if isinstance(wanted, int) else str(wanted))
        if self.form:
            clauses.append("(' ' || forms || ' ') LIKE ? ESCAPE '!'")
            parameters.append(f"% {_escaped(self.form)} %")
        if self.status is not None:
            clauses.append(f"n_{self.status.value} > 0")
        clauses.append(_STATES[self.state] if self.state else "1")
        return " AND ".join(clauses), parameters


_STATES: dict[State, str] = {
    "waiting": "waiting > 0",
    "done": "waiting = 0 AND flagged > 0 AND problem = ''",
    "clean": "waiting = 0 AND flagged = 0 AND problem = ''",
    "failed": "(problem != '' OR failures > 0)",
}


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
