"""Figures that the prose of the same report repeats, as a second reading of the tables.

A form says in which phrases (``narrative``). Agreement is evidence, and enough to verify a clear figure of two digits
or more: other ink, read by itself, says the same. Disagreement is a finding and no more, since prose often counts
something else (the whole county, one office alone), and nothing is ever repaired from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr_pipeline.document import Evidence, Finding, Section, Severity, Status, Value
from ocr_pipeline.templates.calibration import load_calibration
from ocr_pipeline.templates.extract import Extraction
from ocr_pipeline.templates.model import TemplateSet
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.phrases import UNIT_FACTORS, Mention, mentions

__all__ = ["hear_prose"]


def hear_prose(
    extraction: Extraction,
    sections: Sequence[Section],
    templates: TemplateSet,
    *,
    options: TemplateOptions | None = None,
) -> Extraction:
    """The extraction with what the prose says of its values.

    Args:
        extraction: of the whole document.
        sections: its headings with their text.
        templates: the forms, which name the phrases.
        options: thresholds.
    """
    options = options or TemplateOptions()
    said: dict[str, list[Mention]] = {}
    forms = {match.form for match in extraction.matches}
    text = "\n".join(f"{below.title}\n{below.text}" for section in sections for below in section.walk())
    for form in templates.forms:
        if form.id in forms:
            for mention in mentions(text, form.narrative):
                said.setdefault(mention.field, []).append(mention)
    values, findings = [], list(extraction.findings)
    for value in extraction.values:
        heard = said.get(value.id, [])
        if value.value is None or not heard:
            values.append(value)
            continue
        agreeing = [mention for mention in heard if _same(value, mention)]
        if agreeing:
            values.append(_confirmed(value, agreeing[0], options))
        else:
            values.append(_with_evidence(value, heard[0], agrees=False))
            findings.append(_differs(value, heard))
    return replace(extraction, values=tuple(values), findings=tuple(findings))


def _same(value: Value, mention: Mention) -> bool:
    number = float(value.value or 0) * (UNIT_FACTORS.get(value.unit or "", 1.0) if mention.money else 1.0)
    return abs(number - mention.number) <= mention.reach + 1e-6 * max(1.0, abs(number))


def _with_evidence(value: Value, mention: Mention, *, agrees: bool) -> Value:
    evidence = Evidence(kind="prose", detail=mention.words, agrees=agrees)
    return Value(**{**dict(value), "evidence": (*value.evidence, evidence)})


def _confirmed(value: Value, mention: Mention, options: TemplateOptions) -> Value:
    told = _with_evidence(value, mention, agrees=True)
    if not value.status.is_good or abs(mention.number) < options.prose_least:
        return told
    doubt = (1.0 - value.confidence) * load_calibration().prose
    status = Status.VERIFIED if value.status is Status.READ else value.status
    return Value(**{**dict(told), "status": status, "confidence": 1.0 - doubt})


def _differs(value: Value, heard: Sequence[Mention]) -> Finding:
    words = "; ".join(dict.fromkeys(f"“{mention.words}”" for mention in heard))
    return Finding(
        code="prose-differs",
        severity=Severity.INFO,
        message=f"{value.id}: the table has {value.value}, the text says {words}; it may count something else",
        page=value.page,
        box=value.box,
        table=value.table,
        fields=(value.id,),
    )
