"""``ocr-pipeline export``: the values of an archive as a workbook, as CSV or as Parquet."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.cli.arguments import Commands, add_verbosity
from ocr_pipeline.errors import UsageError

if TYPE_CHECKING:
    from ocr_pipeline.dataset.export import Selection

__all__ = ["register", "run"]

_FORMATS = ("xlsx", "csv", "parquet")
_TABLES = ("values", "findings", "documents", "sections")
_DESCRIPTION = """\
Export the values of all reports in a folder that read or batch has written, corrections included. Each option that
selects can be repeated, and takes * and ? where names are asked for. The dataset of the folder is brought up to date
first; docs/dataset.md describes its tables."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "export", help="the values of an archive as xlsx, csv or parquet", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="what read --out or batch --out wrote")
    parser.add_argument("--to", choices=_FORMATS, required=True, help="the format")
    parser.add_argument("--out", metavar="FILE", type=Path, help="the file (DIR/TABLE.xlsx and so on)")
    parser.add_argument("--table", choices=_TABLES, default="values", help="of csv and parquet: which table (values)")
    parser.add_argument("--wide", action="store_true", help="a row a report, a column a field")
    group = parser.add_argument_group("selection")
    group.add_argument("--body", metavar="NAME", action="append", default=[], help="reports of this body")
    group.add_argument("--year", metavar="YEARS", action="append", default=[], help="of these years: 2021-2023,2025")
    group.add_argument("--form", metavar="ID", action="append", default=[], help="values of this form")
    group.add_argument("--field", metavar="ID", action="append", default=[], help="this field: applications/*/total")
    group.add_argument("--status", metavar="LIST", action="append", default=[], help="of these statuses: read,verified")
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the export and print its path.

    Raises:
        OcrPipelineError: see ``export_dataset``.
    """
    from ocr_pipeline.cli.progress import bar
    from ocr_pipeline.dataset.export import ExportPlan, export_dataset

    if arguments.to == "xlsx" and arguments.table != "values":
        raise UsageError("a workbook holds all tables", remedy="leave out --table, or take --to csv")
    plan = ExportPlan(
        kind=arguments.to,
        path=arguments.out or arguments.folder / f"{arguments.table}.{arguments.to}",
        table=arguments.table,
        wide=arguments.wide,
        selection=_selection(arguments),
    )
    with bar(arguments.folder.name, unit="report", quiet=arguments.quiet) as show:
        made, file = export_dataset(arguments.folder, plan, progress=show)
    for name, problem in made.problems.items():
        print(f"ocr-pipeline: {name}: left out: {problem}", file=sys.stderr)
    print(file)
    return 0


def _selection(arguments: argparse.Namespace) -> Selection:
    from ocr_pipeline.dataset.export import Selection, years_of
    from ocr_pipeline.document import Status

    known = [status.value for status in Status]
    statuses = [part.strip() for entry in arguments.status for part in entry.split(",")]
    for status in statuses:
        if status not in known:
            raise UsageError(f"--status: no status {status!r}", remedy=f"choose among {', '.join(known)}")
    return Selection(
        bodies=tuple(arguments.body),
        years=years_of(arguments.year),
        forms=tuple(arguments.form),
        fields=tuple(arguments.field),
        statuses=tuple(map(Status, statuses)),
    )
