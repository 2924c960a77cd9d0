"""Which paragraphs are headings, and which rows of the first page are the document's title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ocr_pipeline.document import RegionKind
from ocr_pipeline.layout.numbering import Numbering, Scheme, opens_section, parse_numbering
from ocr_pipeline.layout.options import LayoutOptions
from ocr_pipeline.layout.paragraphs import Frame, paragraph_text
from ocr_pipeline.layout.rows import Row
from ocr_pipeline.layout.style import Style
from ocr_pipeline.layout.typography import ends_sentence, text_width

__all__ = ["Block", "could_be_heading", "find_headings", "title_span"]

_MAX_ROWS = 3
_MAX_PLAIN_CHARS = 30
"""Width in characters of a heading without a number, whose look alone speaks for it."""
_BASE = {
    Scheme.CHAPTER: 2.0,
    Scheme.PART: 2.0,
    Scheme.COMMA: 2.0,
    Scheme.BRACKETED: 1.5,
    Scheme.ARABIC: 1.0,
    Scheme.ARTICLE: 0.5,
    Scheme.DECIMAL: 1.0,
    Scheme.ARABIC_BRACKETED: 1.0,
    Scheme.CIRCLED: 1.0,
}
_CONTENTS_ENTRY = re.compile(r"[.．…·⋯]{3,}\s*[（(]?\d{0,3}[）)]?$|[^\d.]\s{2,}\d{1,3}$")
_DATE = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月(\s*\d{1,2}\s*日)?|[〇零一二三四五六七八九]{4}年.{1,3}月.{0,4}日?")
_DOCUMENT_NUMBER = re.compile(r"[〔\[（(【]\s*(19|20)\d{2}\s*[〕\])）】]\s*第?\s*\d+\s*号")
_STOPPED = re.compile(r"[^。，,、；;：:！!？?\d]{2,20}。")
"""A phrase without any other punctuation or figure in it."""

_POINTS_DOWN = re.compile("如下|见下|下表")
"""In a sentence that leads to the table below it."""
_TOPIC = re.compile(r"[^。，,、；;：:！!？?\d]+情况。")
"""A phrase that names a topic and says nothing of it."""
_NAMED = re.compile(r"年.*(报告|年报)$")
"""A title of such a report, whatever it looks like."""

_UNFINISHED = ("，", ",", "、", "：", ":", "；", ";")
_TITLE_SIZE = 0.88
"""Least size of a row of the title, as a share of its largest row's: measured sizes differ with the characters."""
_LEAST_TITLE = 0.88
"""Least size of a title, as a share of the body's: what all pages have at their heads reads like one and is smaller."""
_TITLE_GAP_EM = 2.5
_TITLE_ROOM_EM = 1.0
"""White on both sides of a title that only its wording tells: a full row of a paragraph may read like one. A title that
the detector sees, too, may fill its measure."""


@dataclass(frozen=True)
class Block:
    """A paragraph with what is known of it.

    Attributes:
        rows: its rows, from top to bottom.
        weight: stroke width as a multiple of the body's.
        size: size of characters as a multiple of the body's.
        hint: kind of the detector's region in which it stands, or None.
        centred: whether it stands in the middle of its column.
        short: whether its last row leaves room at its end.
        follows: what comes next on the page.
    """

    rows: tuple[Row, ...]
    weight: float = 1.0
    size: float = 1.0
    hint: RegionKind | None = None
    centred: bool = False
    short: bool = True
    follows: Literal["text", "table", "end"] = "end"

    @property
    def text(self) -> str:
        """The rows as one text."""
        return paragraph_text(self.rows)


def find_headings(blocks: Sequence[Block], options: LayoutOptions) -> list[bool]:
    """For each block of a page, in reading order, whether it is a heading.

    A number alone is not enough for the inner ranks: a numbered sentence is text, and so is a list of items with
    nothing between them. Bold or larger characters, a centred place and the detector's opinion count as well.
    """
    numbers = [parse_numbering(block.text) for block in blocks]
    seen = any(block.hint is RegionKind.HEADING for block in blocks)
    return [
        _score(block, number, listed=_in_list(index, blocks, numbers), seen=seen, options=options)
        >= options.heading_score
        for index, (block, number) in enumerate(zip(blocks, numbers, strict=True))
    ]


def _score(block: Block, number: Numbering | None, *, listed: bool, seen: bool, options: LayoutOptions) -> float:
    text = block.text
    if not listed and number is not None and _stops(block, number):
        text = text[:-1]
    if len(block.rows) > _MAX_ROWS or not could_be_heading(text, number, options):
        return 0.0
    style = _style_score(block, options)
    if number is None:
        # The detector calls many a line of a letter's close a heading; alone it is not believed.
        return style if not text.endswith(_UNFINISHED) else 0.0
    score = _BASE[number.scheme] + style
    if not listed:
        score += 0.5
    if text.endswith(("：", ":")):
        score -= 0.5
    score -= 0.25 * max(0, len(re.findall("[，,]", text)) - 1)
    if style < 0.5:
        score -= 1.0 if listed else 0.0
        score -= 0.5 if len(block.rows) > 1 or not block.short else 0.0
        # Of a numbered sentence, faint print may lose nothing but the full stop, and a single item is in no list. The
        # detector calls it text, or sees other headings of the page and not this one.
        unseen = seen and block.hint is None and re.search("[，,；;·•]", text) is not None
        plain = block.hint is RegionKind.TEXT or unseen
        score -= 0.5 if plain and number.scheme > Scheme.BRACKETED else 0.0
    return score


def _stops(block: Block, number: Numbering) -> bool:
    """Whether a heading may end in a full stop: （一）主动公开情况。 on a row of its own above text or a table.

    At the end of a page what follows is on the next, and only a phrase that says nothing but its topic is believed.
    """
    followed = {
        "text": True,
        "table": _POINTS_DOWN.search(number.rest) is None,
        "end": _TOPIC.fullmatch(number.rest) is not None,
    }[block.follows]
    return (
        number.scheme in (Scheme.COMMA, Scheme.BRACKETED)
        and len(block.rows) == 1
        and block.short
        and followed
        and _STOPPED.fullmatch(number.rest) is not None
    )


def could_be_heading(text: str, number: Numbering | None, options: LayoutOptions) -> bool:
    """Whether the wording allows for a heading: no sentence, no date, no entry of a table of contents, not too long."""
    if ends_sentence(text) or "。" in text or _CONTENTS_ENTRY.search(text):
        return False
    if number is None:
        return (
            2 <= text_width(text) <= _MAX_PLAIN_CHARS
            and not _DATE.fullmatch(text.replace(" ", ""))
            and re.search(r"[㐀-鿿A-Za-z]", text) is not None
        )
    return 1 <= len(number.rest) <= options.heading_max_chars and not text.endswith(("，", ",", "、"))


def _style_score(block: Block, options: LayoutOptions) -> float:
    score = 0.0
    score += 1.0 if block.weight >= options.bold_ratio else 0.0
    score += 1.0 if block.size >= options.large_ratio else 0.0
    score += 1.0 if block.hint in (RegionKind.HEADING, RegionKind.TITLE) else 0.0
    score += 0.5 if block.centred else 0.0
    return score


def _in_list(index: int, blocks: Sequence[Block], numbers: Sequence[Numbering | None]) -> bool:
    """Whether the next or previous block is the neighbouring number of the same kind, with nothing between."""
    number = numbers[index]
    if number is None or number.scheme < Scheme.BRACKETED:
        return False
    for other, step in ((index - 1, -1), (index + 1, 1)):
        if not 0 <= other < len(blocks):
            continue
        neighbour = numbers[other]
        adjacent = blocks[min(index, other)].follows == "text"
        # （一）主动公开情况。 with its text on the same rows makes no item of （二）依申请公开情况。 on its own.
        own_kind = _TOPIC.fullmatch(number.rest) is None or (neighbour and _TOPIC.fullmatch(neighbour.rest))
        if (
            neighbour is not None
            and adjacent
            and own_kind
            and neighbour.scheme is number.scheme
            and neighbour.ordinal == number.ordinal + step
        ):
            return True
    return False


def title_span(
    rows: Sequence[Row],
    styles: Sequence[Style],
    body: Style,
    frame: Frame,
    options: LayoutOptions,
    hinted: Sequence[bool] = (),
) -> tuple[int, int]:
    """The rows of the first page that are the document's title, as a half-open span; empty when there is none.

    The largest centred row, or the first that is worded like a title, with the rows of its size right above and below
    it. A row with the document's number
    (〔2024〕1号) parts the letterhead from the title, so the title is looked for below it.

    Args:
        rows: rows above the first table or figure, from top to bottom, page headers left out.
        styles: their styles.
        body: the style of the body.
        frame: the column's measure.
        options: what counts as large and bold.
        hinted: whether the detector calls a row a heading, for each row; none is where left out.
    """
    start = 0
    for index, row in enumerate(rows):
        if _DOCUMENT_NUMBER.search(row.text) and index + 1 < len(rows):
            start = index + 1
    seen = [*hinted, *[False] * (len(rows) - len(hinted))]
    tall = [hint or style.size_against(body) >= _LEAST_TITLE for hint, style in zip(seen, styles, strict=True)]
    fits = [index >= start and tall[index] and _could_be_title(row, frame) for index, row in enumerate(rows)]
    candidates = [index for index, fit in enumerate(fits) if fit]
    if not candidates:
        return (0, 0)
    peak = max(candidates, key=lambda index: (round(styles[index].size / max(1.0, body.size), 1), -index))
    weight, size = styles[peak].weight_against(body), styles[peak].size_against(body)
    alone = peak == start and min(frame.indent(rows[peak]), frame.room(rows[peak])) >= 4.0
    if not (size >= options.large_ratio or weight >= options.bold_ratio or alone):
        named = [i for i in candidates if _NAMED.search(rows[i].text) and all(fits[start:i])]
        room = [min(frame.indent(rows[i]), frame.room(rows[i])) >= _TITLE_ROOM_EM for i in named]
        named = [i for i, free in zip(named, room, strict=True) if free or seen[i]]
        if not named:
            return (0, 0)
        peak = named[0]
    first, last = peak, peak
    # A title too long for its measure goes on wherever the next row starts, which need not be the middle.
    large = [style.size_against(body) >= options.large_ratio for style in styles]
    joins = [fits[i] or (i >= start and large[i] and _reads_like_title(rows[i])) for i in range(len(rows))]
    while first > 0 and joins[first - 1] and _same_title(rows[first - 1], rows[first], styles[first - 1], styles[peak]):
        first -= 1
    while (
        last + 1 < len(rows)
        and joins[last + 1]
        and _same_title(rows[last], rows[last + 1], styles[last + 1], styles[peak])
    ):
        last += 1
    return (first, last + 1)


def _could_be_title(row: Row, frame: Frame) -> bool:
    # A title as wide as the measure has no room at its sides, but it is not indented like a paragraph either.
    balanced = abs(frame.indent(row) - frame.room(row)) <= max(1.5, 0.06 * (frame.right - frame.left) / frame.em)
    return balanced and text_width(row.text) >= 2 and _reads_like_title(row)


def _reads_like_title(row: Row) -> bool:
    """Whether the row says nothing that a title does not say."""
    text = row.text
    if ends_sentence(text) or "。" in text or text.endswith(_UNFINISHED) or _DATE.fullmatch(text.replace(" ", "")):
        return False
    return not opens_section(text)


def _same_title(above: Row, below: Row, style: Style, peak: Style) -> bool:
    return style.size >= _TITLE_SIZE * peak.size and below.box.top - above.box.bottom <= _TITLE_GAP_EM * peak.size
