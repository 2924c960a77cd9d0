"""A comparison as one HTML page that needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from ocr_pipeline.dataset.compare.comparison import Comparison, Party
from ocr_pipeline.dataset.compare.sections import SectionChange
from ocr_pipeline.dataset.compare.shown import shown_change, shown_percent, shown_value
from ocr_pipeline.dataset.compare.style import STYLE
from ocr_pipeline.dataset.compare.text import Piece
from ocr_pipeline.dataset.compare.values import ValueChange
from ocr_pipeline.document import Status, Value
from ocr_pipeline.report.html.markup import Html, el, html_file
from ocr_pipeline.report.palette import STATUS_STYLES

__all__ = ["comparison_page"]

_LONG = 160
_EDGE = 60
"""Unchanged text longer than the first is folded; so many characters stay beside each change."""


def comparison_page(comparison: Comparison) -> str:
    """The page: what to bear in mind, every value side by side, every section with what changed in its text.

    Text out of documents is escaped; the page has no script and loads nothing.
    """
    title = f"{comparison.before.name} → {comparison.after.name}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<div class="parties">{_party(comparison.before)}{_party(comparison.after)}</div>',
        _remarks(comparison),
        f"<h2>Values</h2>{_tiles(comparison.value_counts(), _VALUE_KINDS)}",
        '<input type="checkbox" id="all" checked><label for="all" class="switch">show what did not change</label>',
        *_values(comparison.values),
        f"<h2>Sections</h2>{_tiles(comparison.section_counts(), _SECTION_KINDS)}",
        *map(_section, comparison.sections),
        _legend(),
    ]
    return html_file(title, STYLE, el("main", Html("\n".join(body))))


_VALUE_KINDS = {
    "changed": "changed",
    "same": "the same",
    "uncertain": "uncertain: one of both is flagged",
    "only-before": "only in the first",
    "only-after": "only in the second",
}
_SECTION_KINDS = {
    "changed": "changed",
    "same": "the same",
    "added": "added",
    "removed": "removed",
    "moved": "moved",
    "renamed": "with another heading",
}


def _party(party: Party) -> str:
    report = party.report
    counts = report.status_counts()
    good = sum(count for status, count in counts.items() if status.is_good)
    facts = [party.document, report.title or "no title", f"{good} of {len(report.values)} values good"]
    lines = "".join(f"<div>{escape(fact)}</div>" for fact in facts)
    return f'<div class="party"><b>{escape(party.name)}</b>{lines}</div>'


def _remarks(comparison: Comparison) -> str:
    notes = [f"<li>{escape(remark)}</li>" for remark in comparison.remarks]
    notes += [f'<li class="broken">{escape(remark)}</li>' for remark in comparison.broken]
    return f'<ul class="remarks">{"".join(notes)}</ul>' if notes else ""


def _tiles(counts: dict[str, int], kinds: dict[str, str]) -> str:
    tiles = (
        f'<div class="tile {kind}"><b>{counts.get(kind, 0):,}</b><span>{escape(name)}</span></div>'
        for kind, name in kinds.items()
    )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _values(changes: Sequence[ValueChange]) -> Iterator[str]:
    head = "".join(f"<th>{name}</th>" for name in ("", "", "before", "after", "change", ""))
    for part, of_part in groupby(changes, key=lambda change: change.part):
        rows: list[str] = []
        for path, of_row in groupby(of_part, key=lambda change: change.label.row):
            cells = list(of_row)
            quiet = " quiet" if all(change.kind == "same" for change in cells) else ""
            label = _path(path)
            for index, change in enumerate(cells):
                first = f'<th rowspan="{len(cells)}" class="row">{label}</th>' if index == 0 else ""
                rows.append(f'<tr class="{change.kind}{quiet}">{first}{_value_cells(change)}</tr>')
        yield (
            f'<section class="values"><h3>{escape(part)}</h3><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></section>"
        )


def _path(labels: Sequence[str]) -> str:
    above = "".join(f"<small>{escape(label)}</small>" for label in labels[:-1])
    return above + escape(labels[-1] if labels else "")


def _value_cells(change: ValueChange) -> str:
    direction = "" if not change.change else " up" if change.change > 0 else " down"
    return (
        f'<td class="column" title="{escape(change.id, quote=True)}">{escape(" › ".join(change.label.column))}</td>'
        f"{_figure(change.before)}{_figure(change.after)}"
        f'<td class="number{direction}">{escape(shown_change(change))}</td>'
        f'<td class="number percent">{escape(shown_percent(change))}</td>'
    )


def _figure(value: Value | None) -> str:
    if value is None:
        return '<td class="number none" title="the form has no such field">·</td>'
    meaning = f"{value.status.value}: {STATUS_STYLES[value.status].meaning}"
    tip = meaning + (f"; printed: {value.raw}" if value.raw else "")
    mark = STATUS_STYLES[value.status].mark if value.value is not None else ""
    shown = f"{escape(shown_value(value))}<i>{escape(mark)}</i>"
    return f'<td class="number {value.status.value}" title="{escape(tip, quote=True)}">{shown}</td>'


def _section(change: SectionChange) -> str:
    section = change.after or change.before
    if section is None:
        return ""
    badges: list[str] = [change.kind] if change.kind != "same" else []
    badges += [word for word, holds in (("moved", change.moved), ("renamed", change.renamed)) if holds]
    shown = "".join(f'<span class="badge {badge}">{badge}</span>' for badge in badges)
    title = escape(section.section.title or "(before the first heading)")
    if change.renamed and change.before is not None:
        title = f"<del>{escape(change.before.section.title)}</del> <ins>{title}</ins>"
    depth = min(section.path.count(".") + 1, 4)
    quiet = "" if badges else " quiet"
    text = f"<p>{''.join(_pieces(change.pieces))}</p>" if change.pieces else ""
    return f'<section class="text depth{depth} {change.kind}{quiet}"><h3>{title}{shown}</h3>{text}</section>'


def _pieces(pieces: Sequence[Piece]) -> Iterator[str]:
    tags = {"removed": "del", "added": "ins"}
    for index, piece in enumerate(pieces):
        if piece.kind == "same":
            yield _folded(piece.text, start=index > 0, end=index < len(pieces) - 1)
        else:
            tag = tags[piece.kind]
            yield f"<{tag}>{_lines(piece.text)}</{tag}>"


def _folded(text: str, *, start: bool, end: bool) -> str:
    """Unchanged text; the middle of a long one folds away, ``start`` and ``end`` saying where changes stand."""
    head, tail = (_EDGE if start else 0), (_EDGE if end else 0)
    if len(text) <= _LONG or not (start or end):
        return _lines(text)
    middle = text[head : len(text) - tail]
    shown = f"<details><summary>{len(middle)} characters</summary>{_lines(middle)}</details>"
    return _lines(text[:head]) + shown + _lines(text[len(text) - tail :] if tail else "")


def _lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _legend() -> str:
    items = (
        f'<span class="key {status.value}">{escape(STATUS_STYLES[status].mark or " ")}</span> {status.value}: '
        f"{escape(STATUS_STYLES[status].meaning)}"
        for status in Status
    )
    return f'<section class="legend"><h3>Statuses</h3><p>{"<br>".join(items)}</p></section>'
