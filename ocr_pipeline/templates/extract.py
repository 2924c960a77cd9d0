"""Tables in, values with their evidence out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr_pipeline.document import Cell, Finding, FormMatch, Page, Status, Table, Value
from ocr_pipeline.geometry import Box
from ocr_pipeline.templates.copies import Copy, against_copies
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.equations import Equation, part_equations
from ocr_pipeline.templates.matching import PartMatch, match_tables
from ocr_pipeline.templates.model import TemplateSet
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.placing import PlacedField, place_fields
from ocr_pipeline.templates.proving import Proof, prove
from ocr_pipeline.templates.remarks import form_findings, part_findings
from ocr_pipeline.templates.repair import Look
from ocr_pipeline.templates.statuses import Judgement
from ocr_pipeline.templates.units import is_unit_note, notes_over, unit_of

__all__ = ["Extraction", "extract", "extract_matched"]


_WRAPPED = re.compile(r"\d\s*\n\s*\d")


@dataclass(frozen=True, slots=True)
class Extraction:
    """All fields of every part found (the form's order), findings, and which table is which part."""

    values: tuple[Value, ...] = ()
    findings: tuple[Finding, ...] = ()
    matches: tuple[FormMatch, ...] = ()


def extract(
    tables: Sequence[Table],
    pages: Sequence[Page],
    templates: TemplateSet,
    *,
    options: TemplateOptions | None = None,
) -> Extraction:
    """Match the tables against the forms and decide every field of the parts found.

    Args:
        tables: in document order; a part may be in several, and a table may hold several parts.
        pages: the pages that the cells' places refer to; boxes are None where a page is not among them.
        templates: the forms.
        options: thresholds.
    """
    options = options or TemplateOptions()
    return extract_matched(match_tables(tables, templates, options), pages, options)


def extract_matched(
    found: Sequence[PartMatch], pages: Sequence[Page], options: TemplateOptions, look: Look | None = None
) -> Extraction:
    """Decide every field of the parts that were found; see ``extract``.

    Args:
        found: the parts.
        pages: as for ``extract``.
        options: thresholds.
        look: takes a closer look at figures that may have been misread.
    """
    by_index = {page.index: page for page in pages}
    values: list[Value] = []
    findings: list[Finding] = []
    for match in found:
        part_values, part_remarks = _read_part(match, by_index, options, look)
        copies = [Copy(_tables(copy), tuple(_read_part(copy, by_index, options, look)[0])) for copy in match.copies]
        settled, copy_remarks = against_copies(match.part.id, part_values, copies)
        values.extend(settled)
        findings.extend((*copy_remarks, *part_remarks))
    findings.extend(form_findings([(match.form.id, match.part.id) for match in found]))
    matches = tuple(
        FormMatch(table=table, form=match.form.id, part=match.part.id, score=round(match.score, 4))
        for match in found
        for table in _tables(match)
    )
    return Extraction(tuple(values), tuple(findings), matches)


def _tables(match: PartMatch) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.table.table.id for piece in match.pieces))


def _read_part(
    match: PartMatch, pages: Mapping[int, Page], options: TemplateOptions, look: Look | None
) -> tuple[list[Value], list[Finding]]:
    placed = place_fields(match, options)
    equations = part_equations(match.form, match.part.id)
    proof = prove(placed, equations, options, look)
    rulings = {piece.table.table.id: piece.table.table.ruling for piece in match.pieces}
    rows = {piece.table.table.id: piece.table.table.rows for piece in match.pieces}
    doubted = {
        **_unproven(placed, proof, rulings, equations),
        **_broken_off(placed, proof.judgements, rows),
    }
    judgements = {**proof.judgements, **doubted}
    tables = {piece.table.table.id: piece.table.table for piece in match.pieces}
    notes = _notes_before(tables)
    units = {field.spec.id: _unit(field, proof.decisions.get(field.spec.id), tables, notes) for field in placed}
    for field, (_, doubtful) in units.items():
        if doubtful and field in judgements and judgements[field].status.is_good:
            judgements[field] = Judgement(Status.MISSING, judgements[field].evidence, judgements[field].confidence)
    values = [
        _value(
            field,
            match.form.id,
            proof.decisions.get(field.spec.id),
            judgements.get(field.spec.id),
            pages,
            units[field.spec.id][0],
        )
        for field in placed
    ]
    by_id = {value.id: value for value in values}
    return values, list(part_findings(match, placed, proof.decisions, proof.outcomes, by_id))


def _unproven(
    placed: Sequence[PlacedField],
    proof: Proof,
    rulings: Mapping[str, str],
    equations: Sequence[Equation],
) -> dict[str, Judgement]:
    """A value that nothing speaks for, or none at all, may be another's where alignment or a count told the cells.

    Nor is all that a marked cell prints its figure, or one of several lines that no narrow column broke. Who reads the
    same in a wrong cell agrees as well; sums do not. So they are asked for wherever a part has any. Where headers of
    columns are too worn to be read, sums down one close in a wrong one, too, and only those across them are proof; of
    rows that only the count tells, those over several. Headers in another order than the form's may have slipped: then
    sums across them break, if not in all rows.
    """
    doubted: dict[str, Judgement] = {}
    columns = _over_several({field.spec.id: field.spec.column.id for field in placed}, equations)
    rows = _over_several({field.spec.id: field.spec.row.id for field in placed}, equations)
    broken_across = any(o.state == "broken" and o.equation.id in columns for o in proof.outcomes)
    for field in placed:
        given = proof.judgements.get(field.spec.id)
        ruling = rulings.get(field.table or "")
        doubtful = field.cell is not None and _is_doubtful(field.cell, ruling)
        counted = field.counted or (field.row_counted and bool(equations))
        if given is None or not (doubtful or counted or ruling in ("partial", "none")):
            continue
        told = doubtful or counted or bool(equations)
        proofs = {evidence.detail for evidence in given.evidence if evidence.agrees and evidence.kind == "equation"}
        proved = bool(proofs) and not (field.worn and proofs.isdisjoint(columns))
        proved = proved and not (field.reordered and broken_across)
        proved = proved and not (field.row_counted and proofs.isdisjoint(rows))
        supported = proved if told else any(evidence.agrees for evidence in given.evidence)
        printed = field.cell is not None and bool(field.cell.text.strip())
        if (given.status.is_good and not supported) or (given.status is Status.BLANK and not printed):
            doubted[field.spec.id] = Judgement(Status.MISSING, given.evidence, given.confidence)
    return doubted


def _is_doubtful(cell: Cell, ruling: str | None) -> bool:
    """Whether its text may be more than its figure, or less."""
    return cell.divided or cell.marked or (ruling == "markup" and _WRAPPED.search(cell.text) is not None)


def _over_several(line: Mapping[str, str], equations: Sequence[Equation]) -> set[str]:
    """The equations over several lines; ``line`` is that of each field."""
    return {e.id for e in equations if len({line.get(member) for member in e.members}) > 1}


def _broken_off(
    placed: Sequence[PlacedField], judgements: Mapping[str, Judgement], rows: Mapping[str, int]
) -> dict[str, Judgement]:
    """Where a part breaks off, its last row may be cut: what looks blank may stand on a page that was not joined."""
    doubted: dict[str, Judgement] = {}
    for number, field in enumerate(placed):
        given = judgements.get(field.spec.id)
        if given is None or given.status is not Status.BLANK or field.table is None or field.row is None:
            continue
        cell_ends = field.row + (field.cell.row_span if field.cell is not None else 1)
        if cell_ends == rows.get(field.table) and any(later.table is None for later in placed[number + 1 :]):
            doubted[field.spec.id] = Judgement(Status.MISSING, given.evidence, given.confidence)
    return doubted


def _notes_before(tables: Mapping[str, Table]) -> dict[str, tuple[str, ...]]:
    """The notes of units that what goes on behind a page break has from the pieces before, by table."""
    notes: dict[str, tuple[str, ...]] = {}
    for above, below in pairwise(tables.values()):
        notes[below.id] = (*notes.get(above.id, ()), *(c.text for c in above.cells if is_unit_note(c.text)))
    return notes


def _unit(
    field: PlacedField, decision: Decision | None, tables: Mapping[str, Table], notes: Mapping[str, tuple[str, ...]]
) -> tuple[str | None, bool]:
    """The unit of a field, and whether what its table, or ``notes`` before it, state of units makes it doubtful."""
    if decision is None or field.cell is None or field.table is None:
        return None, False
    if decision.unit is not None:
        return decision.unit, False
    table, cell = tables[field.table], field.cell
    labels = [c.text for c in table.cells if c.column < cell.column and c.row <= cell.row < c.row + c.row_span]
    around = (*notes_over(table, cell.row), *notes.get(table.id, ()))
    return unit_of(field.spec.type, field.spec.unit, [field.header, *labels], around)


def _value(
    field: PlacedField,
    form: str,
    decision: Decision | None,
    judgement: Judgement | None,
    pages: Mapping[int, Page],
    unit: str | None,
) -> Value:
    if decision is None or judgement is None or field.cell is None:
        return Value(
            id=field.spec.id,
            value=None,
            status=Status.MISSING,
            confidence=0.0,
            form=form,
            table=field.table,
            row=field.row,
            column=field.column,
        )
    page, box = _place(field.cell, pages)
    given = judgement.status not in (Status.BLANK, Status.MISSING)
    return Value(
        id=field.spec.id,
        value=decision.value if given else None,
        unit=unit if given and field.spec.type == "amount" else None,
        raw=decision.raw,
        status=judgement.status,
        confidence=min(1.0, max(0.0, judgement.confidence)),
        alternatives=decision.alternatives,
        page=page,
        box=box,
        evidence=judgement.evidence,
        form=form,
        table=field.table,
        row=field.row,
        column=field.column,
    )


def _place(cell: Cell, pages: Mapping[int, Page]) -> tuple[int | None, Box | None]:
    """Page and box on the source page; of a cell cut by a page break, the last part, where figures usually stand."""
    if not cell.places:
        return None, None
    place = cell.places[-1]
    page = pages.get(place.page)
    return place.page, None if page is None else page.transform.box(place.box)
