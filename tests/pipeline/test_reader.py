"""The way of a document with fakes for models: what one page does to the others, and what comes out when all fail."""

from __future__ import annotations

import io
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from layoutparser import Layout
from PIL import Image

from ocr_pipeline.engine import Recognizer
from ocr_pipeline.errors import DependencyError, NoTextError, OcrPipelineError
from ocr_pipeline.geometry import Box
from ocr_pipeline.pipeline import Reader, reader
from ocr_pipeline.report import Versions
from ocr_pipeline.settings import Settings
from ocr_pipeline.templates import load_templates
from ocr_pipeline.text.load import TextEngine
from tests.fakes.crashing_recognizer import CrashingRecognizer
from tests.fakes.empty_recognizer import EmptyRecognizer
from tests.fakes.scripted_detector import ScriptedDetector
from tests.fakes.scripted_viewer import ScriptedViewer

LINE = Box(80, 80, 320, 110)


class NoRegions:
    def detect(self, image: np.ndarray) -> Layout:
        return Layout([])


@pytest.fixture
def reader_with(monkeypatch):
    """A reader whose recogniser is given; every page has one line, and no model is loaded."""

    def make(
        recognizer: Recognizer, threads: int = 1, viewer: ScriptedViewer | None = None, *, aligned: bool = False
    ) -> Reader:
        models = SimpleNamespace(
            text=TextEngine(ScriptedDetector([LINE]), recognizer),
            detector=NoRegions(),
            orienter=None,
            viewer=viewer,
            templates=load_templates(),
            versions=Versions(program="0", models={}, configuration="0" * 64),
            load_for_pages=lambda: None,
        )
        monkeypatch.setattr(reader, "Models", lambda *_: models)
        seen = "false" if viewer is None else "true"
        switches = [f"tables.page_net={seen}", "layout.page_net=false", f"tables.aligned={str(aligned).lower()}"]
        settings = Settings.load(overrides=switches)
        return Reader(settings, threads=threads)

    return make


def document(pages: int) -> bytes:
    """A TIFF of pages with one bar of ink each, where a line would be."""
    sheet = np.full((600, 400), 255, np.uint8)
    sheet[90:100, 100:300:3] = 0
    first, *others = (Image.fromarray(sheet) for _ in range(pages))
    stream = io.BytesIO()
    first.save(stream, "TIFF", save_all=True, append_images=others, dpi=(100, 100))
    return stream.getvalue()


def test_a_page_that_fails_costs_itself_only(reader_with) -> None:
    done: list[tuple[int, int]] = []
    shown: list[int] = []
    report = reader_with(CrashingRecognizer(at=1, text="正文")).read(
        document(3),
        name="report.tif",
        progress=lambda number, count: done.append((number, count)),
        on_image=lambda image: shown.append(image.index),
    )
    assert not report.ok
    assert [(e.stage, e.category, e.page) for e in report.errors] == [("text", "RuntimeError", 1)]
    assert [page.index for page in report.pages] == shown == [0, 2]
    assert [line.text for page in report.pages for region in page.regions for line in region.lines] == ["正文"] * 2
    assert done == [(1, 3), (2, 3), (3, 3)]


def test_pages_come_in_order_whoever_reads_them(reader_with) -> None:
    report = reader_with(CrashingRecognizer(at=99, text="正文"), threads=4).read(document(6), name="report.tif")
    assert report.ok
    assert [page.index for page in report.pages] == list(range(6))


def test_the_first_failure_is_raised_where_no_page_can_be_read(reader_with) -> None:
    with pytest.raises(RuntimeError, match="the runtime gave up"):
        reader_with(CrashingRecognizer(at=0)).read(document(1), name="report.tif")


def test_print_that_only_the_page_network_sees_is_remarked_upon(reader_with) -> None:
    """The detector finds one line of two; the other one would be lost without a word."""
    read, lost = Box(330, 315, 785, 368), Box(160, 500, 640, 540)
    viewer = ScriptedViewer({"line": [read, lost]}, (800, 1200))
    report = reader_with(CrashingRecognizer(at=99, text="正文"), viewer=viewer).read(document(1), name="report.tif")
    (found,) = [finding for finding in report.findings if finding.code == "unread-print"]
    assert (found.page, found.severity.value) == (0, "warning")
    assert found.box is not None
    assert found.box.iou(lost.scaled(0.5)) > 0.8


class LookingViewer(ScriptedViewer):
    """Keeps what it is shown."""

    def look(self, color, dpi: float):
        self.shown = [*getattr(self, "shown", []), color]
        return super().look(color, dpi)


@pytest.mark.parametrize("stamped", [False, True])
def test_the_page_network_looks_at_a_sealed_page_without_its_seals_too(reader_with, stamped: bool) -> None:
    sheet = np.full((600, 400, 3), 255, np.uint8)
    sheet[90:100, 100:300:3] = 0
    if stamped:
        cv2.circle(sheet, (200, 400), 70, (215, 60, 60), 8)
    stream = io.BytesIO()
    Image.fromarray(sheet).save(stream, "PNG", dpi=(100, 100))
    viewer = LookingViewer({}, (800, 1200))
    reader = reader_with(CrashingRecognizer(at=99, text="正文"), viewer=viewer, aligned=True)
    reader.read(stream.getvalue(), name="report.png")
    red = [int((color[..., 0].astype(int) - color[..., 1] > 60).sum()) for color in viewer.shown]
    assert [count > 0 for count in red] == ([True, False] if stamped else [False])


def test_pages_without_text_are_no_report(reader_with) -> None:
    with pytest.raises(NoTextError, match=r"report\.tif: no text on any page"):
        reader_with(EmptyRecognizer()).read(document(2), name="report.tif")


@pytest.mark.parametrize("error", [DependencyError("no runtime"), MemoryError("full")])
def test_what_every_page_would_meet_ends_the_document(reader_with, error: OcrPipelineError | MemoryError) -> None:
    with pytest.raises(type(error), match=str(error.args[0])):
        reader_with(CrashingRecognizer(error, at=1, text="正文")).read(document(3), name="report.tif")
