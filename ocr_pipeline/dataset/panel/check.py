"""All checks over a dataset: its figures are read in order from the Parquet files, findings are written beside them.

The database sorts and joins outside of memory; here is never more than the figures of one body, or of one region's
bodies in one year.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocr_pipeline.dataset.archive import connect
from ocr_pipeline.dataset.forms import field_ids
from ocr_pipeline.dataset.options import DatasetOptions
from ocr_pipeline.dataset.panel.figures import PanelFinding, ReportFigures
from ocr_pipeline.dataset.panel.names import similar_names
from ocr_pipeline.dataset.panel.regions import Region, belongs_to, check_region
from ocr_pipeline.dataset.panel.rules import PREVIOUS, PanelRules, year_equations
from ocr_pipeline.dataset.panel.years import check_all_years, distinct
from ocr_pipeline.dataset.parquet import TableWriter
from ocr_pipeline.dataset.rows import Key
from ocr_pipeline.templates.equations import Equation, Figure

if TYPE_CHECKING:
    import duckdb

__all__ = ["write_panel"]

_KEY = "report, source_sha256, document, body, year"
_FETCHED = 10_000


def write_panel(dataset: Path, rules: PanelRules, options: DatasetOptions) -> int:
    """Check the reports of a dataset against each other.

    Args:
        dataset: the folder with the finished tables; ``findings/panel-00000.parquet`` is added.
        rules: what must hold.
        options: limits, and when a region counts as complete.

    Returns:
        How many findings there are.
    """
    scratch = dataset / "scratch"
    try:
        return _write(dataset, rules, options, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write(dataset: Path, rules: PanelRules, options: DatasetOptions, scratch: Path) -> int:
    with connect(options, scratch=scratch) as database:
        for table in ("values", "documents"):
            files = str(dataset / table / "*.parquet").replace("'", "''")
            database.execute(f"""CREATE VIEW "{table}" AS SELECT * FROM read_parquet('{files}')""")
        with TableWriter(dataset / "findings", "findings", options, stem="panel") as writer:
            for position, finding in enumerate(_findings(database, rules, options)):
                writer.add(_columns(finding, position))
            return writer.rows


def _findings(
    database: duckdb.DuckDBPyConnection, rules: PanelRules, options: DatasetOptions
) -> Iterator[PanelFinding]:
    yield from _over_years(database, year_equations(rules))
    yield from _over_bodies(database, rules, options)
    yield from similar_names(_documents(database), rules.bodies.core)


def _over_years(database: duckdb.DuckDBPyConnection, equations: tuple[Equation, ...]) -> Iterator[PanelFinding]:
    fields = sorted({field.removeprefix(PREVIOUS) for equation in equations for field in equation.members})
    # Reports that are alone in their year need only the fields of the equations.
    rows = _fetch(
        database,
        f"""SELECT {_KEY}, id, value, unit FROM "values"
            WHERE good AND body IS NOT NULL AND year IS NOT NULL AND (id IN (SELECT unnest(?)) OR (body, year) IN (
                SELECT (body, year) FROM documents GROUP BY body, year HAVING count(DISTINCT source_sha256) > 1))
            ORDER BY body, year, report, position""",
        [fields],
    )
    yield from check_all_years(_reports(rows), equations)


def _over_bodies(
    database: duckdb.DuckDBPyConnection, rules: PanelRules, options: DatasetOptions
) -> Iterator[PanelFinding]:
    places = _places(_documents(database))
    if not places:
        return
    fields = _matching(rules.bodies.fields)
    database.execute(
        "CREATE TABLE places AS SELECT unnest(?) AS report, unnest(?) AS region, unnest(?) AS is_government",
        [list(column) for column in zip(*places, strict=True)],
    )
    rows = _fetch(
        database,
        f"""SELECT {", ".join("d." + name for name in _KEY.split(", "))}, v.id, v.value, v.unit,
                   p.region, p.is_government
            FROM places AS p JOIN documents AS d USING (report)
            LEFT JOIN "values" AS v ON v.report = d.report AND v.good AND v.id IN (SELECT unnest(?))
            ORDER BY p.region, d.year, NOT p.is_government, d.report, v.position""",
        [fields],
    )
    for _, of_region in groupby(rows, key=lambda row: (row[8], row[4])):
        reports = distinct(_reports(of_region))
        yield from check_region(Region(reports[0], tuple(reports[1:])), rules.bodies, fields, options)


def _places(documents: Iterable[Key]) -> list[list[str | bool]]:
    """Report, region and whether it is the region's own, for regions and years with one government and some bodies."""
    governments: dict[tuple[str, int], list[Key]] = {}
    bodies: dict[tuple[str, int], dict[str, list[Key]]] = {}
    from ocr_pipeline.dataset.identity import split_body

    for key in documents:
        if key.body is None or key.year is None:
            continue
        split = split_body(key.body)
        if split.department is None and split.region:
            governments.setdefault((split.region, key.year), []).append(key)
        above = belongs_to(key.body)
        if above:
            bodies.setdefault((above, key.year), {}).setdefault(key.body, []).append(key)
    found: list[list[str | bool]] = []
    for place, own in sorted(governments.items()):
        # Two reports of one government, or of one department: it is not known which of them counts.
        single = [keys[0] for keys in bodies.get(place, {}).values() if len({k.source_sha256 for k in keys}) == 1]
        if len({key.source_sha256 for key in own}) == 1 and single:
            found.append([own[0].report, place[0], True])
            found += ([key.report, place[0], False] for key in single)
    return found


def _matching(patterns: Iterable[str]) -> list[str]:
    return [field for field in field_ids() if any(fnmatchcase(field, pattern) for pattern in patterns)]


def _documents(database: duckdb.DuckDBPyConnection) -> Iterator[Key]:
    for row in _fetch(database, f"SELECT {_KEY} FROM documents ORDER BY report", []):
        yield Key(*row)


def _reports(rows: Iterable[tuple[Any, ...]]) -> Iterator[ReportFigures]:
    """Consecutive rows of one report as its figures; a row without an id has none."""
    for key, of_report in groupby(rows, key=lambda row: row[:5]):
        figures = {row[5]: Figure(row[6], row[7]) for row in of_report if row[5] is not None}
        yield ReportFigures(Key(*key), figures)


def _fetch(database: duckdb.DuckDBPyConnection, query: str, parameters: list[Any]) -> Iterator[tuple[Any, ...]]:
    cursor = database.cursor().execute(query, parameters)
    while rows := cursor.fetchmany(_FETCHED):
        yield from rows


def _columns(finding: PanelFinding, position: int) -> dict[str, list[Any]]:
    return finding.key.columns(1) | {
        "position": [position],
        "scope": ["panel"],
        "code": [finding.code],
        "severity": [finding.severity.value],
        "message": [finding.message],
        "page": [None],
        "table": [None],
        "fields": [list(finding.fields)],
        "other_report": [finding.other_report],
        "other_fields": [list(finding.other_fields)],
        "difference": [finding.difference],
    }
