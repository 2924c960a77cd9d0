"""What the door lets in and what not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from ocr_pipeline.review.app import Access, create_app
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.guard import MARK_HEADER
from tests.review.conftest import TOKEN
from tests.review.true_reports import UNREAD

BODY = {"field": UNREAD[0], "action": "blank"}
BEARER = {"authorization": f"Bearer {TOKEN}"}


def _mark(client: TestClient, address: str = "/") -> str:
    found = re.search(r'name="csrf-token" content="([0-9a-f]+)"', client.get(address).text)
    assert found is not None
    return found[1]


def test_every_answer_forbids_what_comes_from_elsewhere(looking: TestClient) -> None:
    for address in ("/", "/queue", "/api/v1/reports", "/static/review.css", "/nothing"):
        headers = looking.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8421", ""])
def test_a_name_that_is_not_ours_is_refused_while_there_is_no_token(looking: TestClient, host: str) -> None:
    assert looking.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:8421", "127.0.0.1:8421", "[::1]:8421", "LOCALHOST"])
def test_this_machine_has_several_names(looking: TestClient, host: str) -> None:
    assert looking.get("/", headers={"host": host}).status_code == 200


def test_a_program_of_this_machine_may_change_things(client: TestClient, key: str) -> None:
    client.cookies.clear()
    assert client.post(f"/api/v1/reports/{key}/corrections", json=BODY).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://localhost"},
        {"sec-fetch-site": "same-origin"},
        {"origin": "http://localhost", MARK_HEADER: "0" * 64},
    ],
)
def test_a_change_that_no_page_of_ours_asked_for_is_refused(
    looking: TestClient, key: str, headers: dict[str, str]
) -> None:
    looking.get("/")
    answer = looking.post(f"/api/v1/reports/{key}/corrections", json=BODY, headers=headers)
    assert answer.status_code == 403
    assert looking.get(f"/api/v1/reports/{key}/corrections").json() == []


def test_a_cookie_alone_changes_nothing(client: TestClient, key: str) -> None:
    client.get("/")
    assert client.cookies
    assert client.post(f"/api/v1/reports/{key}/corrections", json=BODY).status_code == 403


def test_a_page_of_ours_may_change_things(client: TestClient, key: str) -> None:
    headers = {"origin": "http://localhost", "sec-fetch-site": "same-origin", MARK_HEADER: _mark(client)}
    assert client.post(f"/api/v1/reports/{key}/corrections", json=BODY, headers=headers).status_code == 201


def test_the_mark_of_another_session_is_none_of_ours(desk: Desk, key: str) -> None:
    app = create_app(desk)
    with TestClient(app, base_url="http://localhost") as one:
        other = TestClient(app, base_url="http://localhost")
        headers = {"origin": "http://localhost", MARK_HEADER: _mark(other)}
        one.get("/")
        assert one.post(f"/api/v1/reports/{key}/corrections", json=BODY, headers=headers).status_code == 403


def test_a_form_of_another_site_or_session_is_refused(client: TestClient) -> None:
    mark = _mark(client)
    good = {"mark": mark, "who": "li", "next": "/queue"}
    assert client.post("/name", data=good, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post("/name", data={**good, "mark": "0" * 64}).status_code == 422
    answer = client.post("/name", data=good, headers={"origin": "http://localhost"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
    assert ">li<" in client.get("/").text


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/\n/x"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(guarded: TestClient, address: str) -> None:
    answer = guarded.post("/sign-in", data={"token": TOKEN, "next": address}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_nothing_is_answered_without_the_token(guarded: TestClient, key: str) -> None:
    for address in ("/api/v1/reports", f"/api/v1/reports/{key}/report", "/api/v1/openapi.json", "/font.otf"):
        assert guarded.get(address).status_code == 401, address
    assert guarded.post(f"/api/v1/reports/{key}/corrections", json=BODY).status_code == 401
    page = guarded.get("/queue?state=waiting", headers={"accept": "text/html"}, follow_redirects=False)
    assert page.headers["location"] == "/sign-in?next=%2Fqueue%3Fstate%3Dwaiting"
    assert guarded.get("/static/review.css").status_code == 200


def test_the_token_opens_the_api(guarded: TestClient, key: str) -> None:
    assert guarded.get("/api/v1/reports", headers=BEARER).json()["total"] == 2
    answer = guarded.post(
        f"/api/v1/reports/{key}/corrections", json={**BODY, "who": "a program"}, headers={**BEARER, "origin": "null"}
    )
    assert answer.status_code == 201
    assert answer.json()["entry"]["who"] == "a program"


@pytest.mark.parametrize("value", [f"Bearer {TOKEN}x", "Bearer ", f"Basic {TOKEN}", "Bearer " + "é" * 30])
def test_a_wrong_token_opens_nothing(guarded: TestClient, value: str) -> None:
    assert guarded.get("/api/v1/reports", headers={"authorization": value.encode("utf-8")}).status_code == 401


def test_signing_in_gives_a_cookie_that_is_not_the_token(guarded: TestClient, key: str) -> None:
    wrong = guarded.post("/sign-in", data={"token": "something else"})
    assert wrong.status_code == 401
    assert "not the token" in wrong.text
    answer = guarded.post("/sign-in", data={"token": TOKEN, "who": "王"}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert TOKEN not in cookie
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    page = guarded.get("/queue")
    assert "王" in page.text
    headers = {"origin": "http://archive.example:8421", MARK_HEADER: _mark(guarded)}
    answer = guarded.post(f"/api/v1/reports/{key}/corrections", json=BODY, headers=headers)
    assert answer.json()["entry"]["who"] == "王"
    guarded.post("/sign-out", data={"mark": _mark(guarded)})
    assert guarded.get("/api/v1/reports").status_code == 401


def test_tokens_cannot_be_tried_without_end(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(options={"sign_ins_per_minute": 3})
    with TestClient(create_app(desk, Access(token=TOKEN)), base_url="http://x") as client:
        codes = [client.post("/sign-in", data={"token": f"guess {n}"}).status_code for n in range(5)]
        assert codes == [401, 401, 401, 429, 429]
        assert client.post("/sign-in", data={"token": TOKEN}).status_code == 429
        assert client.get("/api/v1/reports", headers={"authorization": "Bearer guess"}).status_code == 429


def test_a_request_is_read_no_further_than_its_limit(looking: TestClient, key: str) -> None:
    large = {**BODY, "reason": "x" * 400_000}
    refused = looking.post(f"/api/v1/reports/{key}/corrections", json=large)
    assert refused.status_code == 413
    assert "max_request_bytes" in refused.json()["remedy"]

    def pieces() -> object:
        for _ in range(100):
            yield b"x" * 10_000

    looking.cookies.clear()
    address = f"/api/v1/reports/{key}/corrections"
    answer = looking.post(address, content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "address",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fpyproject.toml",
        "/static//etc/passwd",
        "/static/..%5capp.py",
        "/reports/..%2f..%2fetc%2fpasswd",
        "/api/v1/reports/..%2f..%2fetc%2fpasswd/report",
        "/api/v1/reports/../../etc/passwd",
        "/api/v1/reports/{key}/pages/..%2f..%2f001/picture",
        "/api/v1/reports/{key}/pages/-1/picture",
        "/api/v1/reports/{key}/export/..%2fkey",
        "/api/v1/reports/{key}/values/..%2f..%2f..%2fkey",
        "/api/v1/jobs/..%2f..%2fkey",
        "/.review/key",
        "/report_b_scan.json",
        "/corrections/x.jsonl",
    ],
)
def test_no_path_of_a_request_leaves_the_folder(looking: TestClient, key: str, address: str) -> None:
    answer = looking.get(address.replace("{key}", key))
    assert answer.status_code in (404, 405, 422), answer.text[:200]
    assert b"root:" not in answer.content
    assert b"from __future__" not in answer.content


def test_websockets_are_refused(client: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/queue"):
        pass
