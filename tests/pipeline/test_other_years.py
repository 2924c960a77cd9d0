"""Figures of other years than the report's are not handed out as its own."""

from __future__ import annotations

import html
import re

import pytest

from ocr_pipeline.document import Cell, Section, Table, Value
from ocr_pipeline.evaluation.synthetic.dump_rows import Style
from ocr_pipeline.evaluation.synthetic.garble import garble
from ocr_pipeline.flow import FlowText, FlowTokens
from ocr_pipeline.pipeline import Reader
from ocr_pipeline.pipeline.dividing import Contents
from ocr_pipeline.pipeline.other_years import OfYear, of_year, reported_year
from ocr_pipeline.report import Report
from ocr_pipeline.settings import Settings
from ocr_pipeline.templates import load_templates
from tests.templates.extracted import drawn_part

TITLE = "云岭县财政局2023年政府信息公开工作年度报告"
PROSE = "本机关认真贯彻落实条例的各项要求，全年工作平稳有序，群众满意度稳步提升，未发生泄密事件。"


def a_table(name: str, *captions: str) -> Table:
    rows = [Cell(row=n, column=0, column_span=2, text=text) for n, text in enumerate(captions)]
    last = [Cell(row=len(rows), column=n, text=text) for n, text in enumerate(("行政许可", "12"))]
    return Table(id=name, rows=len(rows) + 1, columns=2, cells=(*rows, *last))


def sections(*found: tuple[str, str, str]) -> Contents:
    """Contents of sections of a title, a text, and a table named by its id each; none where that is empty."""
    return Contents(
        tuple(Section(level=1, title=title, text=text, tables=(name,) if name else ()) for title, text, name in found),
        tuple(a_table(name) for _, _, name in found if name),
    )


def left(contents: Contents, year: int | None = 2023) -> list[str]:
    return [table.id for table in told(contents, year).contents.tables]


def told(contents: Contents, year: int | None = 2023) -> OfYear:
    return of_year(contents, year, lambda line: line.startswith("一、本年"))


def test_the_year_is_the_one_that_title_name_and_text_agree_on() -> None:
    def year(title: str | None, name: str, text: str = "") -> int | None:
        return reported_year(title, name, [Section(level=1, title="一、总体情况", text=text)])

    assert year(TITLE, "x.pdf") == 2023
    assert year(None, "2023年年报.pdf") == 2023
    assert year(None, "x.pdf", "统计期限为2023年1月1日至2023年12月31日。") == 2023
    assert year(TITLE, "2022年年报.pdf") is None
    assert year(None, "x.pdf", "2022年与2022年相比。") is None
    assert year(None, "x.pdf") is None


@pytest.mark.parametrize(
    "caption",
    ["附件：2022年度政府信息公开情况统计表", "附2：上年度数据", "2022年", "（二〇二二年度）", "2022年度情况如下："],
)
def test_a_table_below_a_caption_of_an_earlier_year_is_left_out_and_named(caption: str) -> None:
    for found in (
        sections(("一、总体情况", PROSE, ""), (caption, "", "t1"), ("二、主动公开", "", "t2")),
        sections(("一、总体情况", f"{PROSE}\n{caption}", "t1"), ("二、主动公开", "", "t2")),
    ):
        assert left(found) == ["t2"]
        (finding,) = told(found).findings
        assert (finding.code, finding.table) == ("other-year", "t1")
        assert caption in finding.message


def test_the_parts_of_an_appendix_of_last_year_are_all_left_out() -> None:
    parts = [("一、主动公开", "", "t3"), ("二、依申请公开", "", "t4")]
    found = sections(("一、主动公开", "", "t1"), ("二、依申请公开", "", "t2"), ("附件1：2022年统计表", "", ""), *parts)
    assert left(found) == ["t1", "t2"]
    further = Contents(
        (*found.sections, *sections(("附件2：统计表", "", "t5")).sections), (*found.tables, a_table("t5"))
    )
    assert left(further) == ["t1", "t2", "t5"]


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("二、主动公开政府信息情况", ""),
        ("二、2023年主动公开政府信息情况", ""),
        ("二、与2022年相比的统计数据", ""),
        ("二、2022年存在问题的整改", PROSE),
        ("二、主动公开", f"{PROSE}2022年度数据如下：共公开12条。"),
        ("二、2022年与2023年数据", ""),
        ("二、2024年工作计划表", ""),
        ("二、2019年5月1日修订的条例", ""),
    ],
)
def test_headings_that_say_nothing_of_their_tables_year_leave_them(heading: str, text: str) -> None:
    assert left(sections((heading, text, "t1"))) == ["t1"]
    assert not told(sections((heading, text, "t1"))).findings


def test_a_caption_within_the_table_says_the_same() -> None:
    old, new = a_table("t1", "2022年政府信息公开情况统计表"), a_table("t2", "2023年政府信息公开情况统计表")
    contents = Contents((Section(level=1, title="一、总体情况", tables=("t1", "t2")),), (old, new))
    assert left(contents) == ["t2"]


def test_where_the_year_is_not_known_everything_stays_and_years_are_findings() -> None:
    found = sections(("附件：2022年统计表", "", "t1"), ("二、主动公开", "", "t2"))
    named = a_table("t2", "2022年")
    doubtful = told(Contents(found.sections, (found.tables[0], named)), None)
    assert doubtful.contents.tables == (found.tables[0], named)
    assert [(finding.code, finding.table) for finding in doubtful.findings] == [("other-year", "t2")]
    assert doubtful.retold([named]) == (named,)


def test_lines_of_a_dump_below_such_a_caption_are_left_out() -> None:
    lines = (("一、主动公开",), ("行政许可", "12"), ("附：2022年统计表",), ("一、主动公开",), ("行政许可", "7"))
    contents = Contents((), (), (FlowTokens(lines), FlowText("正文。")))
    (tokens,) = told(contents).contents.flow or ()
    assert isinstance(tokens, FlowTokens)
    assert tokens.lines == lines[:2]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Settings.load(overrides=["text.threads=1"]))


def good(report: Report) -> dict[str, Value]:
    return {value.id: value for value in report.values if value.status.is_good}


@pytest.mark.parametrize("style", ["tabs", "single"])
def test_a_dump_with_last_years_tables_appended_gives_this_years(reader: Reader, style: Style) -> None:
    own, last = (garble(seed, style=style, damages=()).text for seed in (67000, 67011))
    year = reader.read(own.encode(), name="x.txt").title
    assert year is not None
    before = int(year[year.index("20") : year.index("20") + 4]) - 1
    tables = last[last.index("二、") :]
    both = reader.read(f"{own}\n附件：{before}年政府信息公开情况统计表\n{tables}".encode(), name="x.txt")
    assert both.values == reader.read(own.encode(), name="x.txt").values


def page(table: Table) -> bytes:
    rows: list[str] = [""] * table.rows
    for cell in sorted(table.cells, key=lambda cell: cell.column):
        text = html.escape(cell.text)
        rows[cell.row] += f"<td rowspan={cell.row_span} colspan={cell.column_span}>{text}</td>"
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<html><body><h1>{TITLE}</h1><p>三、收到和处理申请情况</p><table>{body}</table></body></html>".encode()


def test_a_web_page_gives_the_figures_of_the_reports_year_alone(reader: Reader) -> None:
    drawn, figures = drawn_part(load_templates().form("gov-disclosure-b"), "applications", 3)
    totals = {field for field in figures if field.endswith("/total")}
    for year, given in ((2022, figures.keys() - totals), (2023, figures.keys())):
        for token in drawn.labels():
            token.text = re.sub("^(20..年)?总计$", f"{year}年总计", token.text)
        assert good(reader.read(page(drawn.table()), name="x.html")).keys() == given
