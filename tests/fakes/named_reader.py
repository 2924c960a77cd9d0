"""A reader for batches that does in its worker process what a document's name says, and otherwise reads its content.

It is made in the workers, so it and what makes it can be pickled.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from ocr_pipeline.batch.shared_models import Ask
from ocr_pipeline.document import Document, FormMatch, Page, PageImage, SourceInfo, Status, Value
from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError
from ocr_pipeline.geometry import Transform
from ocr_pipeline.report import Report, StageError, Versions
from tests.fakes.named_models import NamedModels


class NamedReader:
    """Takes ``seconds`` for a page; the content of a document is its number of pages and its only value.

    ``hang`` never comes back, ``crash`` ends the process, ``segfault`` does so inside a library, ``eat-memory`` takes
    ever more, ``damaged`` is damaged, ``bug`` trips over a bug, ``torn`` loses a page, ``formless`` matches no form,
    ``slow`` takes a second a page. Where there are models to ask, they are asked for each page; see ``NamedModels``.
    """

    def __init__(self, seconds: float, ask: Ask | None = None) -> None:
        self._seconds = seconds
        self._ask = ask

    def read(
        self,
        source: Path,
        *,
        name: str | None = None,
        password: str | None = None,
        progress: Callable[[int, int], None] | None = None,
        on_image: Callable[[PageImage], None] | None = None,
    ) -> Report:
        if not source.exists():
            raise SourceNotFoundError("no such file", source=name)
        content = source.read_bytes()
        stem = PurePosixPath(name or source.name).stem
        self._play(stem)
        digits = "".join(c for c in content.decode("utf-8", "replace") if c.isdigit())[:6] or "0"
        pages = int(digits) % 3 + 1
        white = np.full((100, 100, 3), 255, np.uint8)
        for page in range(pages):
            time.sleep(1.0 if stem.startswith("slow") else self._seconds)
            if self._ask is not None:
                wishes = [f"{stem} {page}", stem]
                assert self._ask(wishes) == [f"read {wish}" for wish in wishes]
            if progress is not None:
                progress(page + 1, pages)
            if on_image is not None:
                on_image(PageImage(page, white, white[..., 0], 200.0, Transform.identity(), (36.0, 36.0)))
        return _report(name or source.name, content, int(digits), pages, stem)

    def _play(self, stem: str) -> None:
        if stem.startswith("hang"):
            time.sleep(3600)
        elif stem.startswith("crash"):
            os._exit(3)
        elif stem.startswith("segfault"):
            ctypes.string_at(0)
        elif stem.startswith("eat-memory"):
            eaten = []
            while True:
                eaten.append(b"x" * 20_000_000)
                time.sleep(0.01)
        elif stem.startswith("damaged"):
            raise DamagedSourceError("cut off")
        elif stem.startswith("bug"):
            raise ZeroDivisionError("division by zero")


@dataclass(frozen=True)
class NamedReaders:
    """Makes them; ``version`` is the fingerprint."""

    seconds: float = 0.0
    version: str = "first"

    def fingerprint(self) -> str:
        return self.version

    def make(self, ask: Ask | None = None) -> NamedReader:
        return NamedReader(self.seconds, ask)

    def models(self) -> NamedModels:
        return NamedModels()


def _report(name: str, content: bytes, value: int, pages: int, stem: str) -> Report:
    source = SourceInfo(
        name=name, kind="pdf", sha256=hashlib.sha256(content).hexdigest(), size=len(content), page_count=pages
    )
    size = {"width": 100, "height": 100, "source_width": 36.0, "source_height": 36.0}
    sheets = tuple(Page(index=n, dpi=200.0, transform=Transform.identity(), **size) for n in range(pages))
    return Report(
        document=Document(source=source, title="Report", pages=sheets),
        values=(Value(id="applications/1/natural", value=value, raw=str(value), status=Status.READ, confidence=0.9),),
        matches=()
        if stem.startswith("formless")
        else (FormMatch(table="t1", form="B", part="applications", score=0.9),),
        errors=(StageError(stage="text", category="NoTextError", message="page is torn", page=1),)
        if stem.startswith("torn")
        else (),
        versions=Versions(program="0"),
        timings={"text": 0.01},
    )
