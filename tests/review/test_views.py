"""The pages, without a browser: what they show, and that nothing out of a document becomes markup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from ocr_pipeline.document import Status
from ocr_pipeline.report import write_report
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.review.app import create_app
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.folder import report_key
from tests.fakes.slow_jobs import SlowJobs
from tests.review.true_reports import EMPTY, FIXTURES, MISREAD, NOT_FOUND, true_report

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "ocr_pipeline" / "review" / "static"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"


class _Page(HTMLParser):
    """Elements with their attributes, and what CSP would block."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


ADDRESSES = ["/", "/queue", "/upload", "/help", "/sign-in", "/reports/{key}", "/reports/{key}?field=" + MISREAD]


@pytest.fixture
def evil(folder: Path, templates: object) -> str:
    """The key of a report whose every text tries to be code."""
    report = true_report("report_b_scan")
    data = report.model_dump(mode="json")
    data["document"]["title"] = EVIL
    data["document"]["source"]["name"] = f"x/{EVIL}.pdf".replace("/script", "script")
    data["document"]["source"]["sha256"] = "ab" * 32
    data["document"]["sections"][0] |= {"title": EVIL, "text": EVIL}
    for table in data["document"]["tables"]:
        for cell in table["cells"]:
            cell["text"] = EVIL
    for value in data["values"]:
        value["raw"] = EVIL
        value["evidence"].append({"kind": "prose", "detail": EVIL, "agrees": False})
    data["findings"].append({"code": "x", "severity": "info", "message": EVIL, "fields": [MISREAD]})
    for sheet in data["sheets"]:
        sheet["title"] = EVIL
        for cell in sheet["cells"]:
            if cell["field_id"] is None:
                cell["text"] = EVIL
    write_report(type(report).model_validate(data), folder, "evil", ["json"])
    return report_key("evil.json")


def test_pages_hold_nothing_that_their_policy_forbids(client: TestClient, key: str, evil: str) -> None:
    for address in [address.replace("{key}", chosen) for chosen in (key, evil) for address in ADDRESSES]:
        answer = client.get(address)
        assert answer.status_code == 200
        page = _Page(answer.text)
        for tag, attributes in page.elements:
            assert "style" not in attributes, (tag, attributes)
            assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
            assert "javascript:" not in str(attributes)
        for script in page.named("script"):
            assert script.get("type") == "application/json" or str(script.get("src")).startswith("/static/")
        assert "<script>alert" not in answer.text
        assert "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", answer.text)
        assert "49" not in re.findall(r"\{\{.*?\}\}", answer.text)
        assert not [a for a in page.named("link") if str(a["href"]).startswith("http")]


def test_the_data_of_the_queue_cannot_end_its_element(client: TestClient, evil: str) -> None:
    text = client.get("/queue").text
    data = re.search(r'id="window">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["items"]


def test_every_control_has_a_name(looking: TestClient, key: str) -> None:
    for address in ADDRESSES:
        text = looking.get(address.replace("{key}", key)).text
        page = _Page(text)
        labelled = {label.get("for") for label in page.named("label")}
        for tag in ("input", "select"):
            for control in page.named(tag):
                named = control.get("type") in ("hidden", "checkbox") or control.get("id") in labelled
                assert named or control.get("aria-label"), (address, control)
        for button in re.findall(r"<button[^>]*>(.*?)</button>", text, re.DOTALL):
            assert re.sub(r"<[^>]+>|\s", "", button), address
        assert page.named("html") == [{"lang": "en"}]
        assert "skip" in {link.get("class") for link in page.named("a")}


def test_the_list_counts_and_filters(looking: TestClient, key: str) -> None:
    text = looking.get("/").text
    assert "泽崖县人民政府" in text
    assert "Review 12 values" in text
    assert f'href="/queue?report={key}"' in text
    only = looking.get("/", params={"text": "凤泉县"}).text
    assert "凤泉县司法局" in only
    assert "泽崖县" not in only
    assert "No report is like that" in looking.get("/", params={"text": "没有这样的"}).text


def test_the_queue_shows_the_worst_value_with_its_sums(looking: TestClient) -> None:
    text = looking.get("/queue").text
    assert f'data-field="{MISREAD}"' in text
    assert "does not close" in text
    assert "closes 1 of 1" in text
    assert text.count('class="view view-') == 3


def test_the_queue_of_one_report_and_an_empty_queue(looking: TestClient, key: str, clean_key: str) -> None:
    assert 'data-waiting="12"' in looking.get("/queue", params={"report": key}).text
    empty = looking.get("/queue", params={"report": clean_key}).text
    assert 'data-waiting="0"' in empty
    assert 'id="finished" class="empty">' in empty


def test_the_report_shows_each_value_on_the_page_and_in_the_form(looking: TestClient, key: str) -> None:
    text = looking.get(f"/reports/{key}").text
    page = _Page(text)
    fields = {a["data-field"] for a in page.named("a") if "data-field" in a}
    boxes = {r["data-field"] for r in page.named("rect") if "data-field" in r}
    assert len(fields) == 200
    assert fields - boxes == {NOT_FOUND}
    assert len(page.named("image")) == 3
    assert 'role="tab"' in text
    chosen = looking.get(f"/reports/{key}", params={"field": MISREAD}).text
    assert 'class="card side"' in chosen


def test_a_new_reading_keeps_what_fits_and_says_what_does_not(
    client: TestClient, desk: Desk, folder: Path, key: str
) -> None:
    for field in (MISREAD, EMPTY):
        body = {"field": field, "action": "blank", "who": "王芳"}
        assert client.post(f"/api/v1/reports/{key}/corrections", json=body).status_code == 201
    file = folder / "report_b_scan.json"
    data = json.loads(file.read_bytes())
    for value in data["values"]:
        if value["id"] == MISREAD:  # read anew, another cell is taken for it
            value["box"] = [edge + 50 for edge in value["box"]]
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    desk.store.refresh(wait=True)
    assert desk.store.entry(key).settled == 1
    assert desk.store.open(key).values[EMPTY].settled
    assert not desk.store.open(key).values[MISREAD].settled
    text = client.get(f"/reports/{key}").text
    assert "correction-unfit" in text
    assert "the correction by 王芳" in text
    assert "another place of the document" in client.get("/card", params={"report": key, "field": MISREAD}).text


def test_a_card_is_a_part_of_a_page(looking: TestClient, key: str) -> None:
    for place in ("queue", "side"):
        text = looking.get("/card", params={"report": key, "field": MISREAD, "place": place}).text
        assert text.lstrip().startswith("<article")
    assert looking.get("/card", params={"report": key, "field": "x/y"}).status_code == 404


def test_a_document_without_pages_is_shown_by_its_text(make_desk: Callable[..., Desk], folder: Path) -> None:
    report = true_report("report_b_scan")
    data = report.model_dump(mode="json")
    data["document"]["pages"] = []
    data["document"]["source"] |= {"kind": "docx", "sha256": "cd" * 32, "page_count": 0}
    for table in data["document"]["tables"]:
        table["places"] = []
        for cell in table["cells"]:
            cell["places"] = []
    for value in data["values"]:
        value["page"] = value["box"] = None
    write_report(type(report).model_validate(data), folder, "flow", ["json"])
    desk = make_desk()
    with TestClient(create_app(desk), base_url="http://localhost") as client:
        key = report_key("flow.json")
        assert "no pages to show" in client.get(f"/reports/{key}").text
        card = client.get("/card", params={"report": key, "field": MISREAD}).text
        assert "has no pages" in card
        assert "予以公开" in card
        assert "view-cell" not in card


def test_uploading_without_a_script(make_desk: Callable[..., Desk]) -> None:
    jobs = SlowJobs()
    with TestClient(create_app(make_desk(jobs=jobs)), base_url="http://localhost") as client:
        mark = re.search(r'name="mark" value="([0-9a-f]+)"', client.get("/upload").text)
        assert mark is not None
        content = (FIXTURES / "table_b_sideways.png").read_bytes()
        files = {"document": ("扫描.png", content)}
        assert client.post("/upload", files=files, data={"mark": "0" * 64}).status_code == 422
        assert jobs.jobs() == []
        answer = client.post("/upload", files=files, data={"mark": mark[1]})
        assert answer.status_code == 200
        assert "扫描.png" in answer.text


def test_the_colours_are_those_of_every_other_picture() -> None:
    style = (STATIC / "review.css").read_text(encoding="utf-8")
    for status in Status:
        colours = STATUS_STYLES[status]
        assert f"--{status.value}: rgb({' '.join(map(str, colours.color))});" in style
        assert f"--{status.value}-fill: rgb({' '.join(map(str, colours.fill))});" in style


def test_nothing_is_fetched_from_elsewhere() -> None:
    for file in STATIC.parent.rglob("*"):
        if file.suffix in (".css", ".js", ".html", ".svg"):
            found = re.findall(r"https?://[^\s\"')]+", file.read_text(encoding="utf-8"))
            assert set(found) <= {"http://www.w3.org/2000/svg"}, file


def test_the_font_has_chinese_characters(looking: TestClient) -> None:
    assert looking.get("/font.otf").content[:4] == b"OTTO"


def test_a_person_is_told_of_a_problem_on_a_page_and_a_program_as_data(looking: TestClient) -> None:
    address = f"/reports/{'0' * 16}"
    page = looking.get(address, headers={"accept": "text/html"})
    assert page.status_code == 404
    assert "no such report" in page.text
    assert "To the reports" in page.text
    assert looking.get("/nowhere/<b>", headers={"accept": "text/html"}).text.count("<b>") == 0
    assert looking.get(address).json()["title"] == "no such report"
    data = looking.get(f"/api/v1{address}", headers={"accept": "text/html"})
    assert data.headers["content-type"] == "application/problem+json"


def test_what_is_less_likely_than_not_is_picked_on_purpose(desk: Desk, key: str) -> None:
    from ocr_pipeline.document import Reading
    from ocr_pipeline.review.cards import readings_of
    from tests.review.true_reports import UNREAD

    opened = desk.store.open(key)
    assert desk.card(key, UNREAD[0]).accept == opened.values[UNREAD[0]].raw
    faint = opened.values[UNREAD[0]].model_copy(update={"alternatives": (Reading(text="0", log_prob=-3.0),)})
    (reading,) = readings_of(faint, desk.forms, [])
    assert reading.probability < 0.06
    replaced = {value.id: value for value in opened.report.values} | {faint.id: faint}
    opened.__dict__["values"] = opened.__dict__["as_read"] = replaced
    assert desk.card(key, UNREAD[0]).accept == ""
