import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.document import Line, Region, RegionKind, Section
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout import outline

_WORDS = "贯彻落实信息公开条例坚持常态例外门户网站新媒体推送办理申请答复行政许可处罚收费采购培训监督保障"
_NUMERALS = "一二三四五六七八九十"


def _flat(sections: tuple[Section, ...]) -> list[tuple[int, str, list[str]]]:
    result = []
    for section in sections:
        result.append((section.level, section.title, section.text.split("\n") if section.text else []))
        result += _flat(section.children)
    return result


def _sentence(rng: random.Random) -> str:
    clauses = []
    for _ in range(rng.randint(1, 6)):
        clause = "".join(rng.choice(_WORDS) for _ in range(rng.randint(3, 18)))
        clauses.append(clause + (f"{rng.randint(0, 99999)}件" if rng.random() < 0.4 else ""))
    return "，".join(clauses) + "。"


def _paragraphs(rng: random.Random) -> list[str]:
    return ["".join(_sentence(rng) for _ in range(rng.randint(1, 5))) for _ in range(rng.randint(1, 3))]


@settings(max_examples=15)
@given(
    st.integers(0, 10_000),
    st.sampled_from(
        [
            {},
            {"header": "某县数据局政府信息公开工作年度报告", "number": lambda n: f"- {n} -"},
            {"number": lambda n: f"第 {n} 页 共 9 页", "em": 30, "left": 260, "right": 1400, "pitch": 1.9},
            {"gap": 0.6},
        ]
    ),
)
def test_what_was_set_is_found_again(typesetter, seed: int, form: dict[str, object]) -> None:
    rng = random.Random(seed)
    setter = typesetter(seed=seed, **form)
    title = "某县数据局2023年政府信息公开工作年度报告"
    setter.title(title)
    expected: list[tuple[int, str, list[str]]] = []
    for first in range(rng.randint(1, 4)):
        heading = f"{_NUMERALS[first]}、总体情况"
        setter.heading(heading, bold=rng.random() < 0.5)
        expected.append((1, heading, _paragraphs(rng)))
        for paragraph in expected[-1][2]:
            setter.paragraph(paragraph)
        if rng.random() < 0.4:
            setter.table(rng.randint(150, 1500))
        for second in range(rng.choice([0, 2])):
            heading = f"（{_NUMERALS[second]}）{''.join(rng.choice(_WORDS) for _ in range(rng.randint(4, 20)))}"
            setter.heading(heading)
            expected.append((2, heading, _paragraphs(rng)))
            for paragraph in expected[-1][2]:
                setter.paragraph(paragraph)
    found = setter.outline()
    assert found.title == title
    assert _flat(found.sections) == expected


def _line(text: str, top: float, left: float = 276) -> Line:
    return Line(text=text, box=Box(left, top, left + 38 * len(text), top + 40))


def _page(make, index: int, *items: tuple[RegionKind, str]):
    regions = []
    for number, (kind, text) in enumerate(items):
        line = _line(text, 200 + 90 * number)
        regions.append(Region(kind=kind, box=line.box, order=number, lines=(line,)))
    return make["page"](index, regions)


def _tree(sections: tuple[Section, ...]) -> list[object]:
    return [(s.level, s.title, _tree(s.children)) if s.children else (s.level, s.title) for s in sections]


def _headings(make, *titles: str):
    return outline([_page(make, 0, *((RegionKind.HEADING, title) for title in titles))]).sections


def test_five_levels(make) -> None:
    found = _headings(make, "一、甲", "（一）乙", "1.丙", "（1）丁", "①戊", "二、己")
    expected = [(1, "一、甲", [(2, "（一）乙", [(3, "1.丙", [(4, "（1）丁", [(5, "①戊")])])])]), (1, "二、己")]
    assert _tree(found) == expected


def test_skipped_levels_and_restarts(make) -> None:
    found = _headings(make, "一、甲", "1.乙", "2.丙", "一、丁", "（三）戊", "（一）己")
    assert _tree(found) == [
        (1, "一、甲", [(3, "1.乙"), (3, "2.丙")]),
        (1, "一、丁", [(2, "（三）戊"), (2, "（一）己")]),
    ]


def test_chapters_push_the_rest_down(make) -> None:
    found = _headings(make, "第一章 总则", "一、甲", "（一）乙", "第二章 附则", "一、丙")
    expected = [(1, "第一章 总则", [(2, "一、甲", [(3, "（一）乙")])]), (1, "第二章 附则", [(2, "一、丙")])]
    assert _tree(found) == expected


def test_text_before_the_first_heading_is_kept(make) -> None:
    page = _page(make, 0, (RegionKind.TITLE, "年度报告"), (RegionKind.TEXT, "前言。"), (RegionKind.HEADING, "一、甲"))
    found = outline([page])
    assert found.title == "年度报告"
    assert [(s.level, s.title, s.text) for s in found.sections] == [(0, "", "前言。"), (1, "一、甲", "")]


def test_a_document_without_anything() -> None:
    found = outline([])
    assert (found.title, found.sections, found.pages) == (None, (), ())


def test_a_table_over_two_pages_is_listed_once_where_it_begins(make) -> None:
    boxes = (Box(200, 400, 1400, 2200), Box(200, 200, 1400, 900))
    first = _page(make, 0, (RegionKind.HEADING, "二、甲"))
    first = make["page"](0, [*first.regions, Region(kind=RegionKind.TABLE, box=boxes[0], order=1)])
    line = _line("三、乙", 1000)
    heading = Region(kind=RegionKind.HEADING, box=line.box, order=1, lines=(line,))
    second = make["page"](1, [Region(kind=RegionKind.TABLE, box=boxes[1], order=0), heading])
    found = outline([first, second], [make["table"]("t1", (0, boxes[0]), (1, boxes[1]))])
    assert [(s.title, s.tables) for s in found.sections] == [("二、甲", ("t1",)), ("三、乙", ())]
    tables = [r.table for page in found.pages for r in page.regions if r.kind is RegionKind.TABLE]
    assert tables == ["t1", "t1"]


def test_naming_the_tables_anew_replaces_their_names(make) -> None:
    box = Box(200, 400, 1400, 900)
    page = make["page"](0, [Region(kind=RegionKind.TABLE, box=box)])
    before = outline([page], [make["table"]("p0t0", (0, box))])
    after = outline(before.pages, [make["table"]("t1", (0, box))])
    assert after.pages[0].regions[0].table == "t1"
    assert after.sections[0].tables == ("t1",)


def test_a_table_without_a_region_gets_one_and_its_lines_are_no_text(make) -> None:
    page = _page(make, 0, (RegionKind.HEADING, "一、甲"), (RegionKind.TEXT, "表内"), (RegionKind.TEXT, "表外。"))
    inside = page.regions[1].box.expanded(10)
    found = outline([page], [make["table"]("t1", (0, inside))])
    assert [(s.title, s.text, s.tables) for s in found.sections] == [("一、甲", "表外。", ("t1",))]


def test_a_region_that_shows_several_tables_lists_them_all(make) -> None:
    area = Box(200, 500, 1400, 1500)
    pieces = [Box(180, 1000, 1420, 1490), Box(190, 510, 1390, 900)]
    page = make["page"](0, [Region(kind=RegionKind.TABLE, box=area)])
    found = outline([page], [make["table"](f"t{n}", (0, box)) for n, box in enumerate(pieces)])
    assert found.sections[0].tables == ("t1", "t0")
    assert [r.box for r in found.pages[0].regions] == [area]


def test_what_the_detector_alone_calls_a_table_stays_in_the_text(make) -> None:
    page = _page(make, 0, (RegionKind.HEADING, "一、甲"), (RegionKind.TABLE, "名称 数量"))
    assert outline([page]).sections[0].text == "名称 数量"


def test_headers_footers_and_figures_are_no_text(make) -> None:
    kinds = (RegionKind.HEADER, RegionKind.FIGURE, RegionKind.SEAL, RegionKind.FOOTER)
    page = _page(make, 0, (RegionKind.HEADING, "一、甲"), *((kind, "不要") for kind in kinds))
    assert [s.text for s in outline([page]).sections] == [""]


@pytest.mark.parametrize(("row", "goes_on"), [("三、四季度完成" + "整改任务" * 4, True), ("三、存在的问题", False)])
def test_a_number_at_the_top_of_a_page_in_the_middle_of_a_sentence(typesetter, row: str, goes_on: bool) -> None:
    setter = typesetter()
    setter.heading("一、总体情况")
    opening = "本" * 30 + "年" * 32 * 3
    setter.paragraph(opening + ("" if goes_on else "。"))
    setter.break_page()
    setter.heading(row, indent=0 if goes_on else 2)
    setter.paragraph("本年度公开信息三百条，办理申请两件，均已按时办结。" * 6)
    titles = [s.title for s in setter.outline().sections]
    assert titles == (["一、总体情况"] if goes_on else ["一、总体情况", row])
