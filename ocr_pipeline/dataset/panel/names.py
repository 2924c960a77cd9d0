"""Names of bodies that differ in one character: perhaps one body, misread once.

Reports of such bodies are not checked against each other, since 第一中学 and 第二中学 are two bodies; the finding says
so. A name that others bear out is no misreading: a region with several bodies, a department that several regions have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ocr_pipeline.dataset.identity import split_body
from ocr_pipeline.dataset.panel.figures import PanelFinding
from ocr_pipeline.dataset.rows import Key
from ocr_pipeline.document import Severity

__all__ = ["similar_names"]

_SHORTEST = 5
# Characters that tell bodies of otherwise one name apart; names that differ in these are different bodies.
_TELLING = frozenset("一二三四五六七八九十东南西北中上下前后新老大小省市县区镇乡")


@dataclass(slots=True)
class _Names:
    """All bodies of an archive.

    Attributes:
        years: of each body.
        example: a report of each.
        bodies_of: region to its bodies.
        regions_of: department to the regions that have it.
    """

    years: dict[str, set[int]] = field(default_factory=dict)
    example: dict[str, Key] = field(default_factory=dict)
    bodies_of: dict[str, set[str]] = field(default_factory=dict)
    regions_of: dict[str, set[str]] = field(default_factory=dict)

    def add(self, body: str, year: int, key: Key) -> None:
        split = split_body(body)
        self.years.setdefault(body, set()).add(year)
        self.example.setdefault(body, key)
        self.bodies_of.setdefault(split.region or "", set()).add(body)
        self.regions_of.setdefault(split.department or "", set()).add(split.region or "")


def similar_names(documents: Iterable[Key], departments: Sequence[Sequence[str]] = ()) -> Iterator[PanelFinding]:
    """Pairs of bodies whose names have one length and differ in one character, and that share no year.

    Args:
        documents: of all reports; those without a body are passed over.
        departments: words of the names of departments that are known to exist.
    """
    names = _Names()
    for key in documents:
        if key.body is not None and key.year is not None and len(key.body) >= _SHORTEST:
            names.add(key.body, key.year, key)
    words = tuple(word for alternatives in departments for word in alternatives)
    masked: dict[tuple[int, str], list[str]] = {}
    for body in sorted(names.years):
        for place in range(len(body)):
            masked.setdefault((place, body[:place] + "\0" + body[place + 1 :]), []).append(body)
    for (place, _), bodies in sorted(masked.items()):
        for index, one in enumerate(bodies):
            for other in bodies[index + 1 :]:
                if not all(_borne_out(name, place, names, words) for name in (one, other)) and _follow(
                    names, one, other
                ):
                    yield _finding(names.example[one], names.example[other])


def _borne_out(body: str, place: int, names: _Names, words: Sequence[str]) -> bool:
    """Whether a name's character at a place is surely right."""
    if body[place] in _TELLING:
        return True
    split = split_body(body)
    if place < len(split.region or ""):
        return len(names.bodies_of[split.region or ""]) > 1
    department = split.department or ""
    return len(names.regions_of[department]) > 1 or any(word in department for word in words)


def _follow(names: _Names, one: str, other: str) -> bool:
    """Whether they share no year and one of one follows one of the other: a check over years that was left out."""
    years, others = names.years[one], names.years[other]
    return not years & others and any(year + 1 in others or year - 1 in others for year in years)


def _finding(one: Key, other: Key) -> PanelFinding:
    return PanelFinding(
        key=one,
        code="body-similar",
        severity=Severity.INFO,
        message=f"{one.body} and {other.body} ({other.document}) differ in one character and share no year; if they "
        "are one body, its years were not checked against each other",
        other_report=other.report,
    )
