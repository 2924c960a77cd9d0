"""Writes a number in the way a list of Word wants it: 一, 十二, 甲, ①, iv (the values of ``ST_NumberFormat``)."""

from __future__ import annotations

from ocr_pipeline.source.roman import LARGEST, roman

__all__ = ["ordinal"]

_DIGITS = "〇一二三四五六七八九"
_COUNTING = ("零一二三四五六七八九", "十百千", "万")
_LEGAL = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万")
_LEGAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_WORDS = {
    "chineseCounting": _COUNTING,
    "chineseCountingThousand": _COUNTING,
    "japaneseCounting": _COUNTING,
    "taiwaneseCounting": _COUNTING,
    "taiwaneseCountingThousand": _COUNTING,
    "koreanCounting": _COUNTING,
    "chineseLegalSimplified": _LEGAL,
    "japaneseLegal": _LEGAL_TRADITIONAL,
    "ideographLegalTraditional": _LEGAL_TRADITIONAL,
}
_ENCLOSED = {
    # First and last number that has a character of its own, and the character of 1.
    "decimalEnclosedCircle": (20, "①"),
    "decimalEnclosedCircleChinese": (20, "①"),
    "decimalEnclosedFullstop": (20, "⒈"),
    "decimalEnclosedParen": (20, "⑴"),
    "ideographEnclosedCircle": (10, "㊀"),
}


def ordinal(number: int, style: str) -> str:
    """The number as text; plain decimal for a style that is not known, and for a number that the style cannot write.

    Args:
        number: any integer; lists count from 0 or 1.
        style: a value of ``w:numFmt``; ``none`` and ``bullet`` give an empty string.
    """
    if style in ("none", "bullet"):
        return ""
    if style == "decimalZero":
        return f"{number:02d}"
    if style in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord("０") + int(digit)) for digit in str(abs(number)))
    if number < 1:
        return str(number)
    if style in _WORDS and number < 100_000:
        return _words(number, *_WORDS[style])
    if style in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if style in _ENCLOSED and number <= _ENCLOSED[style][0]:
        return chr(ord(_ENCLOSED[style][1]) + number - 1)
    if style in ("ideographTraditional", "ideographZodiac"):
        row = _STEMS if style == "ideographTraditional" else _BRANCHES
        return row[(number - 1) % len(row)]
    if style in ("lowerLetter", "upperLetter"):
        # After z comes aa, then bb: the letter is repeated.
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if style == "lowerLetter" else letters.upper()
    if style in ("lowerRoman", "upperRoman") and number <= LARGEST:
        return roman(number) if style == "lowerRoman" else roman(number).upper()
    return str(number)


def _words(number: int, digits: str, units: str, myriad: str) -> str:
    """Below 100,000; 10 to 19 are written without the leading one."""
    if number >= 10_000:
        high, rest = divmod(number, 10_000)
        gap = digits[0] if 0 < rest < 1000 else ""
        return _words(high, digits, units, myriad) + myriad + gap + _below_myriad(rest, digits, units)
    text = _below_myriad(number, digits, units)
    return text[1:] if 10 <= number < 20 else text


def _below_myriad(number: int, digits: str, units: str) -> str:
    text = ""
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += digits[digit] + (units[place - 1] if place else "")
        elif text and not text.endswith(digits[0]) and number % 10**place:
            text += digits[0]
    return text
