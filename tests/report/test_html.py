"""The report as one HTML file: whole, safe, and right in a browser and on paper."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ocr_pipeline.document import Document, Finding, Section, Severity, Status, Value
from ocr_pipeline.evaluation.synthetic.browser import find_chromium
from ocr_pipeline.report import Report, StageError, write_report
from ocr_pipeline.report.html import card_page, to_html
from tests.report.explained import drawn_pages, with_sums

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>&'</style>"
VOID = {"meta", "br", "img", "link", "hr", "col"}


class _Read(HTMLParser):
    """Reads a file strictly: every element is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.tags: list[str] = []
        self.classes: list[str] = []
        self.texts: list[str] = []
        self.policies: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert len(found) == len(attrs)
        assert not [name for name in found if name.startswith("on")]
        self.tags.append(tag)
        self.classes += (found.get("class") or "").split()
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(found["content"] or "")
        address = found.get("href") or found.get("src")
        if address:
            (self.links if address.startswith("#") else self.pictures).append(address)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)


@pytest.fixture
def summed(report: Report) -> Report:
    return with_sums(report)


@pytest.fixture
def page(summed: Report) -> str:
    return to_html(summed, drawn_pages(summed))


def test_everything_is_in_the_file(summed: Report, page: str) -> None:
    read = _Read(page)
    assert len(read.ids) == len(set(read.ids))
    assert {link[1:] for link in read.links} <= set(read.ids)
    assert all(address.startswith("data:image/webp;base64,") for address in read.pictures)
    assert len(read.pictures) == len(summed.pages)  # each page once, however many crops show it
    assert "script" not in read.tags
    assert read.policies[0].startswith("default-src 'none';")
    for words in (
        "某县2023年政府信息公开工作年度报告",
        "自然人",
        "主动公开",
        "报告.pdf",
        "总计 does not close",
        "项目",
    ):
        assert words in read.text


def test_each_flagged_value_has_its_card_and_its_crop(summed: Report, page: str) -> None:
    flagged = list(summed.flagged)
    assert {value.status for value in flagged} == {Status.CONFLICT, Status.BLANK, Status.MISSING}
    numbers = [number for number, value in enumerate(summed.values) if value in flagged]
    for number in numbers:
        assert f'id="c-{number}"' in page
        assert f'href="#c-{number}"' in page
    read = _Read(page)
    assert read.classes.count("crop-cell") == len(flagged)
    assert read.classes.count("figure") >= len(summed.values)
    assert read.classes.count("mark") == len(summed.values)
    assert "off by 1182" in page
    assert "52 here would close it" in page


def test_the_form_keeps_its_spans_and_shows_each_status(summed: Report, page: str) -> None:
    form = page[page.index('<table class="form">') :].partition("</table>")[0]
    assert '<th rowspan="2" colspan="3">' in form
    assert form.count("<tr>") == summed.sheets[0].rows
    for status in Status:
        assert f's-{status.value}"' in form
    assert re.search(r'<td class="figure s-repaired"[^>]*read as 4O[^>]*>', form)


def test_without_pictures(summed: Report) -> None:
    read = _Read(to_html(summed))
    assert "svg" not in read.tags
    assert {link[1:] for link in read.links} <= set(read.ids)
    assert "pages" not in read.ids


def test_what_a_document_smuggles_in_stays_text(summed: Report) -> None:
    section = Section(level=1, title=HOSTILE, text=HOSTILE, children=(Section(level=9, title=HOSTILE),))
    source = summed.source.model_copy(update={"name": HOSTILE, "kind": HOSTILE})
    document = Document(**{**dict(summed.document), "title": HOSTILE, "sections": (section,), "source": source})
    values = tuple(Value(**{**dict(v), "raw": HOSTILE, "unit": HOSTILE}) for v in summed.values)
    finding = Finding(code="x", severity=Severity.ERROR, message=HOSTILE, fields=(values[0].id,))
    error = StageError(stage=HOSTILE, category="x", message=HOSTILE)
    (sheet,) = summed.sheets
    cells = tuple(c if c.field_id else c.model_copy(update={"text": HOSTILE}) for c in sheet.cells)
    report = Report(
        **{
            **dict(summed),
            "document": document,
            "values": values,
            "findings": (finding,),
            "errors": (error,),
            "sheets": (sheet.model_copy(update={"cells": cells, "title": HOSTILE}),),
        }
    )
    for text in (to_html(report, drawn_pages(report)), card_page(report.explain(values[0].id), report)):
        read = _Read(text)
        assert not {"script", "img"} & set(read.tags)
        assert HOSTILE in read.text
    assert "This report is not complete." in to_html(report)


def test_reports_with_little_in_them(summed: Report) -> None:
    bare = Report(document=Document(source=summed.source), versions=summed.versions)
    read = _Read(to_html(bare))
    assert "No table of a known form." in read.text
    assert "nav" not in read.tags
    assert "1 page" in read.text


def test_what_the_report_lacks_stands_at_the_top(summed: Report) -> None:
    message = "disputes: the report has the heading '四', and no table of this part was recognised"
    found = Finding(code="absent-part", severity=Severity.WARNING, message=message)
    texts = _Read(to_html(summed.model_copy(update={"findings": (found,)}))).texts
    said = "The document shows more than this report has."
    assert said not in _Read(to_html(summed)).texts
    assert texts.index(said) < texts.index(message) < texts.index("To look at", texts.index(said))


def test_values_that_were_not_found_share_a_card(summed: Report) -> None:
    lost = ("applications/3.3.1/business", "applications/3.3.2/natural", "applications/3.3.2/business")
    nowhere = {"row": None, "column": None, "page": None, "box": None, "raw": "", "value": None}
    values = tuple(
        Value(**{**dict(v), **nowhere, "status": Status.MISSING}) if v.id in lost else v for v in summed.values
    )
    page = to_html(Report(**{**dict(summed), "values": values}), drawn_pages(summed))
    assert "3 values were not found on the page" in page
    assert page.count('class="card s-missing"') == 1
    assert page.count("crop crop-table") == 1
    _Read(page)


def test_it_is_one_of_the_formats(summed: Report, tmp_path: Path) -> None:
    (path,) = write_report(summed, tmp_path, "报告", ["html"], drawn_pages(summed))
    assert path.read_text(encoding="utf-8") == to_html(summed, drawn_pages(summed))


def _chromium() -> str:
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_and_on_paper(page: str, tmp_path: Path, width: int) -> None:
    chromium = _chromium()
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra 'browser')")
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": width, "height": 800})
        complaints: list[str] = []
        asked: list[str] = []
        shown.on("console", lambda message: complaints.append(message.text))
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto((tmp_path / "report.html").as_uri())
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        crop = shown.locator("svg.crop-cell").first.bounding_box()
        assert crop is not None
        assert crop["width"] > 150
        # The picture is really there: the frame's cell has paper and ink below it.
        shot = shown.locator("svg.crop-row").first.screenshot()
        assert len(shot) > 500
        shown.locator('a[href^="#c-"]').first.click()
        assert "#c-" in shown.url
        if width > 1000:
            pdf = shown.pdf(prefer_css_page_size=True)
            assert pdf.startswith(b"%PDF")
            (tmp_path / "report.pdf").write_bytes(pdf)
        assert complaints == []
        assert [url[:60] for url in asked if not url.startswith(("file:", "data:"))] == []
        browser.close()
    if width > 1000:
        import pypdfium2

        document = pypdfium2.PdfDocument(tmp_path / "report.pdf")
        texts = [document[number].get_textpage().get_text_range() for number in range(len(document))]
        assert 2 <= len(texts) <= 5
        assert "off by 1182" in "".join(texts)
        assert all(text.strip() for text in texts)
        document.close()
