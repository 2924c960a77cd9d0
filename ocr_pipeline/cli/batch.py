"""``ocr-pipeline batch``: archives of documents, overnight."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from ocr_pipeline.cli.arguments import Commands, add_settings, add_verbosity, formats_of, out_of_range, settings_of
from ocr_pipeline.cli.outputs import write_text
from ocr_pipeline.errors import OcrPipelineError, PartialFailure

if TYPE_CHECKING:
    from ocr_pipeline.batch.options import BatchOptions
    from ocr_pipeline.batch.run import Batch, BatchResult

__all__ = ["register", "run"]

_DESCRIPTION = """\
Read all documents of folders, archives, lists and addresses, each once however often it is found, in worker processes
that a broken document cannot take others down with. The same command goes on where it was stopped, killed or switched
off. Results, ledger, dataset and summary.html stand below DIR; docs/batch.md describes them."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "batch", help="archives of documents, overnight", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument(
        "inputs", metavar="INPUT", nargs="+", help="a document, folder, archive, glob, @LIST or fsspec address"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("out"), help="folder of the batch (out)")
    parser.add_argument("--format", metavar="LIST", default="json", help="of each report, as in read (json)")
    parser.add_argument("--password", metavar="WORD", help="opens encrypted documents and archives")
    parser.add_argument("--require-form", action="store_true", help="a document without a known form fails")
    parser.add_argument("--retry-failed", action="store_true", help="try failed and quarantined documents again")
    parser.add_argument(
        "--refresh", action="store_true", help="read again what another version, model, form or setting has read"
    )
    parser.add_argument("--no-dataset", action="store_true", help="make no dataset of the reports at the end")
    _add_work(parser)
    add_settings(parser)
    add_verbosity(parser)
    parser.set_defaults(run=run)


def _add_work(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("workers")
    group.add_argument("--engine", metavar="NAME", default="local", help="what runs the workers: local or ray (local)")
    group.add_argument("--address", metavar="ADDRESS", help="of a Ray cluster; without, one is started here")
    group.add_argument(
        "--gpus", metavar="N", type=float, default=0.0, help="to use with --device cuda (1); on Ray, of each worker (0)"
    )
    group.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="what recognises characters (cpu)")
    group.add_argument(
        "--shared-models",
        action=argparse.BooleanOptionalAction,
        help="one process reads the lines of all workers, several documents at once (with --device cuda)",
    )
    group.add_argument("--workers", metavar="N", type=int, default=0, help="worker processes (one for each core)")
    group.add_argument("--threads", metavar="N", type=int, default=0, help="threads of each worker's models (cores/N)")
    group.add_argument("--attempts", metavar="N", type=int, default=2, help="of a document that ends its worker (2)")
    group.add_argument(
        "--page-seconds", metavar="S", type=float, default=180.0, help="most time between two pages (180)"
    )
    group.add_argument(
        "--document-seconds", metavar="S", type=float, default=3600.0, help="most time for a document (3600)"
    )
    group.add_argument("--memory", metavar="MB", type=int, default=4096, help="most memory of a worker (4096)")
    group.add_argument("--max-pages", metavar="N", type=int, help="most pages of a document (source.max_pages)")
    group.add_argument(
        "--recycle", metavar="N", type=int, default=100, help="documents after which a worker ends (100)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run a batch and say what it came to.

    Returns:
        0; 7 when a document has no complete report.

    Raises:
        OcrPipelineError: the batch could not be begun, or not be finished: the disk is full, for example.
        KeyboardInterrupt: it was stopped; the summary is written.
    """
    from ocr_pipeline.batch.run import run_batch
    from ocr_pipeline.cli.batch_progress import Progress

    batch = _batch(arguments)
    stop = threading.Event()
    result: BatchResult | None = None
    with Progress(quiet=arguments.quiet, verbose=arguments.verbose) as progress, _stopping(stop):
        try:
            result = run_batch(batch, observer=progress, stop=stop)
        finally:
            # Also after Ctrl-C or a full disk; an error here must not hide the first one.
            summary = _summary(arguments.out, result, quiet=arguments.quiet)
    _refuse_stopped(result)
    whole = arguments.no_dataset or _dataset(arguments)
    if summary is not None:
        print(summary)
    return 0 if whole and not result.failures else PartialFailure.exit_code


def _batch(arguments: argparse.Namespace) -> Batch:
    from ocr_pipeline.batch.start import pipeline_batch

    if arguments.max_pages is not None:
        arguments.overrides.append(f"source.max_pages={arguments.max_pages}")
    if arguments.device == "cuda":
        arguments.overrides.append("text.device=gpu")
    return pipeline_batch(
        arguments.inputs,
        arguments.out,
        settings=settings_of(arguments),
        models_folder=arguments.models_dir,
        options=_options(arguments),
        engine=arguments.engine,
    )


def _options(arguments: argparse.Namespace) -> BatchOptions:
    from pydantic import ValidationError

    from ocr_pipeline.batch.options import BatchOptions

    try:
        return BatchOptions(
            formats=tuple(formats_of(arguments.format)),
            workers=arguments.workers,
            threads=arguments.threads,
            shared_models=arguments.shared_models,
            address=arguments.address,
            gpus=arguments.gpus,
            attempts=arguments.attempts,
            page_seconds=arguments.page_seconds,
            document_seconds=arguments.document_seconds,
            memory_mb=arguments.memory,
            recycle=arguments.recycle,
            retry_failed=arguments.retry_failed,
            refresh=arguments.refresh,
            require_form=arguments.require_form,
            password=arguments.password,
        )
    except ValidationError as error:
        raise out_of_range(error, memory_mb="memory") from error


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C lets the documents in work be finished, a second one does not; SIGTERM is like the second."""

    def on_interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        print("\nstopping: documents in work are finished; Ctrl-C again stops at once", file=sys.stderr)

    def on_terminate(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    before = {
        number: signal.signal(number, handler)
        for number, handler in ((signal.SIGINT, on_interrupt), (signal.SIGTERM, on_terminate))
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _refuse_stopped(result: BatchResult) -> None:
    from ocr_pipeline import errors

    if result.stopped is None:
        return
    if result.stopped.category == "Interrupted":
        raise KeyboardInterrupt
    found = getattr(errors, result.stopped.category, OcrPipelineError)
    kind = found if found in (errors.OutputError, errors.DependencyError, errors.WeightsError) else OcrPipelineError
    raise kind(f"the batch was stopped: {result.stopped.message}", remedy=f"{result.stopped.remedy}; then run it again")


def _summary(out: Path, result: BatchResult | None, *, quiet: bool) -> Path | None:
    """Write the summary of a run; of one that failed (None) only if that can be done."""
    from ocr_pipeline.batch.ledger import Ledger
    from ocr_pipeline.batch.outputs import Outputs
    from ocr_pipeline.batch.summary import summarize
    from ocr_pipeline.batch.summary_page import summary_page
    from ocr_pipeline.cli.batch_progress import format_summary

    try:
        path = Outputs(out).ledger
        if not path.is_file():
            return None
        with Ledger(path) as ledger:
            run = ledger.last_run() if result is None else result.run
            summary = summarize(ledger, run)
        target = out / "summary.html"
        when = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
        write_text(target, summary_page(summary, result, title=f"Batch {out.resolve().name}", when=when))
        if not quiet:
            print(format_summary(summary, result))
    except OcrPipelineError:
        if result is None:
            return None
        raise
    return target


def _dataset(arguments: argparse.Namespace) -> bool:
    """Bring the dataset up to date; False when a report is not in it."""
    from ocr_pipeline.cli.progress import bar
    from ocr_pipeline.dataset import build_dataset

    with bar("dataset", unit="report", quiet=arguments.quiet) as show:
        made = build_dataset(arguments.out, progress=show)
    print(made.dataset)
    print(made.archive)
    for name, problem in made.problems.items():
        print(f"ocr-pipeline: {name} is not in the dataset: {problem}", file=sys.stderr)
    return not made.problems
