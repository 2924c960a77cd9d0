"""The year that a report is about, as its title, its file name and its text give it.

A report of 2023 is published early in 2024, so a full date is never taken for the year reported on.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ocr_pipeline.dataset.identity.characters import plain, spaceless

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Years", "years_of_folder", "years_of_name", "years_of_text", "years_of_title"]

FIRST_YEAR = 2003
"""The first local rules on government information disclosure; the national ones are of 2008."""
LAST_YEAR = 2099

_ZERO = "0Oo〇○◯零QD"
_ONE = "1lI|!i一"
_DIGITS = {
    **{str(number): str(number) for number in range(10)},
    **dict.fromkeys(_ZERO, "0"),
    **dict.fromkeys(_ONE, "1"),
    **dict(zip("二三四五六七八九", "23456789", strict=True)),
    **dict(zip("ZzSsB两贰叁", "22558223", strict=True)),
}
_D = "[" + re.escape("".join(_DIGITS)) + "]"
# No digit of any script before it: 12023年 is no year.
_YEAR = re.compile(rf"(?<!{_D})({_D}{{4}})(?=年)")
_DATE = re.compile(rf"{_D}{{4}}年{_D}{{0,3}}十?{_D}{{0,2}}月")
_PERIOD = re.compile(
    rf"(?<!{_D})({_D}{{4}})年{_D}月{_D}(?:日|号)?(?:起)?[至到—–~-]+({_D}{{4}})?年?{_D}{{2}}月{_D}{{2}}日"
)
_ABOUT = re.compile(r"报告|年报")
_ANNOUNCED = re.compile(rf"(?<!{_D})({_D}{{4}})年度?[^。；;，,《》\d]{{0,40}}?(?:年度报告|年报|工作报告|公开情况报告)")
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_DATE_IN_NAME = re.compile(
    r"(?<!\d)20\d\d([-_./年]?)(?:0?[1-9]|1[0-2])(?:[-_./月])?(?:0?[1-9]|[12]\d|3[01])日?(?!\d)|(?<!\d)20\d\d(?:0[1-9]|1[0-2])(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Years:
    """What one source says of the year: nothing, one year, or several that do not agree.

    ``firm`` is whether the source says what the report is about, not merely which year it names.
    """

    years: tuple[int, ...]
    firm: bool = True

    @property
    def only(self) -> int | None:
        """The year, where there is exactly one."""
        return self.years[0] if len(self.years) == 1 else None


def years_of_title(title: str) -> Years:
    """The years of a title that stand before the word 报告; of any of it where that says nothing.

    >>> years_of_title("云岭县财政局二○二三年度政府信息公开工作报告（2024年1月发布）").years
    (2023,)
    """
    text = spaceless(title)
    about = _ABOUT.search(text)
    text = _DATE.sub("", text)
    head = text[: about.end()] if about else text
    return Years(_found(_YEAR, head) or _found(_YEAR, text))


def years_of_name(name: str) -> Years:
    """The years of a file's name without folder and ending; dates and longer numbers are left out.

    >>> years_of_name("云岭县财政局2023年年报_20240115").years
    (2023,)
    """
    text = plain(name)
    named = _found(_YEAR, _DATE.sub("", spaceless(name)))
    if named:
        return Years(named)
    return Years(_found(_IN_NAME, _DATE_IN_NAME.sub(" ", text)))


def years_of_folder(name: str) -> Years:
    """The years of a folder's name; never firm, since folders are named for many reasons."""
    return Years(years_of_name(name).years, firm=False)


def years_of_text(text: str) -> Years:
    """The year of the period that the text says its figures cover, or that it calls itself a report of.

    Where it says neither, the year it names most, at least twice and twice as often as any other; that is not firm.
    """
    text = spaceless(text)
    periods = [m[1] for m in _PERIOD.finditer(text) if m[2] is None or _number(m[1]) == _number(m[2])]
    firm = _distinct(periods) or _found(_ANNOUNCED, text)
    if firm:
        return Years(firm)
    counts = Counter(year for year in map(_number, _YEAR.findall(_DATE.sub("", text))) if year is not None)
    ranked = counts.most_common(2)
    if ranked and ranked[0][1] >= 2 and (len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1]):
        return Years((ranked[0][0],), firm=False)
    return Years(())


def _found(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    return _distinct([match[1] for match in pattern.finditer(text)])


def _distinct(written: list[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(year for year in map(_number, written) if year is not None))


def _number(written: str) -> int | None:
    """The year; None for one that no report can be about, and where fewer than two characters are surely digits.

    >>> _number("2O23"), _number("二〇二三"), _number("2OOS"), _number("1999")
    (2023, 2023, None, None)
    """
    if sum(character.isdigit() or character in "〇零一二三四五六七八九" for character in written) < 2:
        return None
    year = int("".join(_DIGITS[character] for character in written))
    return year if FIRST_YEAR <= year <= LAST_YEAR else None
