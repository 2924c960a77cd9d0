"""The name of a body as region and department: 云岭市松塘县财政局 is the department 财政局 of 云岭市松塘县."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["BodyName", "government", "split_body"]

_GOVERNMENT = re.compile(r"人民政府$|管理委员会$|管委会$|行政公署$")
# No name of a region holds the mark of another level, but for districts such as 市中区 and 新市区.
_N = "[^省市县区旗盟镇乡局委]"
_ZONE = "高新技术产业|高新技术|经济技术|经济|旅游|工业|保税"
_LEVELS = tuple(
    map(
        re.compile,
        (
            rf"{_N}{{2,5}}?(?:省|自治区)",
            rf"{_N}{{2,10}}?自治州|{_N}{{2,6}}?(?:市(?!场)|地区|盟)",
            rf"{_N}{{1,8}}?(?:{_ZONE})?(?:开发区|新区|试验区|示范区|园区)"
            rf"|(?:市|{_N}市)?{_N}{{1,8}}?(?:县|区(?!域)|旗)|{_N}市区|{_N}{{2,5}}?市(?!场)",
            r"[^省市县镇乡局委]{1,6}?(?:街道|镇|乡)(?=人民政府|办事处|$)",
        ),
    )
)
_NOT_OF_A_REGION = re.compile(r"^(?:市场|城市|城乡|乡村|社区|地区|区域)")


@dataclass(frozen=True, slots=True)
class BodyName:
    """A body's name, split.

    Attributes:
        levels: the regions that the name begins with, largest first; empty where it names none.
        department: what is left, None for the government of the last region.
    """

    levels: tuple[str, ...]
    department: str | None

    @property
    def region(self) -> str | None:
        """All levels together; None where there are none."""
        return "".join(self.levels) or None


def split_body(name: str) -> BodyName:
    """Split the name of a body.

    >>> split_body("云岭市松塘县财政局")
    BodyName(levels=('云岭市', '松塘县'), department='财政局')
    >>> split_body("松塘县市场监督管理局").department
    '市场监督管理局'
    >>> split_body("松塘县柳泉镇人民政府")
    BodyName(levels=('松塘县', '柳泉镇'), department=None)
    """
    levels: list[str] = []
    rest = name
    for pattern in _LEVELS:
        match = None if _NOT_OF_A_REGION.match(rest) else pattern.match(rest)
        if match:
            levels.append(match[0])
            rest = rest[match.end() :]
    if levels and (not rest or _GOVERNMENT.fullmatch(rest) or (rest == "办事处" and levels[-1].endswith("街道"))):
        return BodyName(tuple(levels), None)
    return BodyName(tuple(levels), rest or None)


def government(name: str) -> str:
    """The name of a region's government for the region's own name and for its short form; other names as they are.

    >>> government("松塘县"), government("松塘县政府"), government("松塘县财政局")
    ('松塘县人民政府', '松塘县人民政府', '松塘县财政局')
    """
    name = re.sub(r"(?<=[省市州县区旗盟镇乡])政府$", "人民政府", name)
    split = split_body(name)
    whole = split.department is None and split.region == name
    return name + "人民政府" if whole and not re.search(r"(?:街道|开发区|新区|园区|试验区|示范区)$", name) else name
