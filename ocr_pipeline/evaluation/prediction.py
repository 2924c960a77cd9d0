"""What is judged of a report: the parts of its JSON that have a truth to be compared with.

Only those parts are looked at, so a report by another program can be scored as long as it writes
``values[]: {id, value, unit, status, raw}`` and ``tables[]: {id, html}``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ocr_pipeline.document import Status
from ocr_pipeline.errors import ConfigurationError, DamagedSourceError, SourceNotFoundError
from ocr_pipeline.evaluation.fields import PredictedValue

__all__ = ["PredictedTable", "Prediction", "find_reports", "load_prediction", "parse_prediction"]


@dataclass(frozen=True, slots=True)
class PredictedTable:
    """A table as read; ``part`` is the part of a form that it was matched to, None for none."""

    html: str
    part: str | None


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a report says: values by id, tables, title with headings and text in reading order, seconds per stage."""

    values: Mapping[str, PredictedValue]
    tables: tuple[PredictedTable, ...] = ()
    prose: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)


class _Lenient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Value(_Lenient):
    id: str
    value: int | float | None = None
    unit: str | None = None
    raw: str | None = None
    status: Status


class _Table(_Lenient):
    id: str = ""
    html: str


class _Match(_Lenient):
    table: str
    part: str
    score: float = 1.0


class _Section(_Lenient):
    title: str = ""
    text: str = ""
    children: tuple[_Section, ...] = ()


class _Report(_Lenient):
    values: tuple[_Value, ...]
    tables: tuple[_Table, ...] = ()
    matches: tuple[_Match, ...] = ()
    title: str | None = None
    sections: tuple[_Section, ...] = ()
    timings: dict[str, float] = Field(default_factory=dict)


def find_reports(folder: Path) -> dict[str, Path]:
    """Report files below a folder, by the stem of their name.

    Raises:
        SourceNotFoundError: no such folder.
        ConfigurationError: two files of one stem, so that it is not clear which to judge.
    """
    if not folder.is_dir():
        raise SourceNotFoundError("no such folder of reports", source=folder)
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.json")):
        if path.stem in found:
            raise ConfigurationError(
                f"two reports of one name, {found[path.stem]} and {path}",
                remedy="keep the reports of one run in a folder of their own",
            )
        found[path.stem] = path
    return found


def load_prediction(path: Path) -> Prediction:
    """One report file.

    Raises:
        DamagedSourceError: no JSON, or without what is needed to judge it.
    """
    try:
        return parse_prediction(path.read_bytes())
    except (OSError, ValueError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        message = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        raise DamagedSourceError(
            f"a report that cannot be judged: {message}", source=path, remedy="write it with ocr-pipeline read"
        ) from error


def parse_prediction(text: str | bytes) -> Prediction:
    """What a report's JSON says.

    Raises:
        ValueError: no JSON, or without what is needed to judge it.
    """
    report = _Report.model_validate(json.loads(text))
    parts = {match.table: match.part for match in sorted(report.matches, key=lambda match: match.score)}
    return Prediction(
        values={v.id: PredictedValue(v.value, v.status, v.unit, v.raw or "") for v in report.values},
        tables=tuple(PredictedTable(table.html, parts.get(table.id)) for table in report.tables),
        prose="\n".join([report.title or "", *_texts(report.sections)]),
        seconds=report.timings,
    )


def _texts(sections: tuple[_Section, ...]) -> list[str]:
    pieces: list[str] = []
    for section in sections:
        pieces += [section.title, section.text, *_texts(section.children)]
    return pieces
