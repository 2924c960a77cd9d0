"""``ocr-pipeline bench``: the time of reading, as a share of what PaddleOCR takes for OCR alone."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_settings, add_verbosity, settings_of
from ocr_pipeline.cli.outputs import prepare_folder, write_text
from ocr_pipeline.cli.progress import bar
from ocr_pipeline.errors import UsageError

__all__ = ["register", "run"]

_DESCRIPTION = """\
Read a document and let PaddleOCR's own predict (its defaults, the same weights, the same pages) do OCR alone on it, in
turns, models loaded; print the times and their ratio."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "bench", help="time against PaddleOCR's own predict", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument("source", metavar="INPUT", type=Path, help="a document")
    parser.add_argument("--repetitions", metavar="N", type=int, default=5, help="measured runs of each side (5)")
    parser.add_argument("--dpi", metavar="DPI", type=float, default=200.0, help="pages that PaddleOCR gets (200)")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write the figures there, as JSON")
    add_settings(parser)
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the times and their ratio.

    Raises:
        UsageError: a number out of its range.
        OcrPipelineError: see ``evaluation.bench.bench``.
    """
    from pydantic import ValidationError

    from ocr_pipeline.evaluation.bench import BenchOptions, bench, format_bench

    settings = settings_of(arguments).model_dump(mode="json")
    try:
        options = BenchOptions(
            repetitions=arguments.repetitions,
            dpi=arguments.dpi,
            models_folder=arguments.models_dir,
            settings=settings,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"--{first['loc'][0]} {first['input']}: {first['msg']}") from error
    if arguments.out is not None:
        prepare_folder(arguments.out.parent)
    with bar(arguments.source.name, unit="run", quiet=arguments.quiet) as progress:
        result = bench(arguments.source, options, progress=progress)
    print(format_bench(result))
    if arguments.out is not None:
        write_text(arguments.out, result.model_dump_json(indent=1) + "\n")
        print(arguments.out)
    return 0
