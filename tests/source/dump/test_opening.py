"""Text dumps: encodings, cells, pictures, prose and what may be tables."""

from __future__ import annotations

import pytest

from ocr_pipeline.errors import DamagedSourceError, EmptySourceError, SourceError
from ocr_pipeline.flow import FlowText, FlowTokens
from ocr_pipeline.source import open_source
from ocr_pipeline.source.dump import read_flow
from ocr_pipeline.source.dump.cells import clean, is_separator, split_line
from ocr_pipeline.source.dump.decoding import decode

TEXT = "一、总体情况\n本年度公开信息12条，其中政策文件3条。\n规章\t0\t0\t0\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_gives_the_same_flow(encoding: str) -> None:
    with open_source(TEXT.encode(encoding), name="a.txt") as source:
        assert source.flow == read_flow(TEXT)
        assert source.kind == "text"


def test_a_character_cut_off_at_the_end_costs_only_itself() -> None:
    decoded = decode("规章".encode()[:-1], "a")
    assert (decoded.text, decoded.cut, decoded.lost) == ("规", True, 0)


def test_a_broken_character_is_a_remark_and_not_another_kind_of_file() -> None:
    data = (TEXT * 5).encode() + b"\xe6\x8a" + TEXT.encode()
    with open_source(data, name="a.txt") as source:
        assert [finding.code for finding in source.findings] == ["undecodable-text"]
        assert source.flow is not None


def test_bytes_in_no_encoding_are_refused() -> None:
    with pytest.raises(DamagedSourceError, match="no known encoding"):
        decode(b"\xff\x80\x81" * 200, "a.txt")


def test_blanks_alone_are_empty() -> None:
    with pytest.raises(EmptySourceError), open_source(b" \n\t\n ", name="a.txt"):
        pass


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, b"", "规章".encode("utf-16-le")[:1]])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError), open_source(data, name="a.txt"):
        pass


def test_struck_text_is_said() -> None:
    with open_source("规章 | ~~7~~12\n规章 | <s>4</s>5\n".encode(), name="a.txt") as source:
        (finding,) = source.findings
    assert finding.code == "struck-out"
    assert "“7”, “4”" in finding.message


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("规章\t0\t\t1", ("规章", "0", "", "1")),
        ("\t规章", ("规章",)),
        ("| a | b\\|c | |", ("a", "b|c", "")),
        ("规章 |", ("规章",)),
        ("|", ("",)),
        ("|||", ("", "")),
        ("规章　　0   1", ("规章", "0", "1")),
        ("&nbsp;|0|1", ("0", "1")),
        ("结果<br>维持 | 总计", ("结果 维持", "总计")),
        ("**规章** | 0", ("规章", "0")),
        ("~~7~~12 | 3<sup>1</sup> | <del>4</del>5<sub>2</sub>", ("12", "3¹", "5₂")),
        ("3~5 | ~~ | 4~~", ("3~5", "~~", "4~~")),
        ("属于国家秘密 0 0", ("属于国家秘密 0 0",)),
        ("   ", ()),
    ],
)
def test_cells(line: str, cells: tuple[str, ...]) -> None:
    assert split_line(clean(line)[0]) == cells


def test_markdown_separators_are_no_rows() -> None:
    assert is_separator("| --- | :-: |")
    assert is_separator("---|---")
    assert not is_separator("| - | 3 |")


def test_garbage_behind_a_picture_is_passed_over() -> None:
    text = (
        "公开文件70[image: a.png]2021456208 2\n余件。制[image: b.png]\n\nTKERA AT MU\nil\n"
        "约和监督，政府主要领导部署工作。\n规章\t1\t2\n"
    )
    flow = read_flow(text)
    prose = "".join(block.text for block in flow if isinstance(block, FlowText))
    assert "2021456208" not in prose
    assert "TKERA" not in prose
    assert "约和监督" in prose
    assert flow[-1] == FlowTokens((("规章", "1", "2"),))


def test_headings_are_told_from_row_labels() -> None:
    text = (
        "一、总体情况\n工作情况如下。\n二、收到和处理申请情况\n一、本年新收申请数量\n1\n2\n"
        "二、上年结转申请数量\n0\n三、本年度办理结果\n0\n三、行政复议情况\n结果维持\n0\n四、存在的问题\n无\n"
    )
    headings = [block.text for block in read_flow(text) if isinstance(block, FlowText) and "、" in block.text]
    assert headings == ["一、总体情况", "二、收到和处理申请情况", "三、行政复议情况", "四、存在的问题"]


def test_tables_in_html_inside_markdown() -> None:
    flow = read_flow("# 年报\n<table><tr><td>规章</td><td>0</td></tr>\n<tr><td>许可</td>\n<td>3</td></tr></table>\n")
    tokens = [line for block in flow if isinstance(block, FlowTokens) for line in block.lines if line]
    assert tokens == [("规章", "0"), ("许可", "3")]
