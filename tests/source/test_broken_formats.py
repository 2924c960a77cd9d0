"""Every format broken in five ways: cut off, wrong inside, a part missing, of absurd size, behind a password.

Web pages, text and pictures know no password; they get a fifth fault of their own. The folders of each format test
the same and more in detail; this table is the promise that none of the combinations is forgotten.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from ocr_pipeline.errors import (
    DamagedSourceError,
    EmptySourceError,
    EncryptedSourceError,
    LimitExceededError,
    OcrPipelineError,
    UnknownFormatError,
)
from ocr_pipeline.evaluation.synthetic.ofd import ofd_bytes
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.web import write_html
from ocr_pipeline.evaluation.synthetic.word import write_docx
from ocr_pipeline.source import SourceOptions, open_source
from tests.source.conftest import bomb_pdf, drawn_pdf, encrypted_pdf, jpeg_bytes, scanned_pdf
from tests.source.web.test_mht import mht
from tests.source.word.test_broken import ole_bytes

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
USUAL = SourceOptions()
SMALL = SourceOptions(max_bytes=2_000)


@dataclass(frozen=True)
class Fault:
    """What is wrong, and what opening the document and drawing its pages must raise or remark."""

    data: Callable[[Whole], bytes]
    expected: type[OcrPipelineError] | str
    options: SourceOptions = USUAL


@dataclass(frozen=True)
class Whole:
    """One document in each form, nothing wrong with it."""

    docx: bytes
    ofd: bytes
    html: bytes


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    drawn: SyntheticReport = draw_report(3, form="B", content=ContentOptions(year=2022))
    docx = write_docx(drawn, folder / "a.docx").read_bytes()
    return Whole(docx, ofd_bytes(drawn), write_html(drawn, folder / "a.html").read_bytes())


def repacked(data: bytes, *, without: str = "", change: tuple[str, bytes, bytes] = ("", b"", b"")) -> bytes:
    """A ZIP package without a member, or with bytes of one replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        assert without in ("", *old.namelist())
        for name in old.namelist():
            content = old.read(name)
            if name == change[0]:
                assert change[1] in content
                content = content.replace(change[1], change[2])
            if name != without:
                new.writestr(name, content)
    return buffer.getvalue()


def locked(data: bytes) -> bytes:
    """The package with the encryption flag set on every member, in both of its tables."""
    changed = re.sub(rb"(PK\x03\x04..)(.)", lambda m: m[1] + bytes([m[2][0] | 1]), data, flags=re.DOTALL)
    return re.sub(rb"(PK\x01\x02....)(.)", lambda m: m[1] + bytes([m[2][0] | 1]), changed, flags=re.DOTALL)


def image(form: str, side: int = 300) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((side, side), 60).save(buffer, form)
    return buffer.getvalue()


def tables(rows: int, columns: int) -> bytes:
    row = f"<tr><td colspan={columns}>1</td></tr>"
    return f"<html><body><p>年报</p><table>{row * rows}</table></body></html>".encode()


FAULTS: dict[str, Fault] = {
    "pdf: cut": Fault(lambda _: scanned_pdf(jpeg_bytes())[:3000], DamagedSourceError),
    "pdf: wrong inside": Fault(lambda _: scanned_pdf(b"\xff\xd8no picture"), DamagedSourceError),
    "pdf: part missing": Fault(lambda _: drawn_pdf(pages=0), EmptySourceError),
    "pdf: absurd size": Fault(lambda _: bomb_pdf(60_000), LimitExceededError),
    "pdf: password": Fault(lambda _: encrypted_pdf(b"secret"), EncryptedSourceError),
    "png: cut": Fault(lambda _: image("PNG")[:9000], DamagedSourceError),
    "png: wrong inside": Fault(lambda _: image("PNG").replace(b"IDAT", b"IDAX"), DamagedSourceError),
    "png: part missing": Fault(lambda _: image("PNG")[:16], DamagedSourceError),
    "png: absurd size": Fault(lambda _: image("PNG"), LimitExceededError, SourceOptions(max_page_pixels=200)),
    "png: too many bytes": Fault(lambda _: image("PNG"), LimitExceededError, SMALL),
    "tiff: cut": Fault(lambda _: image("TIFF")[:9000], DamagedSourceError),
    "tiff: wrong inside": Fault(lambda _: b"II*\0" + b"\xff" * 400, DamagedSourceError),
    "tiff: part missing": Fault(lambda _: image("TIFF")[:8], DamagedSourceError),
    "tiff: absurd size": Fault(lambda _: image("TIFF"), LimitExceededError, SourceOptions(max_image_pixels=20_000)),
    "tiff: too many bytes": Fault(lambda _: image("TIFF"), LimitExceededError, SMALL),
    "docx: cut": Fault(lambda whole: whole.docx[: len(whole.docx) // 2], DamagedSourceError),
    "docx: wrong inside": Fault(
        lambda whole: repacked(whole.docx, change=("word/document.xml", b"</w:body>", b"</w:bod>")), DamagedSourceError
    ),
    "docx: part missing": Fault(lambda whole: repacked(whole.docx, without="word/document.xml"), DamagedSourceError),
    "docx: absurd size": Fault(lambda whole: whole.docx, LimitExceededError, SourceOptions(max_unpacked_bytes=4_000)),
    "docx: password": Fault(lambda _: ole_bytes("EncryptedPackage", "EncryptionInfo"), EncryptedSourceError),
    "ofd: cut": Fault(lambda whole: whole.ofd[: len(whole.ofd) // 2], DamagedSourceError),
    "ofd: wrong inside": Fault(
        lambda whole: repacked(whole.ofd, change=("Doc_0/Document.xml", b"</ofd:Pages>", b"")), DamagedSourceError
    ),
    "ofd: part missing": Fault(lambda whole: repacked(whole.ofd, without="Doc_0/Document.xml"), DamagedSourceError),
    "ofd: absurd size": Fault(lambda whole: whole.ofd, LimitExceededError, SourceOptions(max_unpacked_bytes=4_000)),
    "ofd: password": Fault(lambda whole: locked(whole.ofd), EncryptedSourceError),
    "html: cut": Fault(lambda whole: whole.html[: len(whole.html) // 2], "cut-off-source"),
    "html: wrong inside": Fault(lambda _: b"<html><body><script>1</script></body></html>", EmptySourceError),
    "html: part missing": Fault(lambda _: b'<html><body><p>a</p><img src="b_files/1.png"></body>', "absent-pictures"),
    "html: absurd size": Fault(lambda _: tables(2, 10**6), LimitExceededError, SourceOptions(max_table_slots=100)),
    "html: too many bytes": Fault(lambda whole: whole.html, LimitExceededError, SMALL),
    "mht: cut": Fault(lambda _: mht(last=True)[:600], DamagedSourceError),
    "mht: wrong inside": Fault(lambda _: mht().replace(b"text/html", b"text/none"), DamagedSourceError),
    "mht: part missing": Fault(lambda _: mht('<img src="cid:gone@a">'), "absent-pictures"),
    "mht: absurd size": Fault(
        lambda _: mht('<img src="cid:pic@a">' * 20), LimitExceededError, SourceOptions(max_pictures=3)
    ),
    "mht: too many bytes": Fault(lambda _: mht(), LimitExceededError, SourceOptions(max_bytes=100)),
    "text: cut": Fault(lambda _: ("信息公开工作年度报告\n" * 9).encode()[:-2], "cut-off-source"),
    "text: wrong inside": Fault(lambda _: "年报".encode() + bytes(range(32)) * 9, UnknownFormatError),
    "text: part missing": Fault(lambda _: b" \n\t\n ", EmptySourceError),
    "text: absurd size": Fault(lambda _: b"1\t2\n" * 1_000, LimitExceededError, SMALL),
    "text: empty": Fault(lambda _: b"", EmptySourceError),
}
"""What each fault must come to: an error of that class, or a finding of that code."""


def draw(data: bytes, name: str, options: SourceOptions) -> None:
    """A broken page may only show when it is drawn."""
    with open_source(data, name=name, options=options) as source:
        for page in source.pages:
            page.render(72)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named(fault: str, whole: Whole) -> None:
    case = FAULTS[fault]
    name = f"归档/{fault}"
    if isinstance(case.expected, str):
        with open_source(case.data(whole), name=name, options=case.options) as source:
            assert case.expected in {finding.code for finding in source.findings}
        return
    with pytest.raises(case.expected) as caught:
        draw(case.data(whole), name, case.options)
    assert caught.value.source == name
    assert caught.value.remedy


def test_every_format_has_five_faults() -> None:
    formats = [fault.partition(":")[0] for fault in FAULTS]
    assert {form: formats.count(form) for form in formats} == dict.fromkeys(formats, 5)


def test_an_unusable_font_is_remarked(whole: Whole) -> None:
    embedded = ofd_bytes(draw_report(3, form="B", content=ContentOptions(year=2022)), embed=True)
    with open_source(embedded) as source:
        assert source.findings == ()
    with open_source(repacked(embedded, change=("Doc_0/Res/font.otf", b"OTTO", b"none"))) as source:
        assert [finding.code for finding in source.findings] == ["replaced-font"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [(OLE + b"x" * 40, DamagedSourceError), (ole_bytes("EncryptedPackage", "EncryptionInfo"), EncryptedSourceError)],
    ids=["cut", "password"],
)
def test_old_word_files_need_no_office_to_be_refused(
    data: bytes, expected: type[OcrPipelineError], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(expected):
        open_source(data, name="年报.doc")
