"""What a request carries: the desk it works with, and the person who sends it."""

from __future__ import annotations

from fastapi import Request

from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.guard import session_of

__all__ = ["NOBODY", "desk_of", "who_of"]

NOBODY = "somebody"
"""Who a correction is by when nobody gave a name."""


def desk_of(request: Request) -> Desk:
    """The desk of the application."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)  # noqa: S101 - the application puts it there
    return desk


def who_of(request: Request) -> str:
    """The person's name: that of the session, or the one that the server was started with."""
    session = session_of(request.scope)
    name = session.who if session is not None else ""
    return name or str(request.app.state.who) or NOBODY
