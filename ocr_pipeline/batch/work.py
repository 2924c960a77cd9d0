"""The work on one document, the same for every engine: read it, write its results, say what became of it."""

from __future__ import annotations

import errno
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.readers import DocumentReader
from ocr_pipeline.batch.room_client import RoomLostError
from ocr_pipeline.batch.task import Failure, Measures, Outcome, Task
from ocr_pipeline.errors import EngineLostError, OcrPipelineError, OutputError, SourceError
from ocr_pipeline.report import PagePictures, Report, pictures_for, write_report
from ocr_pipeline.report.options import ReportOptions

__all__ = ["REPORT_STEM", "WorkOrder", "failure_of", "is_everybodys", "read_document"]

REPORT_STEM = "report"

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE)


@dataclass(frozen=True)
class WorkOrder:
    """What holds for all documents of a run; picklable.

    Attributes:
        out: folder of the batch.
        fingerprint: see ``readers.Readers``.
        formats: of each document's report.
        require_form: a document without a known form fails.
        password: opens encrypted documents.
        pictures: how large page pictures may be, where a format shows pages.
    """

    out: Path
    fingerprint: str
    formats: tuple[str, ...] = ("json",)
    require_form: bool = False
    password: str | None = field(default=None, repr=False)
    pictures: ReportOptions = field(default_factory=ReportOptions)


def read_document(
    task: Task, reader: DocumentReader, order: WorkOrder, *, page_done: Callable[[int, int], None] | None = None
) -> Outcome:
    """Read one document and put its results in place; never raises an ordinary exception.

    Args:
        task: which document.
        reader: reads it.
        order: how, and where the results go.
        page_done: called after each page with pages done and pages in all.
    """
    begin = time.perf_counter()
    try:
        pictures = pictures_for(order.formats, order.pictures)
        report = _read(task, reader, order, page_done, pictures)
        measures = _measured(report, task, order, time.perf_counter() - begin)
        _write(report, task, order, measures, pictures)
    except (EngineLostError, MemoryError) as error:
        return Outcome(task, failure=failure_of(error), lost=True, seconds=time.perf_counter() - begin)
    except Exception as error:  # noqa: BLE001 - whatever a document does, the others are read
        seconds = time.perf_counter() - begin
        if not is_everybodys(error):
            return Outcome(task, failure=failure_of(error), seconds=seconds)
        return Outcome(task, failure=_nobodys_fault(error), stop=True, seconds=seconds)
    return Outcome(task, measures=measures, failure=measures.failure, seconds=time.perf_counter() - begin)


def failure_of(error: BaseException) -> Failure:
    """An exception as data; with the place in the program when it is none of this program's own."""
    if isinstance(error, RoomLostError):
        return error.failure
    if isinstance(error, OcrPipelineError):
        page = "" if error.page is None else f"page {error.page + 1}: "
        return Failure(type(error).__name__, page + error.message, error.remedy)
    text = " ".join(str(error).split()) or "no message"
    detail = "".join(traceback.format_exception(error)[-12:])
    return Failure(type(error).__name__, f"unexpected {type(error).__name__}: {text}", detail=detail)


def is_everybodys(error: BaseException) -> bool:
    """Whether an error is none of the document's: nothing can be written, or the process is out of files."""
    return isinstance(error, OutputError) or any(
        isinstance(link, OSError) and link.errno in _FULL for link in _chain(error)
    )


def _nobodys_fault(error: BaseException) -> Failure:
    if isinstance(error, OutputError):
        return failure_of(error)
    words = next(link.strerror or str(link) for link in _chain(error) if isinstance(link, OSError))
    return Failure("OutputError", f"the system says: {words}", "make room, or allow more open files")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _read(
    task: Task,
    reader: DocumentReader,
    order: WorkOrder,
    page_done: Callable[[int, int], None] | None,
    pictures: PagePictures | None,
) -> Report:
    report = reader.read(
        task.path,
        name=task.name,
        password=order.password,
        progress=page_done,
        on_image=None if pictures is None else pictures.add,
    )
    if report.source.sha256 != task.sha256:
        raise SourceError("it was changed while the batch ran", remedy="run the batch again", source=task.name)
    if order.require_form:
        report.require_form(task.name)
    return report


def _measured(report: Report, task: Task, order: WorkOrder, seconds: float) -> Measures:
    return Measures(
        sha256=task.sha256,
        name=task.name,
        fingerprint=order.fingerprint,
        formats=tuple(sorted(order.formats)),
        kind=report.source.kind,
        title=report.title or "",
        pages=max(report.source.page_count, len(report.pages)),  # pictures in a Word file are read as pages
        seconds=round(seconds, 4),
        stages=dict(report.timings),
        statuses={status.value: count for status, count in report.status_counts().items() if count},
        findings=len(report.findings),
        errors=len(report.errors),
        missing=_missing_part(report),
        memory_mb=round(psutil.Process().memory_info().rss / 1e6, 1),
    )


def _write(report: Report, task: Task, order: WorkOrder, measures: Measures, pictures: PagePictures | None) -> None:
    outputs = Outputs(order.out)
    with outputs.scratch() as scratch:
        for written in write_report(report, scratch, REPORT_STEM, order.formats, pictures):
            if written.is_dir():  # a folder of its own has no need of the report's stem
                written.rename(scratch / written.suffix.removeprefix("."))
        outputs.publish(scratch, task.folder, measures)


def _missing_part(report: Report) -> tuple[str, str] | None:
    if report.ok:
        return None
    first = report.errors[0]
    place = "" if first.page is None else f" of page {first.page + 1}"
    more = "" if len(report.errors) == 1 else f", and {len(report.errors) - 1} more"
    return first.category, f"{first.stage}{place} failed: {first.message}{more}"
