import csv
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

import ocr_pipeline.dataset.export.workbook as workbook_module
from ocr_pipeline.dataset import DatasetOptions
from ocr_pipeline.dataset.export import ExportPlan, Selection, export_dataset
from ocr_pipeline.dataset.schema import TABLES, TableName, arrow_schema
from ocr_pipeline.document import Finding, Severity, Status
from ocr_pipeline.errors import ContentError, LimitExceededError, OutputError, UsageError
from ocr_pipeline.report import Report
from ocr_pipeline.report.corrections import Correction, CorrectionLog, Seen, Settled
from ocr_pipeline.report.palette import STATUS_STYLES
from tests.dataset.made_reports import drawn_figures, made_report, save

Figure = float | None


def export(folder: Path, kind: Any, **plan: Any) -> Path:
    path = folder / f"export.{kind}"
    export_dataset(folder, ExportPlan(kind=kind, path=path, **plan))
    return path


def sheet_rows(path: Path, sheet: str) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def expected_rows(reports: dict[str, Report]) -> list[dict[str, Any]]:
    return [
        {
            "report": f"{name}.json",
            "document": report.source.name,
            "id": v.id,
            "value": v.value,
            "unit": v.unit,
            "raw": v.raw or None,
            "status": v.status.value,
            "confidence": round(v.confidence, 4),
            "page": None if v.page is None else v.page + 1,
            "row": None if v.row is None else v.row + 1,
            "column": None if v.column is None else v.column + 1,
            "form": v.form,
            "table": v.table,
        }
        for name, report in sorted(reports.items())
        for v in report.values
    ]


def test_a_workbook_holds_every_value_cell_by_cell(built: Path, read_reports: dict[str, Report]) -> None:
    head, *rows = sheet_rows(export(built, "xlsx"), "values")
    assert head == [column.name for column in TABLES["values"]]
    found = [dict(zip(head, row, strict=True)) for row in rows]
    expected = expected_rows(read_reports)
    assert [{name: row[name] for name in expected[0]} for row in found] == expected
    for row in found:
        assert isinstance(row["value"], int | float | None)
        assert row["good"] is (row["status"] in ("verified", "read", "repaired"))


def test_statuses_of_a_workbook_have_their_colours(built: Path) -> None:
    sheet = openpyxl.load_workbook(export(built, "xlsx"))["values"]
    column = [cell.value for cell in sheet[1]].index("status") + 1
    for row in range(2, sheet.max_row + 1):
        cell = sheet.cell(row=row, column=column)
        fill = "00{:02X}{:02X}{:02X}".format(*STATUS_STYLES[Status(cell.value)].fill)
        assert cell.fill.start_color.rgb == fill


def test_a_wide_workbook_is_laid_out_by_form(built: Path, read_reports: dict[str, Report]) -> None:
    path = export(built, "xlsx", wide=True)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["gov-disclosure-a", "gov-disclosure-b", "findings", "documents", "legend"]
    cells = 0
    for form in book.sheetnames[:2]:
        assert book[form].freeze_panes == "C3"
        labels, ids, *rows = sheet_rows(path, form)
        assert ids[:5] == ["body", "year", "document", "report", "flagged"]
        assert "总计" in labels[ids.index("applications/3.7/total")]
        reports = {row[3]: row for row in rows}
        assert set(reports) == {
            f"{name}.json" for name, report in read_reports.items() if any(v.form == form for v in report.values)
        }
        for name, row in reports.items():
            for value in read_reports[name.removesuffix(".json")].values:
                if value.form == form:
                    shown = "?" if value.status is Status.MISSING else value.raw if value.value is None else value.value
                    assert row[ids.index(value.id)] == (shown if shown != "" else None), value.id
                    cells += 1
    assert cells == sum(len(report.values) for report in read_reports.values())


def test_a_csv_holds_every_value_cell_by_cell(built: Path, read_reports: dict[str, Report]) -> None:
    head, *rows = csv_rows(export(built, "csv"))
    assert head == [column.name for column in TABLES["values"]]
    for row, expected in zip(rows, expected_rows(read_reports), strict=True):
        found = dict(zip(head, row, strict=True))
        for name, content in expected.items():
            # A spreadsheet shows 1, not 1.0.
            shown = "" if content is None else f"{content:.12g}" if isinstance(content, float) else f"{content}"
            assert found[name] == shown, (name, found)


def test_a_parquet_file_is_as_the_dataset(built: Path) -> None:
    path = export(built, "parquet")
    table = pq.read_table(path)
    assert table.schema.equals(arrow_schema("values"), check_metadata=True)
    assert table.equals(pq.read_table(built / "dataset" / "values"))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("table", ["documents", "findings", "sections"])
def test_every_table_can_be_exported(built: Path, kind: str, table: TableName) -> None:
    path = export(built, kind, table=table)
    rows = len(csv_rows(path)) - 1 if kind == "csv" else pq.read_table(path).num_rows
    assert rows == pq.read_table(built / "dataset" / table).num_rows > 0


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_wide_files_hold_good_figures_only(tmp_path: Path, kind: str) -> None:
    figures = {"applications/1/total": 5, "applications/2/total": Status.CONFLICT, "applications/4/total": Status.BLANK}
    save(tmp_path, made_report("松塘县财政局", 2023, figures))
    save(tmp_path, made_report("松塘县财政局", 2022, {"applications/1/total": 4, "proactive/fees/amount": 1.5}))
    path = export(tmp_path, kind, wide=True)
    if kind == "csv":
        head, *rows = csv_rows(path)
        found = [dict(zip(head, [entry or None for entry in row], strict=True)) for row in rows]
        figure: Callable[[Any], Figure] = lambda text: None if text is None else float(text)  # noqa: E731
    else:
        found = pq.read_table(path).to_pylist()
        figure = lambda number: number  # noqa: E731
    fields = ("applications/1/total", "applications/2/total", "applications/4/total", "proactive/fees/amount")
    assert [[int(row["year"]), int(row["flagged"]), *(figure(row[f]) for f in fields)] for row in found] == [
        [2022, 0, 4, None, None, 1.5],
        [2023, 2, 5, None, None, None],
    ]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(bodies=("松塘县财政局",)), {("松塘县财政局", 2022), ("松塘县财政局", 2023)}),
        (Selection(bodies=("松塘*",), years=(2023,)), {("松塘县财政局", 2023), ("松塘县民政局", 2023)}),
        (Selection(bodies=("*民政局", "柳泉*")), {("松塘县民政局", 2023), ("柳泉县财政局", 2023)}),
        (Selection(forms=("gov-disclosure-a",)), {("柳泉县财政局", 2023)}),
        (Selection(fields=("applications/*/total",), years=(2022,)), {("松塘县财政局", 2022)}),
        (Selection(statuses=(Status.BLANK,)), {("松塘县民政局", 2023)}),
    ],
)
def test_a_selection_takes_what_it_names(tmp_path: Path, selection: Selection, expected: set[tuple[str, int]]) -> None:
    save(tmp_path, made_report("松塘县财政局", 2022, {"applications/1/total": 3, "proactive/license/decisions": 9}))
    save(tmp_path, made_report("松塘县财政局", 2023, {"proactive/license/decisions": 9}))
    save(tmp_path, made_report("松塘县民政局", 2023, {"proactive/license/decisions": Status.BLANK}))
    save(tmp_path, made_report("柳泉县财政局", 2023, {"proactive/license/decisions": 9}, form="A"))
    rows = pq.read_table(export(tmp_path, "parquet", selection=selection)).to_pylist()
    assert {(row["body"], row["year"]) for row in rows} == expected
    if selection.fields:
        assert {row["id"] for row in rows} == {"applications/1/total"}


def test_a_selection_of_nothing_says_what_there_is(built: Path) -> None:
    with pytest.raises(ContentError, match="year 1999") as caught:
        export(built, "csv", selection=Selection(years=(1999,)))
    assert "2019, 2020, 2021, 2023" in caught.value.remedy
    assert not (built / "export.csv").exists()


def test_corrections_are_exported(tmp_path: Path) -> None:
    report = made_report("松塘县财政局", 2023, drawn_figures(1))
    save(tmp_path, report)
    field = "applications/1/natural"
    before = dict(csv_rows_by_id(export(tmp_path, "csv")))
    log = CorrectionLog.of(tmp_path, report.source.sha256)
    log.append(
        Correction(
            id="correction-1",
            when=datetime(2026, 1, 2, tzinfo=timezone.utc),
            who="ann",
            action="value",
            field=field,
            old=Seen.of(report.value(field)),
            new=Settled(value=12345),
            reason="",
            source_sha256=report.source.sha256,
            report_sha256="0" * 64,
        )
    )
    after = dict(csv_rows_by_id(export(tmp_path, "csv")))
    assert after[field][:2] == ("12345", "verified")
    assert {field: row[2] for field, row in after.items() if row[2] == "yes"} == {field: "yes"}
    assert {field for field in after if after[field][0] != before[field][0]} == {field}
    # The equations are evaluated anew: its row and its column do not add up any longer.
    broken = {row[0] for row in csv_rows(export(tmp_path, "csv", table="findings")) if "equation-broken" in row}
    assert broken


def csv_rows_by_id(path: Path) -> list[tuple[str, tuple[str, str, str]]]:
    head, *rows = csv_rows(path)
    places = [head.index(name) for name in ("id", "value", "status", "settled")]
    return [(row[places[0]], (row[places[1]], row[places[2]], row[places[3]])) for row in rows]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_text_out_of_documents_is_never_a_formula(tmp_path: Path, kind: str) -> None:
    wild = ("=1+2", "@SUM(A1)", "+cmd|'/c calc'!A0", "\x07ring", "x" * 40_000)
    findings = tuple(Finding(code="wild", severity=Severity.INFO, message=text) for text in wild)
    save(tmp_path, made_report("松塘县财政局", 2023, {"applications/1/total": 5}, findings=findings))
    if kind == "csv":
        head, *rows = csv_rows(export(tmp_path, kind, table="findings"))
        messages = [row[head.index("message")] for row in rows]
        assert messages[:3] == ["'" + text for text in wild[:3]]
    else:
        sheet = openpyxl.load_workbook(export(tmp_path, kind))["findings"]
        column = [cell.value for cell in sheet[1]].index("message") + 1
        cells = [sheet.cell(row=row, column=column) for row in range(2, 7)]
        assert [cell.data_type for cell in cells] == ["s"] * 5
        assert [cell.value for cell in cells] == [*wild[:3], "\ufffdring", "x" * 32_767]
        assert [cell.quotePrefix for cell in cells] == [True, True, True, False, False]


def test_too_many_rows_for_a_sheet_are_refused(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_module, "_MOST_ROWS", 500)
    with pytest.raises(LimitExceededError, match="782 rows of values") as caught:
        export(built, "xlsx")
    assert "parquet" in caught.value.remedy
    assert not (built / "export.xlsx").exists()
    assert export(built, "xlsx", wide=True).exists()


def test_the_dataset_is_never_replaced(built: Path) -> None:
    for path in (built / "archive.duckdb", built / "dataset" / "values" / "part-00000.parquet"):
        with pytest.raises(OutputError, match="replace the dataset"):
            export_dataset(built, ExportPlan(kind="parquet", path=path))


def test_only_values_can_be_wide(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="findings cannot be wide"):
        ExportPlan(kind="csv", path=tmp_path / "x.csv", table="findings", wide=True)


def test_a_failed_export_leaves_the_file_of_before(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = export(built, "xlsx")
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workbook_module, "_add_legend", full)
    with pytest.raises(OutputError, match="No space left"):
        export(built, "xlsx")
    assert path.read_bytes() == before
    assert [part.name for part in built.iterdir() if part.suffix == ".part"] == []


def test_a_small_group_size_changes_nothing(built: Path) -> None:
    whole = export(built, "csv").read_bytes()
    plan = ExportPlan(kind="csv", path=built / "small.csv")
    export_dataset(built, plan, options=DatasetOptions(row_group=1024, rows_per_file=1024))
    assert plan.path.read_bytes() == whole
