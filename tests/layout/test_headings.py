from dataclasses import replace

import pytest

from ocr_pipeline.document import Line, RegionKind
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.headings import Block, find_headings
from ocr_pipeline.layout.options import LayoutOptions
from ocr_pipeline.layout.rows import Row


def _block(text: str, *, rows: int = 1, **about: object) -> Block:
    size = -(-len(text) // rows)
    parts = [text[i : i + size] for i in range(0, len(text), size)]
    lines = [Line(text=t, box=Box(280, 100 + 60 * i, 280 + 38 * len(t), 140 + 60 * i)) for i, t in enumerate(parts)]
    return Block(rows=tuple(Row((line,)) for line in lines), **about)


def _heading(text: str, **about: object) -> bool:
    after = _block("这是后面的正文内容，说明有关情况。")
    return find_headings([_block(text, **{"follows": "text", **about}), after], LayoutOptions())[0]


@pytest.mark.parametrize(
    "text",
    [
        "一、总体情况",
        "（二）加强领导，压实责任",
        "1.主动公开情况",
        "（1）受理情况",
        "①登记",
        "第一章 总则",
        "（一）主要做法：",
    ],
)
def test_a_short_numbered_line_is_a_heading(text: str) -> None:
    assert _heading(text)


def test_a_numbered_line_that_lost_its_full_stop_is_text_where_the_detector_says_so() -> None:
    sentence = "2.对下级单位的指导和督促还不到位"
    assert _heading(sentence)
    assert not _heading(sentence, hint=RegionKind.TEXT)
    assert _heading(sentence, hint=RegionKind.TEXT, weight=1.4), "bold"
    assert _heading("二、总体情况", hint=RegionKind.TEXT)


def test_a_single_item_that_the_detector_passes_over_is_text_where_it_sees_headings() -> None:
    item = _block("1.部分人员意识不强，报送有拖延", follows="text")
    around = [_block("（一）存在的问题", follows="text"), item, _block("（二）改进的措施", follows="text")]
    assert find_headings(around, LayoutOptions()) == [True, True, True]
    around[0] = replace(around[0], hint=RegionKind.HEADING)
    assert find_headings(around, LayoutOptions()) == [True, False, True]
    around[1] = _block("1.防汛抗旱信息公开", follows="text")
    assert find_headings(around, LayoutOptions()) == [True, True, True]


@pytest.mark.parametrize(
    "text",
    [
        "1.主动公开情况。全年公开信息300条",
        "1.将行政许可涉及的事项在网站公示；",
        "（一）做好收件、登记、审核等工作。",
        "2.重点领域公开，依申请公开，平台建设，监督保障，",
        "一、本年度新收政府信息公开申请共十二件，其中予以公开的八件，部分公开的两件，不予公开的一件，其他处理的一件，均已按时办结并答复",
        "一、总体情况……………………1",
        "第二十条第（五）项",
        "3.5万元",
        "一、",
    ],
)
def test_a_numbered_sentence_is_text(text: str) -> None:
    assert not _heading(text)


def test_a_stopped_phrase_is_a_heading_where_text_or_a_table_follows_it() -> None:
    assert _heading("（二）依申请公开情况。")
    assert _heading("（二）依申请公开情况。", follows="table")
    assert not _heading("（二）具体情况如下。", follows="table")
    assert _heading("（二）依申请公开情况。", follows="end")
    assert not _heading("（二）加强队伍建设。", follows="end")
    assert not _heading("2.依申请公开情况。")
    assert not _heading("（二）新收申请12件。")
    assert not _heading("（二）依申请公开情况。", rows=2)
    assert not _heading("（二）依申请公开情况。", short=False)
    listed = [
        _block("（一）公开不够及时。", follows="text"),
        _block("（二）解读不够深入。", follows="text"),
        _block("完。"),
    ]
    assert find_headings(listed, LayoutOptions()) == [False, False, False]
    beside_a_paragraph = [
        _block("（一）主动公开情况。全年公开信息300条，比上年有所增加，其中规章3件。", follows="text"),
        _block("（二）依申请公开情况。", follows="table"),
    ]
    assert find_headings(beside_a_paragraph, LayoutOptions()) == [False, True]


def test_a_number_that_fills_several_rows_needs_more_than_its_number() -> None:
    text = "1.推进决策执行管理服务结果公开并向社会通报主要经济指标量化指标"
    assert not _heading(text, rows=2)
    assert _heading(text, rows=2, weight=1.4)


def test_a_list_of_items_is_text() -> None:
    items = [_block(f"{n}.身份证明", follows="text") for n in (1, 2, 3)]
    blocks = [_block("需要以下材料：", follows="text"), *items, _block("请备齐。")]
    assert not any(find_headings(blocks, LayoutOptions()))


def test_sections_without_text_between_them_are_headings() -> None:
    blocks = [_block("一、总体情况", follows="text"), _block("（一）主动公开", follows="text"), _block("正文。")]
    assert find_headings(blocks, LayoutOptions()) == [True, True, False]


@pytest.mark.parametrize(
    ("text", "about", "heading"),
    [
        ("工作回顾", {"weight": 1.4, "size": 1.2}, True),
        ("工作回顾", {"weight": 1.4, "hint": RegionKind.HEADING}, True),
        ("工作回顾", {"hint": RegionKind.HEADING}, False),
        ("工作回顾", {"weight": 1.4}, False),
        ("2024年1月20日", {"weight": 1.4, "size": 1.2}, False),
        ("联系人：", {"weight": 1.4, "size": 1.2}, False),
        ("2023", {"weight": 1.4, "size": 1.2}, False),
    ],
)
def test_without_a_number_two_signs_are_needed(text: str, about: dict[str, object], heading: bool) -> None:
    assert _heading(text, **about) is heading
