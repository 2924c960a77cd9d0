"""A folder of two reports with page pictures, and a server over it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("fastapi", reason="the extra 'review' is not installed")

from fastapi.testclient import TestClient

from ocr_pipeline.evaluation.synthetic.browser import find_chromium
from ocr_pipeline.report import Report, write_report
from ocr_pipeline.review.app import Access, create_app
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.folder import report_key
from ocr_pipeline.review.options import ReviewOptions
from ocr_pipeline.templates import TemplateSet, load_templates
from tests.review.driving import serving
from tests.review.true_reports import draw_pages, true_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGGED = "report_b_scan"
CLEAN = "report_a_clean"
WIDE = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def templates() -> TemplateSet:
    return load_templates()


@pytest.fixture(scope="session")
def flagged_report(templates: TemplateSet) -> Report:
    return true_report(FLAGGED, templates)


@pytest.fixture(scope="session")
def clean_report(templates: TemplateSet) -> Report:
    return true_report(CLEAN, templates, flagged=False)


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory, flagged_report: Report, clean_report: Report) -> Path:
    """The folder as ``read --format json,pages`` leaves it; copied for each test."""
    folder = tmp_path_factory.mktemp("saved")
    for stem, report in ((FLAGGED, flagged_report), (CLEAN, clean_report)):
        write_report(report, folder, stem, ["json"])
    draw_pages(flagged_report, folder / f"{FLAGGED}.pages")
    return folder


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    target = tmp_path / "reports"
    shutil.copytree(saved, target)
    return target


@pytest.fixture
def key() -> str:
    """Of the report with flagged values."""
    return report_key(f"{FLAGGED}.json")


@pytest.fixture
def clean_key() -> str:
    return report_key(f"{CLEAN}.json")


@pytest.fixture
def make_desk(folder: Path, templates: TemplateSet) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(**settings: object) -> Desk:
        options = ReviewOptions.model_validate({"rescan_seconds": 0, **settings.pop("options", {})})
        desk = Desk(folder, options, templates=templates, **settings)
        made.append(desk)
        desk.store.refresh(wait=True)
        return desk

    yield make
    for desk in made:
        if not desk.store.closed:
            desk.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with TestClient(create_app(desk, Access(who="tester")), base_url="http://localhost") as found:
        yield found


@pytest.fixture(scope="module")
def looking(saved: Path, tmp_path_factory: pytest.TempPathFactory, templates: TemplateSet) -> Iterator[TestClient]:
    """A server for tests that change nothing, or are refused to."""
    folder = tmp_path_factory.mktemp("looking") / "reports"
    shutil.copytree(saved, folder)
    desk = Desk(folder, ReviewOptions(), templates=templates)
    desk.store.refresh(wait=True)
    with TestClient(create_app(desk, Access(who="tester")), base_url="http://localhost") as found:
        yield found


@pytest.fixture
def guarded(make_desk: Callable[..., Desk]) -> Iterator[TestClient]:
    """A server that asks for a token."""
    app = create_app(make_desk(), Access(token=TOKEN))
    with TestClient(app, base_url="http://archive.example:8421") as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    reason = "playwright is not installed (pip install '.[browser]')"
    sync_api = pytest.importorskip("playwright.sync_api", reason=reason)
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        except sync_api.Error as error:
            pytest.skip(f"Chromium does not start here: {error}")
        yield found
        found.close()


@pytest.fixture
def server(make_desk: Callable[..., Desk]) -> Iterator[str]:
    """The address of a server over the folder that takes no uploads."""
    with serving(make_desk()) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_it(address: str, size: dict[str, int] = WIDE) -> Page:
        context = browser.new_context(viewport=size, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
        page.goto(address)
        return page

    yield open_it
    for context in contexts:
        for page in context.pages:
            refused = [text for text in page.problems if not re.search("status of (409|422)", text)]
            assert refused == []
        context.close()


TOKEN = "a token of thirty characters .."  # noqa: S105 - of servers that a test starts
