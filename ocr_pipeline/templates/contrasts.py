"""Labels that differ from a form's by one word that makes them those of other figures.

上年制发件数 is as like 本年制发件数 as a label with one misread character, and 不予公开 as like 予以公开; but what
stands there are last year's figures, or the opposite. So labels that are alike are asked for the words that tell
figures apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from ocr_pipeline.templates.labels import normalize, similarity

__all__ = ["AFTER", "BEFORE", "SO_FAR", "contradicts", "is_strange"]

BEFORE, AFTER, SO_FAR = r"上一?年|去年|前年|往年|历年|同期", r"下一?年|次年|明年", r"累计|截[至止]"
"""Words of other times than the report's year."""
_SCOPES = {
    "before": re.compile(rf"{BEFORE}|历史|以前"),
    "now": re.compile(r"本年|今年|当年|本期"),
    "after": re.compile(AFTER),
    "so far": re.compile(SO_FAR),
    "change": re.compile(r"同比|环比|增长|增幅|增速|降幅|较上|比上|增减|增加|减少|下降"),
    "share": re.compile(r"占比|比[例重率]|百分|[%‰]|率$|率\)"),
    "mean": re.compile(r"平均|人均"),
}
"""What a label may say of the time, the kind or the extent of its figures."""
_NOT = frozenset("不非未无没")
_NUMERALS = frozenset("一二三四五六七八九十")
"""What is left of a number in front, whose mark was misread."""
_DOUBLED = re.compile(r"(.)\1")
_ALIKE = 0.5
"""Similarity from which it makes sense to ask which characters two labels differ by."""

_LONGEST = 12
"""Characters of a label that says by itself what its figures are; longer ones like none of the form's are notes."""
_PIECE = 4
"""Characters of a piece of a label that are hardly there by chance."""


@lru_cache(maxsize=65536)
def _scopes(text: str) -> frozenset[str]:
    """The time, kind and extent that a label names: ``before``, ``now``, ``after``, ``so far``, ``change`` ..."""
    flat = re.sub(r"[^\w%‰()]+", "", unicodedata.normalize("NFKC", text))
    return frozenset(name for name, words in _SCOPES.items() if words.search(flat))


@lru_cache(maxsize=65536)
def contradicts(observed: str, wordings: tuple[str, ...], labels: tuple[str, ...]) -> bool:
    """Whether a label says that its figures are others than those of the label that it is like.

    It names a time, a kind or an extent that the other one does not, or has a word for "not" too many. What is lost
    says nothing: labels are cut. Nor does a whole label of the form beside it: two cells may have run together.

    Args:
        observed: the label, read well.
        wordings: of the form's label.
        labels: of all rows of the part, or of all columns.
    """
    seen, wanted = normalize(observed).body, {normalize(text).body for text in wordings}
    for body in _bodies(labels):
        if body not in wanted and not any(body in own for own in wanted):
            seen = seen.replace(body, "")
    if not seen:
        return False
    nearest = max(wanted, key=lambda body: Levenshtein.normalized_similarity(seen, body), default="")
    alike = similarity(seen, nearest) >= _ALIKE
    if not alike and len(seen) > _LONGEST:
        return False
    marks = "".join(char for char in observed if char in "%％‰")
    if _are_other(_scopes(seen + marks), frozenset().union(*(_scopes(text) for text in wordings))):
        return True
    once = _DOUBLED.sub(r"\1", seen), _DOUBLED.sub(r"\1", nearest)
    return alike and _denies(*once, _bodies(labels))


def is_strange(text: str, known: frozenset[str]) -> bool:
    """Whether half of the characters of a label are none of those known; a single character is a piece of one,
    and many are a note.

    Pieces of labels, and labels that ran together, have all of theirs; 行政赔偿 has half in common with 行政复议.
    """
    body = normalize(text).body
    return 1 < len(body) <= _LONGEST and 2 * sum(char not in known for char in body) >= len(body)


def _are_other(seen: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether a label names a time, kind or extent that the other does not; this year's is what no label has to say."""
    times = wanted & {"before", "after"}
    return bool(seen - wanted - {"now"}) or ("now" in seen - wanted and bool(times))


@lru_cache(maxsize=64)
def _bodies(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Labels without numbers, longest first."""
    return tuple(sorted({normalize(text).body for text in labels if text}, key=lambda body: (-len(body), body)))


def _denies(seen: str, wanted: str, others: Sequence[str]) -> bool:
    """Whether a word for "not" was put into a label, both without numbers. One in the place of a character is misread.

    Args:
        seen: the label.
        wanted: the other one.
        others: labels of which a piece may have run into this one.
    """
    added = [
        seen[step.dest_start : step.dest_end] for step in Levenshtein.opcodes(wanted, seen) if step.tag == "insert"
    ]
    for piece in (text.strip("0123456789") for text in added):
        ran_in = len(piece) >= _PIECE and any(piece in body for body in others)
        if not ran_in and _NOT.intersection(piece) and not _NUMERALS.intersection(piece):
            return True
    return False
