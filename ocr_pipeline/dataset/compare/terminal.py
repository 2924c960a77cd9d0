"""A comparison as text for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from ocr_pipeline.dataset.compare.comparison import Comparison
from ocr_pipeline.dataset.compare.sections import PlacedSection, SectionChange
from ocr_pipeline.dataset.compare.shown import shown_change, shown_percent, shown_value
from ocr_pipeline.dataset.compare.text import Piece
from ocr_pipeline.dataset.compare.values import ValueChange
from ocr_pipeline.document import Value
from ocr_pipeline.report.labels import FieldLabel
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.report.text_width import clipped, display_width, padded

__all__ = ["format_comparison"]

_CONTEXT = 18
"""Characters of unchanged text shown beside a change."""
_BETWEEN = "  "
_KINDS = {"same": " ", "changed": "~", "added": "+", "removed": "-"}

Paint = Callable[[str, str], str]


def format_comparison(comparison: Comparison, *, width: int = 100, color: bool = False, changed: bool = False) -> str:
    """The values side by side, then the sections with what changed in their text.

    Args:
        comparison: any.
        width: columns of the terminal; labels are cut to fit.
        color: with ANSI colours; what is removed and added is marked by signs as well.
        changed: leave out what did not change.
    """
    paint = _ansi if color else _plain
    lines = [f"{comparison.before.name}  →  {comparison.after.name}"]
    lines.append(f"{comparison.before.document}  →  {comparison.after.document}")
    lines += [f"! {remark}" for remark in (*comparison.remarks, *comparison.broken)]
    lines += ["", _counted(comparison.value_counts(), "values"), ""]
    values = [v for v in comparison.values if not changed or v.kind != "same"]
    for part, group in groupby(values, key=lambda value: value.part):
        lines += [part, *_table(list(group), width, paint), ""]
    lines += [_counted(comparison.section_counts(), "sections"), ""]
    for section in comparison.sections:
        if not changed or section.kind != "same" or section.moved or section.renamed:
            lines += _section(section, width, paint)
    lines += ["", _legend()]
    return "\n".join(line.rstrip() for line in lines)


def _counted(counts: dict[str, int], what: str) -> str:
    shown = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"{what}: {shown or 'none'}"


def _table(changes: Sequence[ValueChange], width: int, paint: Paint) -> Iterator[str]:
    rows = [
        (f"  {_column(c.label)}", _marked(c.before), _marked(c.after), shown_change(c), shown_percent(c))
        for c in changes
    ]
    head = ("", "before", "after", "change", "")
    sizes = [max(display_width(row[i]) for row in (head, *rows)) for i in range(1, 5)]
    label = max(20, min(max(display_width(row[0]) for row in rows), width - sum(sizes) - 4 * len(_BETWEEN)))
    yield _line(head, label, sizes)
    above: tuple[str, ...] | None = None
    for row, change in zip(rows, changes, strict=True):
        if _above(change.label) != above:
            above = _above(change.label)
            yield clipped(" › ".join(above), width)
        line = _line(row, label, sizes).rstrip()
        yield paint(line, change.kind) if change.kind != "same" else line


def _above(label: FieldLabel) -> tuple[str, ...]:
    """What stands over the line of a value: its row, or its group of columns where rows bear no labels."""
    return label.row or label.column[:-1]


def _column(label: FieldLabel) -> str:
    return label.column_name or " › ".join(label.row)


def _line(row: Sequence[str], label: int, sizes: Sequence[int]) -> str:
    cells = (padded(text, size, right=True) for text, size in zip(row[1:], sizes, strict=True))
    return _BETWEEN.join([padded(clipped(row[0], label), label), *cells])


def _marked(value: Value | None) -> str:
    shown = shown_value(value)
    mark = STATUS_STYLES[value.status].mark if value is not None and value.value is not None else ""
    # Without a mark there is a blank, so that the digits of a column stand one below the other.
    return shown + (mark or " ")


def _section(change: SectionChange, width: int, paint: Paint) -> Iterator[str]:
    section = change.after or change.before
    if section is None:
        return
    notes = [word for word, holds in (("moved", change.moved), ("renamed", change.renamed)) if holds]
    if change.renamed and change.before is not None:
        notes[-1] = f"was {change.before.section.title}"
    title = f"{_KINDS[change.kind]} {'  ' * section.path.count('.')}{_title(section)}"
    line = title + (f"  ({', '.join(notes)})" if notes else "")
    yield paint(line, change.kind) if change.kind != "same" else line
    if change.kind == "changed":
        yield f"    {''.join(_pieces(change.pieces, paint))}"
    elif change.kind in ("added", "removed") and change.pieces:
        text = " ".join(change.pieces[0].text.split())
        yield paint(f"    {clipped(text, max(20, 2 * width))}", change.kind)


def _title(section: PlacedSection) -> str:
    return section.section.title or "(before the first heading)"


def _pieces(pieces: Sequence[Piece], paint: Paint) -> Iterator[str]:
    for index, piece in enumerate(pieces):
        text = " ".join(piece.text.split())
        if piece.kind == "removed":
            yield paint(f"[-{text}-]", "removed")
        elif piece.kind == "added":
            yield paint(f"{{+{text}+}}", "added")
        else:
            first, last = index == 0, index == len(pieces) - 1
            if len(text) > _CONTEXT * (1 if first or last else 2):
                text = ("" if first else text[:_CONTEXT]) + " … " + ("" if last else text[-_CONTEXT:])
            yield text


def _legend() -> str:
    marks = ", ".join(f"{style.mark} {status.value}" for status, style in STATUS_STYLES.items() if style.mark)
    return f"marks: {marks}; text: [-removed-] {{+added+}}"


def _plain(text: str, _: str) -> str:
    return text


_CODES = {"removed": "31", "added": "32", "changed": "36", "uncertain": "33", "only-before": "31", "only-after": "32"}


def _ansi(text: str, kind: str) -> str:
    code = _CODES.get(kind)
    return f"\033[{code}m{text}\033[0m" if code else text
