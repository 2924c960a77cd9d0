"""Pictures of pages, whole and in pieces: those that were saved with the report, or drawn from its source anew."""

from __future__ import annotations

import hashlib
import io
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.document import Page
from ocr_pipeline.errors import ContentError, OcrPipelineError, SourceNotFoundError
from ocr_pipeline.geometry import Box
from ocr_pipeline.review.drawing import Artist, Drawing
from ocr_pipeline.review.folder import OWN_FOLDER, UPLOADS, document_name, page_picture
from ocr_pipeline.review.opened import OpenReport
from ocr_pipeline.review.options import ReviewOptions

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Pictures"]

_QUALITY = 85
_LARGEST_PIECE = 2400


class Pictures:
    """Safe to use from many threads.

    Args:
        root: the folder of the reports.
        options: how many pictures are kept decoded, and how pages are drawn.
        sources: folders in which the documents may lie that the reports were made from.
    """

    def __init__(self, root: Path, options: ReviewOptions, sources: Sequence[Path] = ()) -> None:
        self._root = root
        self._options = options
        self._sources = (root / UPLOADS, root, root.parent, *sources)
        self._artist = Artist(options.drawing_seconds)
        self._lock = threading.Lock()
        self._decoded: OrderedDict[Path, Image] = OrderedDict()
        self._hashes: dict[tuple[Path, int, int], str] = {}

    def close(self) -> None:
        """End what draws."""
        self._artist.close()

    def file(self, opened: OpenReport, index: int) -> Path:
        """The file with the picture of a page, upright and in the shape of the report's raster.

        Args:
            opened: the report.
            index: the page, from 0.

        Raises:
            ContentError: the document has no such page, or none at all.
            SourceNotFoundError: no picture was saved, and the document is not there any more.
            OcrPipelineError: it cannot be drawn.
        """
        page = self._page(opened, index)
        saved = page_picture(self._root, opened.path, index)
        if saved is not None:
            return saved
        sha256 = opened.report.source.sha256
        target = self._root / OWN_FOLDER / "pages" / sha256 / f"{_fingerprint(page)}-{index + 1:03d}.webp"
        if not target.is_file():
            source = self._source(opened)
            if source is None:
                raise SourceNotFoundError(
                    "there is no picture of this page, and the document is not where it was",
                    source=opened.report.source.name,
                    remedy="read it again with --format json,pages, or say with --sources where the documents are",
                )
            self._artist.draw(Drawing(source, sha256, page, self._options.picture_dpi, target))
        return target

    def piece(self, opened: OpenReport, index: int, box: Box, width: int) -> bytes:
        """A part of a page as WebP.

        Args:
            opened: the report.
            index: the page, from 0.
            box: what to show, on the upright raster; cut to the page.
            width: of the picture in pixels, at most; it is not enlarged.

        Raises:
            ContentError: nothing of the box lies on the page; and see ``file``.
        """
        page = self._page(opened, index)
        cut = box.clipped(page.width, page.height)
        picture = self._decode(self.file(opened, index))
        across, down = picture.width / page.width, picture.height / page.height
        edges = (cut.left * across, cut.top * down, cut.right * across, cut.bottom * down)
        left, top, right, bottom = (round(edge) for edge in edges)
        if right - left < 1 or bottom - top < 1:
            raise ContentError("there is nothing of the page there", page=index, remedy="ask for a part of the page")
        piece = picture.crop((left, top, right, bottom))
        largest = min(width, _LARGEST_PIECE)
        if max(piece.size) > largest:
            piece.thumbnail((largest, largest))
        buffer = io.BytesIO()
        piece.save(buffer, format="WEBP", quality=_QUALITY, method=2)
        return buffer.getvalue()

    def available(self, opened: OpenReport, index: int) -> str:
        """Why there is no picture of a page; empty when there is one, or one can be tried."""
        try:
            self._page(opened, index)
        except ContentError as error:
            return error.message
        if page_picture(self._root, opened.path, index) is not None or self._source(opened) is not None:
            return ""
        return (
            "There is no picture of this page: none was saved with the report, and the document is not where it was. "
            "Read it again with --format json,pages, or say with --sources where the documents are."
        )

    def _page(self, opened: OpenReport, index: int) -> Page:
        page = next((page for page in opened.report.pages if page.index == index), None)
        if page is None:
            kind = opened.report.source.kind
            message = "the document has no such page" if opened.report.pages else f"a {kind} document has no pages"
            raise ContentError(message, page=index, remedy="see the tables as they were read")
        return page

    def _decode(self, file: Path) -> Image:
        import PIL.Image

        with self._lock:
            kept = self._decoded.get(file)
            if kept is not None:
                self._decoded.move_to_end(file)
                return kept
        try:
            with PIL.Image.open(file) as picture:
                decoded: Image = picture.convert("RGB")
        except (OSError, PIL.Image.DecompressionBombError) as error:
            raise OcrPipelineError("the picture of the page is damaged", remedy="read the document again") from error
        with self._lock:
            self._decoded[file] = decoded
            while len(self._decoded) > self._options.open_pictures:
                self._decoded.popitem(last=False)
        return decoded

    def _source(self, opened: OpenReport) -> Path | None:
        """The file that the report was made from, known by its hash."""
        info = opened.report.source
        for file in self._candidates(info.name, info.sha256):
            try:
                seen = file.stat()
                if seen.st_size != info.size or not file.is_file():
                    continue
                if self._hash(file, seen.st_mtime_ns, seen.st_size) == info.sha256:
                    return file
            except OSError:
                continue
        return None

    def _candidates(self, name: str, sha256: str) -> Iterator[Path]:
        plain = document_name(name)
        if plain not in ("", ".", "..") and "\0" not in name:
            yield Path(name)
            for folder in self._sources:
                yield folder / plain
        uploads = self._root / UPLOADS
        if uploads.is_dir():
            yield from uploads.glob(f"{sha256[:12]}/*")

    def _hash(self, file: Path, modified: int, size: int) -> str:
        stamp = (file, modified, size)
        if stamp not in self._hashes:
            with file.open("rb") as stream:
                digest = hashlib.sha256()
                while chunk := stream.read(1 << 20):
                    digest.update(chunk)
            self._hashes[stamp] = digest.hexdigest()
        return self._hashes[stamp]


def _fingerprint(page: Page) -> str:
    """Another reading may have straightened the page otherwise: then it is another picture."""
    facts = (page.width, page.height, page.dpi, page.transform.matrix)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]
