"""Small PDFs written by hand, so that each test can say exactly what is wrong with one."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_FILE_ID = b"0123456789abcdef"


def jpeg_bytes(width: int = 400, height: int = 600) -> bytes:
    noise = np.random.default_rng(7).integers(0, 255, (height, width), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def write_pdf(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """Objects by number (1 is the catalog) with a cross-reference table and an end mark."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def pages_object(numbers: list[int]) -> bytes:
    return b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % n for n in numbers), len(numbers))


def drawn_pdf(pages: int = 2, size: tuple[int, int] = (200, 300), entries: bytes = b"") -> bytes:
    """Pages with a black rectangle of 40 x 20 points in the lower left corner."""
    box = b"[0 0 %d %d]" % size
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 3: stream(b"0 0 40 20 re f")}
    numbers = list(range(4, 4 + pages))
    objects[2] = pages_object(numbers)
    for number in numbers:
        objects[number] = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 3 0 R %s >>" % (box, entries)
    return write_pdf(dict(sorted(objects.items())))


def scanned_pdf(jpeg: bytes, strips: int = 1, pixels: tuple[int, int] = (400, 600)) -> bytes:
    """A page of 144 x 216 points covered by ``strips`` pictures, each of ``pixels``; 200 dpi for one strip."""
    height = 216 / strips
    content = b"".join(b"q 144 0 0 %f 0 %f cm /I Do Q\n" % (height, index * height) for index in range(strips))
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray" % pixels
    return write_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: pages_object([3]),
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 144 216] /Contents 4 0 R"
            b" /Resources << /XObject << /I 5 0 R >> >> >>",
            4: stream(content),
            5: stream(jpeg, entries + b" /BitsPerComponent 8 /Filter /DCTDecode"),
        }
    )


def bomb_pdf(side: int) -> bytes:
    """A page whose picture claims ``side`` x ``side`` pixels."""
    data = zlib.compress(b"\0" * 1000)
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray" % (side, side)
    return write_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: pages_object([3]),
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 144 216] /Contents 4 0 R"
            b" /Resources << /XObject << /I 5 0 R >> >> >>",
            4: stream(b"q 144 0 0 216 0 0 cm /I Do Q"),
            5: stream(data, entries + b" /BitsPerComponent 8 /Filter /FlateDecode"),
        }
    )


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def encrypted_pdf(password: bytes) -> bytes:
    """One page, encrypted by the standard handler, revision 2 (PDF 1.7, 7.6.3)."""
    padded = (password + _PADDING)[:32]
    owner = _rc4(hashlib.md5(padded, usedforsecurity=False).digest()[:5], padded)
    permissions = (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5(padded + owner + permissions + _FILE_ID, usedforsecurity=False).digest()[:5]

    def encrypted(number: int, content: bytes) -> bytes:
        salted = key + number.to_bytes(3, "little") + b"\0\0"
        return _rc4(hashlib.md5(salted, usedforsecurity=False).digest()[:10], content)

    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: pages_object([3]),
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Contents 4 0 R >>",
        4: stream(encrypted(4, b"0 0 40 20 re f")),
        5: b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>"
        % (owner.hex().encode(), _rc4(key, _PADDING).hex().encode()),
    }
    file_id = _FILE_ID.hex().encode()
    return write_pdf(objects, b"/Encrypt 5 0 R /ID [<%s> <%s>]" % (file_id, file_id))


@pytest.fixture(scope="session")
def make_pdf() -> Callable[[dict[int, bytes]], bytes]:
    return write_pdf


@pytest.fixture(scope="session")
def make_drawn() -> Callable[..., bytes]:
    return drawn_pdf


@pytest.fixture(scope="session")
def make_scanned() -> Callable[..., bytes]:
    return scanned_pdf


@pytest.fixture(scope="session")
def make_bomb() -> Callable[[int], bytes]:
    return bomb_pdf


@pytest.fixture(scope="session")
def make_encrypted() -> Callable[[bytes], bytes]:
    return encrypted_pdf


@pytest.fixture(scope="session")
def make_jpeg() -> Callable[..., bytes]:
    return jpeg_bytes
