"""The desk: what every request works with, and the one way a correction is made."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from uuid import uuid4

from pydantic import ValidationError

from ocr_pipeline.document import Status, Value
from ocr_pipeline.errors import SourceNotFoundError, UsageError
from ocr_pipeline.report.corrections import Correction, CorrectionLog, Seen, Settled
from ocr_pipeline.review.cards import card_of, deed_of
from ocr_pipeline.review.contract import Card, CorrectionRequest, ReportSummary, Settlement, ValueChange
from ocr_pipeline.review.entry import Entry
from ocr_pipeline.review.forms import Forms
from ocr_pipeline.review.jobs import JobRunner
from ocr_pipeline.review.opened import OpenReport
from ocr_pipeline.review.options import ReviewOptions
from ocr_pipeline.review.pictures import Pictures
from ocr_pipeline.review.store import Store
from ocr_pipeline.templates import TemplateSet, load_templates, recheck

__all__ = ["Desk", "SettledMeanwhileError", "summary_of"]


class SettledMeanwhileError(UsageError):
    """Somebody else has done something about the value since the person looked at it; nothing was recorded.

    Args:
        opened: the report as it is now.
        entry: what they did.
    """

    remedy = "look at what they did, then settle it again if it is wrong"

    def __init__(self, opened: OpenReport, entry: Correction) -> None:
        deed = deed_of(opened, entry)
        super().__init__(f"{deed.who} {deed.text} meanwhile", source=entry.field)
        self.deed = deed


class Desk:
    """Reports, pictures, forms and jobs of one folder. Safe to use from many threads.

    Args:
        root: the folder that ``read`` or ``batch`` wrote.
        options: limits and sizes.
        templates: the known forms; the packaged ones when None.
        jobs: what reads uploads; without it there are none.
        sources: folders in which the documents may lie that the reports were made from.

    Raises:
        SourceNotFoundError: there is no such folder.
        TemplateError: the forms do not hold together.
    """

    def __init__(
        self,
        root: Path,
        options: ReviewOptions | None = None,
        *,
        templates: TemplateSet | None = None,
        jobs: JobRunner | None = None,
        sources: Sequence[Path] = (),
    ) -> None:
        self.options = options or ReviewOptions()
        forms = templates or load_templates()
        self.forms = Forms(forms)
        self.store = Store(root, self.options, partial(recheck, templates=forms))
        self.pictures = Pictures(self.store.root, self.options, sources)
        self.jobs = jobs
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    @property
    def root(self) -> Path:
        """The folder of the reports."""
        return self.store.root

    def close(self) -> None:
        """End everything that runs beside the requests."""
        self.pictures.close()
        self.store.close()
        if self.jobs is not None:
            self.jobs.close()

    def card(self, key: str, field: str) -> Card:
        """Everything about one value.

        Raises:
            SourceNotFoundError: no such report, or it has no such field.
            OcrPipelineError: see ``Store.open``.
        """
        opened = self.store.open(key)
        _value(opened, field)
        return card_of(opened, field, self.forms, self.pictures)

    def settle(self, key: str, wanted: CorrectionRequest, who: str) -> Settlement:
        """Record what a person did, on the disk, before returning.

        Args:
            key: of the report that they looked at.
            wanted: what they did.
            who: the person.

        Raises:
            SettledMeanwhileError: somebody else was faster.
            SourceNotFoundError: no such report, or it has no such field.
            UsageError: the action needs a figure, or the figure is none that the field can hold.
            OutputError: it cannot be written; then it was not recorded.
        """
        before = self.store.open(key)
        source = before.report.source.sha256
        with self._locks[source]:
            before = self.store.open(key)
            known = next((entry for entry in before.log if entry.id == wanted.id), None)
            if known is not None:  # sent again because the answer was lost
                return self._settlement(before, before, known)
            value = _value(before, wanted.field)
            history = before.history(wanted.field)
            if wanted.seen is not None and history and wanted.seen != history[-1].id:
                raise SettledMeanwhileError(before, history[-1])
            correction = self._correction(before, value, wanted, who)
            CorrectionLog.of(self.root, source).append(correction)
            after = self.store.open(key)
            self.store.source_changed(source)
        return self._settlement(before, after, correction)

    def _settlement(self, before: OpenReport, after: OpenReport, entry: Correction) -> Settlement:
        changed = [value for field, value in after.values.items() if value != before.values[field]]
        return Settlement(
            entry=deed_of(after, entry),
            changed=[_change(value) for value in changed],
            report=summary_of(self.store.entry(after.key)),
        )

    def _correction(self, opened: OpenReport, value: Value, wanted: CorrectionRequest, who: str) -> Correction:
        as_read = opened.as_read[value.id]
        action, new = wanted.action, self._figure(value, wanted)
        if action in ("accept", "issuer-error") and new is None:
            # What is accepted is what stands there now; the log's ``old`` is what was read.
            if value.value is not None and (value.value, value.unit) != (as_read.value, as_read.unit):
                action = "value" if action == "accept" else action
                new = Settled(value=value.value, unit=value.unit)
            elif value.status is Status.BLANK and as_read.status is not Status.BLANK:
                action = "blank" if action == "accept" else action
        build: Callable[..., Correction] = partial(
            Correction, source_sha256=opened.report.source.sha256, report_sha256=opened.sha256
        )
        undone = next((entry for entry in opened.log if entry.id == wanted.undoes), None)
        if wanted.undoes is not None and (undone is None or undone.field != value.id):
            raise UsageError("there is no such entry about this value", remedy="see the value's history")
        if action == "accept" and value.status is Status.MISSING:
            raise UsageError("nothing was read there that could be accepted", remedy="say which figure is printed")
        try:
            return build(
                id=wanted.id or uuid4().hex,
                who=who,
                action=action,
                field=value.id,
                old=Seen.of(as_read),
                new=new,
                reason=wanted.reason,
                undoes=wanted.undoes,
            )
        except ValidationError as error:
            message = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise UsageError(message, remedy="correct the request") from error

    def _figure(self, value: Value, wanted: CorrectionRequest) -> Settled | None:
        if wanted.text is None:
            return None if wanted.value is None else Settled(value=wanted.value, unit=wanted.unit or value.unit)
        parsed = self.forms.parse(value.form, value.id, wanted.text)
        if parsed is None:
            raise UsageError(f"{wanted.text!r} is no figure that this field can hold", remedy=_TYPE_IT)
        return Settled(value=parsed.value, unit=parsed.unit or wanted.unit or value.unit)


_TYPE_IT = "type it as it is printed: digits, with the sign or the unit where there is one"


def summary_of(entry: Entry) -> ReportSummary:
    """A report in the list."""
    return ReportSummary.model_validate(entry, from_attributes=True)


def _value(opened: OpenReport, field: str) -> Value:
    value = opened.values.get(field)
    if value is None:
        raise SourceNotFoundError("the report has no such field", source=field, remedy="see the values of the report")
    return value


def _change(value: Value) -> ValueChange:
    return ValueChange(
        field=value.id,
        value=value.value,
        unit=value.unit,
        status=value.status,
        settled=value.settled,
        flagged=not value.settled and not value.status.is_good,
    )
