"""Decides which of the documents found are to be read in this run."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.batch.ledger import Entry, Ledger
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.task import Measures, State

__all__ = ["Scheduled", "schedule"]


@dataclass
class Scheduled:
    """What a run is faced with, in documents.

    Attributes:
        waiting: to be read.
        kept: finished before, completely.
        failed: failed or incomplete before, and not tried again in this run.
        unreadable: names without content.
        outdated: kept or failed, but by another program version, models, forms or settings.
    """

    waiting: int = 0
    kept: int = 0
    failed: int = 0
    unreadable: int = 0
    outdated: int = 0


def schedule(ledger: Ledger, outputs: Outputs, run: int, fingerprint: str, options: BatchOptions) -> Scheduled:
    """Make the documents of a run wait that are missing, or to be done again by ``options``.

    Results in place that the ledger does not know, since an earlier run was killed or the ledger is lost, are noted.
    """
    counts = Scheduled()
    for entry in ledger.of_run(run):
        if not entry.sha256:
            counts.unreadable += 1
            continue
        state = _adopted(entry, ledger, outputs, options)
        outdated = entry.tried not in (None, fingerprint)
        if state is State.PENDING or _again(entry, state, outputs, options, outdated=outdated):
            ledger.set_waiting(entry.sha256)
            counts.waiting += 1
        else:
            counts.kept += state is State.DONE
            counts.failed += state.is_failure
            counts.outdated += outdated
    return counts


def _adopted(entry: Entry, ledger: Ledger, outputs: Outputs, options: BatchOptions) -> State:
    if entry.state is not State.PENDING:
        return entry.state
    measures = outputs.finished(entry.folder)
    if measures is None or measures.sha256 != entry.sha256 or _lacks(measures, options):
        return State.PENDING
    return ledger.adopt(measures)


def _again(entry: Entry, state: State, outputs: Outputs, options: BatchOptions, *, outdated: bool) -> bool:
    if outdated and options.refresh:
        return True
    if state.is_failure:
        return options.retry_failed
    if not (outputs.documents / entry.folder).is_dir():
        return True
    return entry.measures is not None and _lacks(entry.measures, options)


def _lacks(measures: Measures, options: BatchOptions) -> bool:
    return not set(options.formats) <= set(measures.formats)
