"""What an evaluation says, as JSON: counts for each document, summed up by damage, by form and over all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field, computed_field

from ocr_pipeline.document import Status
from ocr_pipeline.evaluation.fields import Verdict

__all__ = ["DocumentScore", "EvaluationResult", "FieldCounts", "GroupScore", "Mistake", "TableScore", "summarize"]


class _Model(BaseModel):
    # The derived rates are written for the reader and ignored when a result is loaded again.
    model_config = ConfigDict(frozen=True, extra="ignore")


class FieldCounts(_Model):
    """How many fields got which verdict (see ``evaluation.fields``); ``right_share`` is 0..1, 0 without any field."""

    right: int = 0
    wrong: int = 0
    flagged: int = 0
    absent: int = 0

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> FieldCounts:
        """Count verdicts."""
        return cls(**{verdict.value: count for verdict, count in Counter(verdicts).items()})

    @classmethod
    def sum(cls, counts: Iterable[FieldCounts]) -> FieldCounts:
        """Add up counts."""
        total: Counter[str] = Counter()
        for one in counts:
            total.update({verdict.value: getattr(one, verdict.value) for verdict in Verdict})
        return cls(**total)

    @property
    def total(self) -> int:
        """All fields."""
        return self.right + self.wrong + self.flagged + self.absent

    @computed_field  # type: ignore[prop-decorator]
    @property
    def right_share(self) -> float:
        """Share of the fields that are right, 0..1."""
        return self.right / self.total if self.total else 0.0


class TableScore(_Model):
    """How well one true table was read; both 0 where no table of the report corresponds to it."""

    part: str
    teds: float
    structure: float


class Mistake(_Model):
    """One field that is not right: what is printed, and what the report says (all None: no entry)."""

    file: str
    field: str
    verdict: Verdict
    truth: str | None
    value: float | None = None
    unit: str | None = None
    status: Status | None = None
    raw: str | None = None


class DocumentScore(_Model):
    """One document.

    Attributes:
        error: why there is no report (then all its fields are absent, its tables lost and its prose unread).
        prose_edits: characters to correct; None where the truth has no prose.
        prose_length: characters of the true prose.
        seconds: by stage, as the report gives them, and ``total`` by the clock where the document was read here.
    """

    file: str
    part: str
    profile: str
    form: str
    fields: FieldCounts
    tables: tuple[TableScore, ...] = ()
    prose_edits: int | None = None
    prose_length: int = 0
    seconds: dict[str, float] = Field(default_factory=dict)
    error: str | None = None
    mistakes: tuple[Mistake, ...] = ()


class GroupScore(_Model):
    """Several documents together; a rate is None where no document of the group has what it is a rate of.

    Attributes:
        name: what they have in common.
        documents: how many, those without a report included.
        failed: how many have no report.
        teds: mean over the true tables, 0..1; ``structure`` the same without texts.
        cer: characters to correct over true characters, of all documents together.
        seconds: mean over the documents that name the stage.
    """

    name: str
    documents: int
    failed: int
    fields: FieldCounts
    teds: float | None
    structure: float | None
    cer: float | None
    seconds: dict[str, float]


class EvaluationResult(_Model):
    """The whole evaluation.

    Attributes:
        total: all documents.
        by_damage: a group for each set and damage, named ``set/damage``.
        by_form: a group for each form.
        by_damage_and_form: a group for each pair, named ``set/damage/form``.
        documents: each document by itself.
        peak_memory_mb: most memory (10^6 bytes) this process ever held; None where reports were only loaded.
    """

    total: GroupScore
    by_damage: tuple[GroupScore, ...]
    by_form: tuple[GroupScore, ...]
    by_damage_and_form: tuple[GroupScore, ...]
    documents: tuple[DocumentScore, ...]
    peak_memory_mb: float | None = None

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Every field that is not right."""
        return tuple(mistake for document in self.documents for mistake in document.mistakes)


def summarize(documents: Sequence[DocumentScore], *, peak_memory_mb: float | None = None) -> EvaluationResult:
    """Sum up documents, groups in the order of their names."""

    def groups(name: Callable[[DocumentScore], str]) -> tuple[GroupScore, ...]:
        members: defaultdict[str, list[DocumentScore]] = defaultdict(list)
        for document in documents:
            members[name(document)].append(document)
        return tuple(_group(key, members[key]) for key in sorted(members))

    return EvaluationResult(
        total=_group("total", documents),
        by_damage=groups(lambda d: f"{d.part}/{d.profile}"),
        by_form=groups(lambda d: d.form),
        by_damage_and_form=groups(lambda d: f"{d.part}/{d.profile}/{d.form}"),
        documents=tuple(documents),
        peak_memory_mb=peak_memory_mb,
    )


def _group(name: str, documents: Sequence[DocumentScore]) -> GroupScore:
    tables = [table for document in documents for table in document.tables]
    length = sum(document.prose_length for document in documents)
    stages = dict.fromkeys(stage for document in documents for stage in document.seconds)
    return GroupScore(
        name=name,
        documents=len(documents),
        failed=sum(document.error is not None for document in documents),
        fields=FieldCounts.sum(document.fields for document in documents),
        teds=_mean([table.teds for table in tables]),
        structure=_mean([table.structure for table in tables]),
        cer=sum(document.prose_edits or 0 for document in documents) / length if length else None,
        seconds={stage: _mean([d.seconds[stage] for d in documents if stage in d.seconds]) or 0.0 for stage in stages},
    )


def _mean(numbers: Sequence[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None
