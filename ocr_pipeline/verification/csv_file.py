"""Reads the CSV of a report back, also as a spreadsheet program saved it again: other encoding, other separator."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ocr_pipeline.errors import DamagedSourceError, UnknownFormatError
from ocr_pipeline.verification.entries import Content, KindOf, Problem
from ocr_pipeline.verification.rows import NEEDED_COLUMNS, FlatRow, entries_of

__all__ = ["read_csv"]

_SEPARATORS = (",", ";", "\t")


def read_csv(data: bytes, path: Path, kind_of: KindOf) -> Content:
    """The figures of a CSV with the columns of ``VALUE_COLUMNS``, or some of them.

    Args:
        data: the file: UTF-8, UTF-16 with a byte order mark, or GB18030; separated by commas, semicolons or tabs.
        path: its name in messages.
        kind_of: what each field holds.

    Raises:
        DamagedSourceError: it is no text in any of these encodings, or no CSV.
        UnknownFormatError: its first row does not name the columns ``id`` and ``value``.
    """
    text = _decoded(data, path)
    for separator in _SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
        except csv.Error:
            continue
        header = [name.strip() for name in rows[0]] if rows else []
        if all(name in header for name in NEEDED_COLUMNS):
            break
    else:
        raise UnknownFormatError(
            "neither a JSON, XLSX nor CSV report: its first row does not name the columns id and value",
            source=path,
            remedy="give a file that ocr-pipeline read has written",
        )
    found = [
        FlatRow(f"row {number}", {name: cell or None for name, cell in zip(header, row, strict=False)})
        for number, row in enumerate(rows[1:], start=2)
    ]
    problems: list[Problem] = []
    return Content("csv", tuple(entries_of(found, kind_of, problems)), tuple(problems))


def _decoded(data: bytes, path: Path) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DamagedSourceError("the file is no text", source=path, remedy="save it as CSV in UTF-8")
