"""Starts the server: on this machine only unless told otherwise, and then only with a token."""

from __future__ import annotations

import gc
import getpass
import ipaddress
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ocr_pipeline.errors import MissingExtraError, UsageError
from ocr_pipeline.review.jobs import JobRunner
from ocr_pipeline.review.options import ReviewOptions

__all__ = ["Serving", "is_loopback", "serve"]


@dataclass(frozen=True, slots=True)
class Serving:
    """What to serve, and to whom.

    Attributes:
        folder: that ``read`` or ``batch`` wrote.
        host: address to listen on.
        port: 0 takes a free one.
        token: what everybody needs; made up where the host asks for one and none is given.
        sources: folders in which the documents may lie that the reports were made from.
        options: limits and sizes.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 8421
    token: str | None = None
    sources: Sequence[Path] = ()
    options: ReviewOptions = field(default_factory=ReviewOptions)


Jobs = Callable[[Path], JobRunner | None]
"""Makes what reads uploads, for the folder of the reports; None where nothing is read."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def serve(serving: Serving, jobs: Jobs, *, ready: Callable[[str, str | None], None]) -> None:
    """Serve until it is asked to stop (Ctrl-C).

    Args:
        serving: what to serve.
        jobs: what reads uploads.
        ready: is told the address and the token that was made up, if one was, before the first request.

    Raises:
        MissingExtraError: the extra ``review`` is not installed.
        SourceNotFoundError: there is no such folder.
        UsageError: the address cannot be listened on, or a token is too short.
    """
    try:
        import fastapi  # noqa: F401
        import jinja2  # noqa: F401
        import python_multipart  # noqa: F401
        import uvicorn
    except ImportError as error:
        raise MissingExtraError("review", "the review page") from error

    from ocr_pipeline.review.app import Access, create_app
    from ocr_pipeline.review.desk import Desk

    made_up = None
    token = serving.token
    if token is not None and len(token) < 16:
        raise UsageError("the token is too short", remedy="give at least 16 characters, or none to have one made up")
    if token is None and not is_loopback(serving.host):
        token = made_up = secrets.token_urlsafe(24)
    desk = Desk(serving.folder, serving.options, jobs=jobs(serving.folder), sources=serving.sources)
    try:
        listener = _listen(serving.host, serving.port)
    except UsageError:
        desk.close()
        raise
    app = create_app(desk, Access(token=token, hosts=frozenset({serving.host.lower()}), who=_user()))
    settings = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5
    )
    shown = f"[{serving.host}]" if ":" in serving.host else serving.host
    ready(f"http://{shown}:{listener.getsockname()[1]}/", made_up)
    _leave_program_to_itself()
    uvicorn.Server(settings).run(sockets=[listener])


def _leave_program_to_itself() -> None:
    """Let the garbage collector walk what requests made, and not modules and forms, which stay until the end.

    It stops everybody while it walks. Over the whole program and a few reports that is a quarter of a second, now and
    then in the middle of the way to the next value.
    """
    gc.collect()
    gc.freeze()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, since asyncio sends at once (TCP_NODELAY) only where it knows the protocol; otherwise the second part of an
    # answer waits 0.04 s for the receipt of the first.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UsageError(
            f"cannot listen on {host}, port {port}: {error.strerror or error}", remedy="choose another --port or --host"
        ) from error
    return listener


def _user() -> str:
    """The name of whoever started the server, where the system has one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
