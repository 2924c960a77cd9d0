"""An archive as offices keep them: reports from all sources, some in archives within archives, some broken.

The same count, seed and share give the same documents; only Word and ZIP files hold the time at which they were made.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from PIL import Image
from pydantic import Field

from ocr_pipeline.errors import OutputError
from ocr_pipeline.evaluation.synthetic.damage import damage
from ocr_pipeline.evaluation.synthetic.dump import write_dump
from ocr_pipeline.evaluation.synthetic.forms import PARTS, Part
from ocr_pipeline.evaluation.synthetic.native_pdf import write_native_pdf
from ocr_pipeline.evaluation.synthetic.ofd import write_ofd
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import ReportStyle
from ocr_pipeline.evaluation.synthetic.web import write_html
from ocr_pipeline.evaluation.synthetic.word import write_docx
from ocr_pipeline.evaluation.synthetic.write import write_images, write_pdf
from ocr_pipeline.frozen import FrozenModel

__all__ = ["BROKEN", "SOURCES", "ArchiveEntry", "write_archive"]

Writer = Callable[[SyntheticReport, Path], object]


def _scan(report: SyntheticReport, path: Path) -> None:
    write_pdf(damage(report, "scan", report.truth.seed), path, quality=75)


def _fax(report: SyntheticReport, path: Path) -> None:
    write_images(damage(report, "fax", report.truth.seed), path)


def _mixed(report: SyntheticReport, path: Path) -> None:
    write_native_pdf(report, path, pictured=range(1, len(report.pages), 2))


def _pictures(report: SyntheticReport, path: Path) -> None:
    write_docx(report, path, tables="pictures")


SOURCES: Mapping[str, tuple[str, Writer]] = {
    "scan": (".pdf", _scan),
    "native-pdf": (".pdf", write_native_pdf),
    "mixed-pdf": (".pdf", _mixed),
    "fax": (".tif", _fax),
    "docx": (".docx", write_docx),
    "docx-pictures": (".docx", _pictures),
    "html": (".html", write_html),
    "dump": (".txt", write_dump),
    "ofd": (".ofd", write_ofd),
}
"""Name of each source to the ending of its files and what writes them."""


def _half(name: str, report: SyntheticReport, folder: Path) -> bytes:
    suffix, write = SOURCES[name]
    path = folder / f"whole{suffix}"
    write(report, path)
    content = path.read_bytes()
    path.unlink()
    return content[: len(content) // 2]


def _noise(report: SyntheticReport, folder: Path) -> bytes:  # noqa: ARG001
    return b"\x00\x01\x02" + random.Random(report.truth.seed).randbytes(20_000)


def _blank(report: SyntheticReport, folder: Path) -> bytes:  # noqa: ARG001
    stream = io.BytesIO()
    # One grey level more or less makes two blank pages two documents.
    Image.new("L", (827, 1169 + report.truth.seed % 97), 255).save(stream, "PDF", resolution=100)
    return stream.getvalue()


def _workbook(report: SyntheticReport, folder: Path) -> bytes:  # noqa: ARG001
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("xl/workbook.xml", f"<workbook n='{report.truth.seed}'/>")
    return stream.getvalue()


def _locked(report: SyntheticReport, folder: Path) -> bytes:  # noqa: ARG001
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_encryption(owner_password="owner", user_password=f"user {report.truth.seed}")  # noqa: S106
    pdf.add_page()
    return bytes(pdf.output())


BROKEN: Mapping[str, tuple[str, str, Callable[[SyntheticReport, Path], bytes]]] = {
    "cut-off": (".docx", "DamagedSourceError", lambda report, folder: _half("docx", report, folder)),
    "noise": (".pdf", "UnknownFormatError", _noise),
    "locked": (".pdf", "EncryptedSourceError", _locked),
    "blank": (".pdf", "NoTextError", _blank),
    "cut-ofd": (".ofd", "DamagedSourceError", lambda report, folder: _half("ofd", report, folder)),
    "workbook": (".xlsx", "UnknownFormatError", _workbook),
}
"""Name of each way to be broken to the file's ending, the error it has to be refused with, and what makes it."""


class ArchiveEntry(FrozenModel):
    """One document of an archive.

    Attributes:
        name: its path below the folder, continued by ``!/`` inside archives.
        source: a key of ``SOURCES``, or of ``BROKEN``.
        reason: class of the error it has to be refused with; empty for one that can be read.
        seed: of the report.
    """

    name: str
    source: str
    reason: str = ""
    seed: int = Field(ge=0)


def write_archive(
    out: Path,
    count: int = 300,
    *,
    seed: int = 0,
    broken: float = 0.05,
    packed: float = 0.2,
    parts: tuple[Part, ...] = PARTS,
) -> Iterator[ArchiveEntry]:
    """Write documents below ``out``; nothing happens until it is iterated over.

    Args:
        out: folder, made when missing.
        count: of documents.
        seed: of the first report; a report is written in all sources before the next one is drawn.
        broken: share of documents that cannot be read, spread evenly.
        packed: share of documents in ``packed.zip``, half of them in an archive inside it.
        parts: the tables of each report.

    Raises:
        MissingExtraError: fpdf2 is not installed.
        OutputError: a file cannot be written.
    """
    names, faults = list(SOURCES), list(BROKEN)
    every = max(1, round(1 / broken)) if broken > 0 else count + 1
    outer, inner = io.BytesIO(), io.BytesIO()
    drawn: SyntheticReport | None = None
    whole = 0
    try:
        out.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(outer, "w") as packed_archive, zipfile.ZipFile(inner, "w") as nested_archive:
            for number in range(count):
                fault = faults[(seed + number // every) % len(faults)] if number % every == every - 1 else ""
                if drawn is None or (not fault and whole % len(names) == 0):
                    drawn = _drawn(seed + whole // len(names), parts)
                source = names[whole % len(names)]
                whole += not fault
                suffix, reason, content = _content(drawn, source, fault, seed + number, out)
                stem = f"{drawn.truth.title}-{number:04d}{suffix}"
                is_packed = int((number + 1) * packed) > int(number * packed)
                if not is_packed:
                    name = f"{2019 + number % 6}/{stem}"
                    (out / name).parent.mkdir(parents=True, exist_ok=True)
                    (out / name).write_bytes(content)
                else:
                    deep = number % 2
                    (nested_archive if deep else packed_archive).writestr(stem, content)
                    name = f"packed.zip!/deep/nested.zip!/{stem}" if deep else f"packed.zip!/{stem}"
                yield ArchiveEntry(name=name, source=fault or source, reason=reason, seed=drawn.truth.seed)
            nested_archive.close()
            packed_archive.writestr("deep/nested.zip", inner.getvalue())
        if packed > 0:
            (out / "packed.zip").write_bytes(outer.getvalue())
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror or error}") from error


def _drawn(seed: int, parts: tuple[Part, ...]) -> SyntheticReport:
    """A report of few pages, with nothing in it that a text could not show."""
    content = ContentOptions(parts=parts, scale="medium", zero="0", broken=0, blank_totals="none")
    style = ReportStyle(margins_mm=(18.0, 18.0, 18.0, 18.0), body_pt=10.5, heading_pt=12.0, body_leading=1.3)
    return draw_report(seed, form="B" if seed % 2 else "A", content=content, style=style)


def _content(report: SyntheticReport, source: str, fault: str, number: int, folder: Path) -> tuple[str, str, bytes]:
    """Ending, reason and bytes of one document."""
    if fault:
        suffix, reason, make = BROKEN[fault]
        seeded = report.truth.model_copy(update={"seed": number})
        return suffix, reason, make(SyntheticReport(truth=seeded, pages=report.pages), folder)
    suffix, write = SOURCES[source]
    path = folder / f"being-written{suffix}"
    write(report, path)
    content = path.read_bytes()
    path.unlink()
    return suffix, "", content
