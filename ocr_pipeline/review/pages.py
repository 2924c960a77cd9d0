"""Pages out of Jinja2 templates; everything that comes out of a document is escaped."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ocr_pipeline.document import Status
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.review.cards import figure_text
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.guard import session_of
from ocr_pipeline.review.sessions import COOKIE

__all__ = ["Pages"]


class Pages:
    """Fills templates.

    Args:
        folder: of the templates.
    """

    def __init__(self, folder: Path) -> None:
        self._environment = _environment(folder)

    def page(self, request: Request, template: str, status_code: int = 200, **values: Any) -> HTMLResponse:
        """A whole page or a part of one.

        Args:
            request: what it answers.
            template: its file's name.
            status_code: of the answer.
            values: what the template uses beside what every page has.
        """
        session = session_of(request.scope)
        keeper = request.app.state.keeper
        desk: Desk = request.app.state.desk
        fresh = None
        if session is None and not keeper.needs_token:
            session = fresh = keeper.new()
        common = {
            "mark": keeper.mark(session) if session is not None else "",
            "who": (session.who if session is not None else "") or request.app.state.who,
            "needs_token": keeper.needs_token,
            "uploads": desk.jobs is not None,
            "here": request.url.path,
        }
        text = self._environment.get_template(template).render(**common, **values)
        response = HTMLResponse(text, status_code=status_code)
        if fresh is not None:
            self.remember(request, response, keeper.cookie(fresh))
        return response

    @staticmethod
    def remember(request: Request, response: Any, cookie: str) -> None:
        """Give a browser the cookie of its session."""
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, cookie, max_age=180 * 86400, httponly=True, samesite="strict", secure=secure)


@cache
def _environment(folder: Path) -> Environment:
    """The templates of a folder, compiled once for all applications of a process."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(figure=figure_text, count=_count, percent=_percent)
    environment.globals["meanings"] = {status.value: STATUS_STYLES[status].meaning for status in Status}
    environment.globals["version"] = _fingerprint(folder.parent / "static")
    for name in environment.list_templates():  # now, and not while the first person waits
        environment.get_template(name)
    return environment


def _count(number: int) -> str:
    return f"{number:,}"


def _percent(share: float) -> str:
    """A share for people: never 0 % or 100 % of what is only nearly so."""
    if share <= 0 or share >= 1:
        return f"{round(100 * share)} %"
    if share < 0.01:
        return "< 1 %"
    return "> 99 %" if share > 0.99 else f"{round(100 * share)} %"


def _fingerprint(folder: Path) -> str:
    """Changes with the files that pages refer to, so that browsers may keep them."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
