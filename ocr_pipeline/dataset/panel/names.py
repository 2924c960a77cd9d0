"""Names of bodies that differ in one character: perhaps one body, misread once.

Reports of such bodies are not checked against each other, since 第一中学 and 第二中学 are two bodies; the finding
says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ocr_pipeline.dataset.panel.figures import PanelFinding
from ocr_pipeline.dataset.rows import Key
from ocr_pipeline.document import Severity

__all__ = ["similar_names"]

_SHORTEST = 5
# Characters that tell bodies of otherwise one name apart; names that differ in these are different bodies.
_TELLING = frozenset("一二三四五六七八九十东南西北中上下前后新老大小省市县区镇乡")


def similar_names(documents: Iterable[Key]) -> Iterator[PanelFinding]:
    """Pairs of bodies whose names have one length and differ in one character, and that share no year.

    Args:
        documents: of all reports; those without a body are passed over.
    """
    years: dict[str, set[int]] = {}
    example: dict[str, Key] = {}
    for key in documents:
        if key.body is not None and key.year is not None and len(key.body) >= _SHORTEST:
            years.setdefault(key.body, set()).add(key.year)
            example.setdefault(key.body, key)
    masked: dict[tuple[int, str], list[str]] = {}
    for body in sorted(years):
        for place in range(len(body)):
            masked.setdefault((place, body[:place] + "\0" + body[place + 1 :]), []).append(body)
    for (place, _), bodies in sorted(masked.items()):
        for index, one in enumerate(bodies):
            for other in bodies[index + 1 :]:
                telling = one[place] in _TELLING and other[place] in _TELLING
                if not telling and not years[one] & years[other] and _adjacent(years[one], years[other]):
                    yield _finding(example[one], example[other])


def _adjacent(one: set[int], other: set[int]) -> bool:
    """Whether a year of one follows a year of the other, so that checks over years were left out."""
    return any(year + 1 in other or year - 1 in other for year in one)


def _finding(one: Key, other: Key) -> PanelFinding:
    return PanelFinding(
        key=one,
        code="body-similar",
        severity=Severity.INFO,
        message=f"{one.body} and {other.body} ({other.document}) differ in one character and share no year; if they "
        "are one body, its years were not checked against each other",
        other_report=other.report,
    )
