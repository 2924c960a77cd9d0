"""Measurements as files: written by what measures, read by what draws them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from ocr_pipeline.errors import DamagedSourceError, OutputError, SourceNotFoundError
from ocr_pipeline.evaluation.page_net.measures import Counts
from ocr_pipeline.evaluation.teds import TableSimilarity
from ocr_pipeline.frozen import FrozenModel

__all__ = ["LayoutScore", "LayoutScores", "TableScores", "TablesOfRuling", "read_measurement", "write_measurement"]

M = TypeVar("M", bound=BaseModel)


class LayoutScore(FrozenModel):
    """How well a method sees a thing on pages of a kind: F1 in percent, 0..100."""

    thing: str
    method: str
    pages: str
    f1: float = Field(ge=0, le=100)


class LayoutScores(FrozenModel):
    """What ``page_net measure`` finds."""

    scores: tuple[LayoutScore, ...]

    @classmethod
    def of(cls, counts: Mapping[tuple[str, str, str], Counts]) -> LayoutScores:
        """From counts by thing, method and kind of page."""
        scores = (LayoutScore(thing=t, method=m, pages=p, f1=round(100 * c.f1, 4)) for (t, m, p), c in counts.items())
        return cls(scores=tuple(scores))


class TablesOfRuling(FrozenModel):
    """Mean TEDS, and TEDS of the structure alone, of what a program makes of tables ruled in one way; 0..1."""

    ruling: str
    program: str
    teds: float = Field(ge=0, le=1)
    structure: float = Field(ge=0, le=1)


class TableScores(FrozenModel):
    """What ``table_contest`` finds."""

    tables: tuple[TablesOfRuling, ...]

    @classmethod
    def of(cls, scores: Iterable[tuple[str, str, TableSimilarity]]) -> TableScores:
        """From rulings, programs and means."""
        return cls(
            tables=tuple(
                TablesOfRuling(ruling=ruling, program=program, teds=round(s.teds, 4), structure=round(s.structure, 4))
                for ruling, program, s in scores
            )
        )


def write_measurement(measurement: BaseModel, path: Path) -> None:
    """Write it as JSON, its folder too.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(measurement.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"cannot write: {error.strerror or error}", source=path) from error


def read_measurement(path: Path, kind: type[M]) -> M:
    """Read one that was written as JSON.

    Raises:
        SourceNotFoundError: there is no such file.
        DamagedSourceError: it is another kind of file.
    """
    try:
        return kind.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise SourceNotFoundError("no such measurement", source=path) from error
    except (OSError, ValidationError) as error:
        raise DamagedSourceError(f"no {kind.__name__}: {error}", source=path) from error
