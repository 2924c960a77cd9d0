import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import ocr_pipeline.dataset.build as build_module
import ocr_pipeline.dataset.collecting as collecting_module
from ocr_pipeline.dataset import DatasetOptions, DatasetSummary, build_dataset
from ocr_pipeline.dataset.schema import TABLES, TableName, arrow_schema
from ocr_pipeline.document import Finding, Severity, Status
from ocr_pipeline.errors import OutputError, SourceNotFoundError
from ocr_pipeline.report import Report, StageError
from ocr_pipeline.report.corrections import CorrectionLog
from tests.dataset.made_reports import age, drawn_figures, made_report, save

ROOT = Path(__file__).parents[2]


def rows(folder: Path, table: TableName) -> list[dict[str, object]]:
    return pq.read_table(folder / "dataset" / table).to_pylist()


def files(folder: Path) -> dict[str, bytes]:
    """Every Parquet file of a dataset."""
    dataset = folder / "dataset"
    return {str(path.relative_to(dataset)): path.read_bytes() for path in sorted(dataset.rglob("*.parquet"))}


@contextmanager
def no_report_is_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise AssertionError("a report was read again")

    with monkeypatch.context() as patch:
        patch.setattr(collecting_module, "load_saved", refuse)
        yield


def test_every_value_of_every_report_is_a_row(archive: Path, read_reports: dict[str, Report]) -> None:
    made = build_dataset(archive)
    assert made == DatasetSummary(
        dataset=archive / "dataset",
        archive=archive / "archive.duckdb",
        reports=4,
        rows={table: len(rows(archive, table)) for table in TABLES},
        panel_findings=0,
        read=4,
        problems={},
        ignored=0,
    )
    expected = [
        (f"{name}.json", v.id, v.value, v.unit, v.raw, v.status.value, round(v.confidence, 4), v.page, v.form, v.table)
        for name, report in sorted(read_reports.items())
        for v in report.values
    ]
    names = ("report", "id", "value", "unit", "raw", "status", "confidence", "page", "form", "table")
    assert [tuple(row[name] for name in names) for row in rows(archive, "values")] == expected
    assert len(expected) == 198 + 198 + 200 + 186


def test_a_report_is_known_by_body_and_year(archive: Path) -> None:
    build_dataset(archive)
    known = {
        row["report"]: (row["body"], row["year"], row["region"], row["department"])
        for row in rows(archive, "documents")
    }
    assert known == {
        "report_a_clean.json": ("凤泉县司法局", 2020, "凤泉县", "司法局"),
        "report_a_fax.json": ("禾川市发展和改革委员会", 2019, "禾川市", "发展和改革委员会"),
        "report_b_scan.json": ("泽崖县人民政府", 2023, "泽崖县", None),
        "report_mixed_seal.json": ("鹭崖县林业和草原局", 2021, "鹭崖县", "林业和草原局"),
    }
    for table in ("values", "sections", "findings"):
        assert {(row["report"], row["body"], row["year"]) for row in rows(archive, table)} <= {
            (report, *row[:2]) for report, row in known.items()
        }


def test_documents_count_their_values_by_status(archive: Path, read_reports: dict[str, Report]) -> None:
    build_dataset(archive)
    for row in rows(archive, "documents"):
        report = read_reports[str(row["report"]).removesuffix(".json")]
        assert {status.value: row[status.value] for status in Status} == {
            status.value: count for status, count in report.status_counts().items()
        }
        assert row["fields"] == len(report.values)
        assert row["good"] == len(report.values) - len(report.flagged)
        assert row["source_sha256"] == report.source.sha256


def test_sections_keep_their_place_in_the_tree(tmp_path: Path) -> None:
    save(tmp_path, made_report("松塘县财政局", 2023, {}))
    build_dataset(tmp_path)
    assert [(row["path"], row["level"], row["title"], row["tables"]) for row in rows(tmp_path, "sections")] == [
        ("1", 1, "一、总体情况", []),
        ("2", 1, "二、主动公开政府信息情况", ["t1"]),
        ("2.1", 2, "（一）说明", []),
    ]


def test_findings_say_where_they_come_from(tmp_path: Path) -> None:
    finding = Finding(
        code="equation-broken", severity=Severity.WARNING, message="3 is not 4", page=2, fields=("a/b", "c")
    )
    error = StageError(stage="tables", category="NoTextError", message="no text", page=1)
    save(tmp_path, made_report(None, None, {}, findings=(finding,), errors=(error,)), "r.json")
    build_dataset(tmp_path)
    found = {row["code"]: row for row in rows(tmp_path, "findings")}
    assert {code: row["scope"] for code, row in found.items()} == {
        "equation-broken": "report",
        "stage-failed": "failure",
        "year-unknown": "identity",
        "body-unknown": "identity",
    }
    assert found["equation-broken"]["fields"] == ["a/b", "c"]
    assert (found["stage-failed"]["severity"], found["stage-failed"]["page"]) == ("error", 1)
    assert found["stage-failed"]["message"] == "tables: NoTextError: no text"
    assert rows(tmp_path, "documents")[0]["complete"] is False


@pytest.mark.parametrize("table", TABLES)
def test_the_files_have_the_documented_schema(archive: Path, table: TableName) -> None:
    build_dataset(archive)
    for path in (archive / "dataset" / table).glob("*.parquet"):
        assert pq.read_schema(path).equals(arrow_schema(table), check_metadata=True), path.name


def test_amounts_compare_in_yuan(tmp_path: Path) -> None:
    report = made_report("松塘县财政局", 2023, {"proactive/fees/amount": 52.15, "applications/1/total": 3})
    values = tuple(v.model_copy(update={"unit": "万元"}) if v.unit else v for v in report.values)
    save(tmp_path, report.model_copy(update={"values": values}))
    build_dataset(tmp_path)
    assert [(row["id"], row["value"], row["yuan"]) for row in rows(tmp_path, "values")] == [
        ("proactive/fees/amount", 52.15, 521_500.0),
        ("applications/1/total", 3.0, None),
    ]


def test_two_folders_of_the_same_reports_give_the_same_files(tmp_path: Path, read_reports: dict[str, Report]) -> None:
    for folder in ("one", "other"):
        for name, report in read_reports.items():
            save(tmp_path / folder, report, f"{name}.json")
        build_dataset(tmp_path / folder)
    assert files(tmp_path / "one") == files(tmp_path / "other")


def test_nothing_is_written_where_nothing_changed(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    age(archive)
    first = build_dataset(archive)
    stamps = {path: path.stat().st_mtime_ns for path in archive.rglob("*")}
    with no_report_is_read(monkeypatch):
        again = build_dataset(archive)
    assert again.read == 0
    assert again.rows == first.rows
    assert {path: path.stat().st_mtime_ns for path in archive.rglob("*")} == stamps


def test_only_what_is_new_is_read(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    age(archive)
    build_dataset(archive)
    save(archive, made_report("松塘县财政局", 2023, drawn_figures(1)), "m.json")
    assert build_dataset(archive).read == 1
    fresh = tmp_path_factory.mktemp("fresh")
    for path in archive.glob("*.json"):
        shutil.copy(path, fresh)
    build_dataset(fresh)
    assert files(archive) == files(fresh)


def test_a_report_touched_but_not_changed_is_not_read(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_dataset(archive)
    os.utime(archive / "report_a_clean.json")
    with no_report_is_read(monkeypatch):
        assert build_dataset(archive).read == 0
    assert len(rows(archive, "values")) == 198 + 198 + 200 + 186


def test_a_report_whose_corrections_are_damaged_is_left_out(tmp_path: Path) -> None:
    reports = [made_report("松塘县财政局", year, drawn_figures(year)) for year in (2022, 2023)]
    for report in reports:
        save(tmp_path, report)
    log = CorrectionLog.of(tmp_path, reports[0].source.sha256).path
    log.parent.mkdir()
    log.write_text("no correction\n")
    made = build_dataset(tmp_path)
    assert made.problems == {"松塘县财政局2022.json": "line 1 is no correction"}
    assert made.reports == 1
    log.unlink()
    assert build_dataset(tmp_path).reports == 2


def test_a_damaged_dataset_is_made_anew(archive: Path) -> None:
    age(archive)
    build_dataset(archive)
    whole = files(archive)
    for damage in (b"", b"PAR1 cut off"):
        (archive / "dataset" / "values" / "part-00000.parquet").write_bytes(damage)
        save(archive, made_report("松塘县财政局", 2023, {"applications/1/total": len(damage)}), "x.json")
        assert build_dataset(archive).read == 5
    (archive / "x.json").unlink()
    assert build_dataset(archive).read == 0
    assert files(archive) == whole


def test_a_dataset_of_other_settings_is_made_anew(archive: Path) -> None:
    age(archive)
    build_dataset(archive)
    assert build_dataset(archive, options=DatasetOptions(row_group=1024)).read == 4
    assert pq.ParquetFile(archive / "dataset" / "values" / "part-00000.parquet").num_row_groups == 1


def test_rows_are_cut_into_groups_and_files(tmp_path: Path) -> None:
    figures = drawn_figures(1)
    for year in range(2010, 2025):
        save(tmp_path, made_report("松塘县财政局", year, figures))
    build_dataset(tmp_path, options=DatasetOptions(row_group=1024, rows_per_file=2048))
    parts = [pq.ParquetFile(path) for path in sorted((tmp_path / "dataset" / "values").glob("*.parquet"))]
    groups = [[part.metadata.row_group(i).num_rows for i in range(part.num_row_groups)] for part in parts]
    assert groups == [[1024, 1024], [len(figures) * 15 - 2048]]
    years = [row["year"] for row in rows(tmp_path, "values")]
    assert years == [year for year in range(2010, 2025) for _ in figures]


def test_files_that_are_no_reports_are_named(archive: Path) -> None:
    (archive / "cut.json").write_bytes((archive / "report_a_fax.json").read_bytes()[:9000])
    (archive / "manifest.json").write_text('{"entries": []}')
    wrong = json.loads((archive / "report_a_fax.json").read_text())
    wrong["values"][0]["status"] = "guessed"
    (archive / "wrong.json").write_text(json.dumps(wrong))
    made = build_dataset(archive)
    assert made.reports == 4
    assert made.ignored == 1
    assert set(made.problems) == {"cut.json", "wrong.json"}
    assert "values.0.status" in made.problems["wrong.json"]
    assert build_dataset(archive).problems == made.problems


def test_results_are_found_wherever_read_and_batch_put_them(tmp_path: Path) -> None:
    report = made_report("松塘县财政局", 2023, {"applications/1/total": 3})
    for name in ("a.json", "a-12345678/a.json", "documents/0123456789ab-a/report.json"):
        save(tmp_path, report, name)
    for name in (
        "dataset/x.json",
        "corrections/y.json",
        "a.pages/z.json",
        ".hidden/w.json",
        ".v.json",
        "a/pages/u.json",
        "work/0123456789ab-b/report.json",
        "documents/0123456789ab-a/outcome.json",
    ):
        save(tmp_path, report, name)
    build_dataset(tmp_path)
    assert [row["report"] for row in rows(tmp_path, "documents")] == [
        "a-12345678/a.json",
        "a.json",
        "documents/0123456789ab-a/report.json",
    ]


def test_an_empty_folder_gives_empty_tables(tmp_path: Path) -> None:
    made = build_dataset(tmp_path)
    assert made.reports == 0
    assert [rows(tmp_path, table) for table in TABLES] == [[], [], [], []]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        build_dataset(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_every_report(archive: Path) -> None:
    seen: list[tuple[int, int]] = []
    build_dataset(archive, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_failure_leaves_the_dataset_of_before(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_dataset(archive)
    before = files(archive)
    save(archive, made_report("松塘县财政局", 2023, {"applications/1/total": 3}))

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(build_module, "write_archive", full_disk)
        with pytest.raises(OutputError, match="No space left"):
            build_dataset(archive)
    assert files(archive) == before
    assert [path.name for path in archive.iterdir() if "-new-" in path.name] == []
    assert build_dataset(archive).reports == 5


@pytest.mark.parametrize("moment", ["between the renames", "before the archive"])
def test_what_a_killed_run_left_is_put_right(archive: Path, moment: str) -> None:
    build_dataset(archive)
    whole = files(archive)
    (archive / ".dataset-new-dead").mkdir()
    (archive / ".archive-new-dead.duckdb").touch()
    (archive / ".archive-new-dead.duckdb.scratch").mkdir()
    if moment == "between the renames":
        (archive / "dataset").rename(archive / ".dataset-old-dead")
    else:
        (archive / "archive.duckdb").unlink()
    made = build_dataset(archive)
    assert made.read == 0
    assert files(archive) == whole
    assert sorted(path.name for path in archive.iterdir() if path.suffix != ".json") == [
        ".dataset.lock",
        "archive.duckdb",
        "dataset",
    ]


def test_killed_at_any_moment_the_next_run_gives_the_same(tmp_path: Path) -> None:
    figures = drawn_figures(3)
    for year in range(2008, 2024):
        save(tmp_path / "killed", made_report("松塘县财政局", year, figures))
    shutil.copytree(tmp_path / "killed", tmp_path / "whole")
    build_dataset(tmp_path / "whole")
    code = "import sys, pathlib; from ocr_pipeline.dataset import build_dataset; import duckdb, pyarrow.parquet\n"
    code += "print('ready', flush=True); build_dataset(pathlib.Path(sys.argv[1]))"
    for delay in (0.0, 0.05, 0.15):
        run = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "killed")], stdout=subprocess.PIPE, cwd=ROOT)
        assert run.stdout is not None
        assert run.stdout.readline() == b"ready\n"
        time.sleep(delay)
        run.send_signal(signal.SIGKILL)
        run.communicate()
    build_dataset(tmp_path / "killed")
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
