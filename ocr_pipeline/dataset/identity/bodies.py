"""The body that a report is by, as its title, its file name and its text give it."""

from __future__ import annotations

import re
from itertools import pairwise

from ocr_pipeline.dataset.identity.characters import CHINESE, spaceless
from ocr_pipeline.dataset.identity.regions import government, split_body

__all__ = ["bodies_of_text", "body_of_name", "body_of_title", "same_body"]

_LONGEST = 40
_EDGES = "-—–()（）、·"
_SUFFIXES = (
    "人民政府|政府|办公室|办公厅|管理委员会|管委会|委员会|委|局|厅|处|署|办|中心|法院|检察院|研究院|设计院|学院|大学|学校|"
    "中学|小学|幼儿园|医院|保健院|集团|公司|站|所|支队|大队|总队|队|分局|联合会|总工会|协会|学会|联社|图书馆|档案馆|博物馆|"
    "文化馆|电视台|银行|分行|支行|开发区|新区|园区|街道|镇|乡|省|市|县|区|旗|盟|自治州|自治区"
)
_IS_BODY = re.compile(rf"[{CHINESE}](?:[{CHINESE}（）()·—-]|(?<=第)\d{{1,3}})*")
_ENDS = re.compile(rf"(?:{_SUFFIXES})(?:[（(][{CHINESE}]+[）)])?$")

_YEAR = r"[0-9OoQDlI〇○◯零一二三四五六七八九]{4}(?:年度?)?"
_DATE = re.compile(r"\d{4}[-_./年]?\d{1,2}(?:[-_./月]\d{1,2}日?|月)|\d{6,}")
_REPORT = re.compile(r"(?:政府)?(?:政务|信息)公开.*$|(?:年度)?(?:工作)?(?:年度)?(?:报告|年报).*$")
_NOISE = re.compile(
    rf"关于|发布|公布|{_YEAR}|年度|(?<![第\d])\d+|[《》“”\"'\[\]【】<>:：,，。;；_+~!！?？#@&=*%$^|\\/.\s]"
)
_FILE_WORDS = re.compile(r"终稿|定稿|盖章|扫描件?|附件|正式|公开版|最终|副本|版$|[a-zA-Z]+|[（(][^（）()]*[）)]")
_OPENERS = "围绕|坚持|认真|深入|紧紧|严格|以|按照|在|积极|全面|切实|扎实|持续|高度|始终|紧扣|聚焦|把"
_IN_TEXT = (
    re.compile(
        rf"(?:现将|现公布|根据|这是|本报告由|^|[。；\n])((?:[{CHINESE}]){{3,30}}?)(?:编制|{_YEAR}(?:政府)?(?:政务|信息)公开)"
    ),
    re.compile(rf"{_YEAR}[，,]?((?:[{CHINESE}]){{3,30}}?)(?={_OPENERS})"),
)
_PERSONAL = re.compile(r"我|^[本各全该其]|本机关|本单位|现将|根据|[，。；：年]")


def body_of_title(title: str) -> str | None:
    """The body that a title names; None where it names none.

    >>> body_of_title("2023年云岭县人民政府信息公开工作年度报告"), body_of_title("政府信息公开工作年度报告")
    ('云岭县人民政府', None)
    """
    # Numbers of the file and the like stand before the title, each with a colon.
    segments = re.split("[:;|]", _cut_report(spaceless(title)))
    return _accepted(_NOISE.sub("", _DATE.sub("", segments[-1])).strip(_EDGES))


def body_of_name(name: str) -> str | None:
    """The body that the name of a file or folder names, without ending; None where it names none.

    >>> body_of_name("云岭县财政局_2023年政府信息公开年报（盖章）"), body_of_name("scan0012")
    ('云岭县财政局', None)
    """
    text = _cut_report(_DATE.sub("", spaceless(name)))
    text = _FILE_WORDS.sub("", _NOISE.sub("", text)).strip(_EDGES)
    return _accepted(text)


def bodies_of_text(text: str) -> tuple[str, ...]:
    """The bodies that a text says the report is by: where it announces itself, or signs before its date."""
    found: list[str] = []
    lines = [spaceless(line) for line in text.splitlines()]
    lines = [line for line in lines if line]
    for line in lines:
        for pattern in _IN_TEXT:
            found += [match[1] for match in pattern.finditer(line)]
    for line, following in pairwise(lines):
        if re.fullmatch(rf"{_YEAR}\d{{1,2}}月\d{{1,2}}日", following):
            found.append(line)
    accepted = (_accepted(name) for name in found if not _PERSONAL.search(name))
    return tuple(dict.fromkeys(name for name in accepted if name))


def same_body(one: str, other: str) -> bool:
    """Whether two names can be of one body: equal, or one the other cut short (县财政局, 云岭县发改委).

    A name is cut short where regions are left out before it, or characters inside the department's name. Names that
    differ in a character, such as 第一中学 and 第二中学, are never the same.
    """
    short, long = sorted((one, other), key=len)
    if long.endswith(short):
        return True
    a, b = split_body(short), split_body(long)
    if a.department is None or b.department is None:
        return False
    regions_fit = not a.levels or (b.region or "").endswith(a.region or "")
    return regions_fit and _abbreviates(a.department, b.department)


def _abbreviates(short: str, long: str) -> bool:
    """Whether the characters of one stand in the other in order, the first at its beginning; 局 may end 委员会."""
    if len(short) < 3 or short[0] != long[0]:
        return False
    stem = short[:-1] if short[-1] in "局委办" else short
    ending = short[-1]
    if ending not in long and not (ending == "局" and long.endswith("委员会")):
        return False
    rest = iter(long)
    return all(character in rest for character in stem)


def _cut_report(text: str) -> str:
    """What stands before the words for the report; 政府 belongs to them unless 人民 stands before it."""
    cut = _REPORT.sub("", text)
    if cut.endswith("人民"):
        cut += "政府"
    return cut


def _accepted(text: str) -> str | None:
    if not 2 <= len(text) <= _LONGEST or not _IS_BODY.fullmatch(text) or not _ENDS.search(text):
        return None
    return government(text)
