"""What is opened, what is refused, and what is said about it."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from ocr_pipeline.errors import (
    EmptySourceError,
    LimitExceededError,
    SourceNotFoundError,
    UnknownFormatError,
)
from ocr_pipeline.source import SourceOptions, open_source
from ocr_pipeline.source.opening import OPENERS
from ocr_pipeline.source.sniffing import contradicting_suffix, sniff


def _zip(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return buffer.getvalue()


def _image(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 30)).save(buffer, form)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\n\n junk %PDF-1.4\n", "pdf"),
        (_image("PNG"), "png"), (_image("JPEG"), "jpeg"), (_image("TIFF"), "tiff"), (_image("WEBP"), "webp"),
        (_image("BMP"), "bmp"), (_image("GIF"), "gif"),
        (_zip("[Content_Types].xml", "word/document.xml"), "docx"),
        (_zip("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (_zip("OFD.xml"), "ofd"), (_zip("a.pdf"), "zip"), (b"PK\x03\x04 cut off", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "ole"),
        ("<!DOCTYPE html><p>年度报告".encode(), "html"), ("  <table><tr>".encode("gbk"), "html"),
        ("﻿<html>".encode("utf-16"), "html"), (b"<?xml version='1.0'?><a/>", "xml"),
        ("一、总体情况".encode("gb18030"), "text"), (("报告" * 3000).encode(), "text"), (b"BM is not a bitmap", "text"),
        ("<html><p>年报".encode("utf-16-le"), "html"), ("\n<!-- x -->\n<div>年报</div>".encode("utf-16-be"), "html"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'><html xmlns='y'>", "html"),
        (b"x" + b"<p>a</p>" * 9, "html"),
        ("<html>年报".encode() + b"\xff\xff<p>\x81</p>", "html"),
        ("# 年报\n<table><tr><td>x</td></tr></table>".encode() + b"<p>a</p>" * 9, "text"),
        (b"a < b, <p> is it", "text"),
        (b"From: <Saved by Blink>\r\nContent-Type: multipart/related;\r\n\tboundary=x", "mht"),
        (b"From: me\nSubject: Content-Type\n", "text"),
        (b"BZh91AY&SY", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"\x1f\x8b\x08", "gzip"),
        (bytes(range(256)), "binary"), (b"\x01\x02\x03\x04", "binary"),
    ],
)  # fmt: skip
def test_kind_by_content(data: bytes, kind: str) -> None:
    assert sniff(data).name == kind


def test_every_opener_is_for_a_kind_that_is_recognised() -> None:
    known = {sniff(_image(form)).name for form in ("PNG", "JPEG", "TIFF", "WEBP", "BMP")} | {sniff(b"%PDF-1.4").name}
    known |= {sniff(data).name for data in (b"<html>", b"MIME-Version: 1.0\nContent-Type: multipart/related")}
    assert known <= set(OPENERS)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.pdf", ".pdf"), ("a.PNG", None), ("a", None), ("report.2020", None), ("某局.年报", ".年报")],
)
def test_suffix_that_contradicts(name: str, suffix: str | None) -> None:
    assert contradicting_suffix(name, sniff(_image("PNG"))) == suffix


def test_wrong_suffix_is_a_finding_not_an_error(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(_image("PNG"))
    with open_source(path) as source:
        assert (source.kind, [finding.code for finding in source.findings]) == ("png", ["wrong-suffix"])
        assert ".pdf" in source.findings[0].message


def test_info(make_drawn: Callable[..., bytes], tmp_path: Path) -> None:
    data = make_drawn(pages=2)
    path = tmp_path / "r.pdf"
    path.write_bytes(data)
    with open_source(path, name="archive/r.pdf") as source:
        info = source.info
    assert (info.name, info.kind, info.page_count, info.size) == ("archive/r.pdf", "pdf", 2, len(data))
    assert info.sha256 == hashlib.sha256(data).hexdigest()


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="no such file"):
        open_source(tmp_path / "missing.pdf")


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="folder"):
        open_source(tmp_path)


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.touch()
    with pytest.raises(EmptySourceError, match="empty"):
        open_source(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_zip("xl/workbook.xml"), "Excel workbook .XLSX., which is not supported yet"),
        (_zip("a.pdf"), "ZIP archive of documents, not a document"),
        (bytes(range(256)), "not a document"),
    ],
)
def test_refusal_says_what_it_looks_like(data: bytes, words: str) -> None:
    with pytest.raises(UnknownFormatError, match=words):
        open_source(data)


def test_size_limit(tmp_path: Path) -> None:
    path = tmp_path / "big.pdf"
    path.write_bytes(b"%PDF-" + b"x" * 100)
    with pytest.raises(LimitExceededError, match="105 bytes, and at most 50"):
        open_source(path, options=SourceOptions(max_bytes=50))


def test_importing_the_room_loads_no_library_of_a_format() -> None:
    code = "import sys, ocr_pipeline.source; print(sorted({'PIL', 'pypdfium2', 'cv2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
