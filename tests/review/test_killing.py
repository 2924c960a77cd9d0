"""The server ended by force while corrections pour in: what was answered is kept, and at most one more."""

from __future__ import annotations

import http.client
import json
import signal
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from ocr_pipeline.report import load_report
from ocr_pipeline.report.corrections import CorrectionLog
from tests.review.conftest import FLAGGED
from tests.review.server_process import ServerProcess


class Person:
    """Settles one field after the other, as fast as answers come, until nobody answers."""

    def __init__(self, port: int, key: str, fields: list[str], name: str) -> None:
        self._port, self._key, self._fields, self._name = port, key, fields, name
        self.answered: list[str] = []
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def join(self) -> None:
        self._thread.join()

    def _work(self) -> None:
        for number, field in enumerate(self._fields * 50):
            entry = f"{self._name}-entry-{number:06d}"
            body = {"field": field, "action": "value", "text": str(number % 90), "who": self._name, "id": entry}
            try:
                with closing(http.client.HTTPConnection("localhost", self._port, timeout=20)) as connection:
                    headers = {"content-type": "application/json"}
                    address = f"/api/v1/reports/{self._key}/corrections"
                    connection.request("POST", address, json.dumps(body), headers)
                    answer = connection.getresponse()
                    answer.read()
            except (OSError, http.client.HTTPException):
                return
            assert answer.status == 201
            self.answered.append(entry)


@pytest.mark.parametrize("moment", [0.211, 0.373])
def test_what_was_answered_outlives_the_server(folder: Path, key: str, moment: float) -> None:
    report = load_report(folder / f"{FLAGGED}.json")
    fields = [value.id for value in report.values]
    server = ServerProcess(folder, "--no-uploads")
    server.start()
    people = [Person(server.port, key, fields[start : start + 40], f"p{start}") for start in (0, 40)]
    end = time.monotonic() + 60
    while not all(person.answered for person in people):
        assert time.monotonic() < end
        time.sleep(0.01)
    time.sleep(moment)
    server.end(signal.SIGKILL)
    for person in people:
        person.join()
    log = CorrectionLog.of(folder, report.source.sha256)
    kept = [entry.id for entry in log.entries()]
    for person in people:
        mine = [entry for entry in kept if entry.startswith(person.answered[0].partition("-")[0] + "-")]
        assert mine[: len(person.answered)] == person.answered
        assert len(mine) - len(person.answered) <= 1  # recorded, and killed before it could say so

    # Another server takes up the log as it is, and adds to it.
    server.start()
    again = Person(server.port, key, [fields[90]], "again")
    end = time.monotonic() + 60
    while not again.answered:
        assert time.monotonic() < end
        time.sleep(0.01)
    server.end()
    again.join()
    after = [entry.id for entry in log.entries()]
    assert after[: len(kept)] == kept
    assert after[len(kept)] == again.answered[0]
