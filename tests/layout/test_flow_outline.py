from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Section
from ocr_pipeline.flow import FlowText
from ocr_pipeline.layout import TableMark, outline_flow


def shape(sections: tuple[Section, ...]) -> list[object]:
    return [(s.level, s.title, s.text, s.tables, shape(s.children)) for s in sections]


def test_numbers_make_the_tree_and_tables_stand_in_their_section() -> None:
    found = outline_flow(
        [
            FlowText("某市2023年政府信息公开工作年度报告"),
            FlowText("根据要求编制本报告。"),
            FlowText("一、总体情况"),
            FlowText("（一）主动公开"),
            FlowText("全年公开信息12条。"),
            FlowText("二、主动公开政府信息情况"),
            TableMark("t1"),
        ]
    )
    assert found.title == "某市2023年政府信息公开工作年度报告"
    assert shape(found.sections) == [
        (0, "", "根据要求编制本报告。", (), []),
        (1, "一、总体情况", "", (), [(2, "（一）主动公开", "全年公开信息12条。", (), [])]),
        (1, "二、主动公开政府信息情况", "", ("t1",), []),
    ]


def test_a_numbered_sentence_is_text() -> None:
    (section,) = outline_flow([FlowText("一、总体情况"), FlowText("1. 全年收到申请12件，均已按时办结。")]).sections
    assert section.text == "1. 全年收到申请12件，均已按时办结。"


def test_markup_names_headings_and_the_title() -> None:
    found = outline_flow([FlowText("概述", level=2), FlowText("年报", level=0), FlowText("正文")])
    assert found.title == "年报"
    assert shape(found.sections) == [(2, "概述", "正文", (), [])]


@given(st.lists(st.sampled_from(["一、甲", "（一）乙", "1.丙", "正文在此。", "（1）丁", "①戊"]), max_size=12))
def test_every_block_comes_out_once_and_in_order(texts: list[str]) -> None:
    def read(sections: tuple[Section, ...]) -> list[str]:
        found: list[str] = []
        for section in sections:
            found += [t for t in (section.title, *section.text.split("\n")) if t] + read(section.children)
        return found

    assert read(outline_flow([FlowText(t) for t in texts]).sections) == texts
