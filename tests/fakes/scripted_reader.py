"""A reader that does what a document's name tells it to, in place of ``pipeline.Reader``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ocr_pipeline.document import Document, FormMatch, PageImage, SourceInfo, Status, Value
from ocr_pipeline.errors import DamagedSourceError, EncryptedSourceError, SourceNotFoundError
from ocr_pipeline.geometry import Transform
from ocr_pipeline.report import Report, StageError, Versions

Progress = Callable[[int, int], None]


def _blank_page() -> PageImage:
    paper = np.full((120, 90, 3), 255, dtype=np.uint8)
    return PageImage(
        index=0, color=paper, gray=paper[:, :, 0], dpi=100, transform=Transform.identity(), source_size=(90, 120)
    )


class ScriptedReader:
    """``damaged.pdf`` is damaged, ``locked.pdf`` opens with the word ``open``, ``bug.pdf`` trips over a bug,
    ``formless.pdf`` matches no form, ``torn.pdf`` loses a page, ``stopped.pdf`` is interrupted; others hold one value.
    """

    def __init__(self, settings: object = None, models_folder: Path | None = None) -> None:
        self.models_folder = models_folder

    def read(
        self,
        source: Path | bytes,
        *,
        name: str | None = None,
        password: str | None = None,
        progress: Progress | None = None,
        debug_dir: Path | None = None,
        on_image: Callable[[PageImage], None] | None = None,
    ) -> Report:
        if isinstance(source, bytes):
            content, source = source, Path(name or "")
            self._play(source, password)
        else:
            self._play_path(source)
            self._play(source, password)
            content = source.read_bytes()
        if progress is not None:
            progress(1, 1)
        if on_image is not None:
            on_image(_blank_page())
        if debug_dir is not None:
            debug_dir.mkdir(parents=True)
            (debug_dir / "page-1.png").write_bytes(b"")
        value = Value(id="applications/1/natural", value=7, raw="7", status=Status.READ, confidence=0.9)
        return Report(
            document=Document(
                source=SourceInfo(
                    name=source.name,
                    kind="pdf",
                    sha256=hashlib.sha256(content).hexdigest(),
                    size=len(content),
                    page_count=1,
                )
            ),
            values=(value,),
            matches=()
            if source.stem == "formless"
            else (FormMatch(table="t1", form="B", part="applications", score=0.9),),
            errors=(StageError(stage="text", category="NoTextError", message="page is torn", page=1),)
            if source.stem == "torn"
            else (),
            versions=Versions(program="0"),
        )

    def _play_path(self, source: Path) -> None:
        if not source.exists():
            raise SourceNotFoundError("no such file", source=source)

    def _play(self, source: Path, password: str | None) -> None:
        if source.stem == "damaged":
            raise DamagedSourceError("cut off", source=source)
        if source.stem == "locked" and password != "open":  # noqa: S105
            raise EncryptedSourceError("is encrypted", source=source)
        if source.stem == "bug":
            raise ZeroDivisionError("division by zero")
        if source.stem == "stopped":
            raise KeyboardInterrupt
