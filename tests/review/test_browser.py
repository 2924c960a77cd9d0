"""The pages in a real browser, by keyboard: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ocr_pipeline.report import from_json, load_report
from ocr_pipeline.report.corrections import CorrectionLog
from ocr_pipeline.review.desk import Desk
from tests.fakes.slow_jobs import SlowJobs
from tests.review.conftest import FLAGGED, WIDE
from tests.review.driving import field_of, next_after, saved, serving
from tests.review.server_process import ServerProcess
from tests.review.true_reports import EMPTY, FIXTURES, MISREAD, NOT_FOUND, UNREAD

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}


def _source(folder: Path) -> str:
    return load_report(folder / f"{FLAGGED}.json").source.sha256


def _log(folder: Path) -> tuple[Any, ...]:
    return CorrectionLog.of(folder, _source(folder)).entries()


def test_ten_values_by_keyboard_one_undone_and_nothing_lost(
    server: str, open_page: Callable[..., Page], folder: Path, tmp_path: Path
) -> None:
    report = load_report(folder / f"{FLAGGED}.json")
    page = open_page(server)
    page.get_by_label("Search").fill("泽崖 2023")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?text=*")
    assert page.locator("table.reports tbody tr").count() == 1
    page.locator("#main").get_by_role("link", name="Review", exact=True).click()
    page.wait_for_url("**/queue?report=*")
    expected: dict[str, int | None] = {}

    # The misread figure comes first; its second reading is what is printed.
    assert field_of(page) == MISREAD
    right = int(report.value(MISREAD).raw) - 1
    expected[next_after(page, lambda: page.keyboard.press("2"))] = right

    # One is typed, one blank, the rest accepted as the likeliest reading has them.
    for number in range(9):
        field = field_of(page)
        printed = report.value(field).raw
        if field == EMPTY or number == 4:
            expected[next_after(page, lambda: page.keyboard.press("b"))] = None
        elif not report.value(field).alternatives or number == 2:
            page.keyboard.press("t")
            page.keyboard.type(printed or "0")
            expected[next_after(page, lambda: page.keyboard.press("Enter"))] = int(printed or "0")
        else:
            expected[next_after(page, lambda: page.keyboard.press("Enter"))] = int(printed)
    saved(page)
    assert len(expected) == 10
    assert page.locator("#done").inner_text() == "10"

    # The last one is undone, and waits again.
    undone = list(expected)[-1]
    page.keyboard.press("u")
    page.wait_for_function("field => document.querySelector('#stage .card')?.dataset.field === field", arg=undone)
    saved(page)
    del expected[undone]
    page.reload()
    assert {entry.field for entry in _log(folder)} == {*expected, undone}
    waiting = int(page.locator("#waiting").inner_text())

    # What is exported is what was settled.
    page.get_by_role("link", name=report.title or "").click()
    page.wait_for_url("**/reports/**")
    assert f"{waiting} waiting, 9 settled" in page.locator(".report-head").inner_text()
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    download.value.save_as(tmp_path / "export.json")
    exported = from_json((tmp_path / "export.json").read_bytes())
    for field, figure in expected.items():
        assert exported.value(field).value == figure, field
        assert exported.value(field).settled
    assert not exported.value(undone).settled
    assert exported.value(undone) == report.value(undone)


def test_a_server_killed_in_the_middle_loses_at_most_what_was_on_its_way(
    folder: Path, open_page: Callable[..., Page]
) -> None:
    server = ServerProcess(folder, "--no-uploads")
    server.start()
    page = open_page(f"{server.address}/queue")
    settled = [next_after(page, lambda: page.keyboard.press("b")) for _ in range(3)]
    saved(page)
    last = next_after(page, lambda: page.keyboard.press("b"))
    server.end(signal.SIGKILL)
    assert {entry.field for entry in _log(folder)} - {last} == set(settled)
    skipped = field_of(page)
    page.keyboard.press("s")
    server.start()  # on the same port: the page sends what it could not send, and fetches what it could not fetch
    saved(page)
    assert {entry.field for entry in _log(folder)} == {*settled, last}
    assert len(_log(folder)) == 4
    page.wait_for_function("field => document.querySelector('#stage .card')?.dataset.field !== field", arg=skipped)
    assert len(page.problems) < 100  # it does not ask without a pause
    page.problems.clear()  # the browser noted that the server was away
    server.end()


def test_a_key_settles_the_value_on_the_screen_and_no_other(
    server: str, open_page: Callable[..., Page], folder: Path
) -> None:
    """The same field of another report comes next, and is not there yet when the key is pressed a second time."""
    data = json.loads((folder / f"{FLAGGED}.json").read_bytes())
    data["source"]["sha256"] = "ab" * 32
    (folder / "another.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    page = open_page(f"{server}/")
    held: list[Any] = []
    holding = True

    def hold(route: Any) -> None:
        if holding:
            held.append(route)
        else:
            route.continue_()

    page.route("**/card?*", hold)
    page.goto(f"{server}/queue")
    assert field_of(page) == MISREAD
    for _ in range(3):
        page.keyboard.press("2")
    page.wait_for_function("() => document.getElementById('done').textContent === '1'")
    page.wait_for_timeout(200)
    logs = [CorrectionLog.of(folder, sha256) for sha256 in (_source(folder), "ab" * 32)]
    assert sorted(len(log.entries()) for log in logs) == [0, 1]
    first = page.locator("#stage .card").get_attribute("data-report")
    holding = False
    for route in held:
        route.continue_()
    page.wait_for_function("first => document.querySelector('#stage .card').dataset.report !== first", arg=first)
    assert field_of(page) == MISREAD
    page.keyboard.press("2")
    saved(page)
    assert [len(log.entries()) for log in logs] == [1, 1]


def test_two_people_at_one_report_see_what_the_other_did(
    server: str, open_page: Callable[..., Page], folder: Path
) -> None:
    one, two = open_page(f"{server}/queue"), open_page(f"{server}/queue")
    for page, name in ((one, "李"), (two, "王")):
        page.locator(".person summary").click()
        page.get_by_label("Your name").fill(name)
        with page.expect_navigation():
            page.get_by_role("button", name="Save").first.click()
    assert field_of(one) == field_of(two) == MISREAD
    next_after(one, lambda: one.keyboard.press("2"))
    saved(one)
    next_after(two, lambda: two.keyboard.press("b"))
    conflict = two.get_by_role("alert")
    conflict.wait_for()
    assert "李 picked" in conflict.inner_text()
    assert [entry.who for entry in _log(folder)] == ["李"]
    two.get_by_role("button", name="Show this value").click()
    two.locator(".history .in-force").wait_for()
    assert "李 picked" in two.locator(".history").inner_text()
    next_after(two, lambda: two.keyboard.press("b"))
    saved(two)
    assert [(entry.who, entry.action) for entry in _log(folder)] == [("李", "alternative"), ("王", "blank")]


def test_what_is_typed_shows_in_the_sums_before_it_issaved(server: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server}/queue")
    needed = page.locator(".sum.broken .needed b").first.inner_text()
    page.keyboard.press("t")
    page.keyboard.type(needed)
    assert page.locator(".sum .words").first.inner_text() == "would close"
    page.keyboard.type("1")
    assert page.locator(".sum .words").first.inner_text().startswith("would not close")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.locator("#typed").fill("-5")
    page.keyboard.press("Enter")
    page.locator("#type-hint.bad").wait_for()
    assert "no figure" in page.locator("#type-hint").inner_text()
    assert field_of(page) == MISREAD


def test_a_key_that_is_held_down_settles_one_value(server: str, open_page: Callable[..., Page], folder: Path) -> None:
    page = open_page(f"{server}/queue")
    before = field_of(page)
    page.keyboard.down("Enter")
    for _ in range(5):
        page.keyboard.down("Enter")  # the same key again while it is down: the browser calls that a repeat
    page.keyboard.up("Enter")
    page.wait_for_timeout(400)
    saved(page)
    assert [entry.field for entry in _log(folder)] == [before]
    assert page.locator("#announcement").inner_text()


def test_pages_and_form_lead_to_each_other(server: str, open_page: Callable[..., Page]) -> None:
    page = open_page(server)
    page.get_by_role("link", name="泽崖县人民政府").click()
    page.wait_for_url("**/reports/**")  # loaded, its script as well: before that a click on a value fetches a page anew
    link = page.locator(f'#forms a[data-field="{MISREAD}"]')
    link.click()
    page.locator("#stage .card").wait_for()
    assert page.locator(f'#canvas .cell.chosen[data-field="{MISREAD}"]').count() == 1
    assert page.locator("#page-number").inner_text().startswith("2")
    box = page.locator(f'#canvas .cell[data-field="{MISREAD}"]').bounding_box()
    frame = page.locator("#viewer").bounding_box()
    assert box is not None
    assert frame is not None
    assert frame["x"] < box["x"] < frame["x"] + frame["width"]
    assert box["height"] > 12
    page.keyboard.press("2")
    page.locator("#stage .card[data-settled=yes]").wait_for()
    assert "settled" in str(page.locator(f'#forms td:has(a[data-field="{MISREAD}"])').get_attribute("class"))
    other = page.locator('#canvas .cell[data-field="applications/3.2/natural"]')
    other.dispatch_event("click")
    page.locator('#stage .card[data-field="applications/3.2/natural"]').wait_for()
    page.keyboard.press("n")
    page.wait_for_function("() => document.querySelector('#stage .card').dataset.field !== 'applications/3.2/natural'")
    page.keyboard.press("Escape")
    assert page.locator("#value").is_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#value").wait_for()


def test_a_page_is_zoomed_and_moved_by_mouse_and_by_keyboard(
    server: str, open_page: Callable[..., Page], key: str
) -> None:
    page = open_page(f"{server}/reports/{key}")
    page.locator("#canvas image[href]").first.wait_for()

    def seen() -> list[float]:
        return [float(edge) for edge in str(page.locator("#canvas").get_attribute("viewBox")).split()]

    left, top, across, _ = seen()
    frame = page.locator("#viewer")
    frame.focus()
    page.keyboard.press("+")
    assert seen()[2] < across
    page.keyboard.press("0")
    assert seen()[2] == pytest.approx(across)
    page.keyboard.press("PageDown")
    page.wait_for_function("() => document.getElementById('page-number').textContent.startsWith('2')")
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowDown")
    assert seen()[1] > top
    box = frame.bounding_box()
    assert box is not None
    x, y = box["x"] + 200, box["y"] + 200
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -400)
    page.keyboard.up("Control")
    page.wait_for_function(
        "across => Number(document.getElementById('canvas').getAttribute('viewBox').split(' ')[2]) < across", arg=across
    )
    left, top, *_ = seen()
    page.mouse.down()
    page.mouse.move(x - 60, y - 40, steps=4)
    page.mouse.up()
    assert seen()[0] > left
    assert seen()[1] > top
    assert page.locator("#value").is_hidden()  # a drag is no click


def test_a_value_that_was_not_found_is_shown_with_its_page_and_its_column(
    server: str, open_page: Callable[..., Page], key: str
) -> None:
    page = open_page(f"{server}/reports/{key}?field={NOT_FOUND}")
    page.wait_for_function("() => document.getElementById('page-number').textContent.startsWith('3')")
    assert page.locator("#stage h2").inner_text() == "行政复议 › 尚未审结"
    assert "its cell was not found" in page.locator("#stage .now").inner_text()
    page.locator("#forms a[data-field]").first.click()
    page.wait_for_function("() => document.getElementById('page-number').textContent.startsWith('2')")
    page.locator(f'#forms a[data-field="{NOT_FOUND}"]').click()
    page.wait_for_function("() => document.getElementById('page-number').textContent.startsWith('3')")


def test_what_was_skipped_is_said_at_the_end(server: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server}/queue")
    while page.locator("#finished").is_hidden():
        next_after(page, lambda: page.keyboard.press("s"))
    assert "Only what you skipped is left." in page.locator("#finished").inner_text()
    page.get_by_role("button", name="Look at them again").click()
    page.locator("#stage .card").wait_for()
    assert field_of(page) == MISREAD


def test_nothing_reaches_beyond_the_screen(server: str, open_page: Callable[..., Page], key: str) -> None:
    for size in (WIDE, PHONE):
        page = open_page(server, size)
        for address in ("/", "/queue", "/help", f"/reports/{key}", f"/reports/{key}?field={UNREAD[0]}"):
            page.goto(server + address)
            page.wait_for_timeout(50)
            assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"], (address, size)


def test_the_keyboard_reaches_everything_and_shows_where_it_is(server: str, open_page: Callable[..., Page]) -> None:
    page = open_page(server)
    seen = []
    for _ in range(18):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            "() => { const e = document.activeElement; const s = getComputedStyle(e);"
            " return [e.id || e.textContent.trim().slice(0, 20), s.outlineStyle, s.outlineWidth] }"
        )
        seen.append(focus[0])
        assert focus[1] != "none", focus
    assert "Skip to the content" in seen
    assert {"text", "state", "order"} <= set(seen)


def test_an_upload_is_followed_page_by_page(make_desk: Callable[..., Desk], open_page: Callable[..., Page]) -> None:
    jobs = SlowJobs()
    with serving(make_desk(jobs=jobs)) as address:
        page = open_page(f"{address}/upload")
        page.get_by_label("Choose a file").set_input_files(FIXTURES / "table_b_sideways.png")
        page.get_by_role("button", name="Upload and read").click()
        page.locator(".job.waiting").wait_for()
        (job,) = jobs.jobs()
        jobs.read_pages(job.id, 1, 4)
        page.get_by_text("1 of 4 pages read").wait_for()
        page.reload()
        page.get_by_text("1 of 4 pages read").wait_for()
        jobs.read_pages(job.id, 3, 4)
        page.get_by_text("3 of 4 pages read").wait_for()
        assert page.get_by_role("img", name="Pages read").locator(".fill").get_attribute("width") == "75"
        jobs.finish(job.id, f"{FLAGGED}.json")
        page.get_by_role("link", name="open the report").wait_for()
        assert page.get_by_role("img", name="Pages read").count() == 0


def test_the_pages_break_no_rule_of_accessibility(server: str, open_page: Callable[..., Page], key: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed (pip install '.[browser]')"
    ).Axe()
    # In a form one link can be reached by Tab, and the arrow keys lead to the others; axe sees only the first.
    rules = {"scrollable-region-focusable": {"enabled": False}}
    for size in (WIDE, PHONE):
        page = open_page(server, size)
        for address in ("/", "/queue", "/help", "/upload", "/sign-in", f"/reports/{key}?field={MISREAD}"):
            page.goto(server + address)
            found = axe.run(page, options={"resultTypes": ["violations"], "rules": rules}).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (address, size)


@pytest.mark.slow
def test_a_scan_is_uploaded_and_its_result_read(tmp_path: Path, open_page: Callable[..., Page]) -> None:
    (tmp_path / "archive").mkdir()
    server = ServerProcess(tmp_path / "archive", "--set", "text.threads=1")
    server.start()
    try:
        page = open_page(f"{server.address}/upload")
        page.get_by_label("Choose a file").set_input_files(FIXTURES / "table_b_sideways.png")
        page.get_by_role("button", name="Upload and read").click()
        page.locator(".job").wait_for()
        page.get_by_role("link", name="open the report").click(timeout=300_000)
        page.wait_for_url("**/reports/*")
        shown = page.locator('#forms a[data-field="applications/1/total"]').inner_text()
        truth = json.loads((FIXTURES / "table_b_sideways.json").read_text(encoding="utf-8"))
        assert shown.split()[0] == truth["fields"]["applications/1/total"]
        # The page lies on its side, and is shown upright: drawn from the upload itself.
        page.wait_for_function("() => document.querySelector('#canvas image').getAttribute('href')")
        picture = page.request.get(server.address + str(page.locator("#canvas image").first.get_attribute("href")))
        assert picture.ok
    finally:
        server.end()


def test_the_next_value_is_on_the_screen_at_once(server: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server}/queue")
    page.wait_for_timeout(700)  # while the person looks at the first one, the next ones come
    page.evaluate(
        "() => { window.took = []; let pressed;"
        " document.addEventListener('keydown', () => { pressed = performance.now() }, true);"
        " document.addEventListener('card', () => took.push(performance.now() - pressed)); }"
    )
    for _ in range(3):
        next_after(page, lambda: page.keyboard.press("s"))
        page.wait_for_timeout(150)
    assert min(page.evaluate("() => took")) < 200
