"""What counts as the text of a paragraph, and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocr_pipeline.flow import FlowText

Read = Callable[..., Any]


def _p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def _r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _field(code: str, result: str | None) -> str:
    shown = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{_r(result)}'
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _texts(read_body: Read, body: str, **rest: Any) -> list[str]:
    blocks, _ = read_body(body, **rest)
    assert all(isinstance(block, FlowText) for block in blocks)
    return [block.text for block in blocks]


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([_r("新收"), _r("12"), _r("件")], "新收12件"),
        (["<w:ins>", _r("13"), "</w:ins><w:del><w:r><w:delText>12</w:delText></w:r></w:del>"], "13"),
        (["<w:moveFrom>", _r("甲"), "</w:moveFrom><w:moveTo>", _r("乙"), "</w:moveTo>"], "乙"),
        ([_r("见"), '<w:hyperlink r:id="x">', _r("附件"), "</w:hyperlink>"], "见附件"),
        ([_r("共"), _field("PAGE", "7"), _r("页")], "共7页"),
        ([_field('IF <w:t>1</w:t> = 2 ', "否")], "否"),
        ([_field(r"eq \o\ac(○,3)", None), _r("其他")], "③其他"),
        (['<w:fldSimple w:instr="AUTHOR">', _r("某局"), "</w:fldSimple>"], "某局"),
        (["<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>", _r("值"), "</w:sdtContent></w:sdt>"], "值"),
        ([_r("可见"), _r("隐藏", "<w:vanish/>"), _r("也可见", '<w:vanish w:val="0"/>')], "可见也可见"),
        ([_r("12"), _r("3", '<w:vertAlign w:val="superscript"/>')], "12³"),
        ([_r("H"), _r("2", '<w:vertAlign w:val="subscript"/>'), _r("O", '<w:vertAlign w:val="baseline"/>')], "H₂O"),
        ([_r("9", '<w:color w:val="ffffff"/>'), _r("12")], "12"),
        ([_r("9", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>'), _r("12")], "912"),
        ([_r("9", '<w:color w:val="FFFFFF"/>'), _r("12", '<w:color w:val="FFFFFF"/>')], "912"),
        (["<w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>B</w:t><w:softHyphen/></w:r>"], "A-B"),
        ([_r("　　两字  缩进\xa0 ")], "两字 缩进"),
        (['<w:r><w:t>一</w:t><w:tab/><w:t>二</w:t></w:r>'], "一 二"),
        (['<w:r><w:sym w:font="Wingdings" w:char="F082"/></w:r>'], "②"),
        (['<w:r><w:sym w:font="Arial" w:char="2460"/></w:r>'], "①"),
        (["<w:r><w:ruby><w:rt>", _r("pin"), "</w:rt><w:rubyBase>", _r("拼"), "</w:rubyBase></w:ruby></w:r>"], "拼"),
        (["<m:oMath><m:r><m:t>1+1</m:t></m:r></m:oMath>"], "1+1"),
        ([_r("注"), '<w:r><w:commentReference w:id="1"/></w:r>'], "注"),
    ],
)  # fmt: skip
def test_text_that_is_shown_counts_and_no_other(read_body: Read, runs: list[str], text: str) -> None:
    assert _texts(read_body, _p(*runs)) == [text]


@pytest.mark.parametrize("line", ["<w:strike/>", "<w:dstrike/>", '<w:rStyle w:val="Gone"/>'])
def test_struck_text_is_left_out_and_said(read_body: Read, line: str) -> None:
    styles = '<w:style w:type="character" w:styleId="Gone"><w:rPr><w:strike/></w:rPr></w:style>'
    blocks, findings = read_body(_p(_r("7", line), _r("12", '<w:strike w:val="0"/>')), parts={"styles": styles})
    assert [block.text for block in blocks] == ["12"]
    assert [finding.code for finding in findings] == ["struck-out"]


def test_a_field_without_end_does_not_swallow_the_rest(read_body: Read) -> None:
    broken = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    assert _texts(read_body, _p(broken) + _p(_r("后文"))) == ["后文"]


def test_a_field_may_end_in_another_paragraph(read_body: Read) -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC</w:instrText></w:r>'
    begin += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert _texts(read_body, _p(begin, _r("一")) + _p(_r("二"), end) + _p(_r("三"))) == ["一", "二", "三"]


def test_line_breaks_typed_by_hand_part_text_but_not_headings(read_body: Read) -> None:
    broken = "<w:r><w:t>某某局</w:t><w:br/><w:t>2020年报告</w:t></w:r>"
    assert _texts(read_body, _p(broken)) == ["某某局", "2020年报告"]
    assert _texts(read_body, _p(broken, properties='<w:outlineLvl w:val="0"/>')) == ["某某局2020年报告"]


def test_text_in_the_paragraph_of_a_heading_is_no_heading(read_body: Read) -> None:
    run = "<w:r><w:t>一、总体情况</w:t><w:br/><w:t>全年公开信息3条。</w:t></w:r>"
    blocks, _ = read_body(_p(run, properties='<w:outlineLvl w:val="0"/>'))
    assert blocks == [FlowText("一、总体情况", 1), FlowText("全年公开信息3条。")]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next(read_body: Read) -> None:
    deleted = "<w:rPr><w:del/></w:rPr>"
    assert _texts(read_body, _p(_r("前"), properties=deleted) + _p(_r("后"))) == ["前后"]
    assert _texts(read_body, _p(_r("末"), properties=deleted)) == ["末"]


def test_text_boxes_follow_the_paragraph_they_are_fixed_to(read_body: Read) -> None:
    inner = f"<w:txbxContent>{_p(_r('框内'))}</w:txbxContent>"
    drawing = f"<w:drawing><wp:anchor><wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></wp:anchor></w:drawing>"
    legacy = f"<w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{legacy}</mc:Fallback></mc:AlternateContent>"
    )
    for box in (drawing, legacy, both):
        assert _texts(read_body, _p(f"<w:r>{box}</w:r>", _r("正文"))) == ["正文", "框内"]


def test_ornamental_lettering_is_text(read_body: Read) -> None:
    lettering = '<w:r><w:pict><v:shape><v:textpath string="某市文件"/></v:shape></w:pict></w:r>'
    assert _texts(read_body, _p(lettering)) == ["某市文件"]


_STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="own"><w:name w:val="自定"/><w:basedOn w:val="1"/></w:style>
<w:style w:type="paragraph" w:styleId="bare"><w:name w:val="Heading 3"/></w:style>
<w:style w:type="paragraph" w:styleId="flat"><w:name w:val="flat"/><w:basedOn w:val="1"/>
<w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="ring"><w:name w:val="ring"/><w:basedOn w:val="ring"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="gone"><w:name w:val="gone"/><w:rPr><w:vanish/></w:rPr></w:style>
"""


@pytest.mark.parametrize(
    ("properties", "level"),
    [
        ("", None),
        ('<w:pStyle w:val="1"/>', 1),
        ('<w:pStyle w:val="own"/>', 1),
        ('<w:pStyle w:val="bare"/>', 3),
        ('<w:pStyle w:val="flat"/>', None),
        ('<w:pStyle w:val="t"/>', 0),
        ('<w:pStyle w:val="ring"/>', None),
        ('<w:pStyle w:val="unknown"/>', None),
        ('<w:outlineLvl w:val="1"/>', 2),
        ('<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>', None),
    ],
)
def test_level_of_a_heading(read_body: Read, properties: str, level: int | None) -> None:
    blocks, _ = read_body(_p(_r("总体情况"), properties=properties), parts={"styles": _STYLES})
    assert blocks == [FlowText("总体情况", level)]


def test_a_list_of_contents_does_not_repeat_the_headings(read_body: Read) -> None:
    line = _p(_r("一、总体情况 1"), properties='<w:pStyle w:val="TOC1"/>')
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    control = f"<w:sdt>{gallery}<w:sdtContent>{_p(_r('目录'))}</w:sdtContent></w:sdt>"
    assert _texts(read_body, control + line + _p(_r("一、总体情况")), parts={"styles": _STYLES}) == ["一、总体情况"]


def test_text_hidden_by_its_style_is_not_shown(read_body: Read) -> None:
    body = _p(_r("有"), _r("无", '<w:rStyle w:val="gone"/>'))
    assert _texts(read_body, body, parts={"styles": _STYLES}) == ["有"]


def test_notes_come_at_the_end_in_the_order_of_their_marks(read_body: Read) -> None:
    notes = "".join(f'<w:footnote w:id="{n}">{_p(_r(f"脚注{n}"))}</w:footnote>' for n in (1, 2, 3))
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = _p(_r("22"), mark.format(3), _r("件"), mark.format(1)) + _p(_r("后文"))
    assert _texts(read_body, body, parts={"footnotes": notes}) == ["22件", "后文", "脚注3", "脚注1"]


def test_an_inserted_foreign_document_is_reported(read_body: Read) -> None:
    _, findings = read_body(_p(_r("正文")) + '<w:altChunk r:id="x"/>')
    assert [finding.code for finding in findings] == ["unread-part"]
