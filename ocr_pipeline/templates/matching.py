"""Which tables are which parts of which forms: table by table, pieces joined, versions told apart by their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ocr_pipeline.document import Table
from ocr_pipeline.templates.labels import best_similarity
from ocr_pipeline.templates.lines import form_lines
from ocr_pipeline.templates.model import Form, Part, TemplateSet
from ocr_pipeline.templates.observed import ObservedTable, observe
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.rows import RowMatch, locate, match_rows

__all__ = ["PartMatch", "Piece", "match_tables"]

_HEADING_BONUS = 0.3
"""What the part's title above a table adds to its score, in the gain of one whole label."""
_HEADING = 0.7
"""Similarity from which a heading is the part's title."""
_MANY, _WHOLE = 5, 0.9
"""Labels of a header that tell a part by itself, and how like its own they must be."""
_PIECE = 0.7
"""Alignment score of the smallest piece worth looking at: one label, nearly whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one table that belong to a part."""

    table: ObservedTable
    rows: RowMatch

    def is_header_of(self, other: Piece, part: Part) -> bool:
        """Whether these are rows right above the other's in the same table, none of which holds fields."""
        lines = form_lines(part)
        adjoins = self.table.table.id == other.table.table.id and self.rows.stop == other.rows.start
        return adjoins and not any(lines[match.line].kind == "row" for match in self.rows.lines)


@dataclass(frozen=True, slots=True)
class PartMatch:
    """A part of a form found in the document.

    Attributes:
        form: the form.
        part: its part.
        pieces: in document order; more than one where the part was delivered in pieces.
        score: share of the part's labels recognised, weighted by likeness, 0..1.
        total: alignment score over all pieces, for comparing forms.
        rivals: forms whose part of that id aligns nearly as well.
        copies: the same part again in other tables, recognised less well.
    """

    form: Form
    part: Part
    pieces: tuple[Piece, ...]
    score: float
    total: float
    rivals: tuple[Form, ...] = ()
    copies: tuple[PartMatch, ...] = ()

    def with_readings_of(self, tables: Mapping[str, Table]) -> PartMatch:
        """The same match in the same tables, by id, whose cells have been given further readings since."""
        pieces = [
            replace(piece, table=piece.table.with_readings_of(tables[piece.table.table.id])) for piece in self.pieces
        ]
        return replace(self, pieces=tuple(pieces))


@dataclass(frozen=True, slots=True)
class _Stretch:
    table: ObservedTable
    order: int
    part: str
    start: int
    stop: int


def match_tables(tables: Sequence[Table], templates: TemplateSet, options: TemplateOptions) -> tuple[PartMatch, ...]:
    """The parts found, in the order of the first table of each; each part id at most once."""
    stretches: list[_Stretch] = []
    for order, table in enumerate(tables):
        seen = observe(table)
        stretches.extend(_widened(list(_stretches(seen, order, 0, len(seen.rows), templates, options))))
    parts = list(dict.fromkeys(stretch.part for stretch in stretches))
    ranked = [_rank([s for s in stretches if s.part == part], templates, options) for part in parts]
    ranked = [candidates for candidates in ranked if candidates]
    votes = Counter(c[0].form.id for c in ranked if len(c) == 1 or _leads(c, options))
    return tuple(_choose(candidates, votes, options) for candidates in ranked)


def _stretches(
    table: ObservedTable, order: int, start: int, stop: int, templates: TemplateSet, options: TemplateOptions
) -> Iterator[_Stretch]:
    """The best stretch of rows [start, stop), then those above and below it (parts merged into one table)."""
    if start >= stop:
        return
    best: tuple[float, str, int, int] | None = None
    for form in templates.forms:
        for part in form.parts:
            found = locate(table, part, options, start, stop)
            if found is None:
                continue
            first, last, score = found
            if _is_under_title(table, part):
                score += _HEADING_BONUS
            if score >= _PIECE and (best is None or score > best[0]):
                best = (score, part.id, first, last)
    if best is None:
        return
    _, part_id, first, last = best
    yield from _stretches(table, order, start, first, templates, options)
    yield _Stretch(table, order, part_id, first, last)
    yield from _stretches(table, order, last, stop, templates, options)


def _is_under_title(table: ObservedTable, part: Part) -> bool:
    heading = table.table.heading
    return bool(heading) and best_similarity(heading or "", (part.title, *part.title_aliases)) >= _HEADING


def _widened(stretches: Sequence[_Stretch]) -> Iterator[_Stretch]:
    """Each with the rows around it that are of no other part: they may rival the rows in it."""
    for i, stretch in enumerate(stretches):
        start = stretches[i - 1].stop if i > 0 else 0
        stop = stretches[i + 1].start if i + 1 < len(stretches) else len(stretch.table.rows)
        yield replace(stretch, start=start, stop=stop)


def _rank(stretches: Sequence[_Stretch], templates: TemplateSet, options: TemplateOptions) -> list[PartMatch]:
    """What each form with this part makes of the stretches, best first; only what is recognised well enough."""
    ranked: list[PartMatch] = []
    for form in templates.forms:
        for part in form.parts:
            if part.id != stretches[0].part:
                continue
            groups = [g for g in _groups(stretches, form, part, options) if _accepted(g, options)]
            if not groups:
                continue
            best = max(groups, key=lambda group: group.total)
            ranked.append(replace(best, copies=tuple(group for group in groups if group is not best)))
    return sorted(ranked, key=lambda match: -match.total)


def _groups(stretches: Sequence[_Stretch], form: Form, part: Part, options: TemplateOptions) -> Iterator[PartMatch]:
    """Stretches put together as long as each goes on where the last one ended."""
    lines = form_lines(part)
    pieces: list[Piece] = []
    headers: list[Piece] = []
    reached, order = -1, -1
    for stretch in stretches:
        rows = match_rows(stretch.table, part, options, stretch.start, stretch.stop)
        numbers = [match.line for match in rows.lines if lines[match.line].kind == "row"]
        piece = Piece(stretch.table, rows)
        if not numbers and rows.lines:
            # A header printed again on the next page belongs to the rows below it, which alone tell where they go on.
            headers.append(piece)
            continue
        follows = stretch.order - order <= 1 or len(rows.recognised) >= 2
        # A page break may cut a row in two, each with its label.
        cut = bool(numbers) and numbers[0] == reached < numbers[-1] and lines[rows.lines[0].line].kind == "row"
        if pieces and not (numbers and (min(numbers) > reached or cut) and follows):
            yield _group(form, part, pieces)
            pieces, reached = [], -1
        pieces += [*headers, piece]
        headers = []
        reached, order = max([reached, *numbers]), stretch.order
    pieces += headers
    if pieces:
        yield _group(form, part, pieces)


def _group(form: Form, part: Part, pieces: Sequence[Piece]) -> PartMatch:
    return PartMatch(form, part, tuple(pieces), _share(pieces, part), sum(piece.rows.score for piece in pieces))


def _share(pieces: Sequence[Piece], part: Part) -> float:
    found: dict[int, float] = {}
    for piece in pieces:
        for match in piece.rows.recognised:
            found[match.line] = max(found.get(match.line, 0.0), match.similarity)
    labelled = sum(bool(line.labels) for line in form_lines(part))
    return min(1.0, sum(found.values()) / max(1, labelled))


def _accepted(match: PartMatch, options: TemplateOptions) -> bool:
    lines = form_lines(match.part)
    known = [m for piece in match.pieces for m in piece.rows.recognised]
    recognised = {m.line for m in known}
    # A header of many labels says as much as two rows; worn, it says enough of a table under the part's title.
    many = [m for m in known if len(lines[m.line].labels) >= _MANY]
    header = any(m.similarity >= _WHOLE for m in many)
    rows = any(lines[m.line].kind == "row" for piece in match.pieces for m in piece.rows.lines)
    if many and rows and all(_is_under_title(piece.table, match.part) for piece in match.pieces):
        return True
    enough = match.score >= options.part_score or len(recognised) >= options.fragment_labels
    return rows and enough and (len(recognised) >= 2 or header)


def _leads(candidates: Sequence[PartMatch], options: TemplateOptions) -> bool:
    return candidates[0].total - candidates[1].total >= options.form_margin


def _choose(candidates: Sequence[PartMatch], votes: Counter[str], options: TemplateOptions) -> PartMatch:
    """The best form; among those nearly as good, the one that the document's other tables use."""
    near = [c for c in candidates if candidates[0].total - c.total < options.form_margin]
    chosen = max(near, key=lambda c: (votes[c.form.id], c.total))
    return replace(chosen, rivals=tuple(c.form for c in near if c is not chosen))
