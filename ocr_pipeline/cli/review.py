"""``ocr-pipeline review``: the page where a person settles what was flagged."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.cli.arguments import Commands, add_settings, add_verbosity, settings_of
from ocr_pipeline.errors import UsageError

if TYPE_CHECKING:
    from ocr_pipeline.review.jobs import JobRunner
    from ocr_pipeline.review.options import ReviewOptions

__all__ = ["TOKEN_VARIABLE", "register", "run"]

TOKEN_VARIABLE = "OCR_PIPELINE_TOKEN"  # noqa: S105 - the name of the variable
"""Environment variable with the token; other programs of the machine can read command lines, but not this."""

_DESCRIPTION = f"""\
Serve the reports of a folder that read or batch wrote: a list, the queue of flagged values, each report beside its
pages, and uploads. It listens to this machine only; with another --host everybody needs a token, that of the
environment variable {TOKEN_VARIABLE}, or one that is made up and printed. docs/review.md describes it all."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "review", help="settle what was flagged, in the browser", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="folder that read or batch wrote")
    parser.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", metavar="N", type=int, default=8421, help="port; 0 takes a free one (8421)")
    parser.add_argument(
        "--sources", metavar="DIR", type=Path, action="append", default=[], help="where documents lie; can be repeated"
    )
    parser.add_argument(
        "--limit", metavar="KEY=VALUE", action="append", default=[], help="a limit of the server (docs/review.md)"
    )
    parser.add_argument("--no-uploads", action="store_true", help="take no documents")
    parser.add_argument("--workers", metavar="N", type=int, default=1, help="processes that read uploads (1)")
    add_settings(parser)
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C.

    Raises:
        MissingExtraError: the extra ``review`` is not installed.
        SourceNotFoundError: there is no such folder.
        UsageError: the address cannot be listened on, or the token is too short.
    """
    from ocr_pipeline.review.serving import Serving, serve

    if not 0 <= arguments.port <= 65535:
        raise UsageError(f"--port {arguments.port}: ports are 0 to 65535")
    settings_of(arguments)  # an error in them is better found now than with the first upload
    serving = Serving(
        folder=arguments.folder,
        host=arguments.host,
        port=arguments.port,
        token=os.environ.get(TOKEN_VARIABLE) or None,
        sources=arguments.sources,
        options=_options(arguments.limit),
    )

    def jobs(folder: Path) -> JobRunner | None:
        if arguments.no_uploads:
            return None
        from ocr_pipeline.batch.jobs import BatchJobs

        return BatchJobs(folder, _batch_arguments(arguments))

    def ready(address: str, token: str | None) -> None:
        # The address alone on standard output, so that a script can open it.
        print(address, flush=True)
        if token is not None:
            print(f"token: {token}", file=sys.stderr, flush=True)
        if not arguments.quiet:
            print("Ctrl-C ends it.", file=sys.stderr, flush=True)

    serve(serving, jobs, ready=ready)
    return 0


def _options(limits: list[str]) -> ReviewOptions:
    from pydantic import ValidationError

    from ocr_pipeline.review.options import ReviewOptions

    given = dict(limit.partition("=")[::2] for limit in limits)
    try:
        return ReviewOptions.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            known = ", ".join(ReviewOptions.model_fields)
            raise UsageError(f"--limit {key}: there is no such limit", remedy=f"choose among {known}") from error
        raise UsageError(f"--limit {key}={first['input']}: {first['msg'][:1].lower()}{first['msg'][1:]}") from error


def _batch_arguments(arguments: argparse.Namespace) -> list[str]:
    """How uploads are read: with the settings that the server was given."""
    given = ["--format", "json,pages", "--workers", str(arguments.workers)]
    if arguments.config:
        given += ["--config", str(Path(arguments.config))]
    for entry in arguments.overrides:
        given += ["--set", entry]
    if arguments.models_dir is not None:
        given += ["--models-dir", str(arguments.models_dir)]
    return given
