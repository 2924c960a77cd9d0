"""Taking back what was settled, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ocr_pipeline.report import load_report
from ocr_pipeline.report.corrections import CorrectionLog
from tests.review.conftest import FLAGGED
from tests.review.driving import next_after, saved
from tests.review.true_reports import MISREAD

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


def test_what_was_done_beside_a_report_is_undone(server: str, open_page: Callable[..., Page], key: str) -> None:
    page = open_page(f"{server}/reports/{key}?field={MISREAD}")
    page.keyboard.press("u")
    page.get_by_text("Nothing to undo here").wait_for()
    page.keyboard.press("b")
    page.locator("#stage .card[data-settled=yes]").wait_for()
    page.keyboard.press("u")
    page.locator("#stage .card[data-settled='']").wait_for()
    assert "settled" not in str(page.locator(f'#forms td:has(a[data-field="{MISREAD}"])').get_attribute("class"))


class _Held:
    """Corrections on their way to the server, kept back until they are let go."""

    def __init__(self, page: Page, first: int) -> None:
        self._first, self._held = first, list[Any]()
        page.route("**/corrections", self._take)

    def _take(self, route: Route) -> None:
        if self._first and "undoes" not in route.request.post_data_json:
            self._first -= 1
            self._held.append(route)
        else:
            route.continue_()

    def let_go(self) -> None:
        for route in self._held:
            route.continue_()


def _undone(folder: Path) -> list[str]:
    source = load_report(folder / f"{FLAGGED}.json").source.sha256
    return [entry.field for entry in CorrectionLog.of(folder, source).entries() if entry.action == "undo"]


def test_the_last_decision_is_undone_though_an_earlier_one_was_saved_after_it(
    server: str, open_page: Callable[..., Page], folder: Path
) -> None:
    page = open_page(f"{server}/queue")
    held = _Held(page, first=1)
    next_after(page, lambda: page.keyboard.press("b"))
    last = next_after(page, lambda: page.keyboard.press("b"))
    page.wait_for_function("() => document.getElementById('done').textContent === '1'")
    held.let_go()
    saved(page)
    page.keyboard.press("u")
    page.get_by_text("Undone").wait_for()
    assert _undone(folder) == [last]
    page.locator(f'#stage .card[data-field="{last}"]').wait_for()


@pytest.mark.parametrize("way", ["queue", "report"])
def test_a_decision_on_its_way_is_undone_once_it_is_saved(
    server: str, open_page: Callable[..., Page], folder: Path, key: str, way: str
) -> None:
    page = open_page(f"{server}/queue" if way == "queue" else f"{server}/reports/{key}?field={MISREAD}")
    page.locator(f'#stage .card[data-field="{MISREAD}"]').wait_for()
    held = _Held(page, first=1)
    page.keyboard.press("b")
    page.keyboard.press("u")
    page.wait_for_timeout(200)
    assert _undone(folder) == []
    held.let_go()
    page.get_by_text("Undone").wait_for()
    assert _undone(folder) == [MISREAD]
    page.locator(f'#stage .card[data-field="{MISREAD}"][data-settled=""]').wait_for()
