"""What a batch came to, and the page that shows it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.batch.charts import Part, area_chart, bar_chart, histogram, share_bar
from ocr_pipeline.batch.ledger import Ledger
from ocr_pipeline.batch.run import BatchResult
from ocr_pipeline.batch.summary import Summary, summarize
from ocr_pipeline.batch.summary_page import summary_page
from ocr_pipeline.batch.task import State
from tests.batch.conftest import Run, Write

NAMES = ("a", "b", "torn", "damaged", "lost")


@pytest.fixture
def ended(run: Run, write: Write, out: Path) -> tuple[Summary, BatchResult]:
    result = run(
        write({f"{name}.pdf": f"{name} {number}" for number, name in enumerate(NAMES)} | {"x/same.pdf": "a 0"})
    )
    with Ledger(out / "ledger.sqlite") as ledger:
        return summarize(ledger, result.run), result


def test_a_summary_counts_what_the_ledger_holds(ended: tuple[Summary, BatchResult]) -> None:
    summary, result = ended
    assert summary.states == {State.DONE: 2, State.PARTIAL: 1, State.FAILED: 1, State.QUARANTINED: 1}
    assert (summary.documents, summary.failures) == (result.documents, result.failures) == (5, 3)
    assert summary.pages == result.pages == 1 + 2 + 3
    assert summary.statuses == {"read": 3}
    assert summary.categories == {"NoTextError": 1, "DamagedSourceError": 1, "Crash": 1}
    assert [Path(document.name).stem for document in summary.failed] == ["damaged", "lost", "torn"]
    assert len(summary.slowest) == len(summary.seconds_per_page) == 3
    assert summary.slowest == sorted(summary.slowest, reverse=True)


def test_the_rates_add_up_to_the_pages(ended: tuple[Summary, BatchResult]) -> None:
    summary, _ = ended
    minutes = summary.minutes / len(summary.rates)
    assert sum(rate * minutes for rate in summary.rates) == pytest.approx(6)


class _Checked(HTMLParser):
    """Keeps what is open, what is referred to, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.references: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.references += [value or "" for name, value in attributes if name in ("href", "src")]

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_stands_by_itself_and_links_to_the_results(ended: tuple[Summary, BatchResult], out: Path) -> None:
    summary, result = ended
    page = summary_page(summary, result, title="Batch <x>", when="today")
    checked = _Checked()
    checked.feed(page)
    assert checked.open == []
    assert all((out / reference).is_dir() for reference in checked.references)
    assert len(checked.references) == 4  # three slow ones, and the partial among the failures
    assert "<x>" not in page.replace("&lt;x&gt;", "")
    for words in ("DamagedSourceError", "cut off", "quarantined after 2 attempts", "further names of the same content"):
        assert words in checked.text


def test_the_page_of_an_interrupted_run_says_so() -> None:
    page = summary_page(Summary(), None, title="t", when="w")
    assert "goes on where it stopped" in page
    _Checked().feed(page)


@given(st.lists(st.floats(0, 1e6, allow_subnormal=False), max_size=200))
def test_a_histogram_shows_every_value_once(values: list[float]) -> None:
    counts = [int(count.replace(",", "")) for count in re.findall(r"seconds: ([\d,]+)<", histogram(values, "seconds"))]
    assert sum(counts) == len(values)
    assert len(counts) <= 32


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60), st.floats(1e-3, 1e5))
def test_plots_stay_within_their_frame(values: list[float], length: float) -> None:
    parts = [Part(f"<{n}>", value, f"{value:.1f}", "#000") for n, value in enumerate(values)]
    for plot in (area_chart(values, length, "minutes"), bar_chart(parts), share_bar(parts)):
        width, height = map(float, re.findall(r'viewBox="0 0 (\d+) (\d+)"', plot)[0])
        numbers = re.findall(r' x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"', plot)
        for x, y, w, h in (map(float, item) for item in numbers):
            assert 0 <= x <= x + w <= width + 0.2
            assert 0 <= y <= y + h <= height
        _Checked().feed(plot)
