"""Every error of this program as an answer over HTTP: one place translates, as one does for the command line."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from ocr_pipeline.errors import (
    ContentError,
    DependencyError,
    EmptySourceError,
    LimitExceededError,
    OcrPipelineError,
    OutputError,
    SourceError,
    SourceNotFoundError,
    UnknownFormatError,
    UsageError,
)
from ocr_pipeline.review.contract import Problem
from ocr_pipeline.review.desk import SettledMeanwhileError
from ocr_pipeline.review.pages import Pages

__all__ = ["TooManyError", "answer_problems", "problems"]


class TooManyError(UsageError):
    """Somebody does something too often.

    Args:
        seconds: until it is allowed again.
    """

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message, remedy=f"wait {max(1, round(seconds))} seconds")
        self.seconds = seconds


_CODES: tuple[tuple[type[OcrPipelineError], HTTPStatus], ...] = (
    (SettledMeanwhileError, HTTPStatus.CONFLICT),
    (TooManyError, HTTPStatus.TOO_MANY_REQUESTS),
    (SourceNotFoundError, HTTPStatus.NOT_FOUND),
    (ContentError, HTTPStatus.NOT_FOUND),
    (LimitExceededError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (UnknownFormatError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (EmptySourceError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (SourceError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (UsageError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (DependencyError, HTTPStatus.NOT_IMPLEMENTED),
    (OutputError, HTTPStatus.INSUFFICIENT_STORAGE),
)


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """What an operation of the API may answer beside its result, for its description.

    Args:
        codes: of those that are its own; what every operation may answer is added.
    """
    every = (400, 401, 403, 413, 422, *codes)
    return {
        code: {"description": HTTPStatus(code).phrase, "content": {"application/problem+json": {"schema": _SCHEMA}}}
        for code in sorted(set(every))
    }


_SCHEMA = {"$ref": "#/components/schemas/Problem"}


def answer_problems(app: FastAPI) -> None:
    """Let the application answer every error as a problem (RFC 9457)."""

    @app.exception_handler(OcrPipelineError)
    def _own(request: Request, error: OcrPipelineError) -> Response:
        code = next((code for kind, code in _CODES if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
        entry = error.deed if isinstance(error, SettledMeanwhileError) else None
        detail = "" if error.source is None else str(error.source)
        problem = Problem(title=error.message, status=code, detail=detail, remedy=error.remedy, entry=entry)
        headers = {"retry-after": str(max(1, round(error.seconds)))} if isinstance(error, TooManyError) else {}
        return _answer(request, problem, headers)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        title = f"{place}: {first['msg']}"
        problem = Problem(title=title, status=HTTPStatus.UNPROCESSABLE_ENTITY, remedy="correct the request")
        return _answer(request, problem, {})

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        problem = Problem(title=str(error.detail), status=error.status_code)
        return _answer(request, problem, dict(error.headers or {}))


def _answer(request: Request, problem: Problem, headers: dict[str, str]) -> Response:
    """As a page for a person who follows a link, and as data for everybody else."""
    person = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
    if person:
        pages: Pages = request.app.state.pages
        answer: Response = pages.page(request, "problem.html", problem.status, problem=problem)
        answer.headers.update(headers)
        return answer
    return JSONResponse(
        problem.model_dump(mode="json"),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=headers,
    )
