"""Who somebody is, and that they may: the token, the cookie that stands for it, and the mark against forged requests.

The cookie holds the person's name and a random id, signed; it never holds the token. What signs it is derived from the
token where there is one, so that a new token ends all sessions.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.review.folder import OWN_FOLDER

__all__ = ["COOKIE", "Keeper", "Session"]

COOKIE = "ocr_review"
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that comes back: its random id, and the name that its person gave (empty: none yet)."""

    id: str
    who: str


class Keeper:
    """Makes and checks sessions.

    Args:
        root: the folder of the reports, where the key that signs is kept when there is no token.
        token: what everybody needs; without one everybody who reaches the server may do everything.
    """

    def __init__(self, root: Path, token: str | None) -> None:
        self._token = token
        key = _kept_key(root) if token is None else b"token " + token.encode()
        self._key = hashlib.sha256(b"ocr_pipeline review " + key).digest()

    @property
    def needs_token(self) -> bool:
        """Whether there is a token."""
        return self._token is not None

    def knows(self, token: str) -> bool:
        """Whether it is the token; takes as long for any other of its length."""
        return self._token is not None and hmac.compare_digest(token.encode(), self._token.encode())

    def new(self, who: str = "", session_id: str | None = None) -> Session:
        """A session; of the same id when somebody only changes their name."""
        return Session(session_id or secrets.token_hex(16), " ".join(who.split())[:_LONGEST_NAME])

    def cookie(self, session: Session) -> str:
        """The session as the value of the cookie."""
        payload = f"{session.id}:{session.who}".encode()
        return f"{base64.urlsafe_b64encode(payload).decode()}.{self._sign('session', payload)}"

    def session(self, cookie: str | None) -> Session | None:
        """The session of a cookie; None when there is none, or it was not signed here."""
        encoded, _, signature = (cookie or "").rpartition(".")
        try:
            payload = base64.urlsafe_b64decode(encoded.encode())
            session_id, _, who = payload.decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        if not encoded or not hmac.compare_digest(signature.encode(), self._sign("session", payload).encode()):
            return None
        return Session(session_id, who)

    def mark(self, session: Session) -> str:
        """What every change that this session asks for must carry, and only its own pages know."""
        return self._sign("mark", session.id.encode())

    def is_mark(self, mark: str, session: Session) -> bool:
        """Whether a request carries the session's mark."""
        return hmac.compare_digest(mark.encode(), self.mark(session).encode())

    def _sign(self, purpose: str, payload: bytes) -> str:
        return hmac.new(self._key, purpose.encode() + b"\0" + payload, hashlib.sha256).hexdigest()


def _kept_key(root: Path) -> bytes:
    """The folder's own key, so that pages left open outlive a restart; one for this process where none can be kept."""
    file = root / OWN_FOLDER / "key"
    try:
        file.parent.mkdir(exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    except OSError:
        return secrets.token_bytes(32)
    try:
        return file.read_bytes() or secrets.token_bytes(32)
    except OSError:
        return secrets.token_bytes(32)
