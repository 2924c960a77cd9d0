"""What the files of a report are called."""

from __future__ import annotations

import re
from pathlib import PurePath

__all__ = ["result_stem"]

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\ud800-\udfff]')


def result_stem(source: PurePath, longest: int = 200) -> str:
    """The stem of results of a document; a member of an archive may have a name that no file here can have.

    Args:
        source: the document's path, in whatever archive.
        longest: in bytes; a file name may have 255, and an ending and a few digits are added.
    """
    stem = _FORBIDDEN.sub("_", source.stem)
    cut = stem.encode("utf-8")[:longest].decode("utf-8", errors="ignore")
    return cut.rstrip(" .") or "_"
