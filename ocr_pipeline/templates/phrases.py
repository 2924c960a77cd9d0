"""Phrases in which prose repeats the figures of a form, and finding them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ocr_pipeline.templates.model import NarrativeRule

__all__ = ["UNIT_FACTORS", "Mention", "mentions", "phrase_pattern"]

UNIT_FACTORS: Mapping[str, float] = {"": 1.0, "元": 1.0, "万元": 1e4, "亿元": 1e8, "万": 1e4, "亿": 1e8}
_NUMBER = r"(?:人民币|共计|总计|合计|共|为|计|：|:)?(?P<number>\d[\d,，]*(?:\.\d+)?)(?P<scale>[万亿]?)(?P<about>余|多)?"
_GAP = r"[^\d，,、。；;！？\n]{0,14}?"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)} | {ord("．"): "."}
_BEFORE = 4
_COMPARED = re.compile(r"增加|增长|减少|下降|上升|同比|较上年|比上年|占|不足|近$|约$|超过|至少")


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure in prose: the field it should be of, the number in plain units, how far rounding reaches, the words."""

    field: str
    number: float
    reach: float
    money: bool
    words: str


def mentions(text: str, rules: Iterable[NarrativeRule]) -> Iterator[Mention]:
    """What a text says of the fields of these rules, in the order of the rules.

    A number that is compared with another year's, or only about, is left out.
    """
    flat = re.sub(r"[ \t\u3000]+", "", text.translate(_FULL_WIDTH))
    for rule in rules:
        for phrase in rule.phrases:
            for match in phrase_pattern(phrase).finditer(flat):
                words = match[0]
                before = flat[max(0, match.start() - _BEFORE) : match.start("number")]
                if match["about"] or _COMPARED.search(before):
                    continue
                yield _mention(rule.field, match, words)


@lru_cache
def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """The regular expression of a phrase, in which ``{n}`` stands for the number and ``…`` for a few other characters.

    Raises:
        ValueError: ``{n}`` is not in it exactly once, or the rest is no regular expression.
    """
    if phrase.count("{n}") != 1:
        raise ValueError(f"{phrase!r} must hold {{n}} once")
    try:
        return re.compile(phrase.replace("{n}", _NUMBER).replace("…", _GAP))
    except re.error as error:
        raise ValueError(f"{phrase!r}: {error}") from error


def _mention(field: str, match: re.Match[str], words: str) -> Mention:
    digits = re.sub(r"[,，]", "", match["number"])
    money = match.string[match.end("scale") : match.end("scale") + 1] == "元"
    factor = UNIT_FACTORS[match["scale"]]
    places = len(digits.partition(".")[2])
    reach = 0.5 * factor / 10**places if factor > 1 or places else 0.0
    return Mention(field, float(digits) * factor, reach, money, words)
