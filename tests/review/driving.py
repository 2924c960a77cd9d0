"""What tests do with the pages in a browser, over a server in a thread."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from ocr_pipeline.review.app import Access, create_app
from ocr_pipeline.review.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def serving(desk: Desk) -> Iterator[str]:
    """The address of a server in a thread."""
    listener = socket.create_server(("127.0.0.1", 0))
    settings = uvicorn.Config(create_app(desk, Access(who="tester")), log_level="error", lifespan="on")
    running = uvicorn.Server(settings)
    thread = threading.Thread(target=running.run, args=([listener],))
    thread.start()
    yield f"http://localhost:{listener.getsockname()[1]}"
    running.should_exit = True
    thread.join()


def field_of(page: Page) -> str:
    """The field whose card is on the screen."""
    return str(page.locator("#stage .card").get_attribute("data-field"))


def next_after(page: Page, act: Callable[[], Any]) -> str:
    """Do something, wait until another value is on the screen."""
    before = field_of(page)
    act()
    page.wait_for_function(
        "before => document.querySelector('#finished:not([hidden])') || "
        "document.querySelector('#stage .card')?.dataset.field !== before",
        arg=before,
    )
    return before


def saved(page: Page) -> None:
    """Wait until nothing is on its way to the server."""
    page.wait_for_function("() => document.getElementById('saving').hidden")
