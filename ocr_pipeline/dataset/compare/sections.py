"""The sections of two reports side by side: those that stayed, moved, got another heading, came and went."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from ocr_pipeline.dataset.compare.text import Piece, compare_text
from ocr_pipeline.document import Section
from ocr_pipeline.layout.numbering import parse_numbering

__all__ = ["PlacedSection", "SectionChange", "compare_sections", "plain_title"]

_MARKS = re.compile(r"[\s、，。；：:,.;（）()《》“”\"'·—-]")
_SAME_TITLE = 75.0
_SAME_TEXT = 60.0
_ENOUGH_TEXT = 20
"""Characters of text from which two sections can be one by their text alone."""


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section with its place.

    Attributes:
        path: counts from 1; 2.1 is the first below the second.
        section: the section itself.
        above: the plain titles of the headings it stands below.
        parent: index of the nearest of these among all sections in reading order.
    """

    path: str
    section: Section
    above: tuple[str, ...] = ()
    parent: int | None = None

    @property
    def plain_title(self) -> str:
        """The heading without number, blanks and punctuation."""
        return plain_title(self.section.title)


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section in two reports.

    Attributes:
        kind: ``same``, ``changed`` (its text), ``added`` or ``removed``.
        before, after: None where one of the reports has no such section.
        moved: it stands elsewhere among the others, or below another heading.
        renamed: its heading changed, numbers aside.
        pieces: its text, see ``compare_text``.
    """

    kind: Literal["same", "changed", "added", "removed"]
    before: PlacedSection | None
    after: PlacedSection | None
    moved: bool
    renamed: bool
    pieces: tuple[Piece, ...]


def plain_title(title: str) -> str:
    """A heading without its number, blanks and punctuation.

    >>> plain_title("（二） 依申请公开情况。"), plain_title("3.存在的问题")
    ('依申请公开情况', '存在的问题')
    """
    numbering = parse_numbering(title)
    return _MARKS.sub("", title if numbering is None else numbering.rest)


def compare_sections(before: Sequence[Section], after: Sequence[Section]) -> tuple[SectionChange, ...]:
    """The sections of both in the order of the later report; removed ones follow what they followed before."""
    old, new = _placed(before), _placed(after)
    pairs = _paired(old, new)
    strayed = {i for i, j in pairs.items() if _strayed(new[i], old[j], pairs)}
    kept = _in_order([pairs[index] for index in sorted(pairs) if index not in strayed])
    changes: list[SectionChange] = []
    partner = {a: b for b, a in pairs.items()}
    gone = _following(old, partner)
    changes += [_removed(old[index]) for index in gone.get(None, ())]
    for index, section in enumerate(new):
        match = pairs.get(index)
        if match is None:
            changes.append(_added(section))
            continue
        changes.append(_both(old[match], section, moved=match not in kept))
        changes += [_removed(old[lost]) for lost in gone.get(match, ())]
    return tuple(changes)


def _placed(sections: Sequence[Section]) -> list[PlacedSection]:
    found: list[PlacedSection] = []

    def place(children: Sequence[Section], path: str, above: tuple[str, ...], parent: int | None) -> None:
        for number, section in enumerate(children, start=1):
            found.append(PlacedSection(f"{path}{number}", section, above, parent))
            place(section.children, f"{path}{number}.", (*above, plain_title(section.title)), len(found) - 1)

    place(sections, "", (), None)
    return found


def _strayed(new: PlacedSection, old: PlacedSection, pairs: dict[int, int]) -> bool:
    """Whether the section stands below another heading now; the same heading under another name is no other one."""
    above = None if new.parent is None else pairs.get(new.parent, -1)
    return above != old.parent and new.section.level == old.section.level


def _paired(old: Sequence[PlacedSection], new: Sequence[PlacedSection]) -> dict[int, int]:
    """Index in ``new`` to index in ``old``: equal headings first, then the likest headings and texts."""
    scored = sorted(
        (
            (-score, abs(i / max(1, len(new)) - j / max(1, len(old))), i, j)
            for i, section in enumerate(new)
            for j, other in enumerate(old)
            if (score := _likeness(other, section)) > 0
        ),
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in scored:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _likeness(old: PlacedSection, new: PlacedSection) -> float:
    """How surely two sections are one; 0 when they are not."""
    if old.plain_title == new.plain_title:
        return 300.0 + (50.0 if old.above == new.above else 0.0) + fuzz.ratio(old.section.text, new.section.text) / 4
    title = fuzz.ratio(old.plain_title, new.plain_title)
    texts = (old.section.text, new.section.text)
    text = fuzz.ratio(*texts) if min(map(len, texts)) >= _ENOUGH_TEXT else 0.0
    if text >= _SAME_TEXT or (title >= _SAME_TITLE and old.section.level == new.section.level):
        return title + text
    # The chapters of such reports are prescribed: under another heading, the first one is still the first.
    chapters = [parse_numbering(section.section.title) for section in (old, new) if section.section.level == 1]
    numbers = [(chapter.scheme, chapter.ordinal) for chapter in chapters if chapter is not None]
    return 1.0 if len(numbers) == 2 and numbers[0] == numbers[1] else 0.0


def _in_order(indices: Sequence[int]) -> set[int]:
    """The longest run of sections whose order did not change; what is not in it moved.

    Patience sorting (Fredman, "On computing the length of longest increasing subsequences", 1975).
    """
    ends: list[int] = []
    last: list[int] = []
    previous: dict[int, int | None] = {}
    for index in indices:
        place = bisect_left(ends, index)
        previous[index] = last[place - 1] if place else None
        ends[place : place + 1] = [index]
        last[place : place + 1] = [index]
    kept: set[int] = set()
    step = last[-1] if last else None
    while step is not None:
        kept.add(step)
        step = previous[step]
    return kept


def _following(old: Sequence[PlacedSection], partner: dict[int, int]) -> dict[int | None, list[int]]:
    """Sections that are gone, by the section before them that is still there."""
    gone: dict[int | None, list[int]] = {}
    before: int | None = None
    for index in range(len(old)):
        if index in partner:
            before = index
        else:
            gone.setdefault(before, []).append(index)
    return gone


def _both(before: PlacedSection, after: PlacedSection, *, moved: bool) -> SectionChange:
    pieces = compare_text(before.section.text, after.section.text)
    same = all(piece.kind == "same" for piece in pieces)
    renamed = before.plain_title != after.plain_title
    return SectionChange("same" if same else "changed", before, after, moved, renamed, pieces)


def _removed(section: PlacedSection) -> SectionChange:
    text = section.section.text
    return SectionChange("removed", section, None, False, False, (Piece("removed", text),) if text else ())


def _added(section: PlacedSection) -> SectionChange:
    text = section.section.text
    return SectionChange("added", None, section, False, False, (Piece("added", text),) if text else ())
