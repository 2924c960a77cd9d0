"""Years that labels name, in the words of the forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Table
from ocr_pipeline.flow import FlowTable, FlowText, FlowTokens
from ocr_pipeline.templates import Form, TemplateSet, extract, tables_without_years
from ocr_pipeline.templates.blocks import tree_labels
from ocr_pipeline.templates.years import flow_without_years, is_before, without_years, years_named
from tests.templates.drawn_tables import Drawn, insert_column
from tests.templates.extracted import drawn_part, good, wrong

YEAR = 2023


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2023年", "本年"),
        ("2022 年度", "上年度"),
        ("二〇二二年", "上年"),
        ("2021年", "往年"),
        ("2026年度", "明年度"),
        ("二、2022年结转政府信息公开申请数量", "二、上年结转政府信息公开申请数量"),
        ("四、结转2024年度继续办理", "四、结转下年度继续办理"),
        ("行政处罚（2022年）", "行政处罚(上年)"),
        ("2022年1月1日至12月31日", "上年"),
        ("2022年1-12月", "上年"),
        ("2021-2023年", "历年"),
        ("2021年至2023年制发件数", "历年制发件数"),
    ],
)
def test_a_year_beside_the_reports_is_told_in_the_words_of_the_forms(text: str, told: str) -> None:
    assert without_years(text, YEAR) == told


@pytest.mark.parametrize(
    "text",
    [
        "2019年11月",
        "2022年12月31日",
        "国务院令第711号（2019年修订）",
        "2020年以来制发的规章",
        "（2021年第3号）",
        "12022年",
        "2022",
        "本年新制作数量",
        "2022年，本机关共收到政府信息公开申请。" * 4,
    ],
)
def test_dates_laws_and_prose_are_left_alone(text: str) -> None:
    assert without_years(text, YEAR) == text
    assert not years_named(text)


def test_the_years_that_a_label_names() -> None:
    assert years_named("2021-2023年") == {2021, 2023}
    assert years_named("二〇二二年度") == {2022}


def test_a_caption_of_an_earlier_year_names_no_other() -> None:
    assert is_before("附：2022年政府信息公开情况统计表", YEAR)
    assert is_before("上年度数据如下：", YEAR)
    assert not is_before("2023年政府信息公开情况统计表", YEAR)
    assert not is_before("2022年与2023年数据", YEAR)
    assert not is_before("2024年计划表", YEAR)


@given(st.integers(2003, 2099), st.text(alphabet="上本下年度〇二三0123456789月日-至（）件", max_size=20))
def test_what_was_told_once_stays_as_it_is(year: int, text: str) -> None:
    told = without_years(text, year)
    assert without_years(told, year) == told


@given(st.integers(2003, 2099))
def test_no_label_of_a_form_names_a_year(form_a: Form, form_b: Form, year: int) -> None:
    for form in (form_a, form_b):
        for block in (block for part in form.parts for block in part.blocks):
            for label in (*tree_labels(block.rows), *tree_labels(block.columns), block.caption):
                assert without_years(label or "", year) == (label or "")


def test_labels_of_flows_are_told_wherever_they_stand(form_b: Form) -> None:
    drawn, _ = drawn_part(form_b, "disputes", 3)
    drawn.labels()[0].text = "2022年行政复议"
    flow = (FlowText("2022年"), FlowTokens((("2022年", "12"),)), FlowTable(drawn.table()))
    text, tokens, table = flow_without_years(flow, YEAR)
    assert text == FlowText("上年")
    assert isinstance(tokens, FlowTokens)
    assert tokens.lines == (("上年", "12"),)
    assert isinstance(table, FlowTable)
    assert "上年行政复议" in {cell.text for cell in table.table.cells}


def told(drawn: Drawn) -> Table:
    (table,) = tables_without_years([drawn.table()], YEAR)
    return table


@pytest.mark.parametrize("named", ["2022年总计", "总计（2022年）", "2022年度\n总计"])
def test_a_column_of_a_named_year_beside_the_forms_is_nobodys(templates: TemplateSet, form_b: Form, named: str) -> None:
    drawn, figures = drawn_part(form_b, "applications", 3)
    for token in drawn.labels():
        if token.text == "总计":
            token.text = named
    assert not {field for field in good(extract([told(drawn)], [], templates)) if field.endswith("/total")}
    for token in drawn.labels():
        token.text = token.text.replace("2022", "2023")
    found = extract([told(drawn)], [], templates)
    assert {field for field in figures if field.endswith("/total")} <= good(found)


def test_a_group_of_rows_of_a_named_year_has_no_figures_of_this_one(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "applications", 3)
    group = next(token for token in drawn.labels() if token.text == "三、本年度办理结果")
    group.text = "三、2022年度办理结果"
    assert not {field for field in good(extract([told(drawn)], [], templates)) if field.startswith("applications/3.")}
    group.text = "三、2023年度办理结果"
    assert figures.keys() <= good(extract([told(drawn)], [], templates))


def test_rows_that_rightly_name_the_years_before_and_after_are_the_forms(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "applications", 3)
    for token in drawn.labels():
        token.text = token.text.replace("上年结转", "2022年结转").replace("下年度", "2024年度")
    found = extract([told(drawn)], [], templates)
    assert figures.keys() <= good(found)
    assert not wrong(found, figures)


def test_a_column_of_last_year_behind_this_years_takes_nothing_from_it(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "disputes", 3)
    head = next(n for n, row in enumerate(drawn.cells) if any(token and not token.label for token in row))
    insert_column(drawn, len(drawn.cells[0]), ["2022年"] * head + ["7"] * (len(drawn.cells) - head))
    assert not wrong(extract([told(drawn)], [], templates), figures)
