"""What the recognisers made of the cells of generated reports, beside what is printed in them: one JSON line a part."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from ocr_pipeline.document import Cell
from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.templates.blocks import ValueType

__all__ = ["HARSH", "CellSample", "PartSample", "read_samples", "write_samples"]


HARSH = "harsh"
"""The profile of samples that were made to be misread."""


class CellSample(FrozenModel):
    """One cell that holds a field.

    Attributes:
        field: its id.
        kind: what it holds.
        truth: what is printed; "" for a blank cell.
        header: of its column.
        cell: with the readings of all readers together.
        alone: the same as the first recogniser by itself read its picture, before any other spoke; None where it was
            not shown as the picture of a figure.
    """

    field: str
    kind: ValueType
    truth: str
    header: str = ""
    cell: Cell
    alone: Cell | None = None


class PartSample(FrozenModel):
    """One part of one generated report.

    Attributes:
        seed: of the report.
        profile: its damage.
        form: id of the form that the part was matched with.
        part: id of the part.
        broken: fields printed so that an equation does not close.
        absent: fields that are printed, but whose cells were not found.
        cells: the fields whose cells were found.
    """

    seed: int
    profile: str
    form: str
    part: str
    broken: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    cells: tuple[CellSample, ...]


def write_samples(path: Path, samples: Iterable[PartSample]) -> Iterator[PartSample]:
    """Append the samples to a gzipped file of JSON lines, each as it comes, and hand it on."""
    for sample in samples:
        with gzip.open(path, "at", encoding="utf-8") as file:
            file.write(sample.model_dump_json(exclude_defaults=True) + "\n")
        yield sample


def read_samples(paths: Iterable[Path]) -> Iterator[PartSample]:
    """The samples of these files, in order.

    Raises:
        SourceNotFoundError: no such file.
        DamagedSourceError: a line is no sample.
    """
    for path in paths:
        yield from _read(path)


def _read(path: Path) -> Iterator[PartSample]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from (PartSample.model_validate_json(line) for line in file if line.strip())
    except FileNotFoundError as error:
        raise SourceNotFoundError("no such file of samples", source=path) from error
    except (OSError, EOFError, UnicodeDecodeError, ValidationError) as error:
        raise DamagedSourceError(
            f"not a file of samples: {error}", source=path, remedy="make it with ocr-pipeline proof gather"
        ) from error
