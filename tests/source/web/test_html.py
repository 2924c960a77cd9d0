"""What a saved page holds, in the order in which it shows it."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr_pipeline.errors import EmptySourceError, LimitExceededError
from ocr_pipeline.flow import FlowBlock, FlowPicture, FlowTable, FlowText
from ocr_pipeline.source import Source, SourceOptions, open_source


def picture(side: int = 60) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((side, side), 200, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def inlined(data: bytes) -> str:
    return f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}">'


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def flow(text: str) -> tuple[FlowBlock, ...]:
    with open_source(text.encode()) as source:
        return source.flow or ()


def texts(text: str) -> list[tuple[str, int | None]]:
    return [(block.text, block.level) for block in flow(text) if isinstance(block, FlowText)]


def codes(source: Source) -> list[str]:
    return [finding.code for finding in source.findings]


TABLE = "<table><tr><td>项目<td>数量<tr><td>收到<td>12</table>"


def test_blocks_come_in_the_order_of_the_page() -> None:
    blocks = flow(page(f"<h2>一、总体情况</h2><p>本年</p>{TABLE}{inlined(picture())}<p>完</p>"))
    assert [type(block) for block in blocks] == [FlowText, FlowText, FlowTable, FlowPicture, FlowText]
    table = blocks[2]
    assert isinstance(table, FlowTable)
    assert (table.table.rows, table.table.columns, table.table.ruling) == (2, 2, "markup")
    assert [cell.text for cell in table.table.cells] == ["项目", "数量", "收到", "12"]
    assert isinstance(blocks[3], FlowPicture)
    assert blocks[3].data == picture()


def test_words_of_one_line_stay_together_and_lines_apart() -> None:
    body = "<p>收到<b>申请</b>\n<span>12</span>\n件&nbsp; </p>　　其次<br>再次<div>末<div>尾</div></div>"
    assert [text for text, _ in texts(page(body))] == ["收到申请 12 件", "其次", "再次", "末", "尾"]


def test_what_nobody_sees_is_left_out() -> None:
    body = (
        "<p>见<!-- 注 --><script>var a='<p>隐</p>'</script><style>p{}</style></p><p style='DISPLAY : none'>隐</p>"
        "<p hidden>隐</p><noscript>隐</noscript><template>隐</template><div style='visibility:hidden'>隐</div>"
        "<table><tr><td>a<td style='display:none'>隐<td>b<tr style='display:none'><td>隐<tr><td>c<td>d</table>"
    )
    blocks = flow(page(body))
    assert [block.text for block in blocks if isinstance(block, FlowText)] == ["见"]
    (table,) = (block.table for block in blocks if isinstance(block, FlowTable))
    assert [cell.text for cell in table.cells] == ["a", "b", "c", "d"]


def cell_texts(cell: str) -> tuple[str, list[str]]:
    """Text of a cell that is written like this, and the codes of what is said about its page."""
    with open_source(page(f"<table><tr><td>项目<td>数量<tr><td>收到<td>{cell}</table>").encode()) as source:
        (table,) = (block.table for block in source.flow or () if isinstance(block, FlowTable))
        return table.cells[3].text, codes(source)


@pytest.mark.parametrize(
    "cell",
    [
        "12<span style='font-size:0'>3</span>", "<i style='font-size: 0px; color:red'>3</i>12",
        "12<span style='opacity:0.0'>3</span>", "12<span style='position:absolute; left:-9999px'>3</span>",
        "12<span style='color: transparent'>3</span>", "<span style='COLOR:#FFF'>3</span>12",
        "<font color=white>3</font><b>12</b>",
    ],
)  # fmt: skip
def test_characters_that_only_copies_show_are_left_out(cell: str) -> None:
    assert cell_texts(cell) == ("12", [])


@pytest.mark.parametrize(
    "cell",
    [
        "1<span style='font-size:0.9em'>2</span>", "1<span style='opacity:0.5'>2</span>",
        "1<span style='background-color: transparent'>2</span>", "1<span style='left:-10px'>2</span>",
        "<span style='color:#fff'>12</span>", "1<span style='color:#fff; background:#00f'>2</span>",
        "<font color=white>1</font><font color=white>2</font>",
    ],
)  # fmt: skip
def test_characters_that_are_shown_stay(cell: str) -> None:
    assert cell_texts(cell) == ("12", [])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("12<sup>3</sup>", "12³"), ("12<sup>[<a href='#n3'>3</a>]</sup>", "12[³]"), ("12<sub>3</sub>4", "12₃4"),
        ("12<span style='vertical-align: super'>3</span>", "12³"),
        ("12<sup style='vertical-align: baseline'>3</sup>", "12³"),
    ],
)  # fmt: skip
def test_the_mark_of_a_note_is_no_digit(cell: str, text: str) -> None:
    assert cell_texts(cell) == (text, [])


@pytest.mark.parametrize(
    "cell", ["<s>3</s>12", "12<strike>3</strike>", "<del>3</del><ins>12</ins>",
             "<span style='text-decoration: underline line-through'>3</span>12"]
)  # fmt: skip
def test_what_is_struck_out_is_left_out_and_said(cell: str) -> None:
    assert cell_texts(cell) == ("12", ["struck-out"])


@pytest.mark.parametrize(
    ("row", "texts", "said"),
    [
        ("<tr><td>收到<td style='text-decoration: line-through'>12<td>3", ["收到", "", "3"], ["struck-out"]),
        ("<tr style='text-decoration: line-through'><td>收到<td>12<td>3", ["", "", ""], ["struck-out"]),
        ("<tr><td>收到<td style='visibility: hidden'>12<td>3", ["收到", "", "3"], []),
        ("<tr><td>收到<td style='display: none'>12<td>3", ["收到", "3"], []),
        ("<tr><td>收到<td style='font-size: 0'><b style='font-size: 9pt'>12</b><td>3", ["收到", "12", "3"], []),
    ],
)  # fmt: skip
def test_a_cell_keeps_its_place_where_its_figure_is_taken_back_or_unseen(
    row: str, texts: list[str], said: list[str]
) -> None:
    with open_source(page(f"<table><tr><td>项目<td>甲<td>乙{row}<tr><td>a<td>b<td>c</table>").encode()) as source:
        (table,) = (block.table for block in source.flow or () if isinstance(block, FlowTable))
        assert [cell.text for cell in table.cells if cell.row == 1] == texts
        assert codes(source) == said


def test_a_line_through_text_that_is_never_closed_hides_no_table() -> None:
    blocks = flow(page(f"<p>收到<s>3</p>{TABLE}<p>完"))
    (table,) = (block.table for block in blocks if isinstance(block, FlowTable))
    assert "12" in [cell.text for cell in table.cells]


def test_headings_rank_from_one_and_the_title_is_level_zero() -> None:
    body = "<h1>某局年度<br>报告</h1><h3>一、甲</h3><h5>（一）乙</h5><p>文</p><h3>二、丙</h3>"
    assert texts(page(body)) == [
        ("某局年度报告", 0), ("一、甲", 1), ("（一）乙", 2), ("文", None), ("二、丙", 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>某局2023年报告_某市人民政府</title>", "<p>某局2023年报告</p><p>文</p>", "某局2023年报告"),
        ("<title>某局2023年报告-某市网站</title>", "<p>文</p>", "某局2023年报告"),
        ("<title>网站</title><meta name=ArticleTitle content='某局报告'>", "<p>文</p>", "某局报告"),
        ("<title>网站</title>", "<h1>某局报告</h1><p>文</p>", "某局报告"),
    ],
)
def test_title(head: str, body: str, title: str) -> None:
    assert [text for text, level in texts(page(body, head)) if level == 0] == [title]
    assert ("文", None) in texts(page(body, head))


def test_numbers_of_lists() -> None:
    body = "<ol start=3><li>甲<li value=7>乙<li>丙</ol><ol type=A><li>丁</ol><ul><li>戊</ul>"
    assert [text for text, _ in texts(page(body))] == ["3. 甲", "7. 乙", "8. 丙", "A. 丁", "戊"]


def test_tables_that_lay_out_the_page_are_no_tables_of_the_document() -> None:
    menu = "<table><tr><td><a href=1>首页</a></td><td><a href=2>公开</a></td></tr><tr><td>x<td>y</table>"
    body = f"<table><tr><td colspan=2>{menu}</td></tr><tr><td>侧</td><td><p>正文</p>{TABLE}</td></tr></table>"
    tables = [block.table for block in flow(page(body)) if isinstance(block, FlowTable)]
    assert [table.cells[0].text for table in tables] == ["首页", "项目"]
    assert [text for text, _ in texts(page(body))] == ["侧", "正文"]


def test_a_table_of_one_cell_or_of_long_texts_is_layout() -> None:
    assert [type(b) for b in flow(page("<table><tr><td><p>甲</p><p>乙</p></td></tr></table>"))] == [FlowText] * 2
    article = "<table><tr><td>导航<td>x<tr><td>左<td>" + "正文很长。" * 200 + "</table>"
    assert all(isinstance(block, FlowText) for block in flow(page(article)))


def test_header_cells_spans_and_lines_of_a_cell() -> None:
    body = (
        "<table><thead><tr><th rowspan=2>类<th colspan=2>数</tr><tr><th>甲<th>乙</tr></thead>"
        "<tfoot><tr><td>合计<td>1<td>2</tfoot>"
        "<tbody><tr><td><p>行</p><p>政</p><td>3<td style='writing-mode:tb-rl'>四</table>"
    )
    (table,) = (block.table for block in flow(page(body)) if isinstance(block, FlowTable))
    assert table.header_rows == 2
    assert [(c.row, c.text) for c in table.cells if c.row >= 2] == [
        (2, "行\n政"), (2, "3"), (2, "四"), (3, "合计"), (3, "1"), (3, "2")
    ]  # fmt: skip
    assert [c.text for c in table.cells if c.vertical] == ["四"]


def test_navigation_is_left_out_and_no_table_is_lost_with_it() -> None:
    links = "".join(f"<li><a href=/{n}>栏目{n}</a>" for n in range(6))
    prose = "<p>" + "本年主动公开信息。" * 20 + "</p>"
    inside = page(f"<ul>{links}</ul><div id=zoom>{prose}{TABLE}</div><p>版权所有</p>")
    assert not any("栏目" in text for text, _ in texts(inside))
    figures = "<table>" + "".join(f"<tr><td>行{n}<td>{n}" for n in range(5)) + "</table>"
    outside = flow(page(f"<main>{prose}</main>{figures}"))
    assert any(isinstance(block, FlowTable) for block in outside)


def test_pictures_beside_the_page_are_read_and_none_outside(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    (folder / "年报_files").mkdir(parents=True)
    (folder / "年报_files" / "表 1.png").write_bytes(picture(80))
    (tmp_path / "secret.png").write_bytes(picture(90))
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    absolute = tmp_path / "secret.png"
    sources = ["年报_files/%E8%A1%A8%201.png", "../secret.png", "link.png", str(absolute), f"file://{absolute}",
               "http://a.cn/b.png", "//a.cn/c.png"]  # fmt: skip
    path = folder / "年报.htm"
    path.write_text(page("<p>文</p>" + "".join(f'<img src="{src}">' for src in sources)), "utf-8")
    with open_source(path) as source:
        found = [block for block in source.flow or () if isinstance(block, FlowPicture)]
        assert [block.data for block in found] == [picture(80)]
        assert codes(source) == ["absent-pictures"]
        assert source.findings[0].message.startswith("6 pictures")
    with open_source(path.read_bytes(), name="年报.htm") as source:
        assert not [block for block in source.flow or () if isinstance(block, FlowPicture)]


def test_icons_are_no_pictures_and_broken_ones_are_reported() -> None:
    body = "<p>文</p>" + inlined(picture(16)) + inlined(b"no picture") + '<img src="data:image/png;base64,%%%">'
    with open_source(page(body).encode()) as source:
        assert not [block for block in source.flow or () if isinstance(block, FlowPicture)]
        assert codes(source) == ["unreadable-pictures"]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "gb2312"), ("gb18030", "gb2312"), ("gb18030", "utf-8"), ("gbk", ""), ("utf-16", "utf-8"),
     ("utf-16-le", ""), ("utf-16-be", "gbk"), ("utf-8-sig", "gbk"), ("big5", "big5"), ("gb18030", "iso-8859-1")],
)  # fmt: skip
def test_encoding_by_the_bytes_not_by_what_they_claim(encoding: str, declared: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    data = page("<p>公民申請公開</p>" if encoding == "big5" else "<p>政务公开朱镕基</p>", meta).encode(encoding)
    with open_source(data) as source:
        assert source.kind == "html"
        (block,) = source.flow or ()
        assert isinstance(block, FlowText)
        assert block.text in ("公民申請公開", "政务公开朱镕基")
        assert source.findings == ()


def test_a_few_broken_bytes_cost_a_remark_only() -> None:
    data = page("<p>政务公开" * 50).encode() + b"\xff\xff" + "<p>完整</p>".encode()
    with open_source(data) as source:
        assert "undecodable-text" in codes(source)
        assert any(isinstance(b, FlowText) and "完整" in b.text for b in source.flow or ())


def test_a_page_that_is_cut_off_says_so() -> None:
    whole = page(f"<p>文</p>{TABLE}")
    with open_source(whole[: whole.index("<td>12")].encode()) as source:
        assert codes(source) == ["cut-off-source"]
    with open_source(whole.encode()) as source:
        assert codes(source) == []


@pytest.mark.parametrize("body", ["", "<script>x</script>", "<p> &nbsp; </p>", "<img src='http://a.cn/b.png'>"])
def test_a_page_that_shows_nothing_is_an_error(body: str) -> None:
    with pytest.raises(EmptySourceError):
        open_source(page(body).encode())


def test_absurd_sizes_are_refused() -> None:
    with pytest.raises(LimitExceededError, match="nested too deep"):
        open_source(page("<div>" * 20_000 + "x").encode())
    rows = "<tr><td colspan=1000>x<td>y" + "".join(f"<tr>{'<td>x' * 40}" for _ in range(40))
    with pytest.raises(LimitExceededError, match="slots"):
        open_source(page(f"<table>{rows}</table>").encode(), options=SourceOptions(max_table_slots=1100))


def test_deep_nesting_within_reason_is_read() -> None:
    assert texts(page("<div>" * 1500 + "深" + "</div>" * 1500)) == [("深", None)]
