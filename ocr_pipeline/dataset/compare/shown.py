"""How figures and changes are written for people, the same on the terminal and in the page."""

from __future__ import annotations

from ocr_pipeline.dataset.compare.values import ValueChange
from ocr_pipeline.document import Value
from ocr_pipeline.report.palette import STATUS_STYLES

__all__ = ["shown_change", "shown_percent", "shown_value"]

_DIGITS = 12


def shown_value(value: Value | None) -> str:
    """The figure with its unit; the mark of its status where there is none; nothing where there is no field."""
    if value is None:
        return ""
    if value.value is None:
        return STATUS_STYLES[value.status].mark
    return f"{_number(value.value)}{value.unit or ''}"


def shown_change(change: ValueChange) -> str:
    """The change with its sign and unit; ``=`` where there is none; nothing where it is not known."""
    if change.change is None:
        return ""
    if change.change == 0:
        return "="
    sign = "+" if change.change > 0 else "−"
    return f"{sign}{_number(abs(change.change))}{change.unit or ''}"


def shown_percent(change: ValueChange) -> str:
    """The change in percent with its sign, to the tenth below ten; nothing where there is none."""
    percent = change.percent
    if not percent:
        return ""
    sign = "+" if percent > 0 else "−"
    size = abs(percent)
    return f"{sign}{size:.1f} %" if size < 9.95 else f"{sign}{size:,.0f} %"


def _number(number: float) -> str:
    return f"{number:,.{_DIGITS}g}" if number != int(number) else f"{int(number):,}"
