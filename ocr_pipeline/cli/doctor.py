"""``ocr-pipeline doctor``: what is installed, what is missing, and the command that installs it."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_verbosity
from ocr_pipeline.errors import DependencyError

__all__ = ["register", "run"]

_MARKS = {True: "ok", False: "MISSING", None: "-"}


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "doctor",
        help="what is installed, what is missing",
        description="Examine this installation. What is marked '-' is optional.",
        allow_abbrev=False,
    )
    parser.add_argument("--models-dir", metavar="DIR", type=Path, help="a folder of model files, searched first")
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every finding, with the remedy below what is missing.

    Raises:
        DependencyError: something that is needed is missing.
    """
    from ocr_pipeline.cli.diagnosis import examine

    missing: list[str] = []
    group = ""
    for check in examine(arguments.models_dir):
        if check.good is False:
            missing.append(check.name)
        if arguments.quiet and check.good is not False:
            continue
        if check.group != group:
            group = check.group
            print(group)
        print(f"  {_MARKS[check.good]:<8}{check.name:<24} {check.found}")
        if check.good is not True and check.remedy:
            print(f"  {'':<8}{'':<24} {check.remedy}")
    if missing:
        raise DependencyError(f"needed and missing: {', '.join(missing)}", remedy="the list above says how to get each")
    return 0
