"""Why a worker process died, from its exit code and what it left behind."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Protocol

from ocr_pipeline.batch.task import Failure
from ocr_pipeline.batch.worker import WorkerPlan
from ocr_pipeline.errors import OcrPipelineError

__all__ = ["cannot_start", "post_mortem"]

_STALLED = "Timeout ("
_LINES = 60


class _Plan(Protocol):
    """Of a process that was watched."""

    @property
    def stalled(self) -> str:
        """What is said of one that was ended because it took too long."""
        ...

    def trace(self, pid: int) -> Path:
        """The file in which a dying process leaves where it was."""
        ...


def post_mortem(exitcode: int, pid: int | None, plan: _Plan) -> Failure:
    """What is known about the end of a worker that nobody here has ended.

    Args:
        exitcode: as ``multiprocessing`` gives it: negative for the signal that ended the process.
        pid: of the worker.
        plan: that it had.
    """
    trace = _trace(plan, pid)
    if _STALLED in trace:
        return Failure("Stalled", plan.stalled, "raise --page-seconds, or open the document in a viewer", trace)
    if exitcode == -_number("SIGKILL"):
        message = "its worker was killed from outside (SIGKILL), as systems do when memory runs out"
        return Failure("Killed", message, "use fewer --workers, or a machine with more memory", trace)
    name = _signal_name(-exitcode) if exitcode < 0 else f"exit code {exitcode}"
    return Failure("Crash", f"its worker crashed ({name})", "report the document, if it may be shown", trace)


def cannot_start(plan: WorkerPlan) -> OcrPipelineError:
    """That no worker comes up, with the last words of one of them."""
    last = max(plan.traces.rglob("*.txt"), key=lambda path: path.stat().st_mtime, default=None)
    words = "" if last is None else f": {last.read_text(encoding='utf-8', errors='replace')[-300:]}"
    return OcrPipelineError(
        f"worker processes end as soon as they are started{words}", remedy="run ocr-pipeline doctor"
    )


def _trace(plan: _Plan, pid: int | None) -> str:
    try:
        text = plan.trace(pid or 0).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[:_LINES])


def _number(name: str) -> int:
    return int(getattr(signal, name, 0))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
