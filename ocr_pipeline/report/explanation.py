"""Why a value is what it is: what was read, what else it could be, what adds up, and what was decided."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ocr_pipeline.document import Evidence, Finding, Status, Value
from ocr_pipeline.equations import Equation, Figure, plain_number
from ocr_pipeline.errors import UsageError
from ocr_pipeline.report.labels import FieldLabel, field_label, field_labels
from ocr_pipeline.report.model import Report
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.report.places import Places
from ocr_pipeline.report.sums import Sum, sum_lines, sum_title, sums
from ocr_pipeline.report.table_html import one_line

__all__ = ["Explainer", "Explanation", "ReadingShown", "check_text", "closing_figure"]

Number = int | float

_EQUATION = "equation-broken"
_READERS: Mapping[str, str] = {
    "second_reading": "a second recogniser",
    "text_layer": "the text layer of the document",
    "prose": "the prose of the report",
    "person": "a person",
}


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """One reading of the cell.

    Attributes:
        text: what was read.
        probability: 0..1, as its reader has it.
        reader: who read it; empty where that is not known.
        closes: how many of the sums would close with this figure.
        taken: whether this is the figure that was taken.
    """

    text: str
    probability: float
    reader: str
    closes: int
    taken: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that is known of one value.

    Attributes:
        value: the value itself.
        label: what the form prints beside and above it.
        part: title of its part of the form.
        place: where it stands, for people; empty where it was not found on a page.
        readings: what else its ink may be, likeliest first.
        sums: the equations it is part of, with the figures as they are now, broken ones first.
        checks: what agrees or disagrees beside the equations.
        remarks: what was found on the way, about this value alone.
        decision: what was decided and why, in sentences.
    """

    value: Value
    label: FieldLabel
    part: str
    place: str
    readings: tuple[ReadingShown, ...]
    sums: tuple[Sum, ...]
    checks: tuple[Evidence, ...]
    remarks: tuple[str, ...]
    decision: tuple[str, ...]

    @property
    def figure(self) -> str:
        """The value as people write it."""
        if self.value.value is None:
            return "blank" if self.value.status is Status.BLANK else "no figure"
        return f"{plain_number(self.value.value)}{self.value.unit or ''}"

    def text(self) -> str:
        """All of it as plain text, lines of any length."""
        return "\n".join(self._lines())

    def __str__(self) -> str:
        return self.text()

    def _lines(self) -> Iterator[str]:
        value = self.value
        yield f"{value.id}: {self.figure}, {value.status.value}"
        yield f"  {self.label}" + (f" ({self.part})" if self.part else "")
        yield f"  {self.place or 'not found on a page'}"
        yield "decision"
        yield from (f"  {sentence}" for sentence in self.decision)
        yield "readings"
        yield f"  read as {one_line(value.raw)!r}, confidence {value.confidence:.4f}"
        for reading in self.readings:
            by = f" by {reading.reader}" if reading.reader else ""
            closing = f", closes {reading.closes} of {len(self.sums)} sums" if reading.closes else ""
            yield f"  {reading.text!r} {reading.probability:.4f}{by}{closing}{', taken' if reading.taken else ''}"
        if self.sums:
            yield "sums"
        for one in self.sums:
            yield f"  {one.state}: {sum_title(one)}"
            yield from (f"    {line}" for line in sum_lines(one))
        if self.checks:
            yield "other checks"
        yield from (f"  {check_text(check)}" for check in self.checks)
        if self.remarks:
            yield "remarks"
        yield from (f"  {remark}" for remark in self.remarks)


def check_text(check: Evidence) -> str:
    """A check other than an equation, in words."""
    if check.kind == "person":
        return check.detail
    return f"{_READERS.get(check.kind, check.kind)} {'agrees' if check.agrees else 'disagrees'}: {check.detail}"


class Explainer:
    """Explains the values of a report; keep one for all of them.

    Args:
        report: any report, with corrections on top or without.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self.places = Places(report)

    def explain(self, field_id: str) -> Explanation:
        """What is known of a value.

        Raises:
            UsageError: the report has no such field; the remedy names the nearest one.
        """
        try:
            value = self.report.value(field_id)
        except KeyError:
            raise UsageError(f"the report has no field {field_id!r}", remedy=self._nearest(field_id)) from None
        found = self.sums_of(field_id)
        return Explanation(
            value=value,
            label=self.label(field_id),
            part=self._titles.get(field_id, ""),
            place=" and ".join(f"page {place.page + 1}" for place in self.places.of(value)),
            readings=tuple(_readings(value, found)),
            sums=found,
            checks=tuple(evidence for evidence in value.evidence if evidence.kind != "equation"),
            remarks=tuple(
                finding.message.removeprefix(f"{field_id}: ")
                for finding in self._findings.get(field_id, ())
                if finding.code != _EQUATION
            ),
            decision=tuple(_decision(value, found)),
        )

    def label(self, field_id: str) -> FieldLabel:
        """What a field is called."""
        return self._labels.get(field_id) or field_label(field_id)

    def sums_of(self, field_id: str) -> tuple[Sum, ...]:
        """The equations that a field is part of, with the figures as they are now, broken ones first."""
        found = sums(self._equations.get(field_id, ()), self._figures, self._labels)
        return tuple(sorted(found, key=lambda one: ("broken", "closed", "open").index(one.state)))

    @cached_property
    def all_sums(self) -> tuple[Sum, ...]:
        """Every equation of the report's forms, in their order."""
        equations = [equation for sheet in self.report.sheets for equation in sheet.equations]
        return tuple(sums(equations, self._figures, self._labels))

    @cached_property
    def _labels(self) -> dict[str, FieldLabel]:
        return field_labels(self.report.sheets)

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {cell.field_id: sheet.title for sheet in self.report.sheets for cell in sheet.cells if cell.field_id}

    @cached_property
    def _figures(self) -> dict[str, Figure]:
        return {v.id: Figure(v.value, v.unit) for v in self.report.values if v.status is not Status.MISSING}

    @cached_property
    def _equations(self) -> dict[str, list[Equation]]:
        found: dict[str, list[Equation]] = {}
        for sheet in self.report.sheets:
            for equation in sheet.equations:
                for member in dict.fromkeys(equation.members):
                    found.setdefault(member, []).append(equation)
        return found

    @cached_property
    def _findings(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in self.report.findings:
            for field in finding.fields:
                found.setdefault(field, []).append(finding)
        return found

    def _nearest(self, field_id: str) -> str:
        import difflib

        near = difflib.get_close_matches(field_id, [value.id for value in self.report.values], n=3, cutoff=0.5)
        return f"did you mean {' or '.join(near)}?" if near else "the ids are those of the values in the report"


def _readings(value: Value, found: tuple[Sum, ...]) -> Iterator[ReadingShown]:
    """The alternatives, each figure once, as its likeliest reading has it."""
    seen: set[float | str] = set()
    for reading in value.alternatives:
        try:
            number: float | str = float(reading.text.replace(",", ""))
        except ValueError:
            number = reading.text
        if number not in seen:
            seen.add(number)
            closes = sum(one.needed(value.id) == number for one in found)
            taken = value.value is not None and number == value.value
            yield ReadingShown(reading.text, math.exp(reading.log_prob), reading.engine, closes, taken)


def closing_figure(one: Sum, value: Value) -> Number | None:
    """The figure that would close a sum, as far as the field can hold it: a count is never negative."""
    needed = one.needed(value.id)
    return None if needed is None or needed < 0 <= (value.value or 0) else needed


def _decision(value: Value, found: tuple[Sum, ...]) -> Iterator[str]:
    style = STATUS_STYLES[value.status]
    good = "handed out as good" if value.status.is_good else "settled" if value.settled else "for a person to look at"
    yield f"{value.status.value}: {style.meaning}; {good}"
    persons = [evidence.detail for evidence in value.evidence if evidence.kind == "person"]
    yield from (f"settled by a person: {detail}" for detail in persons[-1:])
    if value.status is Status.REPAIRED and one_line(value.raw):
        yield f"first read as {one_line(value.raw)!r}, which did not close"
    yield _on_sums(found)


def _on_sums(found: tuple[Sum, ...]) -> str:
    if not found:
        return "the form has no sum for it"
    counts = {state: sum(one.state == state for one in found) for state in ("closed", "broken", "open")}
    if counts["open"] == len(found):
        return f"{'its only sum says' if len(found) == 1 else 'its sums say'} nothing: {found[0].open_because}"
    if counts["closed"] == len(found):
        return "its only sum closes" if len(found) == 1 else f"all of its {len(found)} sums close"
    parts = [f"{counts['broken']} of its {len(found)} sums {'does' if counts['broken'] == 1 else 'do'} not close"]
    parts += [f"{counts['closed']} {'closes' if counts['closed'] == 1 else 'close'}"] if counts["closed"] else []
    return ", ".join(parts) if counts["broken"] else f"{counts['closed']} of its {len(found)} sums close"
