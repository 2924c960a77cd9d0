"""Names of members: the bytes of any encoding, and which files are nobody's document."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_pipeline.source.archives import walk
from ocr_pipeline.source.archives.names import clean_name, companion_of, decode_name, is_junk

# The characters of level one of GB 2312, in which all but rare names are written.
COMMON = [bytes([row, column]).decode("gb2312") for row in range(0xB0, 0xD7) for column in range(0xA1, 0xFF)]
NAMES = st.text(st.sampled_from([*COMMON, *"ab12（）、-_ "]), min_size=1, max_size=12)


@given(NAMES)
@example("联通")
@example("汉")
def test_names_round_trip_in_both_encodings(name: str) -> None:
    assert decode_name(name.encode("gb18030")) == name
    assert decode_name(name.encode("utf-8")) == name


@given(st.binary(min_size=1, max_size=20))
def test_any_bytes_are_a_name(raw: bytes) -> None:
    assert isinstance(decode_name(raw), str)


@given(st.text(max_size=30))
def test_no_name_leads_out(name: str) -> None:
    clean = clean_name(name)
    assert not clean.startswith("/")
    assert ".." not in PurePosixPath(clean).parts
    assert clean_name(clean) == clean


def raw_zip(names: dict[bytes, bytes], *, flag: int = 0, extra: dict[bytes, bytes] | None = None) -> bytes:
    """A ZIP archive with names of these very bytes, which the library does not write."""
    body, directory = b"", b""
    for name, content in names.items():
        field = (extra or {}).get(name, b"")
        fields = struct.pack("<HHHHHIIIHH", 20, flag, 0, 0, 0x21, zlib.crc32(content), len(content), len(content),
                             len(name), len(field))  # fmt: skip
        tail = struct.pack("<HHHII", 0, 0, 0, 0, len(body))
        directory += b"PK\x01\x02\x14\x00" + fields + tail + name + field
        body += b"PK\x03\x04" + fields + name + field + content
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def names_in(data: bytes) -> list[str]:
    return [member.name.removeprefix("a.zip!/") for member in walk(data, name="a.zip")]


@given(st.lists(NAMES.map(str.strip).filter(bool), min_size=1, max_size=4, unique_by=str.casefold))
def test_archives_of_every_writer_give_the_same_names(names: list[str]) -> None:
    old = raw_zip({f"{name}.pdf".encode("gb18030"): b"x" for name in names})
    silent = raw_zip({f"{name}.pdf".encode(): b"x" for name in names})
    flagged = raw_zip({f"{name}.pdf".encode(): b"x" for name in names}, flag=0x800)
    expected = [f"{name}.pdf" for name in names]
    assert names_in(old) == names_in(silent) == names_in(flagged) == expected


def test_the_field_for_unicode_names_counts_when_it_belongs_to_the_name() -> None:
    raw = b"?????.pdf"

    def field(of: bytes) -> bytes:
        content = b"\x01" + struct.pack("<I", zlib.crc32(of)) + "年报.pdf".encode()
        return b"\x55\x54\x01\x00\x00" + struct.pack("<HH", 0x7075, len(content)) + content

    assert names_in(raw_zip({raw: b"x"}, extra={raw: field(raw)})) == ["年报.pdf"]
    assert names_in(raw_zip({raw: b"x"}, extra={raw: field(b"other")})) in (["?????.pdf"], ["年报.pdf"])


def test_names_with_backslashes_are_paths() -> None:
    assert names_in(raw_zip({"市局\\年报.pdf".encode("gbk"): b"x"})) == ["市局/年报.pdf"]


@pytest.mark.parametrize(
    ("name", "junk"),
    [
        ("__MACOSX/a/._b.pdf", True), (".DS_Store", True), ("x/Thumbs.db", True), ("~$年报.docx", True),
        ("x/._年报.pdf", True), ("a/desktop.ini", True), ("年报.pdf", False), ("x/~年报.pdf", False),
        (".hidden.pdf", False),
    ],
)  # fmt: skip
def test_junk(name: str, junk: bool) -> None:
    assert is_junk(name) == junk


def test_the_parts_of_a_saved_page_belong_to_it() -> None:
    names = {"x/年报.htm", "y.html"}
    assert companion_of("x/年报_files/a/logo.png", names) == "x/年报.htm"
    assert companion_of("y.files/a.css", names) == "y.html"
    assert companion_of("z_files/scan.png", names) is None
    assert companion_of("x/scan.png", names) is None


def test_the_writer_of_these_tests_writes_archives() -> None:
    with zipfile.ZipFile(io.BytesIO(raw_zip({b"a": b"1", b"b": b"22"}))) as archive:
        assert archive.testzip() is None
        assert archive.read("b") == b"22"
