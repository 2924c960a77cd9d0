"""Parts of a form whose heading is in the report, and whose table is not among those recognised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr_pipeline.document import Finding, Section, Severity
from ocr_pipeline.templates.extract import Extraction
from ocr_pipeline.templates.labels import best_similarity
from ocr_pipeline.templates.model import TemplateSet

__all__ = ["with_absent_parts"]

_HEADING = 0.85
"""Likeness from which a heading is that of a part."""


def with_absent_parts(extraction: Extraction, sections: Sequence[Section], templates: TemplateSet) -> Extraction:
    """The extraction with a finding for each part that has a heading in the report and no values.

    Without it nobody would notice: what is not recognised has no values that could be flagged.

    Args:
        extraction: of the whole document.
        sections: its headings.
        templates: the forms, which know the headings of their parts.
    """
    if not extraction.matches:
        return extraction
    found = {match.part for match in extraction.matches}
    titles = [below.title for section in sections for below in section.walk()]
    absent: dict[str, str] = {}
    for part in (part for form in templates.forms for part in form.parts if part.id not in found):
        wordings = tuple(filter(None, (part.title, *part.title_aliases)))
        likeness = {title: best_similarity(title, wordings) for title in titles}
        best = max(likeness, key=lambda title: likeness[title], default=None)
        if best is not None and likeness[best] >= _HEADING:
            absent.setdefault(part.id, best)
    findings = (
        Finding(
            code="absent-part",
            severity=Severity.WARNING,
            message=f"{part}: the report has the heading '{title}', and no table of this part was recognised",
        )
        for part, title in absent.items()
    )
    return replace(extraction, findings=(*extraction.findings, *findings))
