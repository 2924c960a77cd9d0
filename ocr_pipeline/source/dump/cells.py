"""One line of a dump to the cells it holds."""

from __future__ import annotations

import html
import re

from ocr_pipeline.raised import lowered, raised

__all__ = ["clean", "is_separator", "split_line", "without_tags"]

_ESCAPED = "\ue000"
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:b|i|u|p|strong|em|span|font|sup|sub|td|tr|th)\b[^>]*>", re.IGNORECASE)
_SUP = re.compile(r"<sup\b[^>]*>(.*?)</sup\s*>", re.IGNORECASE)
_SUB = re.compile(r"<sub\b[^>]*>(.*?)</sub\s*>", re.IGNORECASE)
_STRUCK = re.compile(
    r"<(s|del|strike)\b[^>]*>(?P<tagged>.*?)</\1\s*>|~~(?P<marked>(?!\s)[^~]+?(?<!\s))~~", re.IGNORECASE
)
_EMPHASIS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_ROW = re.compile(r"<tr\b[\s\S]*?</tr\s*>", re.IGNORECASE)
_ROW_END = re.compile(r"</tr\s*>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TABLE = re.compile(r"</?(?:table|thead|tbody|colgroup|col|caption)\b[^>]*>", re.IGNORECASE)
_DASHES = r"(?::?-{2,}:?|:-+:?|-+:)"
_SEPARATOR = re.compile(rf"\s*\|?\s*{_DASHES}\s*(?:\|\s*{_DASHES}\s*)*\|?\s*")
_WIDE_GAP = re.compile(r" {2,}|[\u3000\u2003]+ *")
_UNSEEN = re.compile(r"[\u200b-\u200f\u2060\ufeff\x00-\x08\x0e-\x1f]")


def clean(line: str) -> tuple[str, list[str]]:
    """Entities decoded; unseen and struck characters, emphasis and inline markup left out; separators stay.

    Returns:
        The line, and what was struck out in it, in HTML or Markdown.
    """
    struck: list[str] = []

    def leave_out(match: re.Match[str]) -> str:
        struck.append(match["tagged"] or match["marked"])
        return ""

    text = _STRUCK.sub(leave_out, _BREAK.sub(" ", html.unescape(line)))
    text = _SUB.sub(lambda match: lowered(match[1]), _SUP.sub(lambda match: raised(match[1]), text))
    text = _MARKUP.sub("", _UNSEEN.sub("", text))
    return _EMPHASIS.sub("", text).replace("\xa0", " ").rstrip("\r\n"), struck


def without_tags(text: str) -> str:
    """Tables in HTML, as Markdown may hold them, with a row a line and pipes between the cells."""
    if not _CELL_END.search(text):
        return text
    rows = _ROW.sub(lambda match: re.sub(r"\s*\n\s*", " ", match[0]), text)
    return _ROW_END.sub("\n", _CELL_END.sub(" | ", _TABLE.sub("\n", rows)))


def is_separator(line: str) -> bool:
    """Whether this is the row of dashes below the header of a Markdown table."""
    return "-" in line and "|" in line and _SEPARATOR.fullmatch(line) is not None


def split_line(line: str) -> tuple[str, ...]:
    """The cells of a cleaned line, empty ones included; none for a blank line.

    Cells are told apart by tabs, else by pipes (the outer ones frame the row), else by gaps of two blanks or more.
    """
    if not line.strip(" \u3000\u2003") or (line.isspace() and "\t" not in line):
        return ()
    if "\t" in line:
        # One tab in front is an indent, as word processors write a table cell by cell.
        cells = [line[1:]] if line.count("\t") == 1 and line.startswith("\t") else line.split("\t")
    elif "|" in line.replace("\\|", "") or "｜" in line:
        cells = _between_pipes(line)
    else:
        cells = _WIDE_GAP.split(line.strip(" \u3000\u2003"))
    return tuple(cell.strip(" \u3000\u2003") for cell in cells)


def _between_pipes(line: str) -> list[str]:
    parts = line.strip().replace("\\|", _ESCAPED).replace("｜", "|").split("|")
    if not parts[0].strip() and len(parts) > 1:
        parts = parts[1:]
    if not parts[-1].strip() and len(parts) > 1:
        parts = parts[:-1]
    return [part.replace(_ESCAPED, "|") for part in parts]
