"""The pages for people: list, queue, report, upload, and how somebody says who they are."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, RedirectResponse

from ocr_pipeline.document import Status
from ocr_pipeline.errors import UsageError
from ocr_pipeline.resources import bundled_font
from ocr_pipeline.review.api import choice_of, queue_of, report_list
from ocr_pipeline.review.choice import Choice, Order
from ocr_pipeline.review.guard import address_of, session_of
from ocr_pipeline.review.pages import Pages
from ocr_pipeline.review.problems import TooManyError
from ocr_pipeline.review.receiving import Receiver
from ocr_pipeline.review.requests import desk_of
from ocr_pipeline.review.sessions import COOKIE
from ocr_pipeline.review.sheets import report_view

__all__ = [
    "card",
    "font",
    "help_page",
    "name",
    "queue",
    "report",
    "reports",
    "router",
    "sign_in",
    "sign_in_page",
    "sign_out",
    "upload",
    "upload_page",
]

router = APIRouter(default_response_class=Response)

_ON_A_PAGE = 50
_Choice = Annotated[Choice, Depends(choice_of)]
_KeyPath = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
_KeyQuery = Annotated[str, Query(pattern=r"^([0-9a-f]{16})?$")]
_Field = Annotated[str, Query(max_length=500)]


@router.get("/")
def reports(
    request: Request, choice: _Choice, order: Order = "urgency", page: Annotated[int, Query(ge=1, le=10**6)] = 1
) -> Response:
    """The list of reports."""
    desk = desk_of(request)
    found = report_list(desk, choice, order, _ON_A_PAGE, (page - 1) * _ON_A_PAGE)
    return _pages(request).page(
        request,
        "reports.html",
        found=found,
        choice=choice,
        order=order,
        page=page,
        last_page=max(1, -(-found.total // _ON_A_PAGE)),
        facets=desk.store.index.facets(),
        statuses=[status.value for status in Status],
        forms=desk.forms,
        query=lambda **changes: _query(choice, order, **changes),
    )


@router.get("/queue")
def queue(request: Request, choice: _Choice, report: _KeyQuery = "") -> Response:
    """The queue, with its first value."""
    desk = desk_of(request)
    chosen = choice.of_report(report)
    window = queue_of(desk, chosen, desk.options.queue_window)
    first = window.items[0] if window.items else None
    return _pages(request).page(
        request,
        "queue.html",
        window=window,
        card=desk.card(first.report, first.field) if first else None,
        entry=desk.store.entry(report) if report else None,
        choice=chosen,
        query=_query(choice, None, report=report),
    )


@router.get("/card")
def card(request: Request, report: _KeyQuery, field: _Field, place: str = "queue") -> Response:
    """The card of one value, a part of a page."""
    shown = desk_of(request).card(report, field)
    template = "card_queue.html" if place == "queue" else "card_side.html"
    return _pages(request).page(request, template, card=shown)


@router.get("/reports/{key}")
def report(request: Request, key: _KeyPath, field: _Field = "") -> Response:
    """One report: its pages and its form, side by side."""
    desk = desk_of(request)
    opened = desk.store.open(key)
    chosen = desk.card(key, field) if field in opened.values else None
    return _pages(request).page(
        request, "report.html", view=report_view(desk, opened), card=chosen, entry=desk.store.entry(key)
    )


@router.get("/upload")
def upload_page(request: Request, problem: Annotated[str, Query(max_length=500)] = "") -> Response:
    """Where documents are uploaded and followed."""
    desk = desk_of(request)
    limit = desk.options.max_upload_bytes // (1024 * 1024)
    return _pages(request).page(request, "upload.html", jobs=Receiver.of(request).jobs(), limit=limit, problem=problem)


@router.post("/upload")
def upload(request: Request, document: UploadFile, mark: Annotated[str, Form(max_length=200)] = "") -> Response:
    """An upload by a form, where there is no script."""
    _check_mark(request, mark)
    Receiver.of(request).take(document.filename or "document", document.file)
    return RedirectResponse("/upload", status_code=303)


@router.get("/help")
def help_page(request: Request) -> Response:
    """The keys, the statuses, and what the actions mean."""
    return _pages(request).page(request, "help.html", statuses=[status.value for status in Status])


@router.get("/sign-in")
def sign_in_page(request: Request, next: Annotated[str, Query(max_length=2000)] = "/") -> Response:  # noqa: A002
    """Where the token is asked for."""
    return _pages(request).page(request, "sign_in.html", next=_local(next), wrong=False)


@router.post("/sign-in")
def sign_in(
    request: Request,
    token: Annotated[str, Form(max_length=500)],
    who: Annotated[str, Form(max_length=100)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002 - as the form calls it
) -> Response:
    """Take the token, give the cookie."""
    keeper, guard = request.app.state.keeper, request.state.guard
    if guard.wrong_tokens.exhausted(address_of(request.scope)):
        raise TooManyError("too many wrong tokens", 60)
    if keeper.needs_token and not keeper.knows(token.strip()):
        guard.wrong_tokens.take(address_of(request.scope))
        return _pages(request).page(request, "sign_in.html", 401, next=_local(next), wrong=True)
    response = RedirectResponse(_local(next), status_code=303)
    Pages.remember(request, response, keeper.cookie(keeper.new(who)))
    return response


@router.post("/sign-out")
def sign_out(request: Request, mark: Annotated[str, Form(max_length=200)]) -> Response:
    """Forget the session."""
    _check_mark(request, mark)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE)
    return response


@router.post("/name")
def name(
    request: Request,
    mark: Annotated[str, Form(max_length=200)],
    who: Annotated[str, Form(max_length=100)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002 - as the form calls it
) -> Response:
    """Under which name a person's corrections are recorded."""
    session = _check_mark(request, mark)
    keeper = request.app.state.keeper
    response = RedirectResponse(_local(next), status_code=303)
    Pages.remember(request, response, keeper.cookie(keeper.new(who, session)))
    return response


@router.get("/font.otf")
def font(request: Request) -> Response:  # noqa: ARG001 - all routes take one
    """A font with Chinese characters, for machines that have none."""
    return FileResponse(bundled_font(), media_type="font/otf", headers={"cache-control": "public, max-age=31536000"})


def _check_mark(request: Request, mark: str) -> str:
    """The id of the session that the form belongs to.

    Raises:
        UsageError: the form is not one of this session's.
    """
    session = session_of(request.scope)
    if session is None or not request.app.state.keeper.is_mark(mark, session):
        raise UsageError("this form is not one of this session's", remedy="reload the page and send it again")
    return session.id


def _pages(request: Request) -> Pages:
    pages = request.app.state.pages
    assert isinstance(pages, Pages)  # noqa: S101 - the application puts it there
    return pages


def _local(address: str) -> str:
    """An address within this server, and nothing else."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if plain and not any(ord(char) < 32 or char == "\\" for char in address) else "/"


def _query(choice: Choice, order: Order | None, **changes: str | int) -> str:
    """The conditions as the query of an address, with some of them changed."""
    values: dict[str, str | int | None] = {
        "text": choice.text,
        "body": choice.body,
        "year": choice.year,
        "form": choice.form,
        "status": choice.status.value if choice.status else None,
        "state": choice.state,
        "order": order if order != "urgency" else None,
        **changes,
    }
    return urlencode({name: value for name, value in values.items() if value not in (None, "")})
