"""``python -m tests.review.screenshots FOLDER``: the pictures of docs/review.md, taken anew.

Needs Playwright and Chromium, as the tests in a browser do. The reports are made from the truth of the fixtures.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image
from playwright.sync_api import sync_playwright

from ocr_pipeline.evaluation.synthetic.browser import find_chromium
from ocr_pipeline.report import PagePictures, write_report
from ocr_pipeline.review.app import Access, create_app
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.folder import report_key
from ocr_pipeline.review.options import ReviewOptions
from tests.fakes.slow_jobs import SlowJobs
from tests.review.true_reports import FIXTURES, MISREAD, draw_pages, true_report

SIZES = {"wide": ({"width": 1280, "height": 800}, 1), "phone": ({"width": 390, "height": 844}, 2)}
FLAGGED = {"report_b_scan": True, "report_a_clean": False, "report_mixed_seal": True}
_QUALITY = 72


def main() -> int:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    chromium = find_chromium()
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (size, scale) in SIZES.items():
            context = browser.new_context(viewport=size, device_scale_factor=scale)  # type: ignore[arg-type]
            page = context.new_page()
            for view, place in _views(address, Path(folder)).items():
                page.goto(place)
                page.wait_for_timeout(900)
                _save(page, out / f"review-{view}-{name}.webp")
        browser.close()
    return 0


def _views(address: str, folder: Path) -> dict[str, str]:
    key = report_key("report_b_scan.json")
    return {
        "list": f"{address}/",
        "queue": f"{address}/queue?report={key}",
        "report": f"{address}/reports/{key}",
        "value": f"{address}/reports/{key}?field={MISREAD}",
        "upload": f"{address}/upload",
        "help": f"{address}/help",
        "sign-in": f"{address}/sign-in",
        "file": (folder / "report_b_scan.html").as_uri(),
    }


def _save(page: Any, file: Path) -> None:
    shot = file.with_suffix(".png")
    page.screenshot(path=shot)
    with Image.open(shot) as picture:
        shown = picture.convert("RGB")
        if shown.width > 1280 or shown.height > 1280:
            shown.thumbnail((1280, 1280))
        shown.save(file, format="WEBP", quality=_QUALITY, method=6)
    shot.unlink()


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    for stem, flagged in FLAGGED.items():
        report = true_report(stem, flagged=flagged)
        pictures = folder / f"{stem}.pages"
        draw_pages(report, pictures, dpi=200)
        write_report(report, folder, stem, ["json", "html"], PagePictures.load(pictures))
    jobs = SlowJobs()
    desk = Desk(folder, ReviewOptions(), jobs=jobs)
    desk.store.refresh(wait=True)
    done = jobs.submit(FIXTURES / "report_b_scan.pdf", "泽崖县人民政府2023年年报.pdf", "b" * 64)
    jobs.finish(done.id, "report_b_scan.json")
    read = jobs.submit(FIXTURES / "report_a_fax.tif", "禾川市发展和改革委员会（传真）.tif", "a" * 64)
    jobs.read_pages(read.id, 1, 3)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(desk, Access(who="李明")), log_level="error"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://localhost:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
