"""``ocr-pipeline synth``: synthetic reports with their truth."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_verbosity
from ocr_pipeline.cli.outputs import prepare_folder, write_text
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
    parser.add_argument(
        "--layout", choices=("own", "browser"), default="own", help="who sets the pages; browser needs Chromium (own)"
    )
    parser.add_argument(
        "--archive", action="store_true", help="documents of all sources, nested, 5 %% broken; archive.json lists them"
    )
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Draw the reports and print the path of each.

    Raises:
        UsageError: fewer than one report.
        MissingExtraError: an archive needs fpdf2.
        DependencyError: the browser's layout needs Chromium.
        ConfigurationError: no such damage.
        OutputError: the folder cannot be written.
    """
    from ocr_pipeline.evaluation.synthetic.damage import draw_damage
    from ocr_pipeline.evaluation.synthetic.generate import drawn_by_browser, drawn_plainly, generate

    if arguments.count < 1:
        raise UsageError(f"--count {arguments.count}: at least one report", remedy="give a number from 1 on")
    if arguments.archive:
        return _archive(arguments)
    profiles = tuple(dict.fromkeys(arguments.profile or ("clean", "scan")))
    for profile in profiles:
        draw_damage(profile, arguments.seed)
    prepare_folder(arguments.out)
    total = arguments.count * len(profiles)
    forms = tuple(dict.fromkeys(arguments.form or _FORMS))
    with bar("synth", unit="report", quiet=arguments.quiet) as show:
        draw = drawn_by_browser if arguments.layout == "browser" else drawn_plainly
        entries = generate(arguments.out, arguments.count, arguments.seed, profiles, forms, draw)
        for done, entry in enumerate(entries, start=1):
            print(arguments.out / entry.file)
            if show is not None:
                show(done, total)
    return 0


def _archive(arguments: argparse.Namespace) -> int:
    """Draw an archive for batches: ``OUT/archive/``, and what each document of it is in ``OUT/archive.json``."""
    import json

    from ocr_pipeline.evaluation.synthetic.archive import write_archive

    prepare_folder(arguments.out)
    entries = []
    with bar("synth", unit="document", quiet=arguments.quiet) as show:
        for entry in write_archive(arguments.out / "archive", arguments.count, seed=arguments.seed):
            entries.append(entry.model_dump())
            if show is not None:
                show(len(entries), arguments.count)
    write_text(arguments.out / "archive.json", json.dumps(entries, ensure_ascii=False, indent=1) + "\n")
    print(arguments.out / "archive")
    print(arguments.out / "archive.json")
    return 0
