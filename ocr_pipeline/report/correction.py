"""What a person settled about one value: the entry of the log of corrections."""

from __future__ import annotations

import math
import uuid
from datetime import datetime, timezone
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from ocr_pipeline.document import BoxField, Status, Value
from ocr_pipeline.frozen import FrozenModel

__all__ = ["Action", "Correction", "Seen", "Settled"]

Action = Literal["accept", "alternative", "value", "blank", "issuer-error", "skip", "undo"]
"""What a person did: see ``Correction``."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(timezone.utc))]


def _finite(number: int | float | None) -> int | float | None:
    if number is not None and not math.isfinite(number):
        raise ValueError("no figure")
    return number


Number = Annotated[int | float | None, AfterValidator(_finite)]


class Seen(FrozenModel):
    """What the person had before them: the value as the report gave it, and where on the source page it stands."""

    value: Number
    unit: str | None = None
    raw: str = ""
    status: Status
    page: int | None = Field(default=None, ge=0)
    box: BoxField | None = None

    @classmethod
    def of(cls, value: Value) -> Seen:
        """As it is now."""
        return cls(
            value=value.value,
            unit=value.unit,
            raw=value.raw,
            status=value.status,
            page=value.page,
            box=value.box,
        )


class Settled(FrozenModel):
    """The figure that counts from now on."""

    value: int | float = Field(allow_inf_nan=False)
    unit: str | None = None


class Correction(FrozenModel):
    """One thing that a person did about one value.

    Actions:
        accept: the value is right as it was read, or the cell is indeed blank.
        alternative: another of its readings is right: ``new``.
        value: something else is printed: ``new``.
        blank: nothing is printed there.
        issuer-error: ``new``, or else what was read, is printed there, and is the issuer's mistake.
        skip: left for later; changes nothing.
        undo: the earlier entry ``undoes`` does not count, as if it had never been made; undoing an undo revives it.

    Attributes:
        id: of this entry; the same id twice is the same entry, sent twice.
        when: the moment, in UTC.
        who: the person.
        action: see above.
        field: id of the value.
        old: what the report said when the person decided.
        new: the figure that counts, for ``alternative``, ``value`` and (optionally) ``issuer-error``.
        reason: in the person's words.
        undoes: id of the entry taken back.
        source_sha256: of the document; a correction is about its ink, whichever report shows it.
        report_sha256: of the JSON file of the report that the person looked at.

    Raises:
        pydantic.ValidationError: an action without its figure, or a figure where there can be none.
    """

    id: str = Field(default_factory=lambda: uuid.uuid4().hex, pattern=r"^[0-9A-Za-z-]{8,64}$")
    when: Moment = Field(default_factory=lambda: datetime.now(timezone.utc))
    who: str = Field(min_length=1, max_length=200)
    action: Action
    field: str = Field(min_length=1, max_length=500)
    old: Seen
    new: Settled | None = None
    reason: str = Field(default="", max_length=2000)
    undoes: str | None = None
    source_sha256: Sha256
    report_sha256: Sha256

    @model_validator(mode="after")
    def _holds_together(self) -> Correction:
        needed = self.action in ("alternative", "value")
        if needed and self.new is None:
            raise ValueError(f"{self.action} needs the new figure")
        if self.new is not None and not needed and self.action != "issuer-error":
            raise ValueError(f"{self.action} has no new figure")
        if (self.undoes is None) == (self.action == "undo"):
            raise ValueError("undo, and nothing else, names the entry that it takes back")
        unread = self.new is None and self.old.value is None and self.old.status is not Status.BLANK
        if self.action in ("accept", "issuer-error") and unread:
            raise ValueError(f"nothing was read there that {self.action} could be about; say which figure is printed")
        return self
