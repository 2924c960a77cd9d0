from __future__ import annotations

import pytest

from ocr_pipeline.document import FormMatch, Section
from ocr_pipeline.templates import Extraction, TemplateSet
from ocr_pipeline.templates.absent import with_absent_parts

HEADING = "四、政府信息公开行政复议、行政诉讼情况"


def report(*titles: str) -> list[Section]:
    """The titles as sections of one chapter."""
    return [Section(level=1, title="年度报告", children=tuple(Section(level=2, title=title) for title in titles))]


def holding(*parts: str) -> Extraction:
    return Extraction(matches=tuple(FormMatch(table="t1", form="gov-disclosure-b", part=p, score=1.0) for p in parts))


@pytest.mark.parametrize(
    "title", [HEADING, "四、 政府信息公开行政复议、行政诉讼情况:", "四、政府信息公开行政复设、行政诉讼情况"]
)
def test_a_part_with_a_heading_and_no_table_is_remarked_upon(templates: TemplateSet, title: str) -> None:
    told = with_absent_parts(holding("proactive", "applications"), report("一、总体情况", title), templates)
    (found,) = told.findings
    assert found.code == "absent-part"
    assert title in found.message


def test_what_was_found_or_has_no_heading_is_not(templates: TemplateSet) -> None:
    everything = holding("proactive", "applications", "disputes")
    assert with_absent_parts(everything, report(HEADING), templates) == everything
    one = holding("proactive")
    assert with_absent_parts(one, report("一、总体情况", "五、存在的主要问题及改进情况"), templates) == one


def test_other_documents_are_left_alone(templates: TemplateSet) -> None:
    """An article about such reports has their headings and no tables; that no table matches is said elsewhere."""
    assert with_absent_parts(Extraction(), report(HEADING), templates) == Extraction()
