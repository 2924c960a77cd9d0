"""Schemathesis against the API's own description: whatever is sent, the server never fails and answers as described."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings

from ocr_pipeline.review.app import Access, create_app
from ocr_pipeline.review.desk import Desk
from tests.fakes.slow_jobs import SlowJobs
from tests.review.true_reports import MISREAD, UNREAD

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
requests = pytest.importorskip("requests", reason="requests, which schemathesis brings, is not installed")

EXAMPLES = 4


def test_whatever_is_sent_the_server_does_not_fail(make_desk: Callable[..., Desk], key: str) -> None:
    from schemathesis import GenerationMode
    from schemathesis.checks import CHECKS, load_all_checks

    load_all_checks()
    options = {"max_upload_bytes": 100_000, "max_waiting": 5, "rescan_seconds": 30}
    app = create_app(make_desk(jobs=SlowJobs(), options=options), Access(who="tester"))
    checks = CHECKS.get_by_names(
        ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
    )
    answered: dict[int, int] = {}
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        schema = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
        for found in schema.get_all_operations():
            operation = found.ok()
            for mode in GenerationMode:
                _try(operation.as_strategy(generation_mode=mode), client, key, checks, answered)
    # Both what is good and what is not has been sent, or the test says little.
    assert answered.get(200, 0) > 15
    assert answered.get(422, 0) > 15


def _try(strategy: object, client: TestClient, key: str, checks: object, answered: dict[int, int]) -> None:
    chance = random.Random(7)

    @given(strategy)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def attempt(case: object) -> None:
        # A key out of thin air is of no report: most cases get one that is there.
        parameters = case.path_parameters
        if parameters and "key" in parameters and chance.random() < 0.8:
            parameters["key"] = key
            if "field" in parameters and chance.random() < 0.6:
                parameters["field"] = MISREAD
        body = case.body
        if isinstance(body, dict) and "field" in body and chance.random() < 0.6:
            body["field"] = UNREAD[0]
        try:
            ready = requests.Request(**case.as_transport_kwargs(base_url="http://localhost")).prepare()
            content = b"".join(ready.body) if hasattr(ready.body, "__next__") else ready.body or b""
            made = client.build_request(ready.method, ready.url, content=content, headers=dict(ready.headers))
        except (TypeError, ValueError, AttributeError):  # no client could send that
            return
        answer = client.send(made)
        answered[answer.status_code] = answered.get(answer.status_code, 0) + 1
        case.validate_response(answer, checks=checks)

    attempt()
