"""The findings of matching and reading a part: what the form does not know, what is missing, what does not add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ocr_pipeline.document import Finding, Place, Severity, Status, Value
from ocr_pipeline.equations import plain_number
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.equations import Outcome
from ocr_pipeline.templates.labels import best_similarity
from ocr_pipeline.templates.lines import form_lines
from ocr_pipeline.templates.matching import PartMatch
from ocr_pipeline.templates.observed import ObservedRow
from ocr_pipeline.templates.placing import PlacedField

__all__ = ["broken_equations", "decision_findings", "form_findings", "part_findings"]

_OBSTACLES: Mapping[str, tuple[str, str]] = {
    "row": ("ambiguous-match", "its row cannot be told apart from others"),
    "column": ("ambiguous-match", "its column cannot be told apart from others"),
    "shifted": ("ambiguous-match", "the cells of its row are shifted"),
    "version": ("ambiguous-match", "another version of the form, without this field, fits as well"),
    "merged": ("merged-cell", "one cell of the grid covers several fields"),
    "hole": ("missing-cell", "the grid has no cell there"),
    "absent": ("missing-row", "the table has no such row or column"),
}
_HEADER = 0.7


def form_findings(parts: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """What is to be said of the forms of a whole document.

    Args:
        parts: ids of the form and of its part, once for each part found, in the document's order.
    """
    if not parts:
        yield Finding(code="no-known-table", severity=Severity.WARNING, message="no table matches a known form")
    if len({form for form, _ in parts}) > 1:
        mixture = ", ".join(f"{part} is {form}" for form, part in parts)
        yield Finding(code="form-mixture", severity=Severity.INFO, message=f"several forms in one document: {mixture}")


def part_findings(
    match: PartMatch,
    placed: Sequence[PlacedField],
    decisions: Mapping[str, Decision],
    outcomes: Sequence[Outcome],
    values: Mapping[str, Value],
) -> Iterator[Finding]:
    """All findings of one part."""
    yield from _match_findings(match)
    yield from _unknown_rows(match)
    yield from _obstacles(placed)
    yield from decision_findings(decisions, values)
    yield from broken_equations(outcomes, values)


def decision_findings(decisions: Mapping[str, Decision], values: Mapping[str, Value]) -> Iterator[Finding]:
    """What is to be said of single values: unreadable, annotated, or doubtful."""
    for field, decision in decisions.items():
        value = values[field]
        if value.status is Status.MISSING:
            note = decision.note or f"probability {decision.confidence:.2f}, and nothing checks it"
            yield _about(value, "unreadable-cell", Severity.WARNING, f"{field}: {note}; read as {decision.raw!r}")
        elif decision.remark:
            yield _about(value, "annotated-value", Severity.INFO, f"{field}: printed as {decision.raw!r}")
        elif decision.note:
            message = f"{field}: {decision.note}; read as {decision.raw!r}"
            yield _about(value, "doubtful-reading", Severity.INFO, message)


def broken_equations(outcomes: Sequence[Outcome], values: Mapping[str, Value]) -> Iterator[Finding]:
    """One finding for each equation that does not close."""
    for outcome in outcomes:
        if outcome.state == "broken":
            yield _broken(outcome, values)


def _match_findings(match: PartMatch) -> Iterator[Finding]:
    first = match.pieces[0].table.table
    if match.rivals:
        names = ", ".join(form.id for form in match.rivals)
        message = f"{match.part.id}: taken for {match.form.id}, but {names} fits as well"
        yield Finding(code="ambiguous-form", severity=Severity.INFO, message=message, table=first.id)


def _unknown_rows(match: PartMatch) -> Iterator[Finding]:
    lines = form_lines(match.part)
    headers = [labels for line in lines if line.kind != "row" for labels in line.labels]
    for piece in match.pieces:
        known = {m.row for m in piece.rows.lines}
        for row in piece.table.rows[piece.rows.start : piece.rows.stop]:
            if row.index in known or not (row.labels or row.values):
                continue
            repeated = row.labels and all(
                max(best_similarity(cell.text, labels) for labels in headers) >= _HEADER for cell in row.labels
            )
            if not repeated or row.values:
                yield _unknown(row, piece.table.table.id)


def _unknown(row: ObservedRow, table: str) -> Finding:
    text = " ".join(cell.text.replace("\n", "") for cell in row.labels) or "no label"
    severity = Severity.WARNING if row.values else Severity.INFO
    places: tuple[Place, ...] = row.labels[0].places if row.labels else ()
    page = places[-1].page if places else None
    message = f"row {row.index + 1}, which the form does not know: {text[:60]}"
    return Finding(code="unknown-row", severity=severity, message=message, page=page, table=table)


def _obstacles(placed: Sequence[PlacedField]) -> Iterator[Finding]:
    """One finding for each obstacle and row of the form."""
    groups: dict[tuple[str, str], list[PlacedField]] = {}
    for field in placed:
        if field.obstacle is not None:
            groups.setdefault((field.obstacle, field.spec.row.id), []).append(field)
    for (obstacle, _), fields in groups.items():
        code, reason = _OBSTACLES[obstacle]
        label = " > ".join(text for text in fields[0].spec.row.path if text) or fields[0].spec.id
        yield Finding(
            code=code,
            severity=Severity.WARNING,
            message=f"{label}: {reason}",
            table=fields[0].table,
            fields=tuple(field.spec.id for field in fields),
        )


def _broken(outcome: Outcome, values: Mapping[str, Value]) -> Finding:
    equation = outcome.equation
    where = values[equation.equals[0]]
    message = (
        f"{equation.id}: {plain_number(outcome.left)} on the left, {plain_number(outcome.right)} on the right, "
        f"difference {plain_number(outcome.left - outcome.right)}"
    )
    return Finding(
        code="equation-broken",
        severity=Severity.WARNING if equation.soft else Severity.ERROR,
        message=message,
        page=where.page,
        box=where.box,
        table=where.table,
        fields=equation.members,
    )


def _about(value: Value, code: str, severity: Severity, message: str) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=message,
        page=value.page,
        box=value.box,
        table=value.table,
        fields=(value.id,),
    )
