"""``ocr-pipeline synth``: synthetic reports with their truth."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_verbosity
from ocr_pipeline.cli.outputs import prepare_folder
from ocr_pipeline.cli.progress import bar
from ocr_pipeline.errors import UsageError

__all__ = ["register", "run"]

_DESCRIPTION = """\
Draw whole reports of bodies that do not exist, damage them as scanners, fax machines and cameras do, and write them as
PDF with their exact truth, in a folder that evaluate takes. The same seed draws the same reports."""

_FORMS = ("A", "B", "mixed")


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "synth", help="synthetic reports with their truth", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of the reports and their truth")
    parser.add_argument("--count", metavar="N", type=int, default=10, help="how many different reports (10)")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="of the first report; the others follow (0)")
    parser.add_argument("--form", choices=_FORMS, action="append", help="only this form; can be repeated")
    parser.add_argument(
        "--profile",
        metavar="NAME",
        action="append",
        help="a damage done to each report, several at once joined by +; can be repeated (clean and scan)",
    )
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Draw the reports and print the path of each.

    Raises:
        UsageError: fewer than one report.
        ConfigurationError: no such damage.
        OutputError: the folder cannot be written.
    """
    from ocr_pipeline.evaluation.synthetic.damage import draw_damage
    from ocr_pipeline.evaluation.synthetic.generate import generate

    if arguments.count < 1:
        raise UsageError(f"--count {arguments.count}: at least one report", remedy="give a number from 1 on")
    profiles = tuple(dict.fromkeys(arguments.profile or ("clean", "scan")))
    for profile in profiles:
        draw_damage(profile, arguments.seed)
    prepare_folder(arguments.out)
    total = arguments.count * len(profiles)
    forms = tuple(dict.fromkeys(arguments.form or _FORMS))
    with bar("synth", unit="report", quiet=arguments.quiet) as show:
        entries = generate(arguments.out, arguments.count, seed=arguments.seed, profiles=profiles, forms=forms)
        for done, entry in enumerate(entries, start=1):
            print(arguments.out / entry.file)
            if show is not None:
                show(done, total)
    return 0
