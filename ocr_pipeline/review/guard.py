"""The door of the server: every request passes here before anything else sees it, and every answer on its way out.

* a host name that is not this machine's is refused while there is no token (a page elsewhere could otherwise point a
  name of its own at this machine and read everything);
* with a token, nothing is answered without it, or without the cookie that stands for it;
* a change is made only for the token itself, for a page of this server's own (its mark, and an origin that is ours),
  or, while there is no token, for a program that is no browser;
* a request is read no further than its limit;
* answers forbid scripts, frames and anything else from elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote, urlsplit

from ocr_pipeline.review.options import ReviewOptions
from ocr_pipeline.review.rates import Rate
from ocr_pipeline.review.sessions import COOKIE, Keeper, Session

__all__ = ["MARK_HEADER", "Guard", "address_of", "problem_body", "session_of"]

MARK_HEADER = "x-csrf-token"

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_OPEN = ("/static/", "/sign-in")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_UPLOADS = frozenset({"/api/v1/documents", "/upload"})
_ENVELOPE = 64 * 1024
"""What a form may have around the document it uploads."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

Scope = dict[str, Any]


class _Refused(Exception):  # noqa: N818 - the answer to a request, not a failure
    def __init__(self, status: int, title: str, remedy: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.remedy = remedy
        self.headers = dict(headers or {})


class Guard:
    """ASGI middleware; see the module.

    Args:
        app: what is guarded.
        keeper: of token and sessions.
        options: limits.
        hosts: further host names that are this machine's.
    """

    def __init__(self, app: Any, keeper: Keeper, options: ReviewOptions, hosts: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._keeper = keeper
        self._options = options
        self._hosts = _LOOPBACK | hosts
        per_minute = options.sign_ins_per_minute
        self.wrong_tokens = Rate(per_minute, max(1, round(per_minute)))

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        door = _Door(scope, receive, send, *self._limit(scope))
        try:
            session, bearer = self._admit(scope, headers)
            door.check_length(headers.get("content-length"))
            if scope["method"] not in _SAFE and not bearer:
                self._check_change(scope, headers, session)
        except _Refused as refused:
            await door.refuse(refused, page=_wants_page(scope, headers))
            return
        scope.setdefault("state", {})["session"] = session
        scope["state"]["guard"] = self
        await door.pass_to(self._app)

    def _limit(self, scope: Scope) -> tuple[int, str]:
        """How many bytes a request may have, and the option that says so."""
        if scope["path"] in _UPLOADS:
            return self._options.max_upload_bytes + _ENVELOPE, "max_upload_bytes"
        return self._options.max_request_bytes, "max_request_bytes"

    def _admit(self, scope: Scope, headers: Mapping[str, str]) -> tuple[Session | None, bool]:
        """The session, and whether the request brought the token itself."""
        session = self._keeper.session(_cookie(headers))
        if not self._keeper.needs_token:
            host = headers.get("host", "").lower()
            name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
            if name not in self._hosts:
                raise _Refused(HTTPStatus.MISDIRECTED_REQUEST, "this server is not called that", "open it as localhost")
            return session, False
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if given:
            address = address_of(scope)
            if self.wrong_tokens.exhausted(address):
                raise _Refused(HTTPStatus.TOO_MANY_REQUESTS, "too many wrong tokens", "wait", {"retry-after": "60"})
            if scheme.lower() == "bearer" and self._keeper.knows(given.strip()):
                return session, True
            self.wrong_tokens.take(address)
            raise _Refused(HTTPStatus.UNAUTHORIZED, "this is not the token", "", {"www-authenticate": "Bearer"})
        if session is None and not scope["path"].startswith(_OPEN):
            raise _Refused(
                HTTPStatus.UNAUTHORIZED,
                "this server needs its token",
                "send it as 'Authorization: Bearer TOKEN'",
                {"www-authenticate": "Bearer"},
            )
        return session, False

    def _check_change(self, scope: Scope, headers: Mapping[str, str], session: Session | None) -> None:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if site not in (None, "same-origin", "none") or (origin is not None and not _is_ours(origin, headers)):
            raise _Refused(HTTPStatus.FORBIDDEN, "a page of another site asked for this change", "use our own pages")
        if scope["path"] in _FORMS:  # their mark is a field of the form, and checked there
            return
        mark = headers.get(MARK_HEADER)
        if mark is not None and session is not None and self._keeper.is_mark(mark, session):
            return
        if mark is None and origin is None and site is None and session is None and not self._keeper.needs_token:
            return
        raise _Refused(HTTPStatus.FORBIDDEN, "this change does not come from a page of ours", "reload the page")


_FORMS = frozenset({"/sign-in", "/sign-out", "/name", "/upload"})


class _Door:
    """One request: counts what comes in, adds the headers to what goes out."""

    def __init__(self, scope: Scope, receive: Any, send: Any, limit: int, option: str) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._limit = limit
        self._option = option
        self._came = 0
        self._too_large = False
        self._answered = False

    def check_length(self, length: str | None) -> None:
        if length is not None and length.isdecimal() and int(length) > self._limit:
            raise self._refusal()

    async def pass_to(self, app: Any) -> None:
        try:
            await app(self._scope, self._take, self._give)
        except _Refused as refused:
            if not self._answered:
                await self.refuse(refused, page=False)

    async def refuse(self, refused: _Refused, *, page: bool) -> None:
        self._answered = True
        if page and refused.status == HTTPStatus.UNAUTHORIZED:
            wanted = self._scope["path"] + (
                f"?{self._scope['query_string'].decode('latin-1')}" if self._scope["query_string"] else ""
            )
            await self._answer(HTTPStatus.SEE_OTHER, {"location": f"/sign-in?next={quote(wanted, safe='')}"}, b"")
            return
        headers = {"content-type": "application/problem+json", "connection": "close", **refused.headers}
        await self._answer(refused.status, headers, problem_body(refused.status, refused.title, refused.remedy))

    async def _take(self) -> Any:
        message = await self._receive()
        self._came += len(message.get("body", b""))
        if self._came > self._limit:
            self._too_large = True
            raise self._refusal()
        return message

    async def _give(self, message: Any) -> None:
        if self._too_large:  # whatever is answered instead, this is what happened
            if not self._answered:
                await self.refuse(self._refusal(), page=False)
            return
        if message["type"] == "http.response.start":
            self._answered = True
            message = {**message, "headers": _with_headers(message.get("headers", ()))}
        await self._send(message)

    def _refusal(self) -> _Refused:
        return _Refused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"more than {self._limit:,} bytes",
            f"send less, or start the server with a larger --limit {self._option}",
        )

    async def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        raw.append((b"content-length", str(len(body)).encode()))
        await self._send({"type": "http.response.start", "status": int(status), "headers": _with_headers(raw)})
        await self._send({"type": "http.response.body", "body": body})


def problem_body(status: int, title: str, remedy: str = "", detail: str = "") -> bytes:
    """The body of an error's answer (RFC 9457)."""
    problem = {"title": title, "status": int(status), "detail": detail, "remedy": remedy}
    return json.dumps(problem, ensure_ascii=False).encode()


def session_of(scope: Mapping[str, Any]) -> Session | None:
    """The session that the guard found in a request."""
    session = scope.get("state", {}).get("session")
    return session if isinstance(session, Session) else None


def address_of(scope: Mapping[str, Any]) -> str:
    """Where a request comes from, for limits."""
    client = scope.get("client")
    return str(client[0]) if client else "?"


def _with_headers(headers: Any) -> list[tuple[bytes, bytes]]:
    given = [(bytes(name), bytes(value)) for name, value in headers]
    names = {name.lower() for name, _ in given}
    ours = {"cache-control": "no-store", **_HEADERS}
    return given + [(n.encode(), v.encode()) for n, v in ours.items() if n.encode() not in names]


def _cookie(headers: Mapping[str, str]) -> str | None:
    try:
        cookies: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return None
    return cookies[COOKIE].value if COOKIE in cookies else None


def _is_ours(origin: str, headers: Mapping[str, str]) -> bool:
    """Whether an origin is the host that the request was sent to."""
    try:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
    except ValueError:
        return False


def _wants_page(scope: Scope, headers: Mapping[str, str]) -> bool:
    return scope["method"] == "GET" and "text/html" in headers.get("accept", "")
