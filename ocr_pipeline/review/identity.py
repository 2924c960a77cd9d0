"""Whose report it is, and of which year, as far as its title says."""

from __future__ import annotations

import re
from pathlib import PurePath

__all__ = ["Identity", "identify"]

from dataclasses import dataclass

_YEAR = re.compile(r"((?:19|20)\d{2})\s*年?度?")
_ENDING = re.compile(r"(政府信息公开|信息公开|工作|年度|报告).*$")


@dataclass(frozen=True, slots=True)
class Identity:
    """The body that reports, empty when the title does not say, and the year, None likewise."""

    body: str
    year: int | None


def identify(title: str | None, name: str) -> Identity:
    """Body and year out of the title, or else out of the file's name.

    >>> identify("某县审批服务局2020年政府信息公开工作年度报告", "a.pdf")
    Identity(body='某县审批服务局', year=2020)
    """
    for text in (title or "", PurePath(name).stem):
        found = _YEAR.search(text)
        if found is not None:
            return Identity(_ENDING.sub("", text[: found.start()]).strip(" _-（("), int(found[1]))
    return Identity(_ENDING.sub("", title or "").strip(), None)
