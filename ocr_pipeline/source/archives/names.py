"""The names of members: in whatever encoding they were written, and which of them are no documents."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePosixPath

__all__ = ["clean_name", "companion_of", "decode_name", "is_junk", "is_page"]

_HAN_AND_PLAIN = re.compile(r"[\u0020-\u007e\u00b7\u2014\u2018-\u201d\u2026\u3000-\u301f\u4e00-\u9fff\uff01-\uff5e]")
_JUNK_NAMES = ("thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db", "icon\r")
_JUNK_FOLDERS = ("__macosx", ".git", ".svn", "$recycle.bin", "system volume information")
_JUNK_STARTS = ("~$", "._", ".~lock.", "~wrl")
_DRIVE = re.compile(r"^[A-Za-z]:")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_PAGES = (".htm", ".html", ".xhtml")
_COMPANIONS = re.compile(r"(?P<stem>.+)(?:_files|\.files|_file)", re.IGNORECASE)


def decode_name(raw: bytes) -> str:
    """A name whose encoding nobody states: UTF-8 or GB18030, whichever makes it a name somebody would give.

    Two Chinese characters in GBK may be valid UTF-8 of two letters of some other script, so validity alone does not
    decide: the reading with the larger share of Chinese and plain characters wins, and UTF-8 when they are equal. What
    is neither is taken as code page 437, the one that ZIP began with.
    """
    readings = []
    for encoding in ("utf-8", "gb18030"):
        try:
            readings.append(raw.decode(encoding))
        except UnicodeDecodeError:  # noqa: PERF203 - two tries
            continue
    if not readings:
        return raw.decode("cp437")
    return max(readings, key=lambda name: len(_HAN_AND_PLAIN.findall(name)) / max(1, len(name)))


def clean_name(name: str) -> str:
    """A member's name as a relative path: no drive, no root, no ``..``, forward slashes, no control characters."""
    parts = _DRIVE.sub("", name.replace("\\", "/")).split("/")
    return "/".join(_CONTROLS.sub("_", part) for part in parts if part not in ("", ".", ".."))


def is_junk(name: str) -> bool:
    """Whether a file is one that systems and programs leave behind, and nobody's document."""
    parts = [part.lower() for part in name.split("/")]
    if not parts[-1] or parts[-1] in _JUNK_NAMES or parts[-1].startswith(_JUNK_STARTS):
        return True
    return any(part in _JUNK_FOLDERS for part in parts[:-1])


def is_page(name: str) -> bool:
    """Whether a file is named as a web page."""
    return name.lower().endswith(_PAGES)


def companion_of(name: str, names: Collection[str]) -> str | None:
    """The saved web page that a file belongs to (``page.htm`` for ``page_files/logo.png``); None for a document.

    Args:
        name: a file.
        names: the files around it; a page must be among them.
    """
    for folder in PurePosixPath(name).parents:
        match = _COMPANIONS.fullmatch(folder.name)
        if match is not None:
            for suffix in _PAGES:
                page = str(folder.parent / (match["stem"] + suffix))
                if page in names:
                    return page
    return None
