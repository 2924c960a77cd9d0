"""Units that a report states beside its figures."""

import pytest

from ocr_pipeline.document import Section, Status
from ocr_pipeline.templates import Form, TemplateSet, extract, heeding_notes
from ocr_pipeline.templates.units import is_unit_note, stated_unit, unit_of
from tests.templates.drawn_tables import Drawn, insert_note, print_figure, split
from tests.templates.extracted import by_id, drawn_part, good
from tests.templates.tokens.test_extracting import values

FEES = "proactive/fees/amount"
FORM_UNIT = "本年收费金额（单位：万元）"


def fees(form: Form, header: str = "本年收费金额", label: str = "行政事业性收费") -> Drawn:
    drawn, _ = drawn_part(form, "proactive", 3)
    for token in drawn.labels():
        token.text = {FORM_UNIT: header, "行政事业性收费": label}.get(token.text, token.text)
    print_figure(drawn.tokens[FEES], "45678")
    return drawn


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        (FORM_UNIT, "万元"),
        ("本年收费金额（元）", "元"),
        ("本年收费金额，单位:\n元", "元"),
        ("本年收费金额/元", "元"),
        ("本年收费金额（人民币元）", "元"),
        ("本年收费金额(千元)", "千元"),
        ("本年收费金额（单位：美元）", "美元"),
        ("本年收费金额（单位：万万元）", "万元"),
        ("本年收费金额（单位个万元）", None),
        ("规章（件）", "件"),
        ("本年制发件数（万件）", "万件"),
        ("总计（%）", "%"),
        ("第二十条第（八）项", None),
        ("（七）总计", None),
        ("单位名称", None),
        ("上一年项目数量", None),
    ],
)
def test_the_unit_that_a_label_states(label: str, unit: str | None) -> None:
    assert stated_unit(label) == unit


def test_a_note_says_nothing_but_a_unit() -> None:
    assert all(map(is_unit_note, ("（单位：万元）", "单位：件", "计量单位: 百件")))
    assert not any(map(is_unit_note, (FORM_UNIT, "单位：市公安局", "万元")))


def test_what_is_stated_twice_must_agree() -> None:
    assert unit_of("amount", "万元", ["金额（元）"], ["单位：元"]) == ("元", False)
    assert unit_of("amount", "万元", ["金额（元）"], ["单位：万元"])[1]
    assert unit_of("amount", "万元", [], ["单位：件"]) == ("万元", False)
    assert not unit_of("count", None, [], ["单位：万元"])[1]
    assert unit_of("count", None, [], ["单位：百件"])[1]


@pytest.mark.parametrize("header", ["本年收费金额（单位：元）", "本年收费金额，单位：元", "本年收费金额/元"])
def test_the_header_says_the_unit(templates: TemplateSet, form_b: Form, header: str) -> None:
    value = by_id(extract([fees(form_b, header).table()], [], templates))[FEES]
    assert (value.value, value.unit, value.status.is_good) == (45678, "元", True)


def test_so_do_the_label_of_the_row_the_caption_and_a_note(templates: TemplateSet, form_b: Form) -> None:
    caption, note = fees(form_b), fees(form_b)
    next(token for token in caption.labels() if token.text.endswith("（八）项")).text += "（单位：元）"
    insert_note(note, 0, "单位：元")
    for drawn in (fees(form_b, label="行政事业性收费（元）"), caption, note):
        found = by_id(extract([drawn.table()], [], templates))
        assert (found[FEES].value, found[FEES].unit) == (45678, "元")
        assert found["proactive/license/decisions"].status.is_good


@pytest.mark.parametrize(
    ("header", "label"),
    [
        (FORM_UNIT, "行政事业性收费（元）"),
        ("本年收费金额（单位：千元）", "行政事业性收费"),
        ("本年收费金额（单位：件）", "行政事业性收费"),
    ],
)
def test_what_does_not_agree_or_is_no_unit_of_money_makes_an_amount_doubtful(
    templates: TemplateSet, form_b: Form, header: str, label: str
) -> None:
    assert by_id(extract([fees(form_b, header, label).table()], [], templates))[FEES].status is Status.MISSING


def test_counts_in_hundreds_are_not_handed_out(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "applications", 3)
    assert good(extract([drawn.table()], [], templates)) == set(figures)
    insert_note(drawn, 0, "单位：百件")
    assert not good(extract([drawn.table()], [], templates))


def test_a_note_over_a_table_is_of_what_goes_on_behind_a_page_break_too(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "applications", 3)
    pieces = [piece.table() for piece in split(drawn, 12)]
    assert any(field.startswith("applications/3.5") for field in good(extract(pieces, [], templates)) & set(figures))
    insert_note(drawn, 0, "单位：百件")
    assert not good(extract([piece.table() for piece in split(drawn, 13)], [], templates))


@pytest.mark.parametrize(("header", "kept"), [("总计（单位：", False), ("总计（计量单位", False), ("总计单位", True)])
def test_a_unit_of_which_nothing_is_left_may_be_any(
    templates: TemplateSet, form_b: Form, header: str, kept: bool
) -> None:
    drawn, figures = drawn_part(form_b, "applications", 3)
    for token in drawn.labels():
        token.text = header if token.text == "总计" else token.text
    totals = {field for field in figures if field.endswith("/total")}
    assert good(extract([drawn.table()], [], templates)) == set(figures) - (set() if kept else totals)


@pytest.mark.parametrize(("note", "kept"), [("（单位：元）", False), ("单位：万元", True), ("单位：市局", True)])
def test_a_note_in_the_text_over_a_table_speaks_of_it(
    templates: TemplateSet, form_b: Form, note: str, kept: bool
) -> None:
    found = extract([fees(form_b).table()], [], templates).values
    section = Section(title="二、主动公开政府信息情况", level=1, text=note, tables=("proactive",))
    heeded = {value.id: value for value in heeding_notes(found, [section])}
    assert heeded[FEES].status.is_good == kept
    assert heeded["proactive/license/decisions"].status.is_good


@pytest.mark.parametrize(
    ("header", "note", "unit"),
    [("（单位：元）", "", "元"), ("", "", "万元"), ("", "单位：元\n", "元"), ("（单位：千元）", "", None)],
)
def test_text_dumps_state_units_too(header: str, note: str, unit: str | None) -> None:
    text = f"二、主动公开政府信息情况\n{note}第二十条第（八）项\n信息内容 本年收费金额{header}\n行政事业性收费 45678\n"
    value = values(text)[FEES]
    assert (value.unit, value.status.is_good) == (unit, unit is not None)
