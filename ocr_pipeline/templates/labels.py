"""How alike two printed labels are, whatever the recogniser and the issuer did to them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

__all__ = ["Label", "best_similarity", "in_a_row", "normalize", "recognition", "runs_on", "similarity"]

# Traditional forms of characters that administrative labels use; what is not here counts as one wrong character.
_TRADITIONAL = str.maketrans(
    "規範製數開對總減項處決許務為懲罰強費採購貨額請況與學會團體組織構計結轉辦區屬國際機關準禁鄉鎮護權執業務詢訴訟"
    "現沒創補後內確認訪舉報類複復無當萬億圓發廢號經濟財產資訊質監審維糾糾尚終過實際環節級縣長東門間題應對書證據記錄"
    "價調劃動員場衛醫藥戶稅預導備點爭議駁銷撤變邊達選運進連還遲適遞單獨義僅個倉們價優傳傷億償儲養餘館馬驗體麼",
    "规范制数开对总减项处决许务为惩罚强费采购货额请况与学会团体组织构计结转办区属国际机关准禁乡镇护权执业务询诉讼"
    "现没创补后内确认访举报类复复无当万亿圆发废号经济财产资讯质监审维纠纠尚终过实际环节级县长东门间题应对书证据记录"
    "价调划动员场卫医药户税预导备点争议驳销撤变边达选运进连还迟适递单独义仅个仓们价优传伤亿偿储养余馆马验体么",
)
_NUMERALS = "一二三四五六七八九十"
_NUMBERING = re.compile(
    rf"^(?:\((?P<a>[{_NUMERALS}]{{1,3}}|\d{{1,2}})\)|(?P<b>[{_NUMERALS}]{{1,3}})[、.,:;]|(?P<c>\d{{1,2}})[、.,:;)]?(?=\D))"
)
_NOT_WORD = re.compile(r"[\W_]+")
_SHORT = 2
"""Characters of a label that is hardly told from a part of another one."""
_CHANCE = 0.35
"""Similarity of two labels that have nothing to do with each other."""
_GOOD_PART = 0.4
"""Share of a label that is read at least, of two that stand in one cell."""
_Similarity = TypeVar("_Similarity", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class Label:
    """A label without blanks and punctuation: its numbering apart from its words."""

    number: str
    body: str


@lru_cache(maxsize=8192)
def normalize(text: str) -> Label:
    """Half-width, simplified, once, without blanks and punctuation; the numbering in front taken off."""
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(_TRADITIONAL)
    if len(flat) >= 2 * _SHORT and len(flat) % 2 == 0 and flat[: len(flat) // 2] == flat[len(flat) // 2 :]:
        flat = flat[: len(flat) // 2]  # printed over itself, or read twice
    match = _NUMBERING.match(flat)
    number = "" if match is None else (match["a"] or match["b"] or match["c"])
    body = _NOT_WORD.sub("", flat[match.end() :] if match else flat)
    if not body:
        return Label("", _NOT_WORD.sub("", flat))
    return Label(number, body)


@lru_cache(maxsize=65536)
def best_similarity(observed: str, labels: tuple[str, ...]) -> float:
    """The best similarity to any of several wordings, 0..1."""
    return max((similarity(observed, label) for label in labels), default=0.0)


def in_a_row(observed: str, labels: Sequence[tuple[str, ...]]) -> float:
    """How like several labels one behind the other, each in any of its wordings, a text is, 0..1."""
    seen = normalize(observed).body
    wanted = "".join(
        max((normalize(text).body for text in wordings), key=lambda body: fuzz.partial_ratio(body, seen), default="")
        for wordings in labels
    )
    return Levenshtein.normalized_similarity(seen, wanted) if seen and wanted else 0.0


def runs_on(observed: str, own: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a text that is like one label is longer than it by a good part of another: two may have run together.

    In which order their lines were read does not matter, nor how well.

    Args:
        observed: what was read.
        own: wordings of the label that it is like.
        other: wordings of the label that may stand beside it.
    """
    wanted = max(own, key=lambda label: similarity(observed, label), default="")
    excess = len(normalize(observed).body) - len(normalize(wanted).body)
    return excess >= max(1.0, _GOOD_PART * min((len(normalize(label).body) for label in other), default=math.inf))


@lru_cache(maxsize=65536)
def similarity(observed: str, expected: str) -> float:
    """How likely ``observed`` is a damaged ``expected``, 0..1; 1 for the same words, 0 where either has none.

    The best of: edit distance (wrong characters), containment (cut or doubled labels, remarks appended), and, for long
    labels, shared characters (lines read in the wrong order).
    """
    seen, wanted = normalize(observed), normalize(expected)
    if not seen.body or not wanted.body:
        return 0.0
    score = max(
        Indel.normalized_similarity(seen.body, wanted.body),
        Levenshtein.normalized_similarity(seen.body, wanted.body),
        _containment(seen.body, wanted.body),
        _shared(seen.body, wanted.body),
    )
    if seen.number and wanted.number and seen.number != wanted.number:
        score -= 0.08
    return max(0.0, score)


def recognition(similar: _Similarity) -> _Similarity:
    """What a label this similar gains an alignment: 1 where it is the same, 0 where chance makes it so similar."""
    return (similar - _CHANCE) / (1 - _CHANCE)


def _containment(seen: str, wanted: str) -> float:
    short, long = sorted((seen, wanted), key=len)
    share = len(short) / len(long)
    if len(short) < _SHORT or share < 0.25 or len(short) == len(long):
        return 0.0
    if len(short) == _SHORT and share < 0.5:
        return 0.0
    if len(seen) > len(wanted) and seen == wanted * (len(seen) // len(wanted)):
        return 0.98
    found = 1.0 if short in long else 0.9 * fuzz.partial_ratio(short, long) / 100
    return (0.6 + 0.4 * share) * found * (1.0 if found > 0.7 else 0.5)


def _shared(seen: str, wanted: str) -> float:
    if min(len(seen), len(wanted)) < 8:
        return 0.0
    common = sum((Counter(seen) & Counter(wanted)).values())
    return 0.9 * 2 * common / (len(seen) + len(wanted))
