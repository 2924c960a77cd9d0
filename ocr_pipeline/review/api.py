"""The REST API, version 1: reports, the queue, corrections, pictures, uploads; described at /api/v1/openapi.json.

Pages and positions count from 0. Errors are answered as ``application/problem+json`` with a remedy.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Path, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse
from fastapi.security import HTTPBearer

from ocr_pipeline.document import Status
from ocr_pipeline.errors import SourceNotFoundError, UsageError
from ocr_pipeline.geometry import Box
from ocr_pipeline.report import to_json
from ocr_pipeline.report.serial import ReportJson
from ocr_pipeline.review.cards import deed_of
from ocr_pipeline.review.choice import Choice, Order, State
from ocr_pipeline.review.contract import (
    Card,
    CorrectionRequest,
    Deed,
    Jobs,
    JobStatus,
    Queue,
    QueueItem,
    ReportList,
    ReportSummary,
    Settlement,
)
from ocr_pipeline.review.desk import Desk, summary_of
from ocr_pipeline.review.exporting import ExportFormat, export_file, export_rows
from ocr_pipeline.review.index import Mark, Waiting
from ocr_pipeline.review.problems import problems
from ocr_pipeline.review.receiving import Receiver
from ocr_pipeline.review.requests import desk_of, who_of

__all__ = [
    "choice_of",
    "correct",
    "export_report",
    "export_values",
    "job_status",
    "list_corrections",
    "list_jobs",
    "list_reports",
    "page_picture",
    "page_piece",
    "queue",
    "queue_of",
    "report_list",
    "report_summary",
    "router",
    "upload",
    "value_card",
    "whole_report",
]

router = APIRouter(
    prefix="/api/v1", responses=problems(), dependencies=[Depends(HTTPBearer(auto_error=False, description="TOKEN"))]
)

_Key = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="the report's key, as the list gives it")]
_Page = Annotated[int, Path(ge=0, le=100_000, description="page, from 0")]
_Field = Annotated[str, Path(max_length=500, description="id of a value, such as applications/3.1/natural")]
_KEPT = {"cache-control": "private, max-age=86400"}
"""Of pictures: their addresses hold the hash of the report, so that they never change."""


def choice_of(
    text: Annotated[str, Query(max_length=200, description="words in title, body, year, form or file name")] = "",
    body: Annotated[str, Query(max_length=200)] = "",
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    form: Annotated[str, Query(max_length=100, description="id of a form")] = "",
    status: Annotated[Status | None, Query(description="at least one value has it")] = None,
    state: Annotated[State | None, Query(description="what has become of what was flagged")] = None,
) -> Choice:
    """The conditions on reports that an address holds."""
    return Choice(text=text, body=body, year=year, form=form, status=status, state=state)


_Choice = Annotated[Choice, Depends(choice_of)]


@router.get("/reports", tags=["reports"])
def list_reports(
    request: Request,
    choice: _Choice,
    order: Order = "urgency",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
) -> ReportList:
    """The reports of the folder."""
    return report_list(desk_of(request), choice, order, limit, offset)


def report_list(desk: Desk, choice: Choice, order: Order, limit: int, offset: int) -> ReportList:
    """A page of the list."""
    desk.store.refresh()
    totals = desk.store.index.totals(choice)
    return ReportList(
        reports=[summary_of(entry) for entry in desk.store.index.reports(choice, order, limit, offset)],
        total=totals.reports,
        values=totals.values,
        flagged=totals.flagged,
        waiting=totals.waiting,
        settled=totals.settled,
        indexing=desk.store.pending,
    )


@router.get("/reports/{key}", tags=["reports"], responses=problems(404))
def report_summary(request: Request, key: _Key) -> ReportSummary:
    """One report as the list has it."""
    desk = desk_of(request)
    desk.store.refresh()
    return summary_of(desk.store.entry(key))


@router.get("/reports/{key}/report", tags=["reports"], response_model=ReportJson, responses=problems(404))
def whole_report(
    request: Request, key: _Key, corrected: Annotated[bool, Query(description="with corrections on top")] = True
) -> Response:
    """The report itself, in the form that ``read`` writes (docs/report.schema.json)."""
    opened = desk_of(request).store.open(key)
    text = to_json(opened.report if corrected else opened.original)
    return Response(text, media_type="application/json")


@router.get("/reports/{key}/export/{format}", tags=["reports"], responses=problems(404), response_class=FileResponse)
def export_report(request: Request, key: _Key, format: ExportFormat) -> Response:  # noqa: A002 - the address says so
    """The report with corrections on top, as a file."""
    return export_file(desk_of(request), key, format)


@router.get("/values.csv", tags=["reports"], response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def export_values(request: Request, choice: _Choice) -> Response:
    """Every value of the chosen reports with corrections on top, one a row."""
    return export_rows(desk_of(request), choice)


@router.get("/reports/{key}/values/{field:path}", tags=["values"], responses=problems(404))
def value_card(request: Request, key: _Key, field: _Field) -> Card:
    """Everything about one value: readings, sums, where to look, and what people did."""
    return desk_of(request).card(key, field)


@router.get("/queue", tags=["values"])
def queue(
    request: Request,
    choice: _Choice,
    report: Annotated[str, Query(pattern=r"^([0-9a-f]{16})?$", description="of this report only")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 24,
    after: Annotated[str, Query(pattern=r"^(\d{1,9}-[0-9a-f]{16}-\d{1,9})?$", description="of the item before")] = "",
) -> Queue:
    """The values that wait for a person, worst first."""
    return queue_of(desk_of(request), choice.of_report(report), limit, after)


def queue_of(desk: Desk, choice: Choice, limit: int, after: str = "") -> Queue:
    """A stretch of the queue."""
    desk.store.refresh_later()
    items = desk.store.index.queue(choice, limit, _mark(after))
    waiting = desk.store.index.waiting(choice)
    return Queue(items=[_item(item) for item in items], waiting=waiting)


def _mark(after: str) -> Mark | None:
    if not after:
        return None
    urgency, key, position = after.split("-")
    return Mark(int(urgency), key, int(position))


def _item(item: Waiting) -> QueueItem:
    mark = item.mark
    return QueueItem(
        report=item.report,
        field=item.field,
        status=item.status,
        urgency=mark.urgency,
        after=f"{mark.urgency}-{mark.key}-{mark.position}",
    )


@router.get("/reports/{key}/corrections", tags=["corrections"], responses=problems(404))
def list_corrections(request: Request, key: _Key) -> list[Deed]:
    """Everything people did about the report's source, oldest first."""
    opened = desk_of(request).store.open(key)
    return [deed_of(opened, entry) for entry in opened.log]


@router.post("/reports/{key}/corrections", tags=["corrections"], status_code=201, responses=problems(404, 409, 507))
def correct(request: Request, key: _Key, wanted: CorrectionRequest) -> Settlement:
    """Record what a person did about a value; it is on the disk when this answers."""
    return desk_of(request).settle(key, wanted, wanted.who or who_of(request))


_PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/webp": {}, "image/png": {}, "image/jpeg": {}}}}


@router.get(
    "/reports/{key}/pages/{page}/picture",
    tags=["pictures"],
    response_class=FileResponse,
    responses=problems(404, 500) | _PICTURE,
)
def page_picture(request: Request, key: _Key, page: _Page) -> FileResponse:
    """The picture of a page, upright."""
    desk = desk_of(request)
    file = desk.pictures.file(desk.store.open(key), page)
    return FileResponse(file, media_type=_MEDIA[file.suffix], headers=_KEPT)


_MEDIA = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg"}


@router.get(
    "/reports/{key}/pages/{page}/piece",
    tags=["pictures"],
    response_class=Response,
    responses=problems(404, 500) | {200: {"content": {"image/webp": {}}}},
)
def page_piece(
    request: Request,
    key: _Key,
    page: _Page,
    box: Annotated[str, Query(max_length=100, description="left,top,right,bottom in pixels of the page's raster")],
    width: Annotated[int, Query(ge=16, le=2400, description="of the picture, at most")] = 1200,
) -> Response:
    """A part of a page."""
    desk = desk_of(request)
    piece = desk.pictures.piece(desk.store.open(key), page, _box(box), width)
    return Response(piece, media_type="image/webp", headers=_KEPT)


def _box(text: str) -> Box:
    try:
        left, top, right, bottom = (float(edge) for edge in text.split(","))
        return Box(left, top, right, bottom)
    except ValueError as error:
        raise UsageError(f"{text!r} is no box", remedy="give left,top,right,bottom") from error


@router.post(
    "/documents",
    tags=["documents"],
    status_code=202,
    responses=problems(415, 429, 501, 507),
)
def upload(request: Request, document: Annotated[UploadFile, File(description="the document")]) -> JobStatus:
    """Upload a document to be read. Its kind is told by its content; follow it under ``/jobs/{id}``."""
    receiver = Receiver.of(request)
    return receiver.take(document.filename or "document", document.file)


@router.get("/jobs", tags=["documents"])
def list_jobs(request: Request) -> Jobs:
    """What was uploaded since the server was started, the latest first."""
    return Jobs(jobs=Receiver.of(request).jobs())


@router.get("/jobs/{job_id}", tags=["documents"], responses=problems(404))
def job_status(request: Request, job_id: Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,64}$")]) -> JobStatus:
    """How far an uploaded document is."""
    job = Receiver.of(request).job(job_id)
    if job is None:
        raise SourceNotFoundError("no such job", source=job_id, remedy="see the list of jobs")
    return job
