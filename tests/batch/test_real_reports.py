"""A batch with the real models: documents of all sources, some broken, killed in the middle and resumed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from ocr_pipeline.document import Page
from ocr_pipeline.evaluation.synthetic.archive import SOURCES, write_archive
from ocr_pipeline.pipeline import Reader
from ocr_pipeline.report import Report, load_report
from tests.batch.conftest import rows

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="needs signals")]
pytest.importorskip("fpdf")

ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ocr_pipeline", "batch", str(folder), "--out", str(out), "--format", "json,pages"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def figures(report: Report) -> list[tuple[str, float | None, str]]:
    return [(value.id, value.value, value.status.value) for value in report.values]


def test_readable_documents_are_read_and_broken_ones_named_also_after_a_kill(tmp_path: Path) -> None:
    folder, out = tmp_path / "archive", tmp_path / "out"
    entries = {
        f"{folder}/{entry.name}": entry for entry in write_archive(folder, 12, broken=1 / 4, parts=("disputes",))
    }
    first = start(folder, out)
    while not list(out.glob("documents/*/report.json")):
        assert first.poll() is None, first.communicate()
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.communicate()

    said, _ = (second := start(folder, out)).communicate(timeout=500)
    assert second.returncode == 7, said
    told = {
        name: (state, category or "")
        for name, state, category in rows(
            out, "SELECT name, state, d.category FROM names JOIN documents d USING (sha256)"
        )
    }
    assert told == {name: ("failed" if e.reason else "done", e.reason) for name, e in entries.items()}
    assert {entry.source for entry in entries.values() if not entry.reason} == set(SOURCES)

    reader = Reader()
    for path in out.glob("documents/*/report.json"):
        report = load_report(path)
        if report.source.kind in ("tiff", "text") and "!/" not in report.source.name:
            again = reader.read(folder / Path(report.source.name).relative_to(folder), name=report.source.name)
            assert figures(again) == figures(report)
            assert again.versions == report.versions
        pictures = list((path.parent / "pages").glob("*.webp"))
        assert len(pictures) == len(report.pages)


def test_workers_that_share_their_models_read_what_others_read(tmp_path: Path) -> None:
    """Two documents at once, whose lines are read in the same batches, against each read by a worker of its own."""
    with Image.open(ROOT / "fixtures" / "report_a_fax.tif") as fax:
        fax.save(tmp_path / "first_page.tif", dpi=fax.info["dpi"])
    sources = [str(tmp_path / "first_page.tif"), str(ROOT / "fixtures" / "table_b_sideways.png")]
    read: dict[str, dict[str, Report]] = {}
    for models in ("--shared-models", "--no-shared-models"):
        out = tmp_path / models
        command = [sys.executable, "-m", "ocr_pipeline", "batch", *sources, "--out", str(out), "--workers", "2", models]
        subprocess.run([*command, "--no-dataset"], cwd=ROOT, check=True, capture_output=True)
        reports = [load_report(path) for path in out.glob("documents/*/report.json")]
        read[models] = {report.source.name: report for report in reports}
    shared, own = read.values()
    assert set(shared) == set(own)
    assert len(own) == 2
    for name, report in own.items():
        assert figures(shared[name]) == figures(report)
        assert [lines(page) for page in shared[name].pages] == [lines(page) for page in report.pages]
        assert shared[name].versions == report.versions


def lines(page: Page) -> list[tuple[str, object]]:
    return [(line.text, line.box) for region in page.regions for line in region.lines]
