"""What stands in the cells of a sheet: figures of all kinds, and what a reader of figures must not take for one."""

from __future__ import annotations

import random

from ocr_pipeline.text.figure_intake import OTHER

__all__ = ["draw_content"]

_WORDS = (
    "本年度行政机关公开不予受理结果维持纠正其他尚未审结总计小件自然人商业企业科研机构社会公益组织法律服务予以部分属于"
    "国家秘密禁止危及安全稳定三项内部事务信息类过程执法案卷查询无法提供没有前需要另制作补正后仍明确重复申请理由要求出版"
)
_STROKES = ("/", "/", "—", "－", "-", "一", "、", "|", "\\", "…")
_LEANING = tuple(stroke for stroke in _STROKES if stroke != "|")
_SIGNS = "+-"


def draw_content(rng: random.Random, figure_share: float, *, bars: bool = True) -> tuple[str, str]:
    """What is printed in a cell, and what a reader of figures should make of it: the figure, or ``OTHER``.

    Args:
        rng: settles it.
        figure_share: share of the cells that hold a figure.
        bars: whether an upright bar may stand there, which nothing tells from a 1 that lost its ends.
    """
    if rng.random() < figure_share:
        return _figure(rng)
    kind = rng.random()
    if kind < 0.25:
        return rng.choice(_STROKES if bars else _LEANING), OTHER
    if kind < 0.4:
        return rng.choice(["增加", "减少", "共", ""]) + str(rng.randint(0, 9999)) + rng.choice("件条万元亿项"), OTHER
    length = rng.choice([1, 1, 2, 2, 3, 4, 5])
    return "".join(rng.choice(_WORDS) for _ in range(length)), OTHER


def _figure(rng: random.Random) -> tuple[str, str]:
    kind = rng.random()
    if kind < 0.14:
        return "0", "0"
    if kind < 0.36:
        text = str(rng.randint(0, 9))
        return text, text
    digits = rng.choice([2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7])
    number = rng.randint(10 ** (digits - 1), 10**digits - 1) if kind < 0.88 else _repeated(rng, digits)
    if kind > 0.97:
        text = f"{number / 10 ** rng.choice([1, 2, 2]):.{rng.choice([1, 2, 2, 4])}f}"
    elif kind > 0.94 and digits > 3:
        text = f"{number:,}"
    else:
        text = str(number)
    if rng.random() < 0.25:
        sign = rng.choice(_SIGNS)
        # A minus is printed as a hyphen, a true minus or a dash of half the width; all mean one.
        return (rng.choice("-−–") if sign == "-" else sign) + text, sign + text
    return text, text


def _repeated(rng: random.Random, digits: int) -> int:
    """Few different digits, so that doubled ones are known from single ones."""
    few = rng.sample("0123456789", 2)
    return int(rng.choice("123456789") + "".join(rng.choice(few) for _ in range(digits - 1)))
