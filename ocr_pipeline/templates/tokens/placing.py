"""From rows to fields: which figure of a row is which, where that is beyond doubt.

Where a dump has lost a row after a row whose cells stand one a line, the loss may have begun in that row, so that its
figures are not believed either.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from ocr_pipeline.templates.labels import normalize
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.tokens.chain import Chain, Kind
from ocr_pipeline.templates.tokens.contradicted import contradicted
from ocr_pipeline.templates.tokens.decoding import Walk
from ocr_pipeline.templates.tokens.found_rows import FoundRow, find_rows
from ocr_pipeline.templates.tokens.geometry import place_blanks
from ocr_pipeline.templates.tokens.headers import reordered_blocks
from ocr_pipeline.templates.tokens.joining import likeliest
from ocr_pipeline.templates.tokens.rearranging import Rearranged, own_row
from ocr_pipeline.templates.tokens.stream import Token
from ocr_pipeline.templates.values import parse_value

__all__ = ["place_rows"]

_REORDERED = "the header names the columns in another order than the form's"
_OTHERS = "a label or header says that its figures are others"
_DIGITS = frozenset("0123456789０１２３４５６７８９.,，")


def place_rows(
    chain: Chain,
    walked: Walk,
    stream: Rearranged,
    cells: Sequence[Token],
    kept: Sequence[int],
    options: TemplateOptions,
) -> list[FoundRow]:
    """Judge each row of the chain.

    Args:
        chain: the part.
        walked: the walk of the labels and figures of the stream.
        stream: the stream, with empty cells.
        cells: its tokens.
        kept: for each token of the walk its index in ``cells``.
        options: thresholds.
    """
    rows = find_rows(chain, walked, cells, kept, options)
    reordered = reordered_blocks(chain, rows, cells)
    start = next((kept[i] for i, s in enumerate(walked.states) if chain.kinds[s] not in (Kind.OUT, Kind.AFTER)), 0)
    others = contradicted(chain, rows, cells, start)
    for found in rows:
        if found.filled:
            strange = _REORDERED if chain.rows[found.row].block in reordered else ""
            strange = strange or (_OTHERS if found.row in others.rows else "")
            _place(chain, found, cells, strange or _objection(chain, found, rows, stream, cells), options)
            for slot in [slot for slot in found.placed if (found.row, slot) in others.slots]:
                del found.placed[slot]
                found.note = _OTHERS
    last = max((i for i, token in enumerate(cells) if token.kind != "empty"), default=-1)
    for found in rows:
        found.edge = next((slot for slot, (index, _) in found.filled.items() if index == last), None)
    place_blanks(chain, rows, cells, options)
    _cut_off(chain, rows, cells)
    return rows


def _objection(
    chain: Chain, found: FoundRow, rows: Sequence[FoundRow], stream: Rearranged, cells: Sequence[Token]
) -> str:
    """Why the figures of a row, at least one, are not believed to be its own; empty where nothing says so."""
    if found.trust == "none":
        return "its label is lost, and the rows around it do not tell which row it is"
    if found.row in stream.doubtful:
        return "labels and rows of figures stand apart, or lines are out of order, and do not match in number"
    if _spans_lines(found, cells):
        return "its figures stand in several lines"
    if _below_label(found, rows, cells):
        return "a lone figure stands below its label, where other figures stand beside theirs"
    if _is_anothers(chain, found, cells):
        return "its label is that of another row"
    if _stands_again(chain, found, cells):
        return "its label stands there again, with other figures"
    if _beside_another_label(chain, found, cells) or _behind_another_label(chain, found, cells):
        return "its figures stand beside other words"
    if _before_label(found, cells):
        return "a figure stands before its label, and another one behind it"
    if _shares_line(found, rows, cells):
        return "several of its figures stand in one line, where those of other rows stand one a line"
    if _overfull(found, rows, cells):
        return "a further figure stands behind its last one"
    if _two_labels_before(found, rows, cells):
        return "the label before its own has no figures, and some of these may belong there"
    if _interrupted(found, cells):
        return "a blank line stands among its figures, where one may be lost"
    if _loss_may_begin_here(chain, found, rows, cells):
        return "rows are lost after it, and the loss may have begun inside it"
    return ""


def _place(chain: Chain, found: FoundRow, cells: Sequence[Token], objection: str, options: TemplateOptions) -> None:
    width = chain.rows[found.row].width
    order = sorted(found.filled.items())
    found.loose = tuple(cells[index].text for _, (index, _) in order)
    if objection:
        found.note = objection
        return
    certain = {slot: index for slot, (index, margin) in order if margin >= options.alignment_margin}
    found.placed = {slot: cells[index].text for slot, index in certain.items()}
    found.loose = tuple(cells[index].text for slot, (index, _) in order if slot not in certain)
    if len(certain) < width:
        found.note = f"{len(order)} figures for {width} columns"


def _spans_lines(found: FoundRow, cells: Sequence[Token]) -> bool:
    tokens = [cells[index] for index, _ in found.filled.values()]
    return len({t.line for t in tokens}) > 1 and any(t.crowded > 1 for t in tokens)


def _below_label(found: FoundRow, rows: Sequence[FoundRow], cells: Sequence[Token]) -> bool:
    """Whether its only figure is in another line than its label, though those of most rows are in the same."""
    if found.label is None or len(found.filled) != 1:
        return False
    beside = [_beside(row, cells) for row in rows if row.label is not None and row.filled]
    return not _beside(found, cells) and 2 * sum(beside) > len(beside)


def _beside(found: FoundRow, cells: Sequence[Token]) -> bool:
    line = None if found.label is None else cells[found.label].line
    return all(cells[index].line == line for index, _ in found.filled.values())


def _beside_another_label(chain: Chain, found: FoundRow, cells: Sequence[Token]) -> bool:
    """Whether the line of one of its figures, which is not its label's, goes on with words not of its label."""
    if found.label is None:
        return False
    own = cells[found.label].line
    lines = {cells[index].line: index for index, _ in found.filled.values() if cells[index].line != own}
    behind = (t.text for line, i in lines.items() for t in cells[i + 1 :] if t.line == line and t.kind == "label")
    wordings = [normalize(label).body for label in chain.rows[found.row].labels]
    return any(not any(normalize(text).body in wording for wording in wordings) for text in behind)


def _is_anothers(chain: Chain, found: FoundRow, cells: Sequence[Token]) -> bool:
    """Whether what was taken for its label is the whole label of another row: rows changed their places."""
    if found.label is None:
        return False
    body = normalize(cells[found.label].text).body
    named = [row for row, spec in enumerate(chain.rows) if body in {normalize(label).body for label in spec.labels}]
    return bool(named) and found.row not in named


def _stands_again(chain: Chain, found: FoundRow, cells: Sequence[Token]) -> bool:
    """Whether a further line has the label with as many figures, but others: there are several tables of the part, of
    one body each, and the walk goes from one to the other.
    """
    if found.label is None or not _beside(found, cells):
        return False
    own = normalize(cells[found.label].text)
    again = [i for i, token in enumerate(cells) if token.kind == "label" and normalize(token.text) == own]
    lines = [line for i in again if len(line := _figures_behind(i, cells)) == len(found.filled)]
    alike = sum(any(normalize(label) == own for label in row.labels) for row in chain.rows)
    return len(lines) > max(1, alike) and len(set(lines)) > max(1, alike)


def _figures_behind(label: int, cells: Sequence[Token]) -> tuple[str, ...]:
    """The figures right behind a label in its line."""
    line = takewhile(lambda token: token.line == cells[label].line, cells[label + 1 :])
    return tuple(token.text for token in takewhile(lambda token: token.kind != "label", line) if token.text)


def _behind_another_label(chain: Chain, found: FoundRow, cells: Sequence[Token]) -> bool:
    """Whether the label next before its figures, in the same line, is that of another row."""
    first = min(index for index, _ in found.filled.values())
    before = next((token for token in reversed(cells[:first]) if token.kind == "label"), None)
    if before is None or before.line != cells[first].line:
        return False
    return own_row(chain, before.text) not in (None, found.row)


def _before_label(found: FoundRow, cells: Sequence[Token]) -> bool:
    """Whether its figures stand before its label, where a figure that is not its own stands behind it in the line."""
    if found.label is None or not _beside(found, cells) or max(i for i, _ in found.filled.values()) > found.label:
        return False
    line = cells[found.label].line
    return any(token.kind == "figure" and token.line == line for token in cells[found.label + 1 :])


def _shares_line(found: FoundRow, rows: Sequence[FoundRow], cells: Sequence[Token]) -> bool:
    """Whether figures of its stand in one line below its label, in a dump with one a line: one may be in two pieces."""
    if found.label is None or _beside(found, cells) or all(cells[i].crowded == 1 for i, _ in found.filled.values()):
        return False
    crowds = [cells[index].crowded for row in rows for index, _ in row.filled.values()]
    return 2 * crowds.count(1) > len(crowds)


def _overfull(found: FoundRow, rows: Sequence[FoundRow], cells: Sequence[Token]) -> bool:
    """Whether a figure that no row has follows right behind its last one, which may have come apart.

    In a line of its own it does where those of the row stand one a line as well.
    """
    last = max(index for index, _ in found.filled.values())
    after = next((i for i in range(last + 1, len(cells)) if cells[i].kind != "empty"), None)
    if after is None or any(index == after for row in rows for index, _ in row.filled.values()):
        return False
    if cells[after].line == cells[last].line:
        return set(cells[after].text) <= _DIGITS
    single = cells[last].crowded == cells[after].crowded == 1 and cells[last].first and cells[after].first
    return single and cells[after].kind == "figure" and not cells[after].gap


def _two_labels_before(found: FoundRow, rows: Sequence[FoundRow], cells: Sequence[Token]) -> bool:
    """Whether another row's label stands right above its own, nothing between, and all figures below both."""
    if not found.label or _beside(found, cells) or any(cells[index].crowded > 1 for index, _ in found.filled.values()):
        return False
    return any(row.label == found.label - 1 and not row.filled for row in rows)


def _interrupted(found: FoundRow, cells: Sequence[Token]) -> bool:
    """Whether blank lines stand among the figures of this row, one a line, though not between all of them."""
    order = sorted(index for index, _ in found.filled.values())
    gaps = [cells[index].gap for index in order if cells[index].crowded == 1]
    return any(gaps[found.label is None :]) and not all(gaps)


def _loss_may_begin_here(chain: Chain, found: FoundRow, rows: Sequence[FoundRow], cells: Sequence[Token]) -> bool:
    following = found.row + 1
    if following == len(rows) or found.row < 0:
        return False
    after = rows[following]
    if after.label is not None or after.filled:
        return False
    last = max(index for index, _ in found.filled.values())
    if not any(token.kind != "empty" for token in cells[last + 1 :]):
        return False  # the dump ends here
    lines = {cells[index].line for index, _ in found.filled.values()}
    if found.label is not None:
        lines.add(cells[found.label].line)
    if len(lines) == 1:
        return False
    # A header of the next block right after the last row of a block bounds it as well as the next row does.
    here, there = chain.rows[found.row], chain.rows[following]
    token = next((t for t in cells[last + 1 :] if t.kind != "empty"), None)
    caption = chain.part.blocks[there.block].caption
    return here.block == there.block or token is None or likeliest(token.text, (caption,)) < 0.99


def _cut_off(chain: Chain, rows: Sequence[FoundRow], cells: Sequence[Token]) -> None:
    """The row in whose middle the dump ends: what stands there are its first figures, the last perhaps cut itself.

    Not where the dump may have lost a cell of this row instead: it has lost cells of others, or the last figure may be
    the total of those before it.
    """
    for found in rows:
        if found.trust != "label" or not found.loose or found.label is None:
            continue
        rest = [t for t in cells[found.label + 1 :] if t.kind != "empty"]
        if [t.text for t in rest] != list(found.loose) or len(rest) >= chain.rows[found.row].width:
            continue
        found.placed = {}
        found.note = "the text ends in this row"
        others = [row for row in rows if row.filled and row.row != found.row]
        if all(row.is_full(chain.rows[row.row].width) for row in others) and not _may_be_total(rest):
            found.placed = dict(enumerate(t.text for t in rest[:-1]))
            found.loose = (rest[-1].text,)


def _may_be_total(figures: Sequence[Token]) -> bool:
    """Whether the last of them may be the total of all; a row of zeros may, but then it does not matter."""
    counts = [parse_value(token.text, "count") for token in figures]
    values = [0.0 if count is None else count.value for count in counts]
    return sum(values[:-1]) <= values[-1] and values[-1] > 0
