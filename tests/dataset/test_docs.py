"""``docs/dataset.md`` says what is so: its tables are the schema's, its queries run, its codes exist."""

import doctest
import re
from pathlib import Path

import duckdb
import pytest

from ocr_pipeline.dataset import build_dataset
from ocr_pipeline.dataset.panel import load_rules
from ocr_pipeline.dataset.schema import schema_pages
from ocr_pipeline.document import Status
from tests.dataset.made_reports import drawn_figures, made_report, save

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "dataset.md").read_text(encoding="utf-8")
QUERIES = re.search(r"```sql\n(.*?)```", GUIDE, re.DOTALL)
assert QUERIES is not None
STATEMENTS = [statement.strip() for statement in QUERIES[1].split(";") if statement.strip()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for body in ("松塘县财政局", "松塘县民政局"):
        for year in (2022, 2023):
            figures = {**drawn_figures(year), "applications/3.2/other": Status.CONFLICT}
            report = made_report(body, year, figures)
            values = tuple(
                v.model_copy(update={"status": Status.VERIFIED}) if v.status.is_good else v for v in report.values
            )
            text = report.document.sections[0].model_copy(update={"text": "组织培训三次。"})
            document = report.document.model_copy(update={"sections": (text, *report.document.sections[1:])})
            save(folder, report.model_copy(update={"values": values, "document": document}))
    build_dataset(folder)
    return folder


def test_the_tables_are_those_of_the_schema() -> None:
    assert schema_pages() in GUIDE


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda text: text.splitlines()[0])
def test_a_query_runs_and_finds_something(folder: Path, statement: str) -> None:
    with duckdb.connect(str(folder / "archive.duckdb"), read_only=True) as database:
        assert database.execute(statement).fetchall()


def test_there_are_queries() -> None:
    assert len(STATEMENTS) >= 6


def test_the_python_example_runs(folder: Path) -> None:
    test = doctest.DocTestParser().get_doctest(GUIDE, {"folder": folder}, "dataset.md", "docs/dataset.md", 0)
    results = doctest.DocTestRunner().run(test)
    assert results.attempted >= 4
    assert results.failed == 0


def test_every_view_is_explained(folder: Path) -> None:
    with duckdb.connect(str(folder / "archive.duckdb"), read_only=True) as database:
        views = database.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert [name for (name,) in views if f"`{name}`" not in GUIDE] == []


def test_every_code_is_explained() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "ocr_pipeline" / "dataset").rglob("*.py")]
    codes = set(re.findall(r'(?:code=|_remark\()"([a-z-]+)"', "".join(sources)))
    rules = load_rules()
    codes |= {rule.id for rule in rules.years} | {rules.bodies.id, f"{rules.bodies.id}-incomplete"}
    assert [code for code in sorted(codes) if f"`{code}`" not in GUIDE] == []
