from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Line, PageImage, Region, RegionKind
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.layout import arrange

_TEXTS = st.sampled_from(
    ["一、总体情况", "（一）领导", "正文继续写下去，没有停。", "- 3 -", "12", "", "OPEN data", "1.公开", "第3页"]
)
_BOXES = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(0, 1500),
    st.integers(0, 2250),
    st.integers(1, 1200),
    st.integers(1, 60),
)
_LINES = st.lists(st.builds(lambda text, box: Line(text=text, box=box), _TEXTS, _BOXES), max_size=30)
_REGIONS = st.lists(
    st.builds(lambda kind, box: Region(kind=kind, box=box), st.sampled_from(RegionKind), _BOXES), max_size=6
)
_BLANK = np.full((2339, 1654), 255, np.uint8)
_COLOR = np.repeat(_BLANK[..., None], 3, axis=2)


def _page(index: int = 0) -> PageImage:
    return PageImage(
        index=index,
        color=_COLOR,
        gray=_BLANK,
        dpi=200.0,
        transform=Transform.identity(),
        source_size=(595.0, 842.0),
    )


@given(_LINES, _REGIONS, st.integers(0, 1), st.randoms(use_true_random=False))
def test_every_line_once_in_any_order(lines: list[Line], regions: list[Region], index: int, random) -> None:
    page = _page(index)
    found = arrange(page, regions, lines)
    assert sorted(map(id, lines)) == sorted(id(line) for region in found for line in region.lines)
    assert [region.order for region in found] == list(range(len(found)))
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert arrange(page, regions, shuffled) == found


def _kinds(page) -> list[tuple[RegionKind, str]]:
    return [(region.kind, region.text) for region in page.regions]


def test_title_heading_text_and_page_number(typesetter) -> None:
    setter = typesetter(number=lambda n: f"- {n} -")
    setter.title("某县人民政府", "2023年政府信息公开工作年度报告")
    setter.heading("一、总体情况", bold=True)
    setter.paragraph("本年度公开信息三百条。")
    assert _kinds(setter.arranged(shuffle=True)[0]) == [
        (RegionKind.TITLE, "某县人民政府\n2023年政府信息公开工作年度报告"),
        (RegionKind.HEADING, "一、总体情况"),
        (RegionKind.TEXT, "本年度公开信息三百条。"),
        (RegionKind.FOOTER, "- 1 -"),
    ]


def test_a_title_too_long_for_one_row(typesetter) -> None:
    setter = typesetter()
    setter.title("某某自治州人民政府办公室2023年政府信息公开年度")
    setter.heading("报告", size=1.4, bold=True, indent=0)
    setter.paragraph("本年度公开信息三百条，办理申请两件，均已按时办结，群众满意率较高，没有引起行政复议和诉讼。")
    assert _kinds(setter.arranged()[0])[0] == (RegionKind.TITLE, "某某自治州人民政府办公室2023年政府信息公开年度\n报告")


def test_the_title_stands_below_the_document_number(typesetter) -> None:
    setter = typesetter()
    setter.title("某县人民政府文件", size=2.2)
    setter.title("某政发〔2024〕1号", size=1.0)
    setter.title("2023年政府信息公开工作年度报告", size=1.4)
    setter.paragraph("本年度公开信息三百条。")
    kinds = {text: kind for kind, text in _kinds(setter.arranged()[0])}
    assert kinds["2023年政府信息公开工作年度报告"] is RegionKind.TITLE
    assert kinds["某县人民政府文件"] is not RegionKind.TITLE


def test_only_the_first_page_has_a_title(typesetter) -> None:
    setter = typesetter()
    setter.paragraph("本年度公开信息三百条。")
    setter.break_page()
    setter.title("附件")
    setter.paragraph("附件的内容写在这里，说明各项情况。")
    kinds = [kind for kind, _ in _kinds(setter.arranged()[1])]
    assert RegionKind.TITLE not in kinds


def test_bold_larger_lines_are_headings_without_a_number(typesetter) -> None:
    setter = typesetter()
    setter.paragraph("本年度公开信息三百条，办理申请两件，均已按时办结，群众满意率较高，没有引起行政复议和诉讼。" * 2)
    setter.heading("工作回顾", bold=True, size=1.25)
    setter.paragraph("本年度公开信息三百条，办理申请两件，均已按时办结，群众满意率较高，没有引起行政复议和诉讼。" * 2)
    assert (RegionKind.HEADING, "工作回顾") in _kinds(setter.arranged()[0])


def test_lines_in_a_table_are_not_in_the_text(make) -> None:
    inside = Line(text="1.属于国家秘密", box=Box(300, 500, 500, 540))
    below = Line(text="正文。", box=Box(280, 900, 394, 940))
    table = Region(kind=RegionKind.TABLE, box=Box(200, 400, 1400, 800))
    found = arrange(_page(), [table], [below, inside])
    assert [(r.kind, r.lines) for r in found] == [(RegionKind.TABLE, (inside,)), (RegionKind.TEXT, (below,))]


def test_a_heading_that_reaches_into_a_table_below_is_no_line_of_it() -> None:
    heading = Line(text="（一）主动公开情况", box=Box(300, 385, 700, 430))
    label = Line(text="（一）予以公开", box=Box(300, 500, 600, 540))
    table = Region(kind=RegionKind.TABLE, box=Box(200, 400, 1400, 800))
    found = arrange(_page(1), [table], [label, heading])
    assert [(r.kind, r.lines) for r in found] == [(RegionKind.HEADING, (heading,)), (RegionKind.TABLE, (label,))]


def test_a_table_that_only_a_detector_sees_holds_more_than_a_line() -> None:
    lines = [Line(text="告", box=Box(790, 290, 860, 350)), *(_line_at(x, 600) for x in (300, 600, 900))]
    guesses = [
        Region(kind=RegionKind.TABLE, box=Box(440, 280, 870, 352), confidence=0.9),
        Region(kind=RegionKind.TABLE, box=Box(200, 580, 1400, 800), confidence=0.9),
    ]
    found = arrange(_page(1), guesses, lines)
    assert [(r.kind, len(r.lines)) for r in found] == [(RegionKind.TEXT, 1), (RegionKind.TABLE, 3)]
    known = guesses[0].model_copy(update={"confidence": 1.0})
    assert arrange(_page(1), [known], lines[:1])[0].kind is RegionKind.TABLE


def _line_at(x: int, y: int) -> Line:
    return Line(text="120", box=Box(x, y, x + 60, y + 40))


def test_a_figure_full_of_text_is_text() -> None:
    lines = [Line(text="正文" * 12, box=Box(200, 400 + 50 * n, 1100, 440 + 50 * n)) for n in range(8)]
    figure = Region(kind=RegionKind.FIGURE, box=Box(190, 390, 1110, 800))
    assert {r.kind for r in arrange(_page(1), [figure], lines)} == {RegionKind.TEXT}


def test_a_chart_keeps_its_labels_and_few_lines_of_prose_are_no_chart() -> None:
    picture = Region(kind=RegionKind.FIGURE, box=Box(190, 390, 1110, 2000))

    def kinds(*texts: str) -> list[RegionKind]:
        lines = [
            Line(text=text, box=Box(200, 400 + 90 * n, 200 + 36 * len(text), 440 + 90 * n))
            for n, text in enumerate(texts)
        ]
        return [region.kind for region in arrange(_page(1), [picture], lines)]

    assert kinds("申请数量", "2021年", "2022年", "答复后申请人不服而复议的数量") == [RegionKind.FIGURE]
    assert RegionKind.FIGURE not in kinds("五、存在的问题", "个别栏目更新不够及时，内容不深。", "（二）改进措施")


def test_a_title_with_its_seal_is_no_figure() -> None:
    lines = [Line(text="某市行政审批服务局", box=Box(300, 220, 900, 270))]
    figure = Region(kind=RegionKind.FIGURE, box=Box(280, 200, 1100, 420))
    heading = Region(kind=RegionKind.HEADING, box=Box(305, 222, 895, 268))
    chart = Region(kind=RegionKind.FIGURE, box=Box(280, 200, 1100, 1100))
    assert [r.kind for r in arrange(_page(1), [figure, heading], lines)] == [RegionKind.TEXT]
    assert [r.kind for r in arrange(_page(1), [chart, heading], lines)] == [RegionKind.FIGURE]


def test_boxes_of_regions_are_as_wide_as_their_print(typesetter) -> None:
    setter = typesetter()
    setter.heading("一、总体情况", bold=True)
    gray = setter.pages[0].gray
    rows, columns = np.nonzero(gray < 128)
    ink = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    loose = Line(text="一、总体情况", box=Box(ink.left - 6, ink.top - 9, ink.right + 7, ink.bottom + 5))
    (region,) = arrange(replace(_page(), gray=gray), [], [loose])
    assert region.kind is RegionKind.HEADING
    assert region.box.iou(ink) > 0.95
    assert region.lines == (loose,)


def test_a_page_header_worded_like_a_title_is_none() -> None:
    """Pages out of the middle of a report come alone, too, and then nothing tells that their header runs on."""
    title = "2023年某某市某某区人民政府政府信息公开工作年度报告"
    page = _page(0)
    for y, size, hint, expected in (
        (0.05, 24, False, RegionKind.TEXT),
        (0.05, 24, True, RegionKind.TITLE),
        (0.15, 24, False, RegionKind.TEXT),
        (0.15, 30, False, RegionKind.TITLE),
    ):
        box = Box(825 - 13 * size, y * page.height, 825 + 13 * size, y * page.height + 30)
        prose = [
            Line(text="本年度公开信息三百条" * 4, box=Box(200, 800 + 60 * n, 1450, 830 + 60 * n)) for n in range(4)
        ]
        seen = [Region(kind=RegionKind.HEADING, box=box)] if hint else []
        assert arrange(page, seen, [Line(text=title, box=box), *prose])[0].kind is expected


def test_a_title_that_only_its_wording_tells(typesetter) -> None:
    prose = "本年度公开信息三百条，办理申请两件，均已按时办结，群众满意率较高，没有引起行政复议和诉讼。" * 2
    for title, expected in (
        ("2023年某某市某某区人民政府办公室政府信息公开工作年度报告", RegionKind.TITLE),
        ("2023年某某市某某区人民政府办公室政府信息公开工作有关安排", RegionKind.TEXT),
    ):
        setter = typesetter()
        width = len(title) * setter.em
        setter.heading(title, indent=((setter.right - setter.left - width) / 2) / setter.em)
        setter.paragraph(prose)
        assert setter.arranged()[0].regions[0].kind is expected


def test_two_columns_are_read_one_after_the_other() -> None:
    def column(left: int, mark: str) -> list[Line]:
        return [Line(text=mark + "文" * 14, box=Box(left, 400 + 60 * n, left + 570, 440 + 60 * n)) for n in range(10)]

    found = arrange(_page(1), [], [*column(870, "右"), *column(200, "左")])
    text = "".join(line.text[0] for region in found for line in region.lines)
    assert text == "左" * 10 + "右" * 10


@pytest.mark.parametrize("where", [RegionKind.HEADER, RegionKind.FOOTER])
def test_the_detectors_header_needs_a_gap_and_the_margin(where: RegionKind) -> None:
    edge = 60 if where is RegionKind.HEADER else 2240
    near = Line(text="某县数据局编印", box=Box(700, edge, 966, edge + 38))
    far = Line(text="某县数据局编印", box=Box(700, 1200, 966, 1238))
    body = [Line(text="正文" * 16, box=Box(200, y, 1416, y + 38)) for y in (400, 460, 1000)]
    hints = [Region(kind=where, box=line.box) for line in (near, far)]
    kinds = {region.lines[0].box.top: region.kind for region in arrange(_page(1), hints, [near, far, *body])}
    assert kinds[edge] is where
    assert kinds[1200] is not where
    large = Line(text="某县数据局编印", box=Box(650, edge, 1000, edge + 50))
    kinds = {region.lines[0].box.top: region.kind for region in arrange(_page(1), hints, [large, far, *body])}
    assert kinds[edge] is not where, "a title is larger than the text"


def test_a_section_that_opens_a_page_is_no_header_of_it() -> None:
    heading = Line(text="三、收到和处理政府信息公开申请情况", box=Box(220, 220, 766, 260))
    table = Region(kind=RegionKind.TABLE, box=Box(157, 295, 1497, 2153))
    hint = Region(kind=RegionKind.HEADER, box=Box(216, 216, 771, 264))
    foot = Line(text="2", box=Box(800, 2245, 815, 2274))
    kinds = [region.kind for region in arrange(_page(1), [hint, table], [heading, foot])]
    assert kinds == [RegionKind.HEADING, RegionKind.TABLE, RegionKind.FOOTER]


def test_characters_of_a_seal_are_no_text_but_print_under_it_is() -> None:
    seal = Region(kind=RegionKind.SEAL, box=Box(900, 1000, 1240, 1340))
    gray, color = _BLANK.copy(), _COLOR.copy()
    own, under = (
        Line(text="07738", box=Box(1000, 1290, 1100, 1312)),
        Line(text="某县数据局", box=Box(920, 1150, 1110, 1190)),
    )
    for line, ink in ((own, (235, 190, 190)), (under, (40, 38, 42))):
        area = line.box.expanded(-4).slices()
        color[area], gray[area] = ink, round(sum(ink) / 3) - 30
    page = replace(_page(1), gray=gray, color=color)
    found = {region.kind: region.lines for region in arrange(page, [seal], [own, under])}
    assert found == {RegionKind.SEAL: (own,), RegionKind.TEXT: (under,)}


def test_characters_that_go_round_a_seal_of_a_fax_are_no_text() -> None:
    """There is no colour to tell by, and one line read over half a seal made a heading beside it as high."""
    seal = Region(kind=RegionKind.SEAL, box=Box(900, 1000, 1240, 1340))
    gray = _BLANK.copy()
    heading = Line(text="一、总体情况", box=Box(280, 1080, 500, 1120))
    own, under = (
        Line(text="和某店", box=Box(1080, 1000, 1300, 1200)),
        Line(text="某县数据局", box=Box(920, 1260, 1110, 1300)),
    )
    for line in (heading, own, under):
        gray[line.box.expanded(-4).slices()] = 0
    page = replace(_page(1), gray=gray, color=np.repeat(gray[..., None], 3, axis=2))
    found = {region.kind: region.lines for region in arrange(page, [seal], [heading, own, under])}
    assert found == {RegionKind.SEAL: (own,), RegionKind.HEADING: (heading,), RegionKind.TEXT: (under,)}


def test_a_row_that_a_page_break_cut_off_is_a_table_where_the_page_network_sees_one() -> None:
    area = Box(200, 200, 1400, 260)
    table = Region(kind=RegionKind.TABLE, box=area, confidence=0.9)
    row = Line(text="行政事业性收费", box=Box(260, 210, 540, 250))
    assert [r.kind for r in arrange(_page(1), [table], [row], areas=[area])] == [RegionKind.TABLE]
    assert [r.kind for r in arrange(_page(1), [table], [row])] == [RegionKind.TEXT]
    heading = Region(kind=RegionKind.HEADING, box=row.box, confidence=0.9)
    kinds = [r.kind for r in arrange(_page(1), [table, heading], [row], areas=[area])]
    assert RegionKind.TABLE not in kinds, "a heading that is seen, too"
