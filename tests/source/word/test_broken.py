"""Word files that are broken, locked or absurd: each its own error, which names the file and what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_pipeline.errors import (
    DamagedSourceError,
    EmptySourceError,
    EncryptedSourceError,
    LimitExceededError,
    SourceError,
    UnknownFormatError,
)
from ocr_pipeline.source import SourceOptions, open_source
from ocr_pipeline.source.sniffing import sniff

Make = Callable[..., bytes]
BODY = "<w:p><w:r><w:t>正文</w:t></w:r></w:p>"


def ole_bytes(*streams: str, flags: int = 0) -> bytes:
    """A container whose directory names these streams; the first one begins with a Word header of these flags."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = (9).to_bytes(2, "little")
    directory = b""
    for name in streams:
        entry = bytearray(128)
        written = (name + "\0").encode("utf-16-le")
        entry[: len(written)] = written
        entry[64:66] = len(written).to_bytes(2, "little")
        entry[116:120] = (1).to_bytes(4, "little")
        directory += bytes(entry)
    text = bytearray(4096)
    text[:2] = b"\xec\xa5"
    text[10:12] = flags.to_bytes(2, "little")
    return bytes(header) + directory.ljust(512, b"\0") + bytes(text)


@pytest.fixture
def save(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(data: bytes) -> Path:
        path = tmp_path / "年报.docx"
        path.write_bytes(data)
        return path

    return write


def _cut(make: Make) -> bytes:
    whole = make(BODY)
    return whole[: len(whole) // 2]


def _wrong_xml(make: Make) -> bytes:
    return make("<w:p><w:r>")


def _wrong_root(make: Make) -> bytes:
    return make(BODY).replace(b"word/document.xml", b"word/documenz.xml")


@pytest.mark.parametrize(
    ("broken", "error", "words"),
    [
        (_cut, DamagedSourceError, "cut off or corrupt"),
        (_wrong_xml, DamagedSourceError, "word/document.xml is not well-formed XML"),
        (lambda make: make(BODY, left_out=["word/document.xml"]), DamagedSourceError, "word/document.xml.*is missing"),
        (_wrong_root, DamagedSourceError, "word/document.xml.*is missing"),
        (lambda make: ole_bytes("EncryptedPackage", "EncryptionInfo"), EncryptedSourceError, "save a copy without"),
        (lambda make: ole_bytes("WordDocument", flags=0x0100), EncryptedSourceError, "save a copy without"),
        (lambda make: ole_bytes("Workbook"), UnknownFormatError, "an old Excel workbook"),
        (lambda make: ole_bytes(), DamagedSourceError, "save it as DOCX"),
        (lambda make: make(""), EmptySourceError, "no text, table or picture"),
    ],
)
def test_error_names_file_and_remedy(
    make_docx: Make,
    save: Callable[[bytes], Path],
    broken: Callable[[Make], bytes],
    error: type[SourceError],
    words: str,
) -> None:
    with pytest.raises(error, match=words) as caught:
        open_source(save(broken(make_docx)))
    assert type(caught.value) is error
    assert "年报.docx" in str(caught.value)
    assert caught.value.remedy in str(caught.value)


def test_every_cut_is_an_error_of_ours_or_none(make_docx: Make, make_png: Make) -> None:
    whole = make_docx(BODY, media={"a.png": make_png()})
    for end in range(40, len(whole), 13):
        with pytest.raises(SourceError):
            open_source(whole[:end], name="r.docx")


def test_every_changed_byte_is_an_error_of_ours_or_none(make_docx: Make) -> None:
    whole = make_docx(BODY)
    for place in range(0, len(whole), 7):
        data = bytearray(whole)
        data[place] ^= 0x5A
        try:
            open_source(bytes(data), name="r.docx").close()
        except SourceError as error:
            if error.source != "r.docx":
                pytest.fail(f"byte {place}: {error} does not name the file")


def test_a_cut_package_is_still_recognised(make_docx: Make, make_zip: Make) -> None:
    assert sniff(make_docx(BODY)[:-30]).name == "docx"
    assert sniff(make_zip({"年报.docx": make_docx(BODY)})[:-30]).name == "zip"


def test_a_bomb_is_refused_before_it_is_inflated(make_docx: Make, make_zip: Make) -> None:
    options = SourceOptions(max_unpacked_bytes=1_000_000)
    bomb = make_docx(BODY, media={"a.png": bytes(2_000_000)})
    with pytest.raises(LimitExceededError, match=r"inflates to 2,\d+,\d+ bytes.*max_unpacked_bytes"):
        open_source(bomb, options=options)
    with pytest.raises(LimitExceededError, match=r"word/document.xml has .* bytes.*max_xml_bytes"):
        open_source(make_docx(BODY * 100), options=SourceOptions(max_xml_bytes=1000))
    with pytest.raises(LimitExceededError, match=r"has 4 files.*max_members"):
        open_source(make_docx(BODY), options=SourceOptions(max_members=3))


def test_a_lie_about_the_size_is_found(make_docx: Make) -> None:
    data = make_docx(BODY)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    told = size.to_bytes(4, "little")
    lied = data.replace(told, (size - 40).to_bytes(4, "little"))
    assert lied != data
    with pytest.raises(DamagedSourceError, match=r"word/document.xml"):
        open_source(lied, name="r.docx")


def test_entities_are_not_expanded(make_docx: Make, make_zip: Make) -> None:
    declared = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/hostname">]>'
    main = (
        f"{declared}<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>"
        "<w:p><w:r><w:t>甲</w:t><w:t>&b;</w:t><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    with open_source(make_zip({"[Content_Types].xml": b"", "word/document.xml": main.encode()})) as source:
        assert [block.text for block in source.flow or ()] == ["甲"]  # type: ignore[union-attr]


def test_deeply_nested_tables_are_refused(make_docx: Make) -> None:
    body = "<w:tbl><w:tr><w:tc>" * 300 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 300
    with pytest.raises(DamagedSourceError):
        open_source(make_docx(body), name="r.docx")
    most = "<w:tbl><w:tr><w:tc>" * 80 + BODY + "</w:tc></w:tr></w:tbl>" * 80
    with open_source(make_docx(most)) as source:
        assert len(source.flow or ()) == 1


def test_a_missing_side_part_does_not_matter(make_docx: Make) -> None:
    data = make_docx(BODY, parts={"styles": "", "numbering": ""}, left_out=["word/styles.xml"])
    with open_source(data, name="r.docx") as source:
        assert len(source.flow or ()) == 1


def test_the_strict_variant(make_docx: Make, make_zip: Make) -> None:
    strict = (
        f"<w:document xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main'><w:body>{BODY}</w:body></w:document>"
    )
    with open_source(make_zip({"[Content_Types].xml": b"", "word/document.xml": strict.encode()})) as source:
        assert len(source.flow or ()) == 1


def test_source_of_a_flow(make_docx: Make) -> None:
    with open_source(make_docx(BODY), name="年报.doc") as source:
        assert (source.kind, source.info.page_count, len(source.pages)) == ("docx", 0, 0)
        assert [finding.code for finding in source.findings] == ["wrong-suffix"]
        assert "flow of 1 blocks" in repr(source)
