"""Two reports side by side, usually of one body and two years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ocr_pipeline.dataset.compare.sections import SectionChange, compare_sections
from ocr_pipeline.dataset.compare.values import ValueChange, compare_values
from ocr_pipeline.dataset.forms import known_forms
from ocr_pipeline.dataset.identity import Identity
from ocr_pipeline.dataset.panel import ReportFigures, check_years, good_figures, load_rules, year_equations
from ocr_pipeline.dataset.rows import Key, report_identity
from ocr_pipeline.document import Finding
from ocr_pipeline.report import Report, load_report
from ocr_pipeline.report.corrections import CorrectionLog, apply
from ocr_pipeline.templates import recheck

__all__ = ["Comparison", "Party", "compare_reports", "open_report"]

_LEVELS_UP = 3


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two reports, with who it is by and of which year."""

    report: Report
    identity: Identity

    @property
    def name(self) -> str:
        """Body and year, as far as they are known, or the name of the source."""
        known = [self.identity.body or "", str(self.identity.year or "")]
        return " ".join(filter(None, known)) or self.document

    @property
    def document(self) -> str:
        """The name of the source without its folder."""
        return self.report.source.name.replace("\\", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one report to the other.

    Attributes:
        before, after: the reports, in the order given.
        values: every field of either.
        sections: every section of either.
        remarks: what to bear in mind: different bodies, the wrong order, different forms.
        broken: equations between two consecutive years of one body that do not hold.
    """

    before: Party
    after: Party
    values: tuple[ValueChange, ...]
    sections: tuple[SectionChange, ...]
    remarks: tuple[str, ...]
    broken: tuple[str, ...]

    def value_counts(self) -> Counter[str]:
        """How many values there are of each kind."""
        return Counter(change.kind for change in self.values)

    def section_counts(self) -> Counter[str]:
        """How many sections there are of each kind, and how many moved or got another heading."""
        counts: Counter[str] = Counter(change.kind for change in self.sections)
        counts["moved"] = sum(change.moved for change in self.sections)
        counts["renamed"] = sum(change.renamed for change in self.sections)
        return counts


def compare_reports(before: Report, after: Report) -> Comparison:
    """Compare two reports, whatever they are of."""
    parties = Party(before, report_identity(before)), Party(after, report_identity(after))
    return Comparison(
        *parties,
        values=compare_values(before, after),
        sections=compare_sections(before.sections, after.sections),
        remarks=tuple(_remarks(*parties)),
        broken=tuple(_broken(*parties)),
    )


def open_report(path: Path) -> Report:
    """A saved report with its corrections on top, if there are any beside it or up to three folders above.

    Raises:
        SourceNotFoundError: no such report.
        DamagedSourceError: the report or its log of corrections is damaged.
        UnknownFormatError: it is no report.
    """
    report = load_report(path)
    for folder in path.resolve().parents[:_LEVELS_UP]:
        entries = CorrectionLog.of(folder, report.source.sha256).entries()
        if entries:
            return apply(report, entries, recheck=partial(recheck, templates=known_forms())).report
    return report


def _remarks(before: Party, after: Party) -> Iterator[str]:
    one, other = before.identity, after.identity
    if before.report.source.sha256 == after.report.source.sha256:
        yield "both reports are of the same source"
    if one.body and other.body and one.body != other.body:
        yield f"the reports are of two bodies: {one.body} and {other.body}"
    if one.year and other.year and one.year >= other.year:
        yield f"the second report is of {other.year}, not later than the first one of {one.year}"
    for party, place in ((before, "first"), (after, "second")):
        yield from (f"{place} report: {finding.message}" for finding in _uncertain(party.identity))
        if not party.report.ok:
            yield f"{place} report: {len(party.report.errors)} parts of it could not be read"
    forms = [{match.part: match.form for match in party.report.matches} for party in (before, after)]
    for part in forms[0]:
        if forms[1].get(part, forms[0][part]) != forms[0][part]:
            yield f"{part}: form {forms[0][part]} in the first report, {forms[1][part]} in the second"


def _uncertain(identity: Identity) -> Iterator[Finding]:
    yield from (finding for finding in identity.findings if finding.code.endswith("-conflict"))


def _broken(before: Party, after: Party) -> Iterator[str]:
    one, other = before.identity, after.identity
    if one.body is None or one.body != other.body or one.year is None or other.year != one.year + 1:
        return
    old, new = (ReportFigures(_key(party), good_figures(party.report.values)) for party in (before, after))
    yield from (finding.message for finding in check_years(old, new, year_equations(load_rules())))


def _key(party: Party) -> Key:
    source = party.report.source
    return Key("", source.sha256, party.document, party.identity.body, party.identity.year)
