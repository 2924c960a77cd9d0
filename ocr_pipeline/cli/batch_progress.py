"""How a batch goes, on standard error: a bar for a person who watches, lines for a file that is read later."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ocr_pipeline.batch.scheduling import Scheduled
from ocr_pipeline.batch.tally import Tally
from ocr_pipeline.batch.task import Failure, Outcome, State
from ocr_pipeline.cli.columns import in_columns

if TYPE_CHECKING:
    from ocr_pipeline.batch.run import BatchResult
    from ocr_pipeline.batch.summary import Summary

__all__ = ["Progress", "format_summary"]

_LINE_EVERY = 15.0  # seconds, where no terminal is


class Progress:
    """Shows what it is told; an ``Observer`` and a context manager.

    Args:
        quiet: show failures alone.
        verbose: at 1 or more, show every attempt that lost its worker too.
    """

    def __init__(self, *, quiet: bool, verbose: int = 0) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._terminal = sys.stderr.isatty() and not quiet
        self._tally = Tally()
        self._bar: Any = None
        self._last = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def found(self, names: int, size: int) -> None:
        """See ``Observer``."""
        words = f"looking for documents: {names:,} found, {size / 1e6:,.0f} MB"
        if self._terminal:
            print(f"\r{words}", end="", file=sys.stderr, flush=True)
        else:
            self._line(words)

    def unreadable(self, name: str, failure: Failure) -> None:
        """See ``Observer``."""
        if self._terminal:
            print(file=sys.stderr)
        self._tell(name, State.FAILED, failure)

    def scheduled(self, counts: Scheduled) -> None:
        """See ``Observer``."""
        if self._terminal:
            print(file=sys.stderr)
        parts = [f"{counts.waiting:,} to read"]
        parts += [f"{counts.kept:,} done before"] if counts.kept else []
        parts += [f"{counts.failed:,} failed before (--retry-failed tries them again)"] if counts.failed else []
        parts += [f"{counts.outdated:,} of another version (--refresh reads them anew)"] if counts.outdated else []
        parts += [f"{counts.unreadable:,} unreadable"] if counts.unreadable else []
        self._say(f"documents: {', '.join(parts)}")
        self._tally = Tally(total=counts.waiting)
        if self._terminal and counts.waiting:
            from tqdm import tqdm

            self._bar = tqdm(total=counts.waiting, desc="batch", unit=" documents", file=sys.stderr, dynamic_ncols=True)

    def finished(self, outcome: Outcome, state: State) -> None:
        """See ``Observer``."""
        self._tally.add(outcome, state)
        if outcome.failure is not None and (state.is_failure or self._verbose):
            self._tell(outcome.task.name, state, outcome.failure)
        if self._bar is not None:
            self._bar.update(self._tally.documents - self._bar.n)
            self._bar.set_postfix_str(self._figures())
        else:
            self._line(f"{self._tally.documents:,} of {self._tally.total:,} documents, {self._figures()}{self._left()}")

    def _tell(self, name: str, state: State, failure: Failure) -> None:
        remedy = f" ({failure.remedy})" if failure.remedy else ""
        words = f"{name}: {state.value}: {failure.category}: {failure.message}{remedy}"
        self._say(" ".join(words.split()), always=True)

    def _figures(self) -> str:
        tally = self._tally
        return f"{tally.pages_per_second:.2f} pages/s, {tally.flagged:.1%} for review, {tally.failures:,} failed"

    def _left(self) -> str:
        left = self._tally.seconds_left
        if left is None:
            return ""
        minutes, seconds = divmod(round(left), 60)
        hours, minutes = divmod(minutes, 60)
        return f", {hours}:{minutes:02d}:{seconds:02d} left"

    def _line(self, words: str) -> None:
        if not self._quiet and time.monotonic() - self._last >= _LINE_EVERY:
            self._last = time.monotonic()
            print(words, file=sys.stderr, flush=True)

    def _say(self, words: str, *, always: bool = False) -> None:
        if self._quiet and not always:
            return
        if self._bar is not None:
            self._bar.write(words, file=sys.stderr)
        else:
            print(words, file=sys.stderr, flush=True)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def format_summary(summary: Summary, result: BatchResult | None) -> str:
    """What a batch came to, in a few lines."""
    rows = [(state.value, f"{summary.states[state]:,}") for state in State if summary.states[state]]
    rows.append(("documents", f"{summary.documents:,}"))
    rows.append(("pages", f"{summary.pages:,}"))
    rows += [(f"values {status}", f"{count:,}") for status, count in sorted(summary.statuses.items())]
    if result is not None and result.pages and result.seconds:
        rows.append(("this run", f"{result.pages:,} pages, {result.pages / result.seconds:.2f} pages/s"))
    rows += [(category, f"{count:,} failed") for category, count in summary.categories.most_common(10)]
    return in_columns(rows)
