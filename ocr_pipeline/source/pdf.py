"""PDF documents through pdfium.

pdfium is not thread-safe, and that holds for a whole process: see ``Source``.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from ocr_pipeline.document import Finding, Severity
from ocr_pipeline.errors import DamagedSourceError, EmptySourceError, EncryptedSourceError, LimitExceededError
from ocr_pipeline.source.document_source import Source
from ocr_pipeline.source.opening import Request
from ocr_pipeline.source.options import SourceOptions
from ocr_pipeline.source.pdf_pictures import covering_dpi, is_cut_off, pictures_of
from ocr_pipeline.source.pdf_text import characters_of, leave_out_text
from ocr_pipeline.text_layer import TextLayer

__all__ = ["PdfPage", "open_pdf"]

_POINTS_PER_INCH = 72.0
_OBJECT_START = re.compile(rb"(?<!\d)(\d{1,10})\s+(\d{1,5})\s+obj\b")
_REFERENCE = re.compile(rb"(?<!\d)(\d{1,10})\s+(\d{1,5})\s+R\b")
_STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_NO_PAGES = re.compile(rb"/Count\s+0\b")
_A_PAGE = re.compile(rb"/Type\s*/Page\b")


def open_pdf(request: Request) -> Source:
    """Open a PDF; pages are loaded one by one as they are used.

    Raises:
        DamagedSourceError: it cannot be opened, or is cut off and has lost some of its content.
        EmptySourceError: it has no pages.
        EncryptedSourceError: the password is missing or wrong.
        LimitExceededError: too many pages.
    """
    cut = _is_cut_off(request.data)
    try:
        document = pypdfium2.PdfDocument(request.data, password=request.password)
    except pypdfium2.PdfiumError as error:
        raise _refusal(request, error.err_code, cut) from error
    # What was filled in into fields is drawn only then; where it fails, the rest of the page is there all the same.
    with contextlib.suppress(pypdfium2.PdfiumError):
        document.init_forms()
    try:
        request.check_page_count(len(document))
        if cut and _has_lost_objects(request.data):
            raise DamagedSourceError(
                "the PDF is cut off: its end is missing, and with it some of its content", source=request.name
            )
        findings = request.findings()
        if cut:
            message = "the PDF is cut off at its end; all of its content seems to be there"
            findings += (Finding(code="cut-off-source", severity=Severity.WARNING, message=message),)
        pages = tuple(PdfPage(document, i, request.name, request.options) for i in range(len(document)))
        return Source(request.info(len(pages)), pages, findings=findings, close=document.close)
    except BaseException:
        document.close()
        raise


def _refusal(request: Request, code: int | None, cut: bool) -> Exception:
    # For a file without pages pdfium leaves the error of the file before it, so a password must have a reason.
    if code == pdfium_c.FPDF_ERR_PASSWORD and b"/Encrypt" in request.data:
        if request.password is None:
            return EncryptedSourceError(
                "the PDF is encrypted and needs a password", remedy="give it with --password", source=request.name
            )
        return EncryptedSourceError("the password is wrong", source=request.name)
    if code == pdfium_c.FPDF_ERR_SECURITY and b"/Encrypt" in request.data:
        return EncryptedSourceError(
            "the PDF is protected in a way that is not supported",
            remedy="save a copy without protection",
            source=request.name,
        )
    if cut:
        return DamagedSourceError("the PDF is cut off: its end is missing", source=request.name)
    if _NO_PAGES.search(request.data) and not _A_PAGE.search(request.data):
        return EmptySourceError("the PDF has no pages", source=request.name)
    return DamagedSourceError("the PDF is damaged and cannot be opened", source=request.name)


def _is_cut_off(data: bytes) -> bool:
    """Whether the last revision of the file has no end mark. Junk after the mark does not matter."""
    end = data.rfind(b"%%EOF")
    return end < 0 or _OBJECT_START.search(data, end) is not None


def _has_lost_objects(data: bytes) -> bool:
    """Whether a cut-off file ends within an object, or refers to objects that it does not have.

    Objects inside compressed object streams are not seen; with such streams only the first check holds.
    """
    starts = list(_OBJECT_START.finditer(data))
    if not starts or data.find(b"endobj", starts[-1].start()) < 0:
        return True
    if b"/ObjStm" in data:
        return False
    plain = _STREAM.sub(b"", data)
    return not {m.groups() for m in _REFERENCE.finditer(plain)} <= {m.groups() for m in starts}


@dataclass(frozen=True, slots=True)
class _Facts:
    width: float
    height: float
    native_dpi: float | None


class PdfPage:
    """One page of a PDF (a ``SourcePage``); its attributes raise SourceError where the page is broken."""

    unit: Literal["pt"] = "pt"

    def __init__(self, document: pypdfium2.PdfDocument, index: int, name: str, options: SourceOptions) -> None:
        self.index = index
        self._document = document
        self._name = name
        self._options = options
        self._known: _Facts | None = None

    @property
    def width(self) -> float:
        """Width in points, after the page's own rotation."""
        return self._facts().width

    @property
    def height(self) -> float:
        """Height in points, after the page's own rotation."""
        return self._facts().height

    @property
    def native_dpi(self) -> float | None:
        """Resolution of the scan that covers the page; None for a drawn page."""
        return self._facts().native_dpi

    def render(self, dpi: float) -> NDArray[np.uint8]:
        """The page as displayed, on white: height x width x 3, uint8, RGB; see ``SourcePage.render``."""
        return self._rendered(dpi)

    def render_without_text(self, dpi: float) -> NDArray[np.uint8] | None:
        """The drawn page with its text left out; None for a scan. See ``SourcePage.render_without_text``."""
        return None if self._facts().native_dpi is not None else self._rendered(dpi, text=False)

    def _rendered(self, dpi: float, *, text: bool = True) -> NDArray[np.uint8]:
        facts = self._facts()
        scale = dpi / _POINTS_PER_INCH
        largest = (self._options.max_raster_pixels / (facts.width * facts.height)) ** 0.5
        scale = min(scale, largest)
        # pdfium rounds sizes up, so that a scan of 1654 columns would be stretched to 1655: aim just below.
        columns = max(1, round(facts.width * scale))
        page = self._load()
        try:
            self._check_pictures(page)
            if not text:
                leave_out_text(page)
            bitmap = page.render(scale=(columns - 0.01) / facts.width, rev_byteorder=True, draw_annots=True)
            return np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
        except (pypdfium2.PdfiumError, MemoryError) as error:
            raise self._broken("the page cannot be rendered") from error
        finally:
            page.close()

    def text_layer(self) -> TextLayer | None:
        """The characters of the page, boxes in points as displayed; None where there are none.

        A page whose text cannot be read has none: its pixels are there all the same.
        """
        facts = self._facts()
        page = self._load()
        try:
            return characters_of(page, facts.width, facts.height, drawn=facts.native_dpi is None)
        except pypdfium2.PdfiumError:
            return None
        finally:
            page.close()

    def _facts(self) -> _Facts:
        if self._known is None:
            page = self._load()
            try:
                self._known = self._measure(page)
            except pypdfium2.PdfiumError as error:
                raise self._broken("the page cannot be read") from error
            finally:
                page.close()
        return self._known

    def _load(self) -> Any:
        try:
            return self._document[self.index]
        except pypdfium2.PdfiumError as error:
            raise self._broken("the page is missing or broken") from error

    def _measure(self, page: Any) -> _Facts:
        width, height = page.get_size()
        if width < 1 or height < 1:
            raise self._broken(f"the page has no size ({width:g} x {height:g} points)")
        if max(width, height) > self._options.max_page_points:
            raise self._too_large(
                f"the page is {width:,.0f} x {height:,.0f} points,"
                f" and at most {self._options.max_page_points:,.0f} are allowed",
                "source.max_page_points",
            )
        pictures = [picture for picture, _ in pictures_of(page)]
        for picture in pictures:
            if picture.pixels > self._options.max_image_pixels:
                raise self._too_large(
                    f"the page holds a picture of {picture.pixels:,} pixels,"
                    f" and at most {self._options.max_image_pixels:,} are allowed",
                    "source.max_image_pixels",
                )
        return _Facts(width, height, covering_dpi(pictures, width * height))

    def _check_pictures(self, page: Any) -> None:
        if any(is_cut_off(item) for _, item in pictures_of(page)):
            raise self._broken("a picture on the page is cut off")

    def _broken(self, message: str) -> DamagedSourceError:
        return DamagedSourceError(message, source=self._name, page=self.index)

    def _too_large(self, message: str, setting: str) -> LimitExceededError:
        remedy = f"scale the page down, or raise {setting}"
        return LimitExceededError(message, remedy=remedy, source=self._name, page=self.index)
