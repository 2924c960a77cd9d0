"""From what was read and how the equations came out to the status and the confidence of each value.

The equations never change a value here. A value is ``verified`` when every equation it is part of closes with all
members read, and ``conflict`` when one of them is broken, unless the explanations of the break all leave it out
(``templates.repair``), another of its equations closes, and it is clear by itself: then it is ``read``. A reading that
is not clear is proved by an equation in which everything else is clear or proved, as two doubtful members could balance
each other; where calibrated confidence allows for that it is ``read``, never ``verified``. An equation that only a
repair closed verifies nothing but that repair; where another equation asks for the same one, it supports a reading.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from ocr_pipeline.document import Evidence, Status
from ocr_pipeline.templates.calibration import load_calibration
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.equations import Equation, Outcome
from ocr_pipeline.templates.options import TemplateOptions

__all__ = ["Judgement", "judge"]

_SEEN = 1e-3
"""Odds from which another number counts as one that the ink may show."""
_SOME = 3
"""Fewer doubtful figures do not show that a part is wrecked."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The status of a field, the equations that speak for or against it, and the probability that it is as printed."""

    status: Status
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.0


def judge(
    decisions: Mapping[str, Decision],
    outcomes: Sequence[Outcome],
    options: TemplateOptions,
    *,
    cleared: Set[str] = frozenset(),
    whole: bool = True,
) -> dict[str, Judgement]:
    """The status of each decided field.

    Args:
        decisions: by field id; fields that were not found are left out.
        outcomes: all equations over these fields.
        options: thresholds.
        cleared: fields that are not to blame for any equation that is broken.
        whole: most of the part was found, so that its values stand where they seem to.
    """
    court = _Court(decisions, outcomes, options, cleared, whole=whole)
    judged = {field: court.judged(field) for field in decisions}
    figures = [field for field in judged if not decisions[field].blank]
    doubtful = sum(not judged[f].status.is_good and _is_doubtful(decisions[f], judged[f], options) for f in figures)
    if doubtful < _SOME or doubtful <= options.wrecked_part * len(figures):
        return judged
    # Where so much cannot be read, all readers are deceived in the same way now and then.
    return {
        field: judgement
        if not decisions[field].weighed or not judgement.status.is_good or _is_vouched_for(judgement)
        else replace(judgement, status=Status.MISSING)
        for field, judgement in judged.items()
    }


def _is_doubtful(decision: Decision, judgement: Judgement, options: TemplateOptions) -> bool:
    """Whether it says that the ink is worn: not what lacks a sign that may be lost, but whose digits are read."""
    if decision.lone:
        return True
    sure = judgement.confidence + decision.unsigned >= options.wrecked_confidence
    return not (decision.value is not None and decision.clear and sure)


def _is_vouched_for(judgement: Judgement) -> bool:
    """Whether anything but readers of the same ink says that it is right."""
    return any(evidence.agrees and evidence.kind != "second_reading" for evidence in judgement.evidence)


class _Court:
    """What is asked of every field of a part."""

    def __init__(
        self,
        decisions: Mapping[str, Decision],
        outcomes: Sequence[Outcome],
        options: TemplateOptions,
        cleared: Set[str],
        *,
        whole: bool,
    ) -> None:
        self._decisions, self._options, self._cleared, self._whole = decisions, options, cleared, whole
        self._of_field: dict[str, list[Outcome]] = {field: [] for field in decisions}
        for outcome in outcomes:
            for field in dict.fromkeys(outcome.equation.members):
                if field in self._of_field:
                    self._of_field[field].append(outcome)
        self._calibration = load_calibration()
        self._doubt = {field: _doubt(decision) for field, decision in decisions.items()}
        self._odds = {
            field: {number: share / max(decision.confidence, 1e-9) for number, share in decision.odds}
            for field, decision in decisions.items()
            if decision.weighed and not decision.repaired_by
        }
        self._numbers: dict[str, dict[str, tuple[int, int | float, Mapping[int | float, float]]]] = {}
        self._repaired = {field for field, decision in decisions.items() if decision.repaired_by}
        self._with_repaired = {o.equation.id for o in outcomes if not self._repaired.isdisjoint(o.equation.members)}
        own = [o for o in outcomes if o.state == "closed" and not self._is_repaired(o)]
        self._proven = _proven(decisions, own, self._of_field, options)

    def _is_repaired(self, outcome: Outcome) -> bool:
        return outcome.equation.id in self._with_repaired

    def judged(self, field: str) -> Judgement:
        outcomes, decision = self._of_field[field], self._decisions[field]
        evidence = tuple(
            Evidence(kind="equation", detail=outcome.equation.id, agrees=outcome.state == "closed")
            for outcome in outcomes
            if outcome.state != "open"
        )
        confidence = self._confidence(field) if decision.weighed else decision.confidence
        status = self._status(field, confidence)
        return Judgement(status, (*evidence, *decision.evidence), confidence)

    def _status(self, field: str, confidence: float) -> Status:
        decision, outcomes, options = self._decisions[field], self._of_field[field], self._options
        if decision.blank:
            return Status.BLANK
        if decision.value is None:
            return Status.MISSING
        good = confidence >= (options.good_confidence if decision.weighed else options.read_confidence)
        closed = [o for o in outcomes if o.state == "closed"]
        broken = any(o.state == "broken" for o in outcomes)
        if decision.repaired_by:
            return Status.REPAIRED if closed and good and (not broken or field in self._cleared) else Status.CONFLICT
        own = [o for o in closed if not self._is_repaired(o)]
        # One doubtful figure is proved by others that are not; more of them only where calibration allows for it.
        firm = [*own, *(o for o in closed if self._is_repaired(o) and self._stands_without(o))]
        proved = field in self._proven or (decision.weighed and good and any(self._is_firm(field, o) for o in firm))
        supported = bool(firm) and decision.confidence >= options.verify_floor and proved
        if broken:
            # Two misread figures of one column leave it closed; so a broken row makes all of it suspect.
            innocent = field in self._cleared and bool(own)
            return Status.READ if innocent and decision.clear and good else Status.CONFLICT
        if decision.weighed and not good:
            return Status.MISSING
        if supported and len(own) == len(outcomes) and field in self._proven:
            return Status.VERIFIED
        heard = [evidence.agrees for evidence in decision.evidence if evidence.kind != "prose"]
        told = any(evidence.agrees for evidence in decision.evidence if evidence.kind == "prose")
        if told and decision.clear and good and abs(decision.value) >= options.prose_least:
            return Status.VERIFIED
        # Two readers look at the same ink: what leaves one in doubt may deceive both in the same way.
        layer = any(evidence.agrees for evidence in decision.evidence if evidence.kind == "text_layer")
        likely = decision.clear and (layer or not decision.unsure)
        if heard and all(heard) and likely:
            return Status.VERIFIED
        alone = likely and good and not decision.lone
        return Status.READ if supported or alone else Status.MISSING

    def _stands_without(self, outcome: Outcome) -> bool:
        """Whether each repair in a closed equation is asked for by another, too, in which it is the only repair."""

        def is_asked_for(member: str) -> bool:
            return any(
                o.state == "closed"
                and o.equation.id != outcome.equation.id
                and not any(f in self._repaired for f in o.equation.members if f != member)
                for o in self._of_field[member]
            )

        return all(is_asked_for(f) for f in outcome.equation.members if f in self._repaired)

    def _is_firm(self, field: str, outcome: Outcome) -> bool:
        """Whether no other member of an equation is doubtful and stands in another that is broken.

        The same misreading in three places, a ruling taken for a 1, may close two equations of one of them.
        """
        return not any(
            self._doubt[other] > 1 - self._options.good_confidence
            and any(o.state == "broken" for o in self._of_field[other])
            for other in outcome.equation.members
            if other != field
        )

    def _confidence(self, field: str) -> float:
        """Probability that the value is what is printed, by the ink and by the equations together.

        With an equation that closes, a misread figure needs another one that makes up for it. With one that is broken
        either this figure is misread, or another is, or the issuer is wrong.
        """
        decision, calibration = self._decisions[field], self._calibration
        if decision.blank or decision.value is None or decision.repaired_by:
            return decision.confidence
        doubt = min(max(self._doubt[field], 1e-9), 1 - 1e-9)
        odds = doubt / (1 - doubt)
        outcomes = [o for o in self._of_field[field] if o.state != "open"]
        blamed = [o for o in outcomes if o.state == "broken"]
        if blamed:
            if field not in self._cleared:
                odds /= calibration.broken + min(self._others(field, o) for o in blamed)
            return min(1 / (1 + odds), 1 - calibration.misplaced)
        if not outcomes and not self._whole:
            return min(1 / (1 + odds), 1 - calibration.astray)
        for outcome in outcomes:
            left = calibration.cancel * self._others(field, outcome) + self._alike(field, outcome)
            # What a repair closed would close too if this one were wrong in its stead, less likely by the margin.
            rival = math.exp(-self._options.repair_margin) if self._is_repaired(outcome) else 0.0
            odds *= min(1.0, left + rival)
        odds = max(odds, self._swap(field, outcomes))
        return min(1 / (1 + odds), 1 - calibration.misplaced)

    def _swap(self, field: str, outcomes: Sequence[Outcome]) -> float:
        """Odds that another number that somebody read stands here, and beside it others that make up for it.

        In general two misread figures hardly ever leave a sum as it was; but where the ink of one of them says that it
        has another number, it says which number of the others would fit.
        """
        decision = self._decisions[field]
        if decision.value is None or decision.confidence <= 0:
            return 1.0
        return math.fsum(
            share
            / decision.confidence
            * math.prod(self._making_up(field, number - decision.value, o) for o in outcomes)
            for number, share in decision.odds
            if outcomes
        )

    def _making_up(self, field: str, more: float, outcome: Outcome) -> float:
        """Odds, summed up, that another member is not what it was read as, so that ``more`` here leaves it closed.

        What deceives a reader in one place, a ruling taken for a 1, does so in others: given one such misreading, the
        other is as likely as it is that figures are misread alike.
        """
        wanted = self._other_numbers(outcome.equation)
        sign = wanted[field][0] if field in wanted else outcome.equation.signs[field]
        odds = (
            other_odds.get(read - sign * other_sign * more, 0.0)
            for other, (other_sign, read, other_odds) in wanted.items()
            if other != field
        )
        return math.fsum(one if one < _SEEN else max(one, self._calibration.alike) for one in odds)

    def _other_numbers(self, equation: Equation) -> dict[str, tuple[int, int | float, Mapping[int | float, float]]]:
        """Of the members that somebody reads another number of: sign, number read, and the odds of the others."""
        if equation.id not in self._numbers:
            self._numbers[equation.id] = {
                member: (sign, _as_read(self._decisions[member]), self._odds[member])
                for member, sign in equation.signs.items()
                if self._odds.get(member)
            }
        return self._numbers[equation.id]

    def _others(self, field: str, outcome: Outcome) -> float:
        return math.fsum(self._doubt[other] for other in outcome.equation.members if other != field)

    def _alike(self, field: str, outcome: Outcome) -> float:
        """Chance that the same figure on the other side was misread in the same way."""
        equation, value = outcome.equation, self._decisions[field].value
        across = equation.equals if field not in equation.equals else (*equation.plus, *equation.minus)
        same = any((self._decisions[other].value or 0) == value for other in across)
        return self._calibration.alike if same else 0.0


def _as_read(decision: Decision) -> int | float:
    return decision.value or 0


def _doubt(decision: Decision) -> float:
    """Probability that a figure is not what it was read as, by the ink alone."""
    return 1.0 - decision.confidence if decision.weighed else 0.0


def _proven(
    decisions: Mapping[str, Decision],
    closed: Sequence[Outcome],
    of_field: Mapping[str, Sequence[Outcome]],
    options: TemplateOptions,
) -> set[str]:
    """Fields that are clear, and those that follow from such by an equation in which all others are proven."""
    proven = {field for field, decision in decisions.items() if decision.clear}
    growing = True
    while growing:
        growing = False
        for members in (outcome.equation.members for outcome in closed):
            rest = [member for member in members if member not in proven]
            if len(rest) != 1 or decisions[rest[0]].confidence < options.verify_floor:
                continue
            if not any(outcome.state == "broken" for outcome in of_field[rest[0]]):
                proven.add(rest[0])
                growing = True
    return proven
