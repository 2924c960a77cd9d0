"""Every document of folders and archives, and what becomes of those that cannot be read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_pipeline.errors import (
    DamagedSourceError,
    EmptySourceError,
    EncryptedSourceError,
    LimitExceededError,
    MissingExtraError,
    OcrPipelineError,
)
from ocr_pipeline.source import SourceOptions
from ocr_pipeline.source.archives import walk
from ocr_pipeline.source.options import ArchiveOptions
from tests.source.archives.test_names import raw_zip

Files = dict[str, bytes]
RIGHT, WRONG = "密码", "other"


def make_zip(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def make_tar(files: Files, packing: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=f"w:{packing}") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def make_7z(files: Files, password: str | None = None) -> bytes:
    py7zr = pytest.importorskip("py7zr", reason="7-Zip archives need the extra 'archives'")
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password) as archive:
        for name, content in files.items():
            archive.writestr(content, name)
    return buffer.getvalue()


MAKERS: dict[str, Callable[[Files], bytes]] = {
    "a.zip": make_zip,
    "a.tar": make_tar,
    "a.tar.gz": lambda files: make_tar(files, "gz"),
    "a.tar.bz2": lambda files: make_tar(files, "bz2"),
    "a.tar.xz": lambda files: make_tar(files, "xz"),
    "a.7z": make_7z,
}
FILES = {"市局/年报.pdf": b"%PDF-1", "b.txt": "报告".encode(), "empty.txt": b""}


def read(data: bytes, name: str = "a", **options: object) -> dict[str, bytes | OcrPipelineError]:
    """Content or error by name; the limits of archives by their names."""
    found: dict[str, bytes | OcrPipelineError] = {}
    password = options.pop("password", None)
    size = options.pop("max_bytes", SourceOptions().max_bytes)
    limits = SourceOptions(archives=ArchiveOptions.model_validate(options), max_bytes=size)  # type: ignore[arg-type]
    for member in walk(data, name=name, password=password, options=limits):  # type: ignore[arg-type]
        try:
            content = member.content()
            assert isinstance(content, bytes)
            found[member.name] = content
        except OcrPipelineError as error:  # noqa: PERF203
            found[member.name] = error
    return found


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_gives_its_files(kind: str) -> None:
    assert read(MAKERS[kind](FILES), kind) == {f"{kind}!/{name}": content for name, content in FILES.items()}


@pytest.mark.parametrize("outer", MAKERS)
def test_archives_within_archives(outer: str) -> None:
    inner = make_tar({"x.zip": make_zip({"年报.pdf": b"deep"})}, "gz")
    found = read(MAKERS[outer]({"inner.tgz": inner, "b.txt": b"b"}), outer)
    assert found == {f"{outer}!/inner.tgz!/x.zip!/年报.pdf": b"deep", f"{outer}!/b.txt": b"b"}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_single_packed_file(pack: Callable[[bytes], bytes]) -> None:
    assert read(pack(b"%PDF-1.4 text"), "年报.pdf.gz") == {"年报.pdf.gz!/年报.pdf": b"%PDF-1.4 text"}


def test_a_file_that_is_no_archive_is_its_own_member(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(make_zip({"[Content_Types].xml": b"", "word/document.xml": b""}))
    (member,) = walk(path)
    assert (member.name, member.content()) == (str(path), path)
    assert [m.name for m in walk(tmp_path / "missing.pdf")] == [str(tmp_path / "missing.pdf")]


def test_a_folder_called_as_in_a_package_makes_no_package() -> None:
    assert list(read(make_zip({"word/a.pdf": b"1", "xl/b.pdf": b"2"}))) == ["a!/word/a.pdf", "a!/xl/b.pdf"]


def test_a_folder_by_name_without_junk_and_without_what_lies_outside(tmp_path: Path) -> None:
    root = tmp_path / "in"
    for name in ("b/2.pdf", "b/10.pdf", "a.pdf", "~$a.docx", ".DS_Store", "out/a.json", "p.htm", "p_files/x.png"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    (root / "c.zip").write_bytes(make_zip({"x.pdf": b"z"}))
    (tmp_path / "secret.pdf").write_bytes(b"s")
    (root / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    (root / "loop").symlink_to(root, target_is_directory=True)
    found = [Path(member.name).relative_to(root).as_posix() for member in walk(root, leave_out=[root / "out"])]
    assert found == ["a.pdf", "c.zip!/x.pdf", "p.htm", "b/10.pdf", "b/2.pdf"]


def test_an_empty_folder_and_an_empty_archive_are_errors(tmp_path: Path) -> None:
    for source in (tmp_path, make_zip({}), make_zip({".DS_Store": b"x"})):
        (member,) = walk(source)
        assert isinstance(member.error, EmptySourceError)


@pytest.mark.parametrize("kind", [kind for kind in MAKERS if kind != "a.7z"])
def test_names_that_lead_out_stay_inside_and_nothing_is_written(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = read(MAKERS[kind]({"../../up.pdf": b"1", "/etc/abs.pdf": b"2", "C:\\w\\x.pdf": b"3"}), "a")
    assert found == {"a!/up.pdf": b"1", "a!/etc/abs.pdf": b"2", "a!/w/x.pdf": b"3"}
    assert list(tmp_path.iterdir()) == []


def test_links_and_devices_are_left_out() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (
            ("s", tarfile.SYMTYPE),
            ("h", tarfile.LNKTYPE),
            ("d", tarfile.CHRTYPE),
            ("f", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("a.pdf")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"x"))
    assert read(buffer.getvalue()) == {"a!/a.pdf": b"x"}
    link = zipfile.ZipInfo("link.pdf")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(link, "/etc/passwd")
        packed.writestr("a.pdf", "x")
    assert read(buffer.getvalue()) == {"a!/a.pdf": b"x"}


def test_a_damaged_member_costs_only_itself() -> None:
    data = make_zip({"a.pdf": os.urandom(2000), "b.pdf": b"good"})
    broken = data[:500] + b"\x00" * 50 + data[550:]
    found = read(broken)
    assert isinstance(found["a!/a.pdf"], DamagedSourceError)
    assert found["a!/b.pdf"] == b"good"


def test_a_damaged_member_of_a_7z_archive_leaves_those_before_it() -> None:
    # What is packed together is checked together, so those after it in the same block are lost with it.
    py7zr = pytest.importorskip("py7zr", reason="7-Zip archives need the extra 'archives'")
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", filters=[{"id": py7zr.FILTER_COPY}]) as archive:
        archive.writestr(b"a" * 2000, "a.pdf")
        archive.writestr(b"b" * 2000, "b.pdf")
    data = bytearray(buffer.getvalue())
    data[data.index(b"bbbb") + 100] ^= 1
    found = read(bytes(data))
    assert found["a!/a.pdf"] == b"a" * 2000
    assert isinstance(found["a!/b.pdf"], DamagedSourceError)


@pytest.mark.parametrize("kind", MAKERS)
def test_an_archive_that_is_cut_off_says_so(kind: str) -> None:
    data = MAKERS[kind]({f"{n}.pdf": os.urandom(3000) for n in range(8)})
    found = read(data[: len(data) // 2], kind)
    assert any(isinstance(content, DamagedSourceError) for content in found.values())
    assert kind in str(next(c for c in found.values() if isinstance(c, DamagedSourceError)))


def test_an_archive_within_an_archive_that_is_damaged_costs_only_itself() -> None:
    found = read(make_zip({"inner.zip": make_zip({"x.pdf": b"x"})[:-30], "b.pdf": b"b"}))
    assert isinstance(found["a!/inner.zip"], DamagedSourceError)
    assert found["a!/b.pdf"] == b"b"


def test_limits() -> None:
    bomb = {"a.pdf": bytes(17_000_000)}
    few = {f"{n}.pdf": b"x" * 100 for n in range(5)}
    for kind, make in MAKERS.items():
        data = make(bomb)
        if kind != "a.tar":  # which packs nothing
            assert any(isinstance(c, LimitExceededError) and "max_ratio" in str(c) for c in read(data).values()), kind
        (error,) = read(data, max_ratio=1e6, max_bytes=1_000_000).values()
        assert isinstance(error, LimitExceededError)
        assert "source.max_bytes" in str(error)
        found = list(read(make(few), max_members=3).values())
        assert found[:3] == [b"x" * 100] * 3
        assert isinstance(found[3], LimitExceededError)
        assert len(found) == 4
        found = list(read(make(few), max_inflated_bytes=250).values())
        assert sum(isinstance(content, LimitExceededError) for content in found) == 1
        assert len(found) <= 3


def test_depth() -> None:
    data = make_zip({"x.pdf": b"x"})
    for level in range(3):
        data = make_zip({f"{level}.zip": data, f"{level}.txt": b"t"})
    found = read(data, max_depth=3)
    assert isinstance(found["a!/2.zip!/1.zip!/0.zip"], LimitExceededError)
    assert found["a!/2.zip!/1.zip!/0.txt"] == b"t"
    assert isinstance(read(data, max_depth=4)["a!/2.zip!/1.zip!/0.zip!/x.pdf"], bytes)


def zip_crypto(content: bytes, password: bytes) -> bytes:
    """A ZIP archive encrypted in the traditional way (APPNOTE 6.1)."""
    import zlib

    table = [0] * 256
    for n in range(256):
        value = n
        for _ in range(8):
            value = (value >> 1) ^ 0xEDB88320 if value & 1 else value >> 1
        table[n] = value
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = table[(keys[0] ^ byte) & 255] ^ (keys[0] >> 8)
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = table[(keys[2] ^ (keys[1] >> 24)) & 255] ^ (keys[2] >> 8)

    for byte in password:
        update(byte)
    crc = zlib.crc32(content)
    out = bytearray()
    for byte in bytes(11) + bytes([crc >> 24]) + content:
        key = keys[2] | 2
        out.append(byte ^ (((key * (key ^ 1)) >> 8) & 255))
        update(byte)
    plain = raw_zip({b"a.pdf": bytes(out)}, flag=1)
    wrong, right = zlib.crc32(bytes(out)).to_bytes(4, "little"), crc.to_bytes(4, "little")
    size = len(out).to_bytes(4, "little")
    return plain.replace(wrong + size + size, right + size + len(content).to_bytes(4, "little"))


def test_an_encrypted_zip_archive() -> None:
    data = zip_crypto(b"content", RIGHT.encode("gbk"))
    (error,) = read(data).values()
    assert isinstance(error, EncryptedSourceError)
    assert "--password" in str(error)
    assert isinstance(read(data, password=WRONG)["a!/a.pdf"], EncryptedSourceError)
    assert read(data, password=RIGHT) == {"a!/a.pdf": b"content"}


def test_zip_with_aes_names_the_remedy() -> None:
    data = raw_zip({b"a.pdf": b"x" * 40}, flag=1).replace(b"\x14\x00\x01\x00\x00\x00", b"\x14\x00\x01\x00\x63\x00")
    error = read(data, password=RIGHT)["a!/a.pdf"]
    assert isinstance(error, EncryptedSourceError)
    assert "AES" in str(error)


def test_an_encrypted_7z_archive() -> None:
    data = make_7z({"a.pdf": b"content"}, RIGHT)
    (error,) = read(data).values()
    assert isinstance(error, EncryptedSourceError)
    assert all(isinstance(content, EncryptedSourceError) for content in read(data, password=WRONG).values())
    assert read(data, password=RIGHT) == {"a!/a.pdf": b"content"}


def test_a_7z_archive_without_the_extra_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    (error,) = read(b"7z\xbc\xaf\x27\x1c" + bytes(40)).values()
    assert isinstance(error, MissingExtraError)
    assert "ocr-pipeline[archives]" in str(error)
