"""``ocr-pipeline``: the parser of all commands, and the one place where an error becomes the exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from ocr_pipeline import __version__
from ocr_pipeline.cli import (
    batch,
    bench,
    compare,
    divide,
    doctor,
    evaluate,
    explain,
    export,
    models,
    proof,
    read,
    review,
    synth,
    templates,
    verify,
)
from ocr_pipeline.cli.failures import tell
from ocr_pipeline.errors import UsageError

__all__ = ["INTERRUPTED", "OUTPUT_CLOSED", "main"]

INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 and the number of SIGINT, as shells have it."""

OUTPUT_CLOSED = 141
"""Exit code when nobody reads standard output any more: 128 and the number of SIGPIPE."""

_COMMANDS = (
    read,
    batch,
    review,
    export,
    compare,
    divide,
    verify,
    explain,
    evaluate,
    bench,
    proof,
    synth,
    templates,
    models,
    doctor,
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message, remedy=f"see {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="ocr-pipeline",
        description="Figures that can be relied on, out of scanned Chinese government reports.",
        epilog="Results go to standard output, messages to standard error; docs/exit-codes.md lists the exit codes.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.register(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments without the program's name; those of the process when None.

    Returns:
        The exit code: 0, that of the error's class, 130 after Ctrl-C, 141 when standard output was closed.
    """
    verbose = 0
    try:
        try:
            arguments = _parser().parse_args(argv)
            verbose = getattr(arguments, "verbose", 0)
            _log(verbose)
            run: Callable[[argparse.Namespace], int] = arguments.run
            return run(arguments)
        finally:
            # A closed pipe shows only when the buffer is written; better here than while the interpreter shuts down.
            sys.stdout.flush()
    except SystemExit as leaving:  # argparse, after --help or --version
        return int(leaving.code or 0)
    except KeyboardInterrupt:
        print("ocr-pipeline: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OUTPUT_CLOSED
    except Exception as error:  # noqa: BLE001 - the last resort of the whole program
        return tell(error, verbose=verbose).exit_code


def _log(verbose: int) -> None:
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    logging.getLogger("ocr_pipeline").setLevel(level)
