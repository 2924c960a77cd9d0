"""``ocr-pipeline compare``: two reports side by side."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_verbosity

__all__ = ["register", "run"]

_DESCRIPTION = """\
Compare two saved reports, usually of one body and two years: every value side by side with its change, and the
sections with what changed in their text. Corrections beside the reports are taken into account."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "compare", help="two reports side by side", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument("before", metavar="A", type=Path, help="a report that read has written (JSON)")
    parser.add_argument("after", metavar="B", type=Path, help="another, usually of the next year")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write a page as well")
    parser.add_argument("--changed", action="store_true", help="leave out what did not change")
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the comparison, and write the page where ``--html`` says; with ``-q`` only the page's path.

    Raises:
        SourceError: one of both is no report.
        OutputError: the page cannot be written.
    """
    from ocr_pipeline.cli.outputs import prepare_folder, write_text
    from ocr_pipeline.dataset.compare import compare_reports, comparison_page, format_comparison, open_report

    comparison = compare_reports(open_report(arguments.before), open_report(arguments.after))
    if arguments.html is not None:
        prepare_folder(arguments.html.parent)
        write_text(arguments.html, comparison_page(comparison))
    if not arguments.quiet:
        width = shutil.get_terminal_size((100, 24)).columns
        color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        print(format_comparison(comparison, width=width, color=color, changed=arguments.changed))
    if arguments.html is not None:
        print(arguments.html)
    return 0
