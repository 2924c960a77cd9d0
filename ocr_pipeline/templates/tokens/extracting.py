"""A flow of text in, values with their evidence out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ocr_pipeline.document import Finding, FormMatch, Severity, Status, Value
from ocr_pipeline.flow import FlowBlock, FlowTokens
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.equations import evaluate, part_equations
from ocr_pipeline.templates.extract import Extraction
from ocr_pipeline.templates.misplaced import places_denied, without_places
from ocr_pipeline.templates.model import FieldSpec, TemplateSet
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.remarks import broken_equations, decision_findings, form_findings
from ocr_pipeline.templates.repair import figures_read, repair
from ocr_pipeline.templates.statuses import Judgement, judge
from ocr_pipeline.templates.tokens.chain import chain_of
from ocr_pipeline.templates.tokens.joining import join_labels, likeliest, vocabulary
from ocr_pipeline.templates.tokens.reading import PartReading, read_part
from ocr_pipeline.templates.tokens.rearranging import without_doubles
from ocr_pipeline.templates.tokens.stream import Token, tokenize
from ocr_pipeline.templates.units import is_unit_note, stated_unit, unit_of

__all__ = ["extract_tokens"]

_ENOUGH = 0.9
"""Recognised labels from which a part is in the text: about one whole one."""
_LIKE, _CAPTION = 0.5, 0.99
"""Likeness from which words are a header or a row's label, and a caption: these differ by one numeral."""
_TAIL = re.compile(r"[（(【\[]?(?:计量)?单位.*$")
_COPY = 0.5
"""Share of its labels with which a part stands in the text once more."""


@dataclass(frozen=True, eq=False, slots=True)
class _Chosen:
    reading: PartReading
    rivals: tuple[PartReading, ...]
    copies: tuple[PartReading, ...] = ()


def extract_tokens(
    flow: Sequence[FlowBlock],
    templates: TemplateSet,
    *,
    options: TemplateOptions | None = None,
) -> Extraction:
    """Align the text of a flow with the forms and decide every field of the parts found.

    Args:
        flow: the whole document; paragraphs are looked at for headings. Empty result when it holds no ``FlowTokens``.
        templates: the forms.
        options: thresholds.

    Returns:
        As ``extract`` does; the parts found are called ``tokensN``, N from 1, and values have no place. What the text
        no longer holds is missing.
    """
    options = options or TemplateOptions()
    if not any(isinstance(block, FlowTokens) for block in flow):
        return Extraction()
    tokens = without_doubles(join_labels(tokenize(flow), vocabulary(templates)))
    chosen = _with_copies(_choose(_readings(tokens, templates, options), options), tokens, options)
    values: list[Value] = []
    findings: list[Finding] = []
    matches: list[FormMatch] = []
    for number, part in enumerate(chosen, start=1):
        part_values, part_findings = _values(part, tokens, f"tokens{number}", options)
        values.extend(part_values)
        findings.extend(part_findings)
        score = min(1.0, part.reading.recognised / _labels(part.reading))
        matches.append(
            FormMatch(
                table=f"tokens{number}",
                form=part.reading.form.id,
                part=part.reading.part.id,
                score=round(score, 4),
            )
        )
    findings.extend(form_findings([(match.form, match.part) for match in matches]))
    return Extraction(tuple(values), tuple(findings), tuple(matches))


def _readings(tokens: Sequence[Token], templates: TemplateSet, options: TemplateOptions) -> list[list[PartReading]]:
    """For each part found the readings of all forms, best first, in the order of the text; no token is read twice."""
    ids = dict.fromkeys(part.id for form in templates.forms for part in form.parts)
    whole = {part: _ranked(part, tokens, 0, templates, options) for part in ids}
    taken: list[tuple[int, int]] = []
    found: list[list[PartReading]] = []
    for part, ranked in sorted(whole.items(), key=lambda item: -max((r.score for r in item[1]), default=0.0)):
        if any(ranked and _overlap(ranked[0].span, span) for span in taken):
            pieces = [
                _ranked(part, tokens[start:stop], start, templates, options)
                for start, stop in _between(taken, len(tokens))
            ]
            ranked = max((piece for piece in pieces if piece), key=lambda piece: piece[0].score, default=[])
        if ranked:
            found.append(ranked)
            taken.append(ranked[0].span)
    return sorted(found, key=lambda ranked: ranked[0].span)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _between(taken: Sequence[tuple[int, int]], count: int) -> Iterator[tuple[int, int]]:
    reached = 0
    for start, stop in sorted(taken):
        if start > reached:
            yield reached, start
        reached = max(reached, stop)
    if reached < count:
        yield reached, count


def _ranked(
    part_id: str, tokens: Sequence[Token], offset: int, templates: TemplateSet, options: TemplateOptions
) -> list[PartReading]:
    readings = [
        replace(reading, span=(reading.span[0] + offset, reading.span[1] + offset))
        for form in templates.forms
        for part in form.parts
        if part.id == part_id and (reading := read_part(form, part, tokens, options)) is not None
    ]
    return sorted((r for r in readings if r.recognised >= _ENOUGH), key=lambda r: -r.score)


def _choose(found: Sequence[Sequence[PartReading]], options: TemplateOptions) -> list[_Chosen]:
    """The best form of each part; among those nearly as good, the one that the other parts use.

    A form that has a label of the text, numbering and all, which the chosen one has not, is a rival of it, too.
    """
    near = [[r for r in ranked if ranked[0].score - r.score < options.form_margin] for ranked in found]
    votes = Counter(ranked[0].form.id for ranked in near if len(ranked) == 1)
    chosen: list[_Chosen] = []
    for ranked, close in zip(found, near, strict=True):
        best = max(close, key=lambda r: (votes[r.form.id], r.score))
        # Forms that share a part say the same of it, and are no rivals.
        others = [r for r in ranked if r.part != best.part]
        chosen.append(_Chosen(best, tuple(r for r in others if r in close or r.known - best.known)))
    return chosen


def _with_copies(found: Sequence[_Chosen], tokens: Sequence[Token], options: TemplateOptions) -> Iterator[_Chosen]:
    """The parts with what stands of them once more between those found."""
    free = list(_between([chosen.reading.span for chosen in found], len(tokens)))
    for chosen in found:
        reading = chosen.reading
        again = (read_part(reading.form, reading.part, tokens[start:stop], options) for start, stop in free)
        copies = [copy for copy in again if copy is not None and copy.recognised >= _COPY * reading.recognised]
        yield replace(chosen, copies=tuple(copies))


def _agreed(chosen: _Chosen) -> dict[str, Decision]:
    """The decisions that every form that may be meant agrees with, and every copy of the part."""
    return {
        field: decision
        for field, decision in chosen.reading.decisions.items()
        if all(
            field in r.decisions and r.decisions[field].raw == decision.raw for r in (*chosen.rivals, *chosen.copies)
        )
    }


def _values(
    chosen: _Chosen, tokens: Sequence[Token], table: str, options: TemplateOptions
) -> tuple[list[Value], list[Finding]]:
    reading = chosen.reading
    decisions = _agreed(chosen)
    equations = part_equations(reading.form, reading.part.id)
    figures = figures_read(decisions)
    outcomes = evaluate(equations, figures)
    # Nobody else reads what stands in a text, so nothing is repaired; but who is not to blame for a break is found.
    cleared = repair((), decisions, equations, options).cleared
    judgements = judge(decisions, outcomes, options, cleared=cleared)
    doubted = figures_read(reading.doubted)
    judgements = without_places(judgements, places_denied(decisions, equations, figures, [doubted]))
    values = [
        _value(
            spec, reading.form.id, table, decisions.get(spec.id), judgements.get(spec.id), _unit(reading, spec, tokens)
        )
        for spec in reading.part.fields
    ]
    by_id = {value.id: value for value in values}
    findings = [
        *_row_findings(chosen, decisions, table),
        *decision_findings(decisions, by_id),
        *broken_equations(outcomes, by_id),
    ]
    return values, findings


def _unit(reading: PartReading, spec: FieldSpec, tokens: Sequence[Token]) -> tuple[str | None, bool]:
    """The unit of a figure printed without one, and whether what the text states of units makes it doubtful."""
    labels = [token.text for token in tokens[slice(*reading.span)] if token.kind == "label"]
    own = (*spec.column.node.labels, *spec.row.node.labels)
    near = [text for text in labels if stated_unit(text) and likeliest(text, own) >= _LIKE]
    block = reading.part.blocks[spec.block]
    captions = [text for text in (block.caption, *block.caption_aliases) if text]
    around = [text for text in labels if stated_unit(text) and likeliest(_TAIL.sub("", text), captions) > _CAPTION]
    notes = [token.text for token in tokens if token.kind == "label" and is_unit_note(token.text)]
    return unit_of(spec.type, spec.unit, near, (*around, *notes))


def _value(
    spec: FieldSpec,
    form: str,
    table: str,
    decision: Decision | None,
    judgement: Judgement | None,
    stated: tuple[str | None, bool],
) -> Value:
    if decision is None or judgement is None:
        return Value(id=spec.id, value=None, status=Status.MISSING, confidence=0.0, form=form, table=table)
    unit, doubtful = stated if decision.unit is None else (decision.unit, False)
    status = Status.MISSING if doubtful and judgement.status.is_good else judgement.status
    given = status not in (Status.BLANK, Status.MISSING)
    return Value(
        id=spec.id,
        value=decision.value if given else None,
        unit=unit if given and spec.type == "amount" else None,
        raw=decision.raw,
        status=status,
        confidence=judgement.confidence,
        evidence=judgement.evidence,
        form=form,
        table=table,
    )


def _row_findings(chosen: _Chosen, decisions: Mapping[str, Decision], table: str) -> Iterator[Finding]:
    reading = chosen.reading
    if chosen.copies:
        message = f"{reading.part.id} is in the text again; what the copies do not agree on is not settled"
        yield Finding(code="duplicate-part", severity=Severity.WARNING, message=message, table=table)
    if chosen.rivals:
        names = ", ".join(r.form.id for r in chosen.rivals)
        message = f"{reading.part.id}: taken for {reading.form.id}, but {names} fits as well"
        yield Finding(code="ambiguous-form", severity=Severity.INFO, message=message, table=table)
    for name in reading.unknown:
        message = f"a row with figures that the form does not know: {name[:60]}"
        yield Finding(code="unknown-row", severity=Severity.WARNING, message=message, table=table)
    for row in reading.rows:
        lost = tuple(spec.id for spec in reading.specs(row) if spec.id not in decisions)
        label = " > ".join(chain_of(reading.part).rows[row.row].path) or reading.part.id
        if row.note:
            figures = " ".join(row.loose)
            message = f"{label}: {row.note}" + (f"; left: {figures}" if figures else "")
            severity = Severity.WARNING if lost else Severity.INFO
            yield Finding(code="ambiguous-row", severity=severity, message=message, table=table, fields=lost)
        elif lost:
            message = f"{label}: the text does not hold its values"
            yield Finding(code="missing-row", severity=Severity.WARNING, message=message, table=table, fields=lost)


def _labels(reading: PartReading) -> int:
    return max(1, sum(bool(row.labels) for row in chain_of(reading.part).rows))
