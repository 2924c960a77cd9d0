"""Units that a report states beside its figures: in a header, a label, a caption, or a note over the table.

A form that asks for 万元 is filled in with 元 all the same. A figure printed without a unit is believed to be in the
one that is stated for it, and is doubtful where what is stated does not agree or is no unit of that kind of figure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ocr_pipeline.document import Section, Status, Table, Value
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.values import MONEY, parse_value

__all__ = ["heeding_notes", "is_unit_note", "notes_over", "stated_unit", "unit_of"]

_MONEY = {**MONEY, "圆": "元"}
_ONE = r"元|圆|件次|人次|[件条項项个個宗起次份部篇户例批]"
_UNIT = rf"(?:[十百千万萬亿億]{{0,2}}(?:美|港|欧|日)?(?:{_ONE})|[万萬亿億%‰])"
_STATED = re.compile(rf"单位[:为]?(?:人民币|RMB)?(?P<unit>{_UNIT})(?:人民币)?(?=[)\]】]|$)")
_CUT = re.compile(r"[(\[【](?:计量)?单位(?:[:为]|$)")
"""A unit is stated, whatever is left of it."""
_BRACKETS = re.compile(rf"[(\[【/](?:人民币|RMB)?(?P<unit>{_UNIT})(?:人民币)?[)\]】]?$")
_NOTE = re.compile(rf"[(\[【]?(?:计量|金额)?单位[:为]?(?:人民币|RMB)?{_UNIT}(?:人民币)?[)\]】]?")
_COUNTER = re.compile("件次|人次|[件条项个宗起次份部篇户例批]")
_SIMPLE = str.maketrans("萬億項個單", "万亿项个单")


@lru_cache(maxsize=8192)
def stated_unit(label: str) -> str | None:
    """The unit that a label states, None where it states none.

    Returns:
        元, 万元 or 亿元; 件 for all that are counted one by one; what is printed for any other (千元, 万件, %).
    """
    flat = _flat(label)
    found = _STATED.search(flat) or _BRACKETS.search(flat)
    if found is None:
        return None
    unit = found["unit"]
    return _MONEY.get(unit) or ("件" if _COUNTER.fullmatch(unit) else unit)


def is_unit_note(text: str) -> bool:
    """Whether a text says nothing but in which unit figures are."""
    return _NOTE.fullmatch(_flat(text)) is not None


def notes_over(table: Table, row: int) -> Iterator[str]:
    """What may state a unit for all figures of a row: notes above it, and the caption nearest to it."""
    above = [cell for cell in table.cells if cell.row < row]
    wide = [cell for cell in above if cell.column_span == table.columns]
    yield from (cell.text for cell in above if is_unit_note(cell.text))
    yield from (cell.text for cell in wide[-1:])


def unit_of(kind: ValueType, form: str | None, near: Iterable[str], around: Iterable[str]) -> tuple[str | None, bool]:
    """The unit of a figure printed without one, and whether what is stated makes it doubtful.

    Args:
        kind: what the figure is.
        form: unit that the form itself states.
        near: the labels of its own column and row.
        around: what stands over more than these, which may mean other figures only.
    """
    near = tuple(near)
    own = {unit for text in near if (unit := stated_unit(text))}
    wide = {unit for text in around if (unit := stated_unit(text))}
    if kind == "amount":
        told = own | {unit for unit in wide if unit.endswith(("元", "万", "亿"))}
        known = len(told) == 1 and told <= set(_MONEY.values())
        return (next(iter(told)), False) if known else (form, bool(told))
    # What states a unit that cannot be read may state any.
    lost = any(stated_unit(text) is None and _CUT.search(_flat(text)) for text in near)
    strange = any(unit not in ("件", *_MONEY.values()) and "元" not in unit for unit in wide)
    return None, lost or strange or bool(own - {"件"})


def heeding_notes(values: Sequence[Value], sections: Sequence[Section]) -> tuple[Value, ...]:
    """The values without those that a note in the text around their table says are in another unit.

    Args:
        values: of the whole document.
        sections: its headings with their text and tables.
    """
    notes: dict[str, list[str]] = {}
    for section in (below for top in sections for below in top.walk()):
        said = [line for line in section.text.split("\n") if is_unit_note(line)]
        notes.update(dict.fromkeys(section.tables, said))
    return tuple(_heeding(value, notes.get(value.table or "", [])) for value in values)


def _heeding(value: Value, notes: Sequence[str]) -> Value:
    if not notes or not value.status.is_good:
        return value
    printed = parse_value(value.raw, "amount")
    if value.unit is not None and printed is not None and printed.unit is not None:
        return value
    unit, doubtful = unit_of("amount" if value.unit else "count", value.unit, (), notes)
    if not doubtful and unit == value.unit:
        return value
    return Value(**{**dict(value), "value": None, "unit": None, "status": Status.MISSING})


def _flat(text: str) -> str:
    flat = re.sub(r"[\s,;、。]+", "", unicodedata.normalize("NFKC", text).translate(_SIMPLE))
    return re.sub(r"([万亿元])\1+", r"\1", flat)  # a character read twice
