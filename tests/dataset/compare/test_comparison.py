import html.parser
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest

from ocr_pipeline.dataset.compare import Comparison, compare_reports, comparison_page, format_comparison, open_report
from ocr_pipeline.document import Section, Status
from ocr_pipeline.evaluation.synthetic.browser import find_chromium
from ocr_pipeline.report import Report, StageError
from ocr_pipeline.report.corrections import Correction, CorrectionLog, Seen
from ocr_pipeline.report.text_width import display_width
from tests.dataset.made_reports import made_report, save

BODY = "松塘县财政局"
BEFORE = {"applications/4/total": 8, "applications/1/total": 40, "applications/3.1/total": Status.CONFLICT}
AFTER = {"applications/2/total": 5, "applications/1/total": 50, "applications/3.1/total": 3}


@pytest.fixture
def comparison() -> Comparison:
    return compare_reports(made_report(BODY, 2022, BEFORE), made_report(BODY, 2023, AFTER))


@pytest.fixture
def real(read_reports: dict[str, Report]) -> Comparison:
    return compare_reports(read_reports["report_a_clean"], read_reports["report_b_scan"])


def test_what_the_years_say_of_each_other(comparison: Comparison) -> None:
    assert (comparison.before.name, comparison.after.name) == (f"{BODY} 2022", f"{BODY} 2023")
    assert comparison.remarks == ()
    assert len(comparison.broken) == 1
    assert comparison.broken[0].startswith("carried-over[total] does not hold by 3")
    assert comparison.value_counts() == {"changed": 1, "uncertain": 1, "only-before": 1, "only-after": 1}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ((BODY, 2023), ("松塘县民政局", 2024), "two bodies"),
        ((BODY, 2023), (BODY, 2022), "not later"),
        ((BODY, 2023), (BODY, 2023), "not later"),
    ],
)
def test_remarks_on_what_is_compared(before: tuple[str, int], after: tuple[str, int], words: str) -> None:
    found = compare_reports(made_report(*before, BEFORE, source="a.pdf"), made_report(*after, AFTER, source="b.pdf"))
    assert any(words in remark for remark in found.remarks)
    assert found.broken == ()


def test_remarks_on_forms_failures_and_doubtful_years() -> None:
    one = made_report(BODY, 2022, BEFORE, form="A", source="2019.pdf")
    error = StageError(stage="tables", category="NoTextError", message="no text", page=1)
    other = made_report(BODY, 2023, AFTER, form="B", errors=(error,))
    remarks = compare_reports(one, other).remarks
    assert "first report: the year is not certain: title: 2022; name: 2019" in remarks
    assert "second report: 1 parts of it could not be read" in remarks
    assert "proactive: form gov-disclosure-a in the first report, gov-disclosure-b in the second" in remarks
    assert "both reports are of the same source" in compare_reports(one, one).remarks


@pytest.mark.parametrize("width", [60, 100, 200])
def test_the_terminal_shows_every_value_in_its_width(real: Comparison, width: int) -> None:
    text = format_comparison(real, width=width)
    table = text.split("\nsections:")[0].split("\nvalues:")[1]
    assert all(display_width(line) <= width for line in table.splitlines())
    numbers = [change for change in real.values if change.before is not None and change.after is not None]
    for change in numbers:
        assert f"{change.after.value:,}" in table if change.after.value is not None else True
    assert table.count("自然人") == len({c.label.row for c in real.values if c.label.column_name == "自然人"})


def test_the_terminal_can_leave_out_what_is_the_same(real: Comparison) -> None:
    same = sum(change.kind == "same" for change in real.values)
    longer, shorter = (format_comparison(real, width=100, changed=changed) for changed in (False, True))
    assert same > 20
    assert longer.count("\n") - shorter.count("\n") >= same


def test_colour_is_only_added(real: Comparison) -> None:
    coloured = format_comparison(real, width=100, color=True)
    assert "\033[" in coloured
    assert re.sub(r"\033\[\d+m", "", coloured) == format_comparison(real, width=100)


class _Page(html.parser.HTMLParser):
    """Collects what a page loads and whether its elements close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "input"):
            self.open.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        if tag in ("script", "iframe", "object", "link", "base", "form"):
            self.loads.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_is_whole_and_loads_nothing(real: Comparison) -> None:
    page = _Page()
    page.feed(comparison_page(real))
    page.close()
    assert page.open == []
    assert page.loads == []
    text = "".join(page.text)
    for change in real.values:
        if change.after is not None and change.after.value is not None:
            assert f"{change.after.value:,}" in text


def test_text_out_of_documents_is_not_markup() -> None:
    wild = "<script>alert(1)</script>&amp;\"'><b>"
    reports = []
    for year in (2022, 2023):
        report = made_report(BODY, year, {"applications/1/total": year}, source=f"{wild}{year}.pdf")
        document = report.document.model_copy(
            update={"title": wild, "sections": (Section(level=1, title=wild, text=f"{wild}{year}。"),)}
        )
        values = tuple(value.model_copy(update={"raw": wild}) for value in report.values)
        reports.append(report.model_copy(update={"document": document, "values": values}))
    page = comparison_page(compare_reports(*reports))
    assert "<script" not in page
    assert "<b>" + "alert" not in page
    parsed = _Page()
    parsed.feed(page)
    assert parsed.open == []


def test_a_browser_shows_the_page(real: Comparison, tmp_path: Path) -> None:
    browser = find_chromium()
    if browser is None:
        pytest.skip("needs chromium (Debian: chromium)")
    page = tmp_path / "page.html"
    page.write_text(comparison_page(real), encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    shown = subprocess.run([*command, "--dump-dom", page.as_uri()], capture_output=True, timeout=120, check=True)
    assert shown.stdout.decode().count("<tr") == 3 + len(real.values)


def test_corrections_are_compared(tmp_path: Path) -> None:
    report = made_report(BODY, 2022, BEFORE)
    path = save(tmp_path, report, "documents/0123456789ab-x/report.json")
    assert open_report(path) == report
    CorrectionLog.of(tmp_path, report.source.sha256).append(
        Correction(
            id="correction-1",
            when=datetime(2026, 1, 2, tzinfo=timezone.utc),
            who="ann",
            action="blank",
            field="applications/1/total",
            old=Seen.of(report.value("applications/1/total")),
            reason="",
            source_sha256=report.source.sha256,
            report_sha256="0" * 64,
        )
    )
    assert open_report(path).value("applications/1/total").status is Status.BLANK
