import shutil
from pathlib import Path

import duckdb
import pytest

from ocr_pipeline.dataset import build_dataset
from ocr_pipeline.dataset.forms import known_forms
from ocr_pipeline.dataset.schema import TABLES
from ocr_pipeline.document import Status
from ocr_pipeline.report import Report
from tests.dataset.made_reports import FORM_IDS, drawn_figures, made_report, save


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(folder / "archive.duckdb"), read_only=True)


def test_the_database_holds_the_rows_of_the_files(built: Path) -> None:
    with opened(built) as database:
        for table in TABLES:
            files = str(built / "dataset" / table / "*.parquet")
            here = database.execute(f'SELECT * FROM "{table}" ORDER BY ALL').fetchall()
            assert here == database.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [files]).fetchall()
            assert len(here) > 0


def test_the_database_opens_wherever_it_is_moved(
    built: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copy(built / "archive.duckdb", elsewhere)
    shutil.rmtree(built / "dataset")
    monkeypatch.chdir(elsewhere)
    with duckdb.connect("archive.duckdb", read_only=True) as database:
        assert database.execute("SELECT sum(reports)::INT FROM by_year").fetchall() == [(4,)]


def test_every_column_is_commented(built: Path) -> None:
    with opened(built) as database:
        found = database.execute("SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal")
        comments = {(table, column): about for table, column, about in found.fetchall()}
    for table, columns in TABLES.items():
        assert {column.name: comments[table, column.name] for column in columns} == {c.name: c.about for c in columns}


@pytest.mark.parametrize(("form", "short"), [("gov-disclosure-a", "A"), ("gov-disclosure-b", "B")])
def test_a_wide_row_holds_the_good_figures_of_a_report(
    built: Path, read_reports: dict[str, Report], form: str, short: str
) -> None:
    view = f"wide_{form.replace('-', '_')}"
    with opened(built) as database:
        found = database.execute(f"SELECT * FROM {view}")
        names = [column[0] for column in found.description]
        rows = {row[names.index("report")]: dict(zip(names, row, strict=True)) for row in found.fetchall()}
    fields = [spec.id for part in known_forms().form(form).parts for spec in part.fields]
    assert names == ["body", "year", "document", "report", *fields]
    expected = {
        f"{name}.json": {v.id: v.value for v in report.values if v.form == form and v.status.is_good}
        for name, report in read_reports.items()
        if any(v.form == form for v in report.values)
    }
    assert {report: {f: row[f] for f in fields if row[f] is not None} for report, row in rows.items()} == expected
    assert "report_mixed_seal.json" in rows


def test_flagged_values_are_not_among_the_wide_ones(tmp_path: Path) -> None:
    figures = {"applications/1/total": Status.CONFLICT, "applications/2/total": Status.BLANK, "applications/4/total": 0}
    save(tmp_path, made_report("松塘县财政局", 2023, figures))
    build_dataset(tmp_path)
    with opened(tmp_path) as database:
        columns = '"applications/1/total", "applications/2/total", "applications/4/total"'
        assert database.execute(f"SELECT {columns} FROM wide_gov_disclosure_b").fetchall() == [(None, None, 0.0)]
        assert database.execute("SELECT id, value, status FROM flagged").fetchall() == [
            ("applications/1/total", 7.0, "conflict"),
            ("applications/2/total", None, "blank"),
        ]


def test_views_by_body_year_and_field(tmp_path: Path) -> None:
    for body in ("松塘县财政局", "松塘县民政局"):
        for year in (2021, 2022, 2023):
            save(tmp_path, made_report(body, year, {"applications/1/total": year - 2020, "applications/2/total": 0}))
    build_dataset(tmp_path)
    with opened(tmp_path) as database:
        assert database.execute("SELECT * FROM by_body").fetchall() == [
            ("松塘县民政局", 2021, 2023, 3, 6, 6, 0),
            ("松塘县财政局", 2021, 2023, 3, 6, 6, 0),
        ]
        assert database.execute("SELECT * FROM by_year").fetchall() == [(y, 2, 2, 4, 4, 0) for y in (2021, 2022, 2023)]
        assert database.execute("SELECT id, reports, total, median, largest FROM by_field").fetchall() == [
            ("applications/1/total", 6, 12.0, 2.0, 3.0),
            ("applications/2/total", 6, 0.0, 0.0, 0.0),
        ]
        changes = "SELECT year, previous, value, change FROM changes WHERE body = '松塘县财政局' AND id LIKE '%/1/%'"
        assert database.execute(changes).fetchall() == [(2022, 1.0, 2.0, 1.0), (2023, 2.0, 3.0, 1.0)]


def test_both_forms_have_a_wide_view(tmp_path: Path) -> None:
    for short in ("A", "B"):
        save(tmp_path, made_report("松塘县财政局", 2023, drawn_figures(5, short), form=short, source=f"{short}.pdf"))
    build_dataset(tmp_path)
    with opened(tmp_path) as database:
        for short, form in FORM_IDS.items():
            row = database.execute(f"SELECT * FROM wide_{form.replace('-', '_')}").fetchall()
            assert len(row) == 1
            figures = drawn_figures(5, short)
            assert sum(entry for entry in row[0][4:] if entry is not None) == pytest.approx(sum(figures.values()))


def test_the_database_goes_with_the_dataset(built: Path) -> None:
    (built / "archive.duckdb").write_bytes(b"not a database")
    build_dataset(built)
    with opened(built) as database:
        assert database.execute("SELECT count(*) FROM documents").fetchall() == [(4,)]
