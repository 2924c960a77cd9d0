"""Text as names and years are looked for in it: one form for every way to write a character, nothing between them."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["CHINESE", "plain", "spaceless"]

CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Ranges of Chinese characters, for a character class."""

# Traditional forms that names of bodies have; NFKC leaves them alone.
_SIMPLIFIED = str.maketrans(
    "縣區鄉鎮廳會發財稅務農業衛體運輸電產監審計記設資場環護綜執風與園協聯檔館隊處辦學醫團總營縂礦鐵報開員國眾糧統賓廣東",
    "县区乡镇厅会发财税务农业卫体运输电产监审计记设资场环护综执风与园协联档馆队处办学医团总营总矿铁报开员国众粮统宾广东",
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\u00ad]")
_BLANK = re.compile(r"\s+")


def plain(text: str) -> str:
    """Full-width forms as half-width ones, traditional characters of names as simplified, invisible ones left out.

    >>> plain("２０２３年雲嶺縣財政局")
    '2023年雲嶺县财政局'
    """
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_SIMPLIFIED)


def spaceless(text: str) -> str:
    """The plain text without blanks and line breaks, which readers put between Chinese characters.

    >>> spaceless("云 岭 县\\n2023 年")
    '云岭县2023年'
    """
    return _BLANK.sub("", plain(text))
