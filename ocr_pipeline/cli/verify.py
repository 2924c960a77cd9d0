"""``ocr-pipeline verify``: report files, also changed ones, against the forms they follow."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_verbosity
from ocr_pipeline.cli.failures import tell, translate
from ocr_pipeline.errors import OcrPipelineError, PartialFailure, VerificationError

__all__ = ["register", "run"]

_DESCRIPTION = """\
Check report files (JSON, XLSX, CSV) against the forms they follow, also after people changed them: every equation that
does not close is printed with both sides and the difference. The exit code is 0 when all close."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "verify", help="report files against their forms", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument("reports", metavar="REPORT", nargs="+", type=Path, help="a JSON, XLSX or CSV report")
    parser.add_argument("--form", metavar="ID", help="the form of figures that do not name theirs")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check every file; one that cannot be read does not stop the others.

    Raises:
        OcrPipelineError: the only file cannot be read.
        VerificationError: its equations do not close, or it holds what is no figure.
        PartialFailure: one or more of several files failed.
    """
    from ocr_pipeline.templates import load_templates
    from ocr_pipeline.verification import Verification, format_verification, verification_json, verify

    templates = load_templates()
    outcomes: list[Verification] = []
    failures: list[OcrPipelineError] = []
    for path in arguments.reports:
        try:
            found = verify(path, templates, form=arguments.form)
        except Exception as error:  # one file must not take the others with it
            if len(arguments.reports) == 1:
                raise translate(error, source=path) from error
            failures.append(tell(error, source=path, verbose=arguments.verbose))
            continue
        outcomes.append(found)
        if not arguments.json and not (arguments.quiet and found.ok):
            print(format_verification(found, with_open=arguments.verbose > 0))
        if not found.ok:
            counts = f"{len(found.broken)} of {len(found.sums)} equations broken, {len(found.problems)} problems"
            failures.append(VerificationError(counts, source=path))
    if arguments.json:
        print(verification_json(outcomes), end="")
    if failures:
        raise failures[0] if len(arguments.reports) == 1 else PartialFailure(failures, len(arguments.reports))
    return 0
