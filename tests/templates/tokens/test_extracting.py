"""Token streams against the known forms: what is still there is found, what is lost is missing, nothing is made up."""

from __future__ import annotations

import pytest

from ocr_pipeline.document import Status, Value
from ocr_pipeline.evaluation.dumps import score_dumps
from ocr_pipeline.source.dump import read_flow
from ocr_pipeline.templates import extract_tokens, load_templates
from tests.templates.drawn_tables import Drawn
from tests.templates.extracted import drawn_part, wrong

TEMPLATES = load_templates()
COLUMNS = ("natural", "business", "research", "welfare", "legal", "other", "total")
HEAD = """三、收到和处理政府信息公开申请情况
（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） 申请人情况
自然人 法人或其他组织 总计
商业企业 科研机构 社会公益组织 法律服务机构 其他
"""


def values(text: str) -> dict[str, Value]:
    return {value.id: value for value in extract_tokens(read_flow(text), TEMPLATES).values}


def row(found: dict[str, Value], name: str) -> list[int | float | None]:
    return [found[f"applications/{name}/{column}"].value for column in COLUMNS]


def test_flattened_rows_are_read() -> None:
    found = values(
        HEAD + "一、本年新收政府信息公开申请数量 5 1 0 0 0 0 6\n二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0\n"
    )
    assert row(found, "1") == [5, 1, 0, 0, 0, 0, 6]
    assert row(found, "2") == [0] * 7
    assert all(found[f"applications/3.1/{column}"].status is Status.MISSING for column in COLUMNS)


def test_a_row_that_lost_a_value_is_not_guessed() -> None:
    found = values(
        HEAD + "一、本年新收政府信息公开申请数量 0 0 0 0 0 0\n二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0\n"
    )
    assert row(found, "1") == [None] * 7
    assert row(found, "2") == [0] * 7


def test_a_lost_label_is_counted_off_between_known_rows() -> None:
    lines = "（三）不予公开 1.属于国家秘密 1 0 0 0 0 0 1\n2 0 0 0 0 0 2\n3.危及“三安全一稳定” 3 0 0 0 0 0 3\n"
    assert row(values(HEAD + lines), "3.3.2") == [2, 0, 0, 0, 0, 0, 2]


def test_a_row_without_label_is_not_counted_off_where_another_row_is_lost() -> None:
    lines = "（三）不予公开 1.属于国家秘密 1 0 0 0 0 0 1\n2 0 0 0 0 0 2\n4.保护第三方合法权益 3 0 0 0 0 0 3\n"
    found = values(HEAD + lines)
    assert row(found, "3.3.2") == row(found, "3.3.3") == [None] * 7
    assert row(found, "3.3.4") == [3, 0, 0, 0, 0, 0, 3]


def test_a_label_cut_by_a_page_break_keeps_its_figures() -> None:
    lines = "2.其他法律行政法规 4 0 0 0 0 0 4\n禁止公开\n3.危及“三安全一稳定” 0 0 0 0 0 0 0\n"
    assert row(values(HEAD + lines), "3.3.2") == [4, 0, 0, 0, 0, 0, 4]


def test_labels_that_stand_before_their_figures() -> None:
    labels = "1.信访举报投诉类申请\n2.重复申请\n3.要求提供公开出版物\n"
    figures = "1 0 0 0 0 0 1\n2 0 0 0 0 0 2\n3 0 0 0 0 0 3\n"
    found = values(HEAD + labels + figures + "4.无正当理由大量反复申请 0 0 0 0 0 0 0\n")
    assert [row(found, f"3.5.{number}")[0] for number in (1, 2, 3)] == [1, 2, 3]


def test_labels_and_rows_of_figures_that_do_not_match_in_number_are_doubtful() -> None:
    labels = "1.信访举报投诉类申请\n2.重复申请\n3.要求提供公开出版物\n"
    found = values(HEAD + labels + "1 0 0 0 0 0 1\n2 0 0 0 0 0 2\n4.无正当理由大量反复申请 0 0 0 0 0 0 0\n")
    assert all(row(found, f"3.5.{number}") == [None] * 7 for number in (1, 2, 3))


def test_a_row_that_the_form_does_not_know_gives_its_figures_to_nobody() -> None:
    lines = "一、本年新收政府信息公开申请数量 5 1 0 0 0 0 6\n其中：网上申请 9 9 9 9 9 9 9\n"
    found = values(HEAD + lines + "二、上年结转政府信息公开申请数量\n")
    assert row(found, "1") == [5, 1, 0, 0, 0, 0, 6]
    assert row(found, "2") == [None] * 7


def test_headers_read_crosswise_still_announce_their_table() -> None:
    header = (
        "行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n结 结 其 尚\n果 果 他 未 总\n维 纠 结 审 计\n持 正 果 结\n"
    )
    found = values(
        "四、政府信息公开行政复议、行政诉讼情况\n" + header + "1 0 0 0 1 0 0 0 0 0 2 0 0 1 3\n五、存在的问题\n"
    )
    assert found["disputes/litigation_after/total"].value == 3
    assert found["disputes/litigation_after/total"].status is Status.VERIFIED


def test_what_the_issuer_added_up_wrongly_stays_as_printed() -> None:
    found = values(
        HEAD
        + "一、本年新收政府信息公开申请数量\t5\t1\t0\t0\t0\t0\t7\n"
        + "二、上年结转政府信息公开申请数量\t0\t0\t0\t0\t0\t0\t0\n"
    )
    assert row(found, "1") == [5, 1, 0, 0, 0, 0, 7]
    assert found["applications/1/total"].status is Status.CONFLICT


@pytest.mark.parametrize("separator", ["\t", " | ", "   ", " "])
def test_units_and_signs_stay_with_their_figures(separator: str) -> None:
    rows = [
        ["第二十条第（五）项"],
        ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["行政许可", "209", "增加 33", "20489"],
        ["其他对外管理服务事项", "0", "减4", "16368(件)"],
        ["第二十条第（九）项"],
        ["信息内容", "采购项目数量", "采购总金额"],
        ["政府集中采购", "402", "8.4 亿"],
    ]
    found = values("二、主动公开政府信息情况\n" + "\n".join(separator.join(line) for line in rows) + "\n")
    assert found["proactive/license/items_change"].value == 33
    assert found["proactive/license/decisions"].value == 20489
    assert found["proactive/other_services/items_change"].value == -4
    assert found["proactive/other_services/decisions"].value == 16368
    assert (found["proactive/procurement/amount"].value, found["proactive/procurement/amount"].unit) == (8.4, "亿元")


def test_a_text_without_tables_gives_nothing() -> None:
    assert extract_tokens(read_flow("标题\n\n本年度没有需要报告的事项。"), TEMPLATES).values == ()


def test_garbled_reports_hold_the_promise() -> None:
    score = score_dumps(range(40), TEMPLATES)
    assert score.wrong == ()
    assert score.recall >= 0.99


@pytest.mark.parametrize("seed", [20166, 20239, 30579, 40204, 40326])
def test_what_once_was_read_wrongly(seed: int) -> None:
    """A cell lost from the row in which the text ends; half a label behind its figures; two labels, then figures; a
    label cut around its figures; a label that only the other form has."""
    score = score_dumps([seed], TEMPLATES)
    assert score.wrong == ()
    assert score.recall > 0.9


def test_a_number_before_each_label_is_no_figure_of_its_row() -> None:
    lines = "第二十条第（六）项\n1\t信息内容\t本年处理决定数量\n2\t行政处罚\t166\n3\t行政强制\t398\n"
    found = values("二、主动公开政府信息情况\n" + lines)
    assert found["proactive/penalty/decisions"].value in (166, None)
    assert found["proactive/coercion/decisions"].value in (398, None)


def test_figures_before_the_label_of_another_row_are_not_those_of_the_row_above() -> None:
    lines = "本年废止件数\t本年制发件数\t信息内容\n0\t5\t规章\n64\t191\t行政规范性文件\n7\t8\t备注\n"
    found = values("二、主动公开政府信息情况\n第二十条第（一）项\n" + lines)
    assert [found[f"proactive/rules/{column}"].value for column in ("issued", "repealed")] == [None, None]


def test_lines_out_of_order_are_put_into_that_of_the_form() -> None:
    lines = [
        "一、本年新收政府信息公开申请数量 5 1 0 0 0 0 6",
        "二、上年结转政府信息公开申请数量 2 0 0 1 0 0 3",
        "三、本年度办理结果 （一）予以公开 4 1 0 0 0 0 5",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形） 3 0 0 1 0 0 4",
    ]
    wanted = {"1": [5, 1, 0, 0, 0, 0, 6], "2": [2, 0, 0, 1, 0, 0, 3], "3.1": [4, 1, 0, 0, 0, 0, 5]}
    for order in ([1, 0, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]):
        found = values(HEAD + "\n".join(lines[i] for i in order) + "\n")
        assert {name: row(found, name) for name in wanted} == wanted


def test_among_lines_out_of_order_none_is_counted_off() -> None:
    lines = "3.危及“三安全一稳定” 3 0 0 0 0 0 3\n2 0 0 0 0 0 2\n（三）不予公开 1.属于国家秘密 1 0 0 0 0 0 1\n"
    found = values(HEAD + lines)
    assert row(found, "3.3.1") == [1, 0, 0, 0, 0, 0, 1]
    assert row(found, "3.3.3") == [3, 0, 0, 0, 0, 0, 3]
    assert row(found, "3.3.2") == row(found, "3.3.4") == [None] * 7


@pytest.mark.parametrize(("printed", "amount"), [("11.8 035", 11.8035), ("1 035", 1035), ("12 34", 1234)])
def test_a_figure_in_two_pieces_is_not_cut_short(printed: str, amount: float) -> None:
    lines = f"第二十条第（八）项\n信息内容\t本年收费金额（单位：万元）\n行政事业性收费\t{printed}\n"
    assert values("二、主动公开政府信息情况\n" + lines)["proactive/fees/amount"].value in (None, amount)


@pytest.mark.parametrize("printed", ["\t1 62\t5", "1 62\t\t5", "7\t1 62\t5"])
def test_the_halves_of_a_figure_are_not_two_columns(printed: str) -> None:
    lines = f"第二十条第（一）项\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n行政规范性文件\t{printed}\n"
    found = values("二、主动公开政府信息情况\n" + lines)
    read = [found[f"proactive/normative/{column}"].value for column in ("issued", "repealed", "in_force")]
    assert set(read) <= {None, 5, 7, 162}


def test_where_figures_stand_one_a_line_two_in_one_are_not_two_columns() -> None:
    rows = ["（三）不予公开", "1.属于国家秘密", *"1000001", "2.其他法律行政法规禁止公开", "1 2", *"000001"]
    found = values(HEAD + "\n".join(rows) + "\n3.危及“三安全一稳定”\n" + "\n".join("2000002") + "\n")
    assert row(found, "3.3.1") == [1, 0, 0, 0, 0, 0, 1]
    assert row(found, "3.3.2") == [None] * 7
    assert row(found, "3.3.3") == [2, 0, 0, 0, 0, 0, 2]


@pytest.mark.parametrize("between", [" ", "\t", "\n"])
def test_columns_that_the_header_names_in_another_order_are_not_taken_in_the_forms(between: str) -> None:
    figures = "一、本年新收政府信息公开申请数量 5 1 2 0 0 0 8\n"
    swapped = HEAD.replace("商业企业 科研机构", "科研机构 商业企业").replace(" 商业企业", between + "商业企业")
    assert row(values(HEAD + figures), "1") == [5, 1, 2, 0, 0, 0, 8]
    found = values(swapped + figures)
    assert row(found, "1") == [None] * 7
    # Nor where the label of another column is misspelt, or lost.
    assert row(values(swapped.replace("法律服务", "法服") + figures), "1") == [None] * 7


def test_a_broken_header_says_nothing_of_the_order() -> None:
    figures = "一、本年新收政府信息公开申请数量 5 1 2 0 0 0 8\n"
    broken = HEAD.replace("商业企业 科研机构", "科研机构 业企业")
    assert row(values(broken + figures), "1") == [5, 1, 2, 0, 0, 0, 8]


@pytest.mark.parametrize("seed", range(3))
def test_labels_that_slipped_against_their_rows_leave_no_figure_good(seed: int) -> None:
    drawn, figures = drawn_part(TEMPLATES.form("gov-disclosure-b"), "applications", seed)
    rows = [row for row in drawn.cells if any(token in row for token in drawn.tokens.values())]
    width = len(COLUMNS)
    assert not wrong(extract_tokens(read_flow(written(drawn)), TEMPLATES), figures)
    behind = [row[-width:] for row in rows]
    for row, slipped in zip(rows[2:], behind[1:-1], strict=True):
        row[-width:] = slipped
    assert not wrong(extract_tokens(read_flow(written(drawn)), TEMPLATES), figures)


def test_the_last_row_is_not_believed_where_a_further_figure_follows() -> None:
    rows = ["政府集中采购", "3", "7.5"]
    head = ["第二十条第（九）项", "信息内容", "采购项目数量", "采购总金额（万元）"]
    assert values("\n".join([*head, *rows, "", "三、收到"]))["proactive/procurement/projects"].value == 3
    more = values("\n".join([*head, *rows, "12", "", "三、收到"]))
    assert more["proactive/procurement/projects"].value is None


@pytest.mark.parametrize("seed", range(3))
def test_a_row_that_is_not_believed_still_speaks_against_labels_that_slipped(seed: int) -> None:
    drawn, figures = drawn_part(TEMPLATES.form("gov-disclosure-b"), "applications", seed)
    rows = [row for row in drawn.cells if any(token in row for token in drawn.tokens.values())]
    behind = [row[-len(COLUMNS) :] for row in rows]
    for row, slipped in zip(rows[9:], behind[10:], strict=False):
        row[-len(COLUMNS) :] = slipped
    # One cell a line; the last row is lost, and the row of totals is not believed for that.
    lines = [line for line in written(drawn).splitlines() if not line.startswith("四、")]
    text = "\n".join(cell for line in lines for cell in line.split("\t"))
    found = extract_tokens(read_flow(text + "\n\n五、其他"), TEMPLATES)
    assert not wrong(found, figures)
    assert next(v for v in found.values if v.id == "applications/3.7/total").status is Status.MISSING


def written(drawn: Drawn) -> str:
    """One line a row, cells behind tabs, those that several rows or columns share once."""
    met: set[int] = set()
    lines: list[str] = []
    for cells in drawn.cells:
        fresh = [token for token in dict.fromkeys(cells) if token is not None and id(token) not in met]
        met |= {id(token) for token in fresh}
        lines.append("\t".join(token.text for token in fresh))
    return "\n".join([*lines, ""])
