"""One report file against its forms: which equations close, which are broken, which say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.equations import Figure
from ocr_pipeline.errors import DamagedSourceError, EmptySourceError, LimitExceededError, SourceNotFoundError
from ocr_pipeline.report.labels import FieldLabel
from ocr_pipeline.report.sums import Sum, sums
from ocr_pipeline.templates import TemplateSet, part_equations
from ocr_pipeline.verification.csv_file import read_csv
from ocr_pipeline.verification.entries import Content, Problem
from ocr_pipeline.verification.json_file import read_json
from ocr_pipeline.verification.known_forms import KnownForms
from ocr_pipeline.verification.xlsx_file import read_xlsx

__all__ = ["Verification", "verify"]

_LARGEST = 100 * 1024 * 1024
"""Bytes; a report of a thousand pages is far below."""


@dataclass(frozen=True, slots=True)
class Verification:
    """How a report file stands up to its forms.

    Attributes:
        name: of the file.
        kind: ``json``, ``xlsx`` or ``csv``, by its content.
        figures: how many it holds.
        forms: id of the form of each part.
        sums: every equation, with the figures of the file.
        problems: what is wrong with the file itself.
    """

    name: str
    kind: str
    figures: int
    forms: dict[str, str]
    sums: tuple[Sum, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def broken(self) -> tuple[Sum, ...]:
        """The equations that do not close."""
        return tuple(found for found in self.sums if found.state == "broken")

    @property
    def open(self) -> tuple[Sum, ...]:
        """The equations that say nothing."""
        return tuple(found for found in self.sums if found.state == "open")

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong with the file, and no equation that says something is broken."""
        return not self.problems and not self.broken


def verify(path: Path, templates: TemplateSet, *, form: str | None = None) -> Verification:
    """Check a report file: JSON, XLSX or CSV, told apart by content.

    Args:
        path: the file, as ``ocr-pipeline read`` wrote it or as people changed it.
        templates: the forms.
        form: id of the form of figures that do not name theirs.

    Raises:
        SourceNotFoundError: no such file.
        DamagedSourceError: it cannot be read, or is cut off.
        UnknownFormatError: it is no report of these kinds.
        TemplateError: there is no form of that id.
    """
    forms = KnownForms(templates, form)
    content = _content(_bytes(path), path, templates, forms)
    problems = list(content.problems)
    found: list[Sum] = []
    parts: dict[str, str] = {}
    for known, part, entries in forms.parts(content.entries, problems):
        parts[part] = known.id
        figures = {entry.id: Figure(entry.value, entry.unit) for entry in entries if not entry.missing}
        labels: dict[str, FieldLabel] = {}
        equations = part_equations(known, part)
        for field in {member for equation in equations for member in equation.members}:
            label = forms.label(known.id, field)
            if label is not None:
                labels[field] = label
        found.extend(sums(equations, figures, labels))
    figures_read = sum(entry.value is not None for entry in content.entries)
    return Verification(str(path), content.kind, figures_read, parts, tuple(found), tuple(problems))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise LimitExceededError("larger than 100 MiB", source=path, remedy="give the report itself")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceNotFoundError("no such report", source=path) from error
    except OSError as error:
        raise DamagedSourceError(f"the report cannot be read: {error.strerror}", source=path) from error
    if not data.strip():
        raise EmptySourceError("the file is empty", source=path, remedy="write the report again")
    return data


def _content(data: bytes, path: Path, templates: TemplateSet, forms: KnownForms) -> Content:
    if data.startswith(b"PK"):
        return read_xlsx(data, path, templates, forms)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return read_json(data, path, forms.kind)
    return read_csv(data, path, forms.kind)
