"""The reports in a folder that ``read`` or ``batch`` wrote: which files they are, and what lies beside them.

A request never names a file: it names a report by its key, and the files are found from here. Links that lead out of
the folder are not followed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "CORRECTIONS",
    "OWN_FOLDER",
    "UPLOADS",
    "FoundFile",
    "document_name",
    "find_reports",
    "page_picture",
    "report_key",
    "within",
]

OWN_FOLDER = ".review"
"""What the server can make anew at any time: its index, and pages that it drew."""

CORRECTIONS = "corrections"
UPLOADS = "uploads"

_LEFT_OUT = {CORRECTIONS, UPLOADS, "dataset", "pages", "stages", "work"}
_DEPTH = 4
_PICTURES = (".webp", ".png", ".jpg")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A JSON file that may be a report. ``path`` is relative to the folder, ``stamp`` changes when the file does."""

    key: str
    path: str
    stamp: str


def find_reports(root: Path) -> Iterator[FoundFile]:
    """Every JSON file below ``root`` that may be a report, in no order; folders of other things are left out.

    Raises:
        OSError: the folder itself cannot be listed; a folder below it that cannot is passed over.
    """
    real = root.resolve()
    yield from _walk(real, real, "", _DEPTH)


def _walk(real: Path, folder: Path, prefix: str, depth: int) -> Iterator[FoundFile]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_symlink() and within(real, Path(entry.path)) is None:
                continue
            if entry.name.lower().endswith(".json") and entry.is_file():
                seen = entry.stat()
                path = prefix + entry.name
                yield FoundFile(report_key(path), path, f"{seen.st_mtime_ns}:{seen.st_size}")
            elif depth and entry.name not in _LEFT_OUT and not entry.name.endswith(".pages") and entry.is_dir():
                try:
                    yield from _walk(real, Path(entry.path), f"{prefix}{entry.name}/", depth - 1)
                except OSError:
                    continue


def report_key(path: str) -> str:
    """The name of a report in addresses: 16 hexadecimal digits of the hash of its path below the folder.

    >>> report_key("report.json")
    '9dbd938021609755'
    """
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def document_name(name: str) -> str:
    """What a document is called: the last part of its path, also inside an archive.

    >>> document_name("archive.zip!/2023/report.pdf"), document_name("C:\\\\scans\\\\report.pdf")
    ('report.pdf', 'report.pdf')
    """
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def within(root: Path, path: Path) -> Path | None:
    """The real path of ``path`` when that lies below ``root`` (itself resolved), None when it does not."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError):  # a loop of links
        return None
    return real if real.is_relative_to(root.resolve()) else None


def page_picture(root: Path, report: str, page: int) -> Path | None:
    """The picture of a page (from 0) that was saved with a report; None where there is none.

    Args:
        root: the folder of the reports.
        report: path of the report file below it; ``STEM.pages/`` and ``pages/`` beside it are looked into.
        page: number of the page, from 0; the files count from 1.
    """
    file = root / report
    for folder in (file.with_name(f"{file.stem}.pages"), file.with_name("pages")):
        for ending in _PICTURES:
            real = within(root, folder / f"{page + 1:03d}{ending}")
            if real is not None and real.is_file():
                return real
    return None
