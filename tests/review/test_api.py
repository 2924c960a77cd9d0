from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from ocr_pipeline.report import from_json
from ocr_pipeline.review.app import create_app
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.folder import report_key
from tests.fakes.slow_jobs import SlowJobs
from tests.review.conftest import FLAGGED
from tests.review.true_reports import EMPTY, FIXTURES, MISREAD, UNREAD

PICTURE = (FIXTURES / "table_b_sideways.png").read_bytes()


@pytest.fixture
def jobs() -> SlowJobs:
    return SlowJobs()


@pytest.fixture
def uploading(make_desk: Callable[..., Desk], jobs: SlowJobs) -> Iterator[TestClient]:
    options = {"max_upload_bytes": 1_000_000, "upload_burst": 3, "uploads_per_minute": 0.5, "max_waiting": 2}
    with TestClient(create_app(make_desk(jobs=jobs, options=options)), base_url="http://localhost") as client:
        yield client


def test_the_list_and_its_filters(looking: TestClient, key: str) -> None:
    everything = looking.get("/api/v1/reports").json()
    assert (everything["total"], everything["values"], everything["indexing"]) == (2, 398, 0)
    assert everything["reports"][0]["key"] == key
    assert looking.get("/api/v1/reports", params={"text": "凤泉 2020"}).json()["total"] == 1
    assert looking.get("/api/v1/reports", params={"state": "waiting"}).json()["total"] == 1
    assert looking.get("/api/v1/reports", params={"status": "nonsense"}).status_code == 422
    assert looking.get(f"/api/v1/reports/{key}").json()["title"].startswith("泽崖县")
    assert looking.get(f"/api/v1/reports/{'0' * 16}").status_code == 404


def test_a_value_is_settled_over_the_api(client: TestClient, key: str) -> None:
    (first, *_) = client.get("/api/v1/queue", params={"limit": 1}).json()["items"]
    assert first["field"] == MISREAD
    card = client.get(f"/api/v1/reports/{key}/values/{MISREAD}").json()
    picked = card["readings"][1]["text"]
    body = {"field": MISREAD, "action": "alternative", "text": picked, "seen": card["seen"], "id": "entry-0001"}
    result = client.post(f"/api/v1/reports/{key}/corrections", json=body).json()
    assert {"applications/3.1/total", MISREAD} <= {value["field"] for value in result["changed"]}
    assert result["entry"]["who"] == "tester"
    log = client.get(f"/api/v1/reports/{key}/corrections").json()
    assert [(entry["id"], entry["in_force"]) for entry in log] == [("entry-0001", True)]
    conflict = client.post(f"/api/v1/reports/{key}/corrections", json={**body, "id": "entry-0002"})
    assert conflict.status_code == 409
    assert conflict.json()["entry"]["id"] == "entry-0001"
    assert conflict.headers["content-type"] == "application/problem+json"
    behind = client.get("/api/v1/queue", params={"after": first["after"], "limit": 500}).json()
    assert MISREAD not in [item["field"] for item in behind["items"]]


def test_the_report_comes_with_corrections_and_as_it_was_read(client: TestClient, key: str) -> None:
    client.post(f"/api/v1/reports/{key}/corrections", json={"field": UNREAD[0], "action": "value", "value": 12})
    corrected = from_json(client.get(f"/api/v1/reports/{key}/report").content)
    plain = from_json(client.get(f"/api/v1/reports/{key}/report", params={"corrected": False}).content)
    assert corrected.value(UNREAD[0]).value == 12
    assert corrected.value(UNREAD[0]).settled
    assert plain.value(UNREAD[0]).value is None


@pytest.mark.parametrize("wanted", ["json", "csv", "xlsx", "md", "html"])
def test_a_report_is_exported_with_its_corrections(client: TestClient, key: str, wanted: str) -> None:
    client.post(f"/api/v1/reports/{key}/corrections", json={"field": UNREAD[0], "action": "value", "value": 4711})
    answer = client.get(f"/api/v1/reports/{key}/export/{wanted}")
    assert answer.status_code == 200
    assert f"{FLAGGED}.{wanted}" in answer.headers["content-disposition"]
    if wanted == "xlsx":
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        rows = list(book["values"].values)
        row = next(row for row in rows if row[0] == UNREAD[0])
        assert 4711 in row
    else:
        assert "4711" in answer.text


def test_all_values_are_exported_as_one_table(client: TestClient, key: str) -> None:
    client.post(f"/api/v1/reports/{key}/corrections", json={"field": UNREAD[0], "action": "value", "value": 4711})
    answer = client.get("/api/v1/values.csv")
    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 398
    (row,) = (row for row in rows if row["id"] == UNREAD[0] and row["body"] == "泽崖县人民政府")
    assert (row["value"], row["status"], row["settled"], row["reporting_year"]) == ("4711", "verified", "yes", "2023")
    chosen = client.get("/api/v1/values.csv", params={"year": 2020}).text
    assert len(list(csv.reader(io.StringIO(chosen)))) == 199


def test_a_report_that_cannot_be_opened_is_a_row_of_the_export(client: TestClient, desk: Desk, folder: Path) -> None:
    (folder / "report_a_clean.json").write_bytes(b'{"schema_version": "7"}')
    rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/values.csv").text.removeprefix("\ufeff"))))
    assert [row["problem"] for row in rows if row["problem"]] != []


def test_the_export_waits_for_reports_that_are_not_indexed_yet(client: TestClient, folder: Path) -> None:
    content = (folder / "report_a_clean.json").read_bytes()
    for number in range(45):
        (folder / f"more{number:02d}.json").write_bytes(content)
    rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/values.csv").text.removeprefix("\ufeff"))))
    assert len(rows) == 200 + 46 * 198


def test_pictures_of_pages_and_pieces(looking: TestClient, key: str) -> None:
    card = looking.get(f"/api/v1/reports/{key}/values/{EMPTY}").json()
    piece = looking.get(card["views"][0]["href"])
    assert piece.headers["content-type"] == "image/webp"
    assert "max-age" in piece.headers["cache-control"]
    assert Image.open(io.BytesIO(piece.content)).width > 100
    page = looking.get(f"/api/v1/reports/{key}/pages/0/picture")
    assert Image.open(io.BytesIO(page.content)).height > 500
    assert looking.get(f"/api/v1/reports/{key}/pages/7/picture").status_code == 404
    for box in ("1,2,3", "5,5,1,1", "a,b,c,d", "nan,0,1,1", "inf,0,1,1"):
        assert looking.get(f"/api/v1/reports/{key}/pages/0/piece", params={"box": box}).status_code == 422


def test_an_upload_is_kept_followed_and_found_in_the_list(uploading: TestClient, jobs: SlowJobs, folder: Path) -> None:
    sent = uploading.post("/api/v1/documents", files={"document": ("../../泽崖 县.exe", PICTURE)})
    assert sent.status_code == 202
    job = sent.json()
    assert (job["state"], job["name"], job["report"]) == ("waiting", "泽崖 县.exe", None)
    file = jobs.files[job["id"]]
    assert file.is_relative_to(folder / "uploads")
    assert file.suffix == ".png"
    assert file.read_bytes() == PICTURE
    made = folder / "documents" / "x" / "report.json"
    made.parent.mkdir(parents=True)
    made.write_bytes((folder / f"{FLAGGED}.json").read_bytes())
    jobs.finish(job["id"], "documents/x/report.json")
    done = uploading.get(f"/api/v1/jobs/{job['id']}").json()
    assert (done["state"], done["report"]) == ("done", report_key("documents/x/report.json"))
    assert uploading.get(f"/api/v1/reports/{done['report']}").status_code == 200
    assert uploading.get("/api/v1/jobs").json()["jobs"] == [done]
    assert uploading.get("/api/v1/jobs/nothing").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("report.pdf", b"", 422),
        ("report.pdf", bytes(range(256)) * 20, 415),
        ("report.pdf", b"PK\x03\x04" + b"\x00" * 100, 415),
        ("report.pdf", b"Rar!\x1a\x07" + b"\x00" * 100, 415),
        ("report.pdf", b"%PDF-1.7" + b"x" * 1_000_000, 413),
        ("report.pdf", b"%PDF-1.7" + b"x" * 3_000_000, 413),
    ],
)
def test_what_is_no_document_is_refused_and_not_kept(
    uploading: TestClient, folder: Path, name: str, content: bytes, code: int
) -> None:
    answer = uploading.post("/api/v1/documents", files={"document": (name, content)})
    assert answer.status_code == code, answer.text
    assert answer.json()["title"]
    kept = list((folder / "uploads").rglob("*")) if (folder / "uploads").exists() else []
    assert [file for file in kept if file.is_file()] == []


def test_uploads_are_limited_in_rate_and_in_number(uploading: TestClient, jobs: SlowJobs) -> None:
    first = uploading.post("/api/v1/documents", files={"document": ("a.txt", "第一".encode())})
    uploading.post("/api/v1/documents", files={"document": ("b.txt", "第二".encode())})
    full = uploading.post("/api/v1/documents", files={"document": ("c.txt", "第三".encode())})
    assert (full.status_code, "wait" in full.json()["title"]) == (429, True)
    jobs.finish(first.json()["id"], None, "it is damaged")
    assert uploading.get(f"/api/v1/jobs/{first.json()['id']}").json()["message"] == "it is damaged"
    often = uploading.post("/api/v1/documents", files={"document": ("d.txt", "第四".encode())})
    assert often.status_code == 429
    assert int(often.headers["retry-after"]) > 1


def test_a_server_that_reads_nothing_says_so(looking: TestClient) -> None:
    answer = looking.post("/api/v1/documents", files={"document": ("a.png", PICTURE)})
    assert answer.status_code == 501
    assert looking.get("/api/v1/jobs").json() == {"jobs": []}


def test_uploads_without_a_report_are_read_after_a_restart(
    make_desk: Callable[..., Desk], folder: Path, jobs: SlowJobs
) -> None:
    import time

    file = folder / "uploads" / "0123456789ab" / "left over.png"
    file.parent.mkdir(parents=True)
    file.write_bytes(PICTURE)
    with TestClient(create_app(make_desk(jobs=jobs)), base_url="http://localhost"):
        for _ in range(200):
            if jobs.jobs():
                break
            time.sleep(0.01)
    assert [job.name for job in jobs.jobs()] == ["left over.png"]
    assert jobs.closed


def test_the_description_names_every_answer(looking: TestClient) -> None:
    schema = looking.get("/api/v1/openapi.json").json()
    assert "Problem" in schema["components"]["schemas"]
    assert "HTTPValidationError" not in json.dumps(schema)
    for path, operations in schema["paths"].items():
        assert path.startswith("/api/v1/")
        for operation in operations.values():
            assert {"401", "403", "422"} <= set(operation["responses"])
