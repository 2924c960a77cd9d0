"""How far a document is, page by page: a small file that its worker writes, and that whoever waits for it reads.

The ledger has one writer, which is no worker, and a queue to it would be one more thing that a dying worker breaks.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

__all__ = ["forget_pages", "note_pages", "pages_done"]


def note_pages(folder: Path, sha256: str, done: int, total: int) -> None:
    """Say how many pages of a document are read; where that cannot be written, nobody is told.

    Args:
        folder: of all such files, made when it is not there.
        sha256: of the document.
        done: pages that are read.
        total: pages in all.
    """
    file = folder / sha256
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        # In one step, so that nobody reads half of it.
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text(f"{done} {total}", encoding="ascii")
        part.replace(file)


def pages_done(folder: Path, sha256: str) -> tuple[int, int]:
    """Pages read and pages in all of a document; 0 and 0 where nothing is known yet."""
    try:
        done, total = (folder / sha256).read_text(encoding="ascii").split()
        return int(done), int(total)
    except (OSError, ValueError):
        return 0, 0


def forget_pages(folder: Path, sha256: str) -> None:
    """It is read, or will never be."""
    with contextlib.suppress(OSError):
        (folder / sha256).unlink(missing_ok=True)
