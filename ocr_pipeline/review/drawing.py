"""A page drawn anew from its source, upright as the report knows it, where no picture of it was saved.

The source may be hostile, and a drawing library may crash on it or never end: it is drawn in a process of its own, and
only if it is the very file, by its hash, that the report was made from.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import secrets
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.document import Page
from ocr_pipeline.errors import DamagedSourceError, OcrPipelineError

__all__ = ["Artist", "Drawing", "draw"]

_QUALITY = 80
_WIDEST = 16_383
"""Pixels of a WebP picture's side at most."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be drawn: a page of a source, at a resolution in pixels per inch of the upright page."""

    source: Path
    sha256: str
    page: Page
    dpi: float
    target: Path


def draw(wanted: Drawing) -> None:
    """Draw a page and write it as WebP, whole or not at all.

    Raises:
        SourceError: the source cannot be opened, is another file than the report was made from, or has no such page.
        OSError: the picture cannot be written.
    """
    import cv2
    import numpy as np
    from PIL import Image

    from ocr_pipeline.geometry import Transform
    from ocr_pipeline.source import open_source

    content = wanted.source.read_bytes()
    if hashlib.sha256(content).hexdigest() != wanted.sha256:
        raise DamagedSourceError("another file than the report was made from", source=wanted.source)
    page = wanted.page
    scale = min(wanted.dpi / page.dpi, _WIDEST / max(page.width, page.height))
    with open_source(content, name=wanted.source.name) as opened:
        if page.index >= len(opened.pages):
            raise DamagedSourceError("it has no such page", source=wanted.source, page=page.index)
        shown = opened.pages[page.index]
        drawn = shown.render(wanted.dpi)
        height, width = drawn.shape[:2]
        to_drawn = Transform.scaling(width / shown.width, height / shown.height)
    # From pixels of the picture to those of the raster, to the source page, to what was drawn of it.
    way = Transform.scaling(1 / scale).then(page.transform).then(to_drawn)
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    upright = cv2.warpPerspective(drawn, way.as_array(), size, flags=flags, borderValue=(255, 255, 255))
    wanted.target.parent.mkdir(parents=True, exist_ok=True)
    part = wanted.target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        Image.fromarray(np.asarray(upright, dtype=np.uint8)).save(part, format="WEBP", quality=_QUALITY)
        part.replace(wanted.target)
    finally:
        part.unlink(missing_ok=True)


class Artist:
    """Draws pages one after the other in a process of its own, which is started when it is first needed.

    Args:
        seconds: longest time for one page; the process is ended then.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def draw(self, wanted: Drawing) -> None:
        """See ``draw``.

        Raises:
            OcrPipelineError: also when the drawing crashed, or took too long.
        """
        with self._lock:
            if wanted.target.is_file():  # by somebody who waited before us
                return
            if self._pool is None:
                # A fork of a server with threads may inherit a lock that nobody will open.
                self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
            try:
                self._pool.submit(draw, wanted).result(timeout=self._seconds)
            except NoAnswer:
                self._end()
                raise OcrPipelineError("drawing the page took too long", remedy="open the document itself") from None
            except BrokenProcessPool:
                self._end()
                raise OcrPipelineError("drawing the page crashed", remedy="open the document itself") from None
            except OSError as error:
                raise OcrPipelineError(f"the page cannot be drawn: {error.strerror or error}") from error

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._pool is None:
            return
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None
