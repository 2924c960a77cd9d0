"""The pictures of a page that came with it; none is ever fetched."""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from ocr_pipeline.document import Finding, Severity
from ocr_pipeline.errors import LimitExceededError
from ocr_pipeline.flow import FlowPicture

__all__ = ["Lookup", "Pictures", "beside"]

Lookup = Callable[[str], bytes | None]
"""The content behind the address of a picture, as the page writes it; None when it did not come with the page."""

_DATA = re.compile(r"data:(?P<type>[^;,]*)(?P<parameters>[^,]*),(?P<content>.*)", re.DOTALL | re.IGNORECASE)
_LEAST_SIDE = 40  # pixels; a line of print needs twenty, an icon has less than forty
_ADDRESS_SHOWN = 80


class Pictures:
    """Finds the content of pictures by their address, and counts those that are not there.

    Args:
        lookup: for addresses that are not ``data:`` ones.
        max_bytes: the most that all pictures of the page may have together; those beyond are not read.
        max_pictures: the most that the page may show.
    """

    def __init__(self, lookup: Lookup, max_bytes: int, max_pictures: int) -> None:
        self._lookup = lookup
        self._left = max_bytes
        self._most = max_pictures
        self._absent: list[str] = []
        self._unread: list[str] = []
        self._count = 0

    def find(self, address: str) -> FlowPicture | None:
        """The picture of that address; None for one that is absent, broken or no larger than an icon.

        Raises:
            LimitExceededError: more pictures than allowed.
        """
        self._count += 1
        if self._count > self._most:
            raise LimitExceededError(
                f"more than {self._most:,} pictures", remedy="split the document, or raise source.max_pictures"
            )
        inlined = _DATA.match(address)
        data = _inlined(inlined) if inlined else self._lookup(address)
        label = f"picture {self._count}" if inlined else unquote(address)
        if data is None:
            self._absent.append(label)
            return None
        if len(data) > self._left:
            self._unread.append(f"{label}: larger than the limit")
            return None
        self._left -= len(data)
        size = _size_of(data)
        if size is None:
            self._unread.append(label)
            return None
        return FlowPicture(data, label) if min(size) >= _LEAST_SIDE else None

    def findings(self) -> tuple[Finding, ...]:
        """What has to be said about the pictures asked for."""
        remarks = []
        if self._absent:
            message = f"{len(self._absent)} pictures of the page are not in the file and were not fetched: "
            remarks.append(_remark("absent-pictures", message, self._absent))
        if self._unread:
            message = f"{len(self._unread)} pictures of the page cannot be read: "
            remarks.append(_remark("unreadable-pictures", message, self._unread))
        return tuple(remarks)


def beside(page: Path | None, max_bytes: int) -> Lookup:
    """Looks pictures up in the folder of a saved page and the folders in it, never outside; nowhere without a path.

    Args:
        page: the file of the page.
        max_bytes: a larger file is not read.
    """
    if page is None:
        return lambda address: None  # noqa: ARG005 - the shape of a lookup
    folder = page.resolve().parent

    def lookup(address: str) -> bytes | None:
        try:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                return None
            file = (folder / unquote(parts.path)).resolve()
            if not file.is_relative_to(folder) or not file.is_file() or file.stat().st_size > max_bytes:
                return None
            return file.read_bytes()
        except (OSError, ValueError):
            return None

    return lookup


def _inlined(match: re.Match[str]) -> bytes | None:
    if "base64" not in match["parameters"].lower():
        return unquote_to_bytes(match["content"])
    try:
        content = re.sub(r"\s+", "", unquote(match["content"]))
        return base64.b64decode(content + "=" * (-len(content) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a picture; None for what is none."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            return width, height
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _remark(code: str, message: str, labels: list[str]) -> Finding:
    first = labels[0] if len(labels[0]) <= _ADDRESS_SHOWN else labels[0][:_ADDRESS_SHOWN] + "…"
    return Finding(code=code, severity=Severity.WARNING, message=message + first + (", …" if len(labels) > 1 else ""))
