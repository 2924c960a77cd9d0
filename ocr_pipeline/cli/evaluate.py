"""``ocr-pipeline evaluate``: reports against the truth."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_settings, add_verbosity, settings_of
from ocr_pipeline.cli.outputs import prepare_folder, write_text
from ocr_pipeline.cli.progress import bar

__all__ = ["register", "run"]

_DESCRIPTION = """\
Compare reports with the truth: fields right, wrong though handed out as good, flagged and absent, TEDS of the tables
and the character error rate of the prose, by damage and by form."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "evaluate", help="reports against the truth", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument("truth", metavar="TRUTH", type=Path, help="a folder of documents with their truth")
    parser.add_argument(
        "predictions",
        metavar="PREDICTIONS",
        type=Path,
        nargs="?",
        help="a folder of reports; without it, read now",
    )
    parser.add_argument("--part", metavar="NAME", help="only documents of this set")
    parser.add_argument("--profile", metavar="NAME", help="only documents with this damage")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write the metrics there, as JSON")
    parser.add_argument("--mistakes", action="store_true", help="list every field that is not right")
    add_settings(parser)
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the metrics, and write them where ``--out`` says.

    Raises:
        OcrPipelineError: see ``evaluation.run.evaluate``.
    """
    from ocr_pipeline.evaluation.run import evaluate
    from ocr_pipeline.evaluation.show import format_evaluation

    if arguments.out is not None:
        prepare_folder(arguments.out.parent)
    reader = None
    if arguments.predictions is None:
        from ocr_pipeline.pipeline import Reader

        reader = Reader(settings_of(arguments), models_folder=arguments.models_dir)
    with bar(arguments.truth.name, unit="document", quiet=arguments.quiet) as show:
        result = evaluate(
            arguments.truth,
            arguments.predictions,
            part=arguments.part,
            profile=arguments.profile,
            reader=reader,
            progress=None if show is None else lambda number, total, _: show(number, total),
        )
    print(format_evaluation(result, mistakes=arguments.mistakes))
    if arguments.out is not None:
        write_text(arguments.out, result.model_dump_json(indent=1) + "\n")
        print(arguments.out)
    return 0
