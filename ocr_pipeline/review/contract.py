"""What the REST API takes and gives. Pages, rows and columns count from 0; boxes are on a page's upright raster."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ocr_pipeline.document import BoxField, Status
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.report.corrections import Action
from ocr_pipeline.review.jobs import JobState

__all__ = [
    "Card",
    "CardSum",
    "CardTerm",
    "CardView",
    "CorrectionRequest",
    "Deed",
    "Figure",
    "JobStatus",
    "Jobs",
    "Problem",
    "Queue",
    "QueueItem",
    "ReadingChoice",
    "ReportList",
    "ReportSummary",
    "Settlement",
    "ValueChange",
]

Key = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Number = int | float | None


class ReportSummary(FrozenModel):
    """One report in the list. ``waiting`` values need a person; ``flagged`` were flagged when it was read."""

    key: Key
    name: str = Field(description="file name of the document")
    title: str
    body: str
    year: int | None
    forms: list[str]
    pages: int
    values: int
    counts: dict[Status, int]
    flagged: int
    waiting: int
    settled: int
    progress: float = Field(ge=0, le=1)
    failures: int = Field(description="stages or pages that failed")
    problem: str = Field(description="why it cannot be opened; empty when it can")


class ReportList(FrozenModel):
    """A page of the list; ``total`` counts all that fit, ``indexing`` files that were not looked at yet."""

    reports: list[ReportSummary]
    total: int
    values: int
    flagged: int
    waiting: int
    settled: int
    indexing: int


class QueueItem(FrozenModel):
    """A value that waits. ``after`` given back continues behind it."""

    report: Key
    field: str
    status: Status
    urgency: int = Field(description="the higher, the sooner")
    after: str


class Queue(FrozenModel):
    """Values that wait, worst first; ``waiting`` counts all of them."""

    items: list[QueueItem]
    waiting: int


class Figure(FrozenModel):
    """A value at one moment."""

    value: Number
    unit: str | None
    raw: str
    status: Status


class ReadingChoice(FrozenModel):
    """One way to read the cell; ``closes`` of the ``sums`` that speak about the field would close with it."""

    number: int = Field(ge=1, le=9, description="the key that picks it")
    text: str
    value: int | float
    unit: str | None
    probability: float = Field(ge=0, le=1)
    engine: str
    closes: int
    sums: int


class CardTerm(FrozenModel):
    """One figure of a sum; ``mine`` is the one that the card is about."""

    field: str
    label: str
    value: Number
    status: Status
    minus: bool
    mine: bool


class CardSum(FrozenModel):
    """An equation as it stands: left and right side, and what the value would have to be for it to close."""

    id: str
    about: str
    state: Literal["closed", "broken", "open"]
    left: list[CardTerm]
    right: list[CardTerm]
    left_total: float
    right_total: float
    difference: float
    needed: Number


class CardView(FrozenModel):
    """A piece of a page to look at, and where its picture is."""

    kind: Literal["cell", "row", "head", "table"]
    page: int
    box: BoxField
    cell: BoxField | None
    href: str


class Deed(FrozenModel):
    """An entry of the log of corrections, in words."""

    id: str
    when: datetime
    who: str
    action: Action
    text: str
    reason: str
    in_force: bool


class Problem(BaseModel):
    """Why a request was not answered (RFC 9457), with the remedy; ``entry`` is what somebody else did meanwhile."""

    title: str
    status: int
    detail: str = ""
    remedy: str = ""
    entry: Deed | None = None


class Card(FrozenModel):
    """Everything a person needs to settle one value.

    ``seen`` is given back with the correction: if somebody else has settled the value meanwhile, it is refused and what
    they did is shown.
    """

    report: Key
    title: str
    name: str
    field: str
    part: str
    row_labels: list[str]
    column_labels: list[str]
    kind: str = Field(description="what the field holds: count, change, amount; empty when the form is not known")
    now: Figure
    as_read: Figure
    confidence: float = Field(ge=0, le=1)
    settled: bool
    flagged: bool
    readings: list[ReadingChoice]
    accept: str = Field(description="what accepting would record; empty when there is nothing to accept")
    checks: list[str]
    sums: list[CardSum]
    remarks: list[str]
    views: list[CardView]
    picture_problem: str
    around: list[list[str]] = Field(description="texts of the cell's row and its neighbours, where there is no picture")
    history: list[Deed]
    seen: str


class CorrectionRequest(FrozenModel):
    """What a person did about one value.

    ``alternative``, ``value`` and, where it differs from what was read, ``issuer-error`` need a figure: as ``text``,
    the way it is printed, or as ``value`` and ``unit``. ``undo`` names in ``undoes`` the entry that it takes back.
    """

    field: str = Field(min_length=1, max_length=500)
    action: Action
    text: str | None = Field(default=None, max_length=100)
    value: int | float | None = Field(default=None, allow_inf_nan=False, ge=-1e15, le=1e15)
    unit: Literal["元", "万元", "亿元"] | None = None
    reason: str = Field(default="", max_length=2000)
    who: str | None = Field(default=None, min_length=1, max_length=100, description="the person; the session's if null")
    seen: str | None = Field(default=None, max_length=64, description="the card's ``seen``; null: whatever there is")
    undoes: str | None = Field(default=None, max_length=64)
    id: str | None = Field(
        default=None, pattern=r"^[0-9A-Za-z-]{8,64}$", description="your own id: the same one twice is recorded once"
    )


class ValueChange(FrozenModel):
    """A value that a correction changed, itself or through the equations, as it is now."""

    field: str
    value: Number
    unit: str | None
    status: Status
    settled: bool
    flagged: bool


class Settlement(FrozenModel):
    """What a correction did: its entry, every value that is different now, and the report's new counts."""

    entry: Deed
    changed: list[ValueChange]
    report: ReportSummary


class JobStatus(FrozenModel):
    """An uploaded document on its way; ``report`` is the key of its report once that is there."""

    id: str
    name: str
    state: JobState
    submitted: datetime
    pages_done: int
    pages: int
    message: str
    report: Key | None


class Jobs(FrozenModel):
    """The latest uploads first."""

    jobs: list[JobStatus]
