"""Ground truth: a folder with a ``manifest.json`` and one truth file for each document.

The manifest is a list of ``{"file", "part", "profile", "gt"}``: the document (below the folder), which set it belongs
to, what damage it has, and its truth file (in ``gt/`` or beside the manifest). ``"table": 2`` (or 3, 4) says that the
document shows only that table of the report. A truth file holds ``form``, ``fields`` (id to the printed text, None
where the document lost it) and, where they are known, ``tables`` (HTML, tables two, three and four in this order),
``grids`` (with the ``part`` of each table, for another order), ``title`` and ``sections`` (heading and text, in reading
order).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError

__all__ = ["PARTS", "TrueTable", "Truth", "load_truth"]

PARTS = ("proactive", "applications", "disputes")
"""Field ids begin with one of these; they are tables two, three and four of the report."""

_REMEDY = "write it as the documentation of ocr_pipeline.evaluation.truth describes"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class TrueTable:
    """One table of the document as HTML; ``part`` is one of ``PARTS``."""

    part: str
    html: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of one document.

    Attributes:
        file: the document, relative to the folder of the manifest.
        path: the same, to be opened.
        part: which set of documents it belongs to.
        profile: what damage it has.
        form: which form it is filled in on.
        fields: id to the text as printed; None where the document lost it.
        tables: the tables it shows; empty when their structure is not known.
        prose: title, headings and text in reading order; None when they are not known.
    """

    file: str
    path: Path
    part: str
    profile: str
    form: str
    fields: dict[str, str | None]
    tables: tuple[TrueTable, ...]
    prose: str | None


class _Lenient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class _Entry(_Lenient):
    file: str
    part: str = ""
    profile: str = ""
    gt: str
    table: Literal[2, 3, 4] | None = None


class _Grid(_Lenient):
    part: str


class _Section(_Lenient):
    title: str
    text: str = ""


class _TruthFile(_Lenient):
    form: str = ""
    fields: dict[str, str | None]
    tables: tuple[str, ...] = ()
    grids: tuple[_Grid, ...] = ()
    title: str | None = None
    sections: tuple[_Section, ...] = ()


def load_truth(folder: Path, *, part: str | None = None, profile: str | None = None) -> list[Truth]:
    """The truth of each document of the manifest, in its order.

    Args:
        folder: holds ``manifest.json``; the manifest itself will do.
        part: only documents of this set.
        profile: only documents with this damage.

    Raises:
        SourceNotFoundError: no manifest, no truth file, or no document of that set and damage.
        DamagedSourceError: a file that is no JSON or not of this form.
    """
    manifest = folder / "manifest.json" if folder.is_dir() else folder
    entries = _parse(TypeAdapter(list[_Entry]), manifest)
    chosen = [e for e in entries if part in (None, e.part) and profile in (None, e.profile)]
    if not chosen:
        raise SourceNotFoundError(
            f"no document of set {part or 'any'} with damage {profile or 'any'}",
            source=manifest,
            remedy=f"there are {', '.join(sorted({f'{e.part}/{e.profile}' for e in entries})) or 'none'}",
        )
    return [_truth(entry, manifest.parent) for entry in chosen]


def _truth(entry: _Entry, folder: Path) -> Truth:
    inside = folder / "gt" / entry.gt
    content = _parse(TypeAdapter(_TruthFile), inside if inside.is_file() else folder / entry.gt)
    parts = tuple(grid.part for grid in content.grids) or PARTS
    tables = tuple(TrueTable(part, html) for part, html in zip(parts, content.tables, strict=False))
    fields = content.fields
    if entry.table is not None:
        shown = PARTS[entry.table - 2]
        tables = tuple(table for table in tables if table.part == shown)
        fields = {key: text for key, text in fields.items() if key.startswith(f"{shown}/")}
    return Truth(
        file=entry.file,
        path=folder / entry.file,
        part=entry.part,
        profile=entry.profile,
        form=content.form,
        fields=fields,
        tables=tables,
        prose=_prose(content) if content.sections and entry.table is None else None,
    )


def _prose(content: _TruthFile) -> str:
    pieces = [content.title or ""]
    for section in content.sections:
        pieces += [section.title, section.text]
    return "\n".join(pieces)


def _parse(adapter: TypeAdapter[_T], path: Path) -> _T:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SourceNotFoundError("no such ground truth", source=path, remedy=_REMEDY) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedSourceError(f"ground truth that cannot be read: {error}", source=path, remedy=_REMEDY) from error
    try:
        return adapter.validate_python(json.loads(text))
    except json.JSONDecodeError as error:
        raise DamagedSourceError(f"ground truth that is no JSON: {error}", source=path, remedy=_REMEDY) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise DamagedSourceError(f"ground truth: {place}: {first['msg']}", source=path, remedy=_REMEDY) from error
