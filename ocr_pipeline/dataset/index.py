"""What the rows of the dataset came from, so that the next run reads only what has changed.

``dataset/index.json`` names every report with the stamps of its file and of its corrections, and how many rows it has
in each table. Stamps differ from run to run; the rows do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError

import ocr_pipeline
from ocr_pipeline.dataset.saved import digest
from ocr_pipeline.dataset.schema import DATASET_VERSION, TableName
from ocr_pipeline.frozen import FrozenModel

__all__ = ["INDEX_FILE", "Index", "IndexEntry", "Stamp", "load_index", "maker", "stamp_of"]

INDEX_FILE = "index.json"
# A file changed again within this time may keep its stamp on file systems with coarse clocks.
_SETTLED_NS = 2_000_000_000


class Stamp(FrozenModel):
    """Size in bytes and time of the last change in nanoseconds; both 0 where there is no file."""

    size: int = 0
    changed: int = 0

    def older_than(self, moment: int) -> bool:
        """Whether the file had long been as it is at a moment (nanoseconds), so that the stamp can be believed."""
        return self.changed < moment - _SETTLED_NS


class IndexEntry(FrozenModel):
    """One JSON file: what it was, and the rows it gave; ``problem`` says why it gave none."""

    name: str
    report: Stamp
    corrections: Stamp = Stamp()
    content: str = Field(default="", description="SHA-256 over the file and its corrections")
    source_sha256: str = ""
    rows: dict[TableName, int] = Field(default_factory=dict)
    problem: str = ""
    is_report: bool = True


class Index(FrozenModel):
    """The index of a dataset."""

    made_by: str
    started: int = Field(description="when the run began that made it, in nanoseconds")
    entries: tuple[IndexEntry, ...]
    panel_findings: int = 0

    @property
    def id(self) -> str:
        """SHA-256 over everything that the rows depend on."""
        return digest(self.made_by.encode(), *(f"{e.name}\n{e.content}".encode() for e in self.entries))

    def by_name(self) -> Mapping[str, IndexEntry]:
        """The entries by the names of their files."""
        return {entry.name: entry for entry in self.entries}


def maker(*settings: str) -> str:
    """SHA-256 over what the rows depend on beside the reports: version of the tables, of the program, settings."""
    return digest(DATASET_VERSION.encode(), ocr_pipeline.__version__.encode(), *(text.encode() for text in settings))


def load_index(dataset: Path) -> Index | None:
    """The index of a dataset; None where there is none that can be read, which means that all is made anew."""
    try:
        return Index.model_validate_json((dataset / INDEX_FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file; the empty one where there is none."""
    try:
        seen = path.stat()
    except OSError:
        return Stamp()
    return Stamp(size=seen.st_size, changed=seen.st_mtime_ns)
