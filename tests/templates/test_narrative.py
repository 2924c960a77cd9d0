from __future__ import annotations

import random

import pytest

from ocr_pipeline.document import FormMatch, Section, Status, Value
from ocr_pipeline.evaluation.synthetic.figures import draw_figures
from ocr_pipeline.evaluation.synthetic.forms import form_grid
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.prose import write_script
from ocr_pipeline.templates import Extraction, TemplateSet, hear_prose
from ocr_pipeline.templates.model import NarrativeRule
from ocr_pipeline.templates.phrases import mentions, phrase_pattern

FIELD = "proactive/license/decisions"
RULE = [NarrativeRule(field=FIELD, phrases=("行政许可(?:决定)?{n}[件个]", "收费{n}元"))]


def value(number: int | None, status: Status = Status.READ, **changes: object) -> Value:
    made = {"id": FIELD, "value": number, "status": status, "confidence": 0.99, "form": "gov-disclosure-b"}
    return Value.model_validate({**made, **changes})


def heard(text: str, *values: Value, templates: TemplateSet) -> Extraction:
    match = FormMatch(table="t1", form="gov-disclosure-b", part="proactive", score=1)
    extraction = Extraction(values, (), (match,))
    section = Section(level=1, title="一、总体情况", children=(Section(level=2, title="（一）", text=text),))
    return hear_prose(extraction, [section], templates)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("行政许可决定1,234件", 1234),
        ("行政许可决定 共 1234 件", 1234),
        ("行政许可１２３４件", 1234),
        ("行政许可1.2万件", 12_000),
        ("收费共计3.25万元", 32_500),
    ],
)
def test_numbers_as_prose_writes_them(text: str, number: float) -> None:
    (found,) = mentions(text, RULE)
    assert found.number == pytest.approx(number)


@pytest.mark.parametrize(
    "text", ["同比增加行政许可12件", "行政许可12余件", "行政许可、行政处罚12件", "行政许可。全年12件"]
)
def test_comparisons_and_other_things_are_left_out(text: str) -> None:
    assert not list(mentions(text, RULE))


def test_agreement_verifies_a_telling_number(templates: TemplateSet) -> None:
    (found,) = heard("全年作出行政许可决定3482件。", value(3482), templates=templates).values
    assert found.status is Status.VERIFIED
    assert found.confidence > 0.99
    assert [(e.kind, e.agrees) for e in found.evidence] == [("prose", True)]


def test_small_numbers_are_evidence_and_no_more(templates: TemplateSet) -> None:
    (found,) = heard("全年作出行政许可决定3件。", value(3), templates=templates).values
    assert found.status is Status.READ
    assert found.evidence[0].agrees


def test_disagreement_is_a_finding_and_changes_nothing(templates: TemplateSet) -> None:
    told = heard("全年作出行政许可决定3483件。", value(3482), templates=templates)
    (found,) = told.values
    assert (found.value, found.status, found.confidence) == (3482, Status.READ, 0.99)
    assert not found.evidence[0].agrees
    assert [f.code for f in told.findings] == ["prose-differs"]


@pytest.mark.parametrize("status", [Status.CONFLICT, Status.MISSING, Status.BLANK])
def test_prose_repairs_nothing(status: Status, templates: TemplateSet) -> None:
    number = 3482 if status is Status.CONFLICT else None
    (found,) = heard("行政许可决定3482件。", value(number, status), templates=templates).values
    assert (found.value, found.status) == (number, status)


def test_money_is_compared_in_yuan_as_far_as_it_is_rounded(templates: TemplateSet) -> None:
    fees = "proactive/fees/amount"
    for text, amount, unit, agrees in (
        ("行政事业性收费3.25万元", 3.25, "万元", True),
        ("行政事业性收费32500元", 3.25, "万元", True),
        ("行政事业性收费3.3万元", 32_950, "元", True),
        ("行政事业性收费3.3万元", 32_000, "元", False),
    ):
        (found,) = heard(text, value(amount, id=fees, unit=unit), templates=templates).values
        assert found.evidence[0].agrees is agrees, text


@pytest.mark.parametrize("phrase", ["行政许可", "{n}件{n}", "({n}件"])
def test_bad_phrases_are_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"\{n\}"):
        phrase_pattern(phrase)


def test_what_generated_reports_repeat_is_found_and_true(templates: TemplateSet) -> None:
    found = 0
    for seed in range(40):
        form = random.Random(seed).choice("AB")
        grids = tuple(form_grid(part, form) for part in ("proactive", "applications", "disputes"))
        figures = draw_figures(seed, grids, ContentOptions(broken=0, zero="0", scale="medium"))
        script = write_script(seed, 2022, figures.printed, grids)
        text = "\n".join(block.text for block in script.blocks if block.kind == "text")
        for mention in mentions(text, templates.form(f"gov-disclosure-{form.lower()}").narrative):
            assert mention.number == figures.numbers[mention.field]
            found += 1
    assert found > 80
