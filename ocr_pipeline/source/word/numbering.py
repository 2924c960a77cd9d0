"""Automatic list numbers: what Word prints before a paragraph although its text does not hold it.

Official reports number their headings in this way more often than not, and without the numbers the sections of such a
report would not be found. Counting follows ISO/IEC 29500-1, 17.9: lists that share a definition count on, a level
restarts when a higher one has advanced, and a list may override where a level starts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr_pipeline.source.word.names import Element, child, children, is_on, name, value
from ocr_pipeline.source.word.ordinals import ordinal
from ocr_pipeline.source.word.styles import Styles, list_place

__all__ = ["Numbering"]

_LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
_TIGHT_ENDS = "、，。．）)】〕]〉》：:"


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    text: str
    start: int
    restart: int | None
    legal: bool
    paragraph_style: str | None


class Numbering:
    """Counts the lists of one document; to be asked once for each paragraph, in order.

    Args:
        root: ``w:numbering``; None for a document without lists.
        styles: the document's styles, which may name lists.
    """

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._definitions = {value(item, "w:abstractNumId"): item for item in children(root, "w:abstractNum")}
        self._lists = {value(item, "w:numId"): item for item in children(root, "w:num")}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def prefix(self, properties: Element | None, style: str | None) -> str:
        """What is printed before the paragraph, with a blank at its end where the list leaves one; often empty.

        Args:
            properties: the paragraph's ``w:pPr``.
            style: id of its style.
        """
        number, depth = list_place(properties)
        owner: str | None = None
        if number is None:
            (number, inherited), owner = self._styles.list_place(style)
            depth = inherited if depth is None else depth
        if number is None or number == "0" or number not in self._lists:
            return ""
        levels = self._levels_of(number)
        level = self._level(levels, depth, owner)
        if level not in levels:
            return ""
        counts = self._advance(number, levels, level)
        return _print(levels, level, counts)

    def _level(self, levels: dict[int, _Level], depth: str | None, owner: str | None) -> int:
        if depth is None and owner is not None:
            for level, definition in levels.items():
                if definition.paragraph_style == owner:
                    return level
        return int(depth) if depth is not None and depth.isdigit() else 0

    def _definition(self, number: str) -> Element | None:
        """The definition of a list; one that only points to a style is followed to that style's list."""
        seen: set[str] = set()
        while number in self._lists and number not in seen:
            seen.add(number)
            found = self._definitions.get(value(child(self._lists[number], "w:abstractNumId")))
            link = value(child(found, "w:numStyleLink"))
            if link is None:
                return found
            (other, _), _ = self._styles.list_place(link)
            if other is None:
                return found
            number = other
        return None

    def _levels_of(self, number: str) -> dict[int, _Level]:
        if number not in self._levels:
            found = {_index(item): _read_level(item) for item in children(self._definition(number), "w:lvl")}
            for override in children(self._lists[number], "w:lvlOverride"):
                other = child(override, "w:lvl")
                if other is not None:
                    found[_index(override)] = _read_level(other)
            self._levels[number] = {level: found[level] for level in sorted(found) if 0 <= level < _LEVELS}
        return self._levels[number]

    def _advance(self, number: str, levels: dict[int, _Level], level: int) -> list[int | None]:
        definition = self._definition(number)
        key = value(definition, "w:abstractNumId") or number
        counts = self._counts.setdefault(key, [None] * _LEVELS)
        for override in children(self._lists[number], "w:lvlOverride"):
            at, start = _index(override), value(child(override, "w:startOverride"))
            if at == level and start is not None and (number, at) not in self._begun:
                counts[at] = _integer(start, 1) - 1
        self._begun.add((number, level))
        for above in range(level):
            if counts[above] is None and above in levels:
                counts[above] = levels[above].start
        before = counts[level]
        counts[level] = levels[level].start if before is None else before + 1
        for below in range(level + 1, _LEVELS):
            restart = levels[below].restart if below in levels else None
            # A restart of 0 never happens; of n, only after a level of 1 to n (counted from 1) has advanced.
            if restart is None or (restart > 0 and level < restart):
                counts[below] = None
        return counts


def _print(levels: dict[int, _Level], level: int, counts: list[int | None]) -> str:
    own = levels[level]
    if own.style == "bullet":
        return ""

    def written(match: re.Match[str]) -> str:
        at = int(match.group(1)) - 1
        if at not in levels or at > level:
            return ""
        count = counts[at]
        style = "decimal" if own.legal and levels[at].style not in ("none", "bullet") else levels[at].style
        return ordinal(levels[at].start if count is None else count, style)

    text = _PLACEHOLDER.sub(written, own.text).strip()
    return text if not text or text[-1] in _TIGHT_ENDS else f"{text} "


def _read_level(item: Element) -> _Level:
    # A format of its own stands in an alternative, with one that every reader knows as the fallback.
    formats = list(item.iter(name("w:numFmt")))
    known = [f for f in formats if value(f) not in (None, "custom")]
    restart = value(child(item, "w:lvlRestart"))
    return _Level(
        style=(value(known[-1]) if known else None) or "decimal",
        text=value(child(item, "w:lvlText")) or "",
        start=_integer(value(child(item, "w:start")), 0),
        restart=None if restart is None else _integer(restart, 0),
        legal=is_on(child(item, "w:isLgl")),
        paragraph_style=value(child(item, "w:pStyle")),
    )


def _index(item: Element) -> int:
    return _integer(value(item, "w:ilvl"), -1)


def _integer(text: str | None, default: int) -> int:
    try:
        return default if text is None else int(text)
    except ValueError:
        return default
