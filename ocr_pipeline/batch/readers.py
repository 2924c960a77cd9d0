"""What a worker reads with, and what tells one way of reading from another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ocr_pipeline.resources import data_folder

if TYPE_CHECKING:
    from ocr_pipeline.batch.gathering import Work
    from ocr_pipeline.batch.shared_models import Ask
    from ocr_pipeline.document import PageImage
    from ocr_pipeline.report import Report
    from ocr_pipeline.settings import Settings

__all__ = ["DocumentReader", "PipelineReaders", "Readers"]


class DocumentReader(Protocol):
    """Reads one document after the other; ``pipeline.Reader`` does."""

    def read(
        self,
        source: Path,
        *,
        name: str | None = None,
        password: str | None = None,
        progress: Callable[[int, int], None] | None = None,
        on_image: Callable[[PageImage], None] | None = None,
    ) -> Report:
        """The report on one document; see ``pipeline.Reader.read``."""
        ...


class Readers(Protocol):
    """Makes the reader of a worker; travels to the workers, so it has to be picklable."""

    def fingerprint(self) -> str:
        """SHA-256 of all that a report depends on beside its document.

        Raises:
            OcrPipelineError: something that reading needs is missing.
        """
        ...

    def make(self, ask: Ask | None = None) -> DocumentReader:
        """A reader, in the process that uses it; with ``ask``, its models are those of another process."""
        ...

    def models(self) -> Work[Any, Any]:
        """The models of several readers, in the process that holds them."""
        ...


@dataclass(frozen=True)
class PipelineReaders:
    """Readers of the pipeline.

    Attributes:
        settings: of every stage.
        models_folder: searched before the installed packages.
        threads: of a worker's models; the report names the configuration without them.
    """

    settings: Settings
    models_folder: Path | None = None
    threads: int = 1

    def fingerprint(self) -> str:
        """SHA-256 of the program's version, the hashes of models and forms, and the settings.

        Raises:
            WeightsError: a model is missing or altered.
            ConfigurationError: the settings name a model that does not exist.
        """
        from ocr_pipeline import __version__
        from ocr_pipeline.pipeline import Reader
        from ocr_pipeline.weights import resolve

        versions = Reader(self.settings, models_folder=self.models_folder).versions
        for model in versions.models:
            resolve(model, self.models_folder)
        parts = {
            "program": __version__,
            "models": versions.models,
            "configuration": versions.configuration,
            "forms": {
                form.name: hashlib.sha256(form.read_bytes()).hexdigest()
                for form in sorted((data_folder("configs") / "templates").glob("*.yaml"))
            },
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def make(self, ask: Ask | None = None) -> DocumentReader:
        """A reader with so many threads, its models not loaded yet."""
        import cv2

        from ocr_pipeline.batch.shared_models import ModelsOfAnother
        from ocr_pipeline.pipeline import Reader

        cv2.setNumThreads(self.threads)
        shared = None if ask is None else ModelsOfAnother(ask)
        return Reader(self.settings, self.models_folder, threads=self.threads, shared=shared)

    def models(self) -> Work[Any, Any]:
        """Those that read text."""
        from ocr_pipeline.batch.shared_models import TextWork

        return TextWork(self.settings.text, self.models_folder)
