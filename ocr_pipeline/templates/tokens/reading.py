"""One part of one form against a stream: which tokens are which fields, and what was in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ocr_pipeline.document import Cell
from ocr_pipeline.templates.deciding import Decision, decide
from ocr_pipeline.templates.equations import Equation, evaluate, part_equations
from ocr_pipeline.templates.labels import Label, normalize
from ocr_pipeline.templates.model import FieldSpec, Form, Part
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.repair import figures_read
from ocr_pipeline.templates.tokens.chain import Chain, Kind, chain_of
from ocr_pipeline.templates.tokens.decoding import Walk, walk
from ocr_pipeline.templates.tokens.emissions import emissions, part_labels
from ocr_pipeline.templates.tokens.found_rows import FoundRow
from ocr_pipeline.templates.tokens.ordering import in_form_order
from ocr_pipeline.templates.tokens.placing import place_rows
from ocr_pipeline.templates.tokens.rearranging import rearrange
from ocr_pipeline.templates.tokens.settling import settle
from ocr_pipeline.templates.tokens.stream import Token

__all__ = ["PartReading", "read_part"]

_COUNTED = 0.8
"""Confidence in a row that is known by its count, where equations can speak: below what is handed out unchecked."""
_COUNTED_ALONE = 0.9
"""The same where none can."""
_BROKEN_SHARE = 0.25
"""Of the sums that can be told; issuers' own mistakes break fewer, figures put into the wrong rows break most."""


@dataclass(frozen=True, eq=False, slots=True)
class PartReading:
    """What a stream holds of a part.

    Attributes:
        form: the form.
        part: its part.
        decisions: by field id, for the fields that are beyond doubt.
        rows: all rows of the part, with what is in the way of those that are not.
        doubted: by field id what rows say that are known by their labels and hold a figure for each field, but are not
            beyond doubt: no value of theirs is believed, yet they speak against the places of others.
        span: half-open range of the tokens that the walk spends inside the part.
        score: of the walk, for comparing forms.
        recognised: labels, headers and titles recognised.
        unknown: labels of rows that the form does not know, which have figures.
        known: words in the span that are a label of the part, numbering and all.
    """

    form: Form
    part: Part
    decisions: Mapping[str, Decision]
    rows: tuple[FoundRow, ...]
    doubted: Mapping[str, Decision]
    span: tuple[int, int]
    score: float
    recognised: float
    unknown: tuple[str, ...]
    known: frozenset[Label]

    def specs(self, row: FoundRow) -> tuple[FieldSpec, ...]:
        """The fields of a row."""
        return chain_of(self.part).rows[row.row].specs


def read_part(form: Form, part: Part, tokens: Sequence[Token], options: TemplateOptions) -> PartReading | None:
    """Align the tokens with the part; None when nothing of it is there."""
    chain = chain_of(part)
    ordered = in_form_order(chain, tokens)
    stream = rearrange(chain, ordered.tokens)
    stream = replace(stream, doubtful=stream.doubtful | ordered.doubtful)
    kept = [i for i, token in enumerate(stream.tokens) if token.kind != "empty"]
    shown = [stream.tokens[i] for i in kept]
    if not shown:
        return None
    scored = emissions(chain, shown, options)
    walked = walk(chain, scored)
    inside = [i for i, state in enumerate(walked.states) if chain.kinds[state] not in (Kind.OUT, Kind.AFTER)]
    if not inside:
        return None
    rows = place_rows(chain, walked, stream, stream.tokens, kept, options)
    equations = part_equations(form, part.id)
    _drop_disproved(chain, rows, stream.moved, equations, options)
    decisions = _decide(chain, rows, stream.moved, equations, options)
    _settle(chain, rows, decisions, equations, options)
    gains = [
        float(max(scored[i].enter[walked.states[i]], scored[i].stay[walked.states[i]]))
        for i in inside
        if shown[i].kind == "label"
    ]
    return PartReading(
        form=form,
        part=part,
        decisions=decisions,
        rows=tuple(rows),
        doubted=_doubted(chain, rows, options),
        span=(kept[inside[0]], kept[inside[-1]] + 1),
        score=walked.score,
        recognised=sum(gain for gain in gains if gain > 0),
        unknown=_unknown(chain, walked, shown),
        known=_known(part, [shown[i].text for i in inside if shown[i].kind == "label"]),
    )


def _known(part: Part, words: Sequence[str]) -> frozenset[Label]:
    return frozenset(map(normalize, words)) & frozenset(map(normalize, part_labels(part)))


def _decide(
    chain: Chain,
    rows: Sequence[FoundRow],
    moved: frozenset[int],
    equations: Sequence[Equation],
    options: TemplateOptions,
) -> dict[str, Decision]:
    checked = {field for equation in equations for field in equation.members}
    decisions: dict[str, Decision] = {}
    for found in rows:
        counted = (found.trust == "count" and bool(chain.rows[found.row].labels)) or found.row in moved
        is_last = found.row == len(chain.rows) - 1
        for slot, text in found.placed.items():
            spec = chain.rows[found.row].specs[slot]
            if slot == found.edge and spec.id not in checked and not is_last:
                continue
            doubt = (_COUNTED if spec.id in checked else _COUNTED_ALONE) if counted or slot == found.edge else 1.0
            decisions[spec.id] = _decision(spec, text, doubt, options)
    return decisions


def _decision(spec: FieldSpec, text: str, confidence: float, options: TemplateOptions) -> Decision:
    cell = Cell(row=0, column=0, text=text)
    found = decide(cell, spec.type, options)
    if found.value is None:
        return found
    return Decision(found.value, found.unit, found.raw, confidence, clear=True, remark=found.remark, note=found.note)


def _doubted(chain: Chain, rows: Sequence[FoundRow], options: TemplateOptions) -> dict[str, Decision]:
    return {
        spec.id: _decision(spec, text, 0.0, options)
        for found in rows
        if found.trust == "label" and not found.placed and len(found.loose) == len(chain.rows[found.row].specs)
        for spec, text in zip(chain.rows[found.row].specs, found.loose, strict=True)
    }


def _drop_disproved(
    chain: Chain,
    rows: Sequence[FoundRow],
    moved: frozenset[int],
    equations: Sequence[Equation],
    options: TemplateOptions,
) -> None:
    """Take the figures back that rows got from a block apart from them, when their sums do not close."""
    decisions = _decide(chain, [found for found in rows if found.row in moved], moved, equations, options)
    outcomes = evaluate(equations, figures_read(decisions))
    told = [outcome for outcome in outcomes if outcome.state != "open"]
    broken = [outcome for outcome in told if outcome.state == "broken"]
    if len(broken) > _BROKEN_SHARE * len(told):
        for found in rows:
            if found.row in moved:
                found.placed = {}
                found.note = "its figures stand apart from its label, and the sums do not close"


def _settle(
    chain: Chain,
    rows: Sequence[FoundRow],
    decisions: dict[str, Decision],
    equations: Sequence[Equation],
    options: TemplateOptions,
) -> None:
    known = figures_read(decisions)
    for found in rows:
        specs = chain.rows[found.row].specs
        if found.trust == "none" or found.placed or not 0 < len(found.loose) < len(specs):
            continue
        way = settle(specs, found.loose, known, equations)
        if way is None:
            continue
        by_id = {spec.id: (slot, spec) for slot, spec in enumerate(specs)}
        for field, text in way.items():
            slot, spec = by_id[field]
            found.placed[slot] = text
            decisions[field] = _decision(spec, text, _COUNTED, options)
        found.loose = ()
        found.note = "some of its values are lost; the sums tell which"


def _unknown(chain: Chain, walked: Walk, shown: Sequence[Token]) -> tuple[str, ...]:
    names: list[str] = []
    for i, state in enumerate(walked.states[:-1]):
        after = walked.states[i + 1]
        noise = chain.kinds[state] == chain.kinds[after] == Kind.NOISE
        if noise and shown[i].kind == "label" and shown[i + 1].kind == "figure":
            names.append(shown[i].text)
    return tuple(names)
