"""``ocr-pipeline explain``: why a value of a report is what it is."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_verbosity
from ocr_pipeline.cli.outputs import prepare_folder, write_text
from ocr_pipeline.errors import UsageError

__all__ = ["register", "run"]

_DESCRIPTION = """\
Print what is known of values of a saved report: what was read, what else it could be and how likely, which sums they
are part of and how those come out, what was decided and why. --html also shows the piece of the page, if the report was
written with its page pictures (read --format json,pages)."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "explain", help="why a value is what it is", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument("report", metavar="REPORT", type=Path, help="a JSON report")
    parser.add_argument("fields", metavar="ID", nargs="+", help="id of a value, applications/3.1/natural for example")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write the card of the value there, as HTML")
    parser.add_argument("--pages", metavar="DIR", type=Path, help="the page pictures, if not beside the report")
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the explanations, and write the card where ``--html`` says.

    Raises:
        SourceError: the report or a page picture cannot be read.
        UsageError: the report has no such field, or ``--html`` with several.
        OutputError: the card cannot be written.
    """
    from ocr_pipeline.report import PagePictures, load_report, pictures_beside

    if arguments.html is not None and len(arguments.fields) > 1:
        raise UsageError("--html is for one value", remedy="name one ID, or read with --format html for all")
    report = load_report(arguments.report)
    explanations = [report.explain(field) for field in arguments.fields]
    if not (arguments.quiet and arguments.html):
        print("\n\n".join(explanation.text() for explanation in explanations))
    if arguments.html is not None:
        from ocr_pipeline.report.html import card_page

        folder = arguments.pages
        pictures = pictures_beside(arguments.report) if folder is None else PagePictures.load(folder)
        prepare_folder(arguments.html.parent)
        write_text(arguments.html, card_page(explanations[0], report, pictures))
        print(arguments.html)
    return 0
