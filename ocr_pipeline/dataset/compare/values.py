"""The values of two reports side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ocr_pipeline.dataset.rows import yuan
from ocr_pipeline.document import Value
from ocr_pipeline.report import Report
from ocr_pipeline.report.labels import FieldLabel, field_label, field_labels

__all__ = ["ValueChange", "compare_values"]

ChangeKind = Literal["same", "changed", "uncertain", "only-before", "only-after"]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One field in two reports.

    Attributes:
        id: the field.
        part: title of the part of the form that it stands in.
        label: what the form prints beside and above it.
        before, after: its values; None where the report's form has no such field.
        change: after minus before, where both print a figure and the units compare; in yuan where the units differ.
        unit: of the change.
        kind: ``uncertain`` where one of both is flagged, whether or not the figures differ.
    """

    id: str
    part: str
    label: FieldLabel
    before: Value | None
    after: Value | None
    change: float | None
    unit: str | None
    kind: ChangeKind

    @property
    def percent(self) -> float | None:
        """The change in percent of what was before; None without a change, and where that was 0."""
        if self.change is None or self.before is None or not self.before.value:
            return None
        base = self.before.value if self.unit == self.before.unit else yuan(self.before.value, self.before.unit)
        return 100 * self.change / abs(base) if base else None


def compare_values(before: Report, after: Report) -> tuple[ValueChange, ...]:
    """Every field of either report: in the order of the later one, those that it lacks at the end of their part."""
    labels = {**field_labels(before.sheets), **field_labels(after.sheets)}
    titles = {
        cell.field_id: sheet.title
        for report in (before, after)
        for sheet in report.sheets
        for cell in sheet.cells
        if cell.field_id
    }
    old, new = ({value.id: value for value in report.values} for report in (before, after))
    changes = []
    for field in _ordered(list(new), list(old)):
        part = field.partition("/")[0]
        changes.append(
            _change(
                field, titles.get(field, part), labels.get(field) or field_label(field), old.get(field), new.get(field)
            )
        )
    return tuple(changes)


def _ordered(leading: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    parts = dict.fromkeys(field.partition("/")[0] for field in (*leading, *others))
    known = set(leading)
    for part in parts:
        yield from (field for field in leading if field.partition("/")[0] == part)
        yield from (field for field in others if field.partition("/")[0] == part and field not in known)


def _change(field: str, part: str, label: FieldLabel, before: Value | None, after: Value | None) -> ValueChange:
    if before is None or after is None:
        return ValueChange(
            field, part, label, before, after, None, None, "only-after" if before is None else "only-before"
        )
    change, unit = _difference(before, after)
    kind: ChangeKind = "same" if change == 0 else "changed"
    if not (before.status.is_good and after.status.is_good):
        kind = "uncertain"
    elif change is None:
        kind = "changed"
    return ValueChange(field, part, label, before, after, change, unit, kind)


def _difference(before: Value, after: Value) -> tuple[float | None, str | None]:
    if before.value is None or after.value is None:
        return None, None
    if before.unit == after.unit:
        return round(after.value - before.value, 9), before.unit
    old, new = yuan(before.value, before.unit), yuan(after.value, after.unit)
    return (None, None) if old is None or new is None else (round(new - old, 2), "元")
