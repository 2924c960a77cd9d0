"""Corrections applied on top of a report, never into it.

A correction is about the ink of a document. Read again, perhaps by a better program, the same document keeps it as far
as it still fits; what does not fit is reported and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ocr_pipeline.document import Evidence, Finding, Severity, Status, Value
from ocr_pipeline.geometry import Box
from ocr_pipeline.report.correction import Action, Correction, Seen, Settled
from ocr_pipeline.report.correction_log import CorrectionLog
from ocr_pipeline.report.model import Report

__all__ = [
    "Action",
    "Applied",
    "Correction",
    "CorrectionLog",
    "Recheck",
    "Rechecked",
    "Seen",
    "Settled",
    "Unfit",
    "apply",
]

_SAME_PLACE = 0.3
"""Overlap (intersection over union) from which two boxes are the same cell: neighbours share no more than an edge."""
_EQUATION_FINDING = "equation-broken"


class Rechecked(Protocol):
    """What evaluating the equations anew gives; ``templates.recheck`` does it."""

    @property
    def values(self) -> Sequence[Value]:
        """All values, with statuses as the equations now have it."""

    @property
    def findings(self) -> Sequence[Finding]:
        """The equations that are broken now."""


Recheck = Callable[[Sequence[Value]], Rechecked]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A correction that could not be applied, and why."""

    correction: Correction
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A report with corrections on top.

    Attributes:
        report: the values as people settled them; everything else as it was read.
        fitted: the corrections in force, oldest first; what was undone or superseded is not among them.
        unfit: what should be in force and is not; each is a finding of the report as well.
    """

    report: Report
    fitted: tuple[Correction, ...] = ()
    unfit: tuple[Unfit, ...] = ()


def apply(report: Report, entries: Iterable[Correction], *, recheck: Recheck | None = None) -> Applied:
    """Put what people settled on top of a report; the last word on each field counts.

    A correction fits when the report is about the same source, has the field, and the field is the one that the person
    looked at: it stands at the same place on the source page or, where one of both has no place, shows the same number
    or the same print. What they settled then counts whatever the new reading says.

    Args:
        report: as it was read, without corrections.
        entries: the log, oldest first.
        recheck: evaluates the equations anew; without it the neighbours of what changed stay as they were read.
    """
    by_id = {value.id: value for value in report.values}
    changed: dict[str, Value] = {}
    fitted: list[Correction] = []
    unfit: list[Unfit] = []
    for entry in _in_force(entries, unfit):
        reason = _misfit(entry, report, by_id)
        if reason:
            unfit.append(Unfit(entry, reason))
        else:
            fitted.append(entry)
            changed[entry.field] = _settled(by_id[entry.field], entry)
    values: Sequence[Value] = tuple(changed.get(value.id, value) for value in report.values)
    findings: Sequence[Finding] = report.findings
    if recheck is not None and changed:
        found = recheck(values)
        values = found.values
        findings = (*(f for f in findings if f.code != _EQUATION_FINDING), *found.findings)
    findings = (*findings, *(_finding(lost) for lost in unfit))
    # Not model_copy, which would take along what the report remembers of its old values.
    corrected = Report(**{**dict(report), "values": tuple(values), "findings": tuple(findings)})
    return Applied(corrected, tuple(fitted), tuple(unfit))


def _in_force(entries: Iterable[Correction], unfit: list[Unfit]) -> list[Correction]:
    """The last entry on each field that was not taken back, in the order of the log."""
    log = list(entries)
    place = {entry.id: number for number, entry in enumerate(log)}
    undone: set[str] = set()
    # Backwards, so that an undo which was itself undone is known to be void before it takes effect.
    for number in reversed(range(len(log))):
        entry = log[number]
        if entry.undoes is None or entry.id in undone:
            continue
        if place.get(entry.undoes, number) >= number:
            unfit.append(Unfit(entry, "there is no earlier entry that it could undo"))
        else:
            undone.add(entry.undoes)
    last: dict[str, Correction] = {}
    for entry in log:
        if entry.id not in undone and entry.action not in ("undo", "skip"):
            last.pop(entry.field, None)
            last[entry.field] = entry
    return list(last.values())


def _misfit(entry: Correction, report: Report, values: Mapping[str, Value]) -> str:
    """Why the entry does not fit; empty when it does."""
    if entry.source_sha256 != report.source.sha256:
        return "it is about another document"
    value = values.get(entry.field)
    if value is None:
        return "the report has no such field"
    old = entry.old
    if old.box is not None and value.box is not None:
        if old.page == value.page and _overlap(old.box, value.box) >= _SAME_PLACE:
            return ""
        return "the field is now read from another place of the document"
    if value.value is not None and value.value in (old.value, _figure_of(entry)):
        return ""
    if old.raw == value.raw and (old.value is None) == (value.value is None):
        return ""
    return f"the field now reads {_shown(Seen.of(value))}, and the correction was made for {_shown(old)}"


def _overlap(first: Box, second: Box) -> float:
    # A box of no area (a place that is a point) overlaps nothing but itself.
    return 1.0 if first == second else first.iou(second)


def _settled(value: Value, entry: Correction) -> Value:
    """The value as the person settled it, with who it was among the evidence."""
    figure = _figure_of(entry)
    unit = None if figure is None else (entry.new.unit if entry.new else None) or entry.old.unit or value.unit
    agrees = entry.action != "issuer-error"
    status = Status.BLANK if figure is None else Status.VERIFIED if agrees else Status.CONFLICT
    new = "blank" if figure is None else f"{figure}{unit or ''}"
    words = _WORDS[entry.action].format(new=new, old=_shown(entry.old)) + (f" ({entry.reason})" if entry.reason else "")
    detail = f"{entry.who}, {entry.when:%Y-%m-%d %H:%M} UTC: {words}"
    settled = {
        "value": figure,
        "unit": unit,
        "status": status,
        "confidence": 1.0,
        "evidence": (*value.evidence, Evidence(kind="person", detail=detail, agrees=agrees)),
    }
    return Value(**{**dict(value), **settled})


def _figure_of(entry: Correction) -> int | float | None:
    """The number that counts; None where nothing is printed."""
    if entry.action == "blank":
        return None
    return entry.old.value if entry.new is None else entry.new.value


_WORDS: Mapping[Action, str] = {
    "accept": "{old} is right",
    "alternative": "{new}, another reading, in place of {old}",
    "value": "{new} in place of {old}",
    "blank": "blank, in place of {old}",
    "issuer-error": "{new} is printed so, by the issuer's mistake",
}


def _shown(seen: Seen) -> str:
    if seen.value is not None:
        return f"{seen.value}{seen.unit or ''}"
    return "blank" if seen.status is Status.BLANK else f"no figure ({seen.raw!r})" if seen.raw else "no figure"


def _finding(lost: Unfit) -> Finding:
    entry = lost.correction
    message = f"{entry.field}: the correction by {entry.who} of {entry.when:%Y-%m-%d} was left out: {lost.reason}"
    return Finding(code="correction-unfit", severity=Severity.WARNING, message=message, fields=(entry.field,))
