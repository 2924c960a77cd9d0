"""``ocr-pipeline bench``: the time of reading, against PaddleOCR's for OCR alone, or of several workers against one."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_settings, add_verbosity, out_of_range, settings_of
from ocr_pipeline.cli.outputs import prepare_folder, write_text
from ocr_pipeline.cli.progress import bar

__all__ = ["register", "run"]

_DESCRIPTION = """\
Read a document and let PaddleOCR's own predict (its defaults, the same weights, the same pages) do OCR alone on it, in
turns, models loaded; print the times and their ratio. Of a folder: read it as a batch with one worker, then with
several, and print the pages a second of both, their ratio, and the memory of the parent process."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "bench", help="time against PaddleOCR's own predict", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument("source", metavar="INPUT", type=Path, help="a document, or a folder of documents")
    parser.add_argument("--repetitions", metavar="N", type=int, default=5, help="measured runs of each side (5)")
    parser.add_argument("--dpi", metavar="DPI", type=float, default=200.0, help="pages that PaddleOCR gets (200)")
    parser.add_argument("--workers", metavar="N", type=int, default=2, help="of a folder's second run (2)")
    parser.add_argument("--threads", metavar="N", type=int, default=1, help="of each worker (1)")
    parser.add_argument("--shared-models", action="store_true", help="of all workers, as in batch")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write the figures there, as JSON")
    add_settings(parser)
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the times and their ratio.

    Raises:
        UsageError: a number out of its range.
        OcrPipelineError: see ``evaluation.bench.bench`` and ``evaluation.batch_bench.bench_batch``.
    """
    from pydantic import ValidationError

    try:
        words, figures = _batch(arguments) if arguments.source.is_dir() else _document(arguments)
    except ValidationError as error:
        raise out_of_range(error) from error
    print(words)
    if arguments.out is not None:
        write_text(arguments.out, figures + "\n")
        print(arguments.out)
    return 0


def _document(arguments: argparse.Namespace) -> tuple[str, str]:
    from ocr_pipeline.evaluation.bench import BenchOptions, bench, format_bench

    options = BenchOptions(
        repetitions=arguments.repetitions,
        dpi=arguments.dpi,
        models_folder=arguments.models_dir,
        settings=settings_of(arguments).model_dump(mode="json"),
    )
    _prepare(arguments)
    with bar(arguments.source.name, unit="run", quiet=arguments.quiet) as progress:
        result = bench(arguments.source, options, progress=progress)
    return format_bench(result), result.model_dump_json(indent=1)


def _batch(arguments: argparse.Namespace) -> tuple[str, str]:
    from functools import partial

    from ocr_pipeline.batch.readers import PipelineReaders
    from ocr_pipeline.evaluation.batch_bench import BatchBenchOptions, bench_batch, format_batch_bench

    options = BatchBenchOptions(
        workers=arguments.workers, threads=arguments.threads, shared_models=arguments.shared_models
    )
    settings = settings_of(arguments)
    readers = partial(PipelineReaders, settings, arguments.models_dir)
    _prepare(arguments)
    with bar(arguments.source.name, unit="document", quiet=arguments.quiet) as progress:
        result = bench_batch(arguments.source, readers, options, source=settings.source, progress=progress)
    return format_batch_bench(result), result.model_dump_json(indent=1)


def _prepare(arguments: argparse.Namespace) -> None:
    if arguments.out is not None:
        prepare_folder(arguments.out.parent)
