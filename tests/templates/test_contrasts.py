"""Labels that differ from a form's by the one word that makes them those of other figures."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Status
from ocr_pipeline.templates import Form, TemplateSet, extract
from ocr_pipeline.templates.blocks import tree_labels
from ocr_pipeline.templates.contrasts import contradicts, is_strange
from tests.templates.drawn_tables import Drawn, Token, misread_label
from tests.templates.extracted import FEW, by_id, drawn_part, good, wrong

ROWS = (
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "1.本机关不掌握相关政府信息",
    "2.重复申请",
)


@pytest.mark.parametrize(
    ("seen", "label"),
    [
        ("上年制发件数", "本年制发件数"),
        ("累计处理决定数量", "本年处理决定数量"),
        ("行政处罚（上年）", "行政处罚"),
        ("总计占比", "总计"),
        ("本年增长率", "本年增/减"),
        ("本年制发件数（%）", "本年制发件数"),
        ("一、上年新收政府信息公开申请数量", ROWS[0]),
        ("二、本年结转政府信息公开申请数量", ROWS[1]),
        ("2.非重复申请", ROWS[3]),
        ("1.本机关不不予掌握相关政府信息", "1.本机关掌握相关政府信息"),
    ],
)
def test_a_word_of_another_time_kind_or_extent_or_a_denial_makes_another_label(seen: str, label: str) -> None:
    assert contradicts(seen, (label,), ROWS)


@pytest.mark.parametrize(
    ("seen", "label"),
    [
        ("本年处理决定数量", "处理决定数量"),
        ("本年增减", "本年增/减"),
        ("制发件数", "本年制发件数"),
        ("1.本机关掌握相关政府信息", ROWS[2]),
        ("1.本机关不不掌握相关政府信息", ROWS[2]),
        ("一、本年新收政府信息公开申请数量二、上年结转政府信息公开申请数量", ROWS[0]),
        ("关不掌握相关政府信息2.重复申请", ROWS[3]),
        ("2.重复申请", ROWS[3]),
        ("2.重复不请", ROWS[3]),
    ],
)
def test_what_is_cut_or_doubled_or_ran_together_is_no_other_label(seen: str, label: str) -> None:
    assert not contradicts(seen, (label,), ROWS)


@given(st.integers(0, 10_000))
@FEW
def test_no_label_of_a_form_contradicts_itself_nor_with_a_misread_character(
    form_a: Form, form_b: Form, seed: int
) -> None:
    rng = random.Random(seed)
    for form in (form_a, form_b):
        for block in (block for part in form.parts for block in part.blocks):
            for tree in (block.rows, block.columns):
                labels = tuple(text for text in tree_labels(tree) if text)
                for label in labels:
                    assert not contradicts(label, (label,), labels)
                    assert not contradicts(misread_label(label, rng), (label,), labels)


def test_half_of_a_strange_label_is_of_characters_that_the_form_does_not_have() -> None:
    known = frozenset("行政复议行政诉讼未经直接起诉后结果维持纠正其他尚审总计")
    assert is_strange("行政赔偿", known)
    assert is_strange("国家赔偿", known)
    assert not is_strange("政复", known)
    assert not is_strange("义", known)
    assert not is_strange("行政复仪", known)


@pytest.mark.parametrize("part", ["applications", "proactive"])
def test_rows_of_last_year_in_the_place_of_this_years_are_nobodys(
    templates: TemplateSet, form_b: Form, part: str
) -> None:
    drawn, figures = drawn_part(form_b, part, 3)
    field = "applications/3.1/natural" if part == "applications" else "proactive/license/decisions"
    at = drawn.row_of(field)
    row = {f for f, token in drawn.tokens.items() if token in drawn.cells[at]}
    label = next(token for token in reversed(drawn.cells[at]) if token is not None and token.label)
    label.text += "（上年）"
    found = extract([drawn.table()], [], templates)
    assert not row & good(found)
    assert good(found) >= figures.keys() - row - {f for f in figures if by_id(found)[f].status is Status.BLANK}
    # Print that is too worn to be read may be anything.
    label.confidence = 0.5
    assert not wrong(extract([drawn.table()], [], templates), figures)


def test_a_group_of_rows_that_is_of_another_year_has_no_figures_of_this_one(
    templates: TemplateSet, form_b: Form
) -> None:
    drawn, figures = drawn_part(form_b, "applications", 3)
    group = next(token for row in drawn.cells for token in row if token and token.text == "三、本年度办理结果")
    group.text = "三、上年度办理结果"
    found = extract([drawn.table()], [], templates)
    assert not {field for field in good(found) if field.startswith("applications/3.")}
    assert {field for field in figures if field.split("/")[1] in ("1", "2", "4")} <= good(found)


@pytest.mark.parametrize(
    ("old", "new"), [("自然人", "非自然人"), ("总计", "上年总计"), ("申请人情况", "上年申请人情况")]
)
def test_columns_of_other_figures_are_nobodys(templates: TemplateSet, form_b: Form, old: str, new: str) -> None:
    drawn, figures = drawn_part(form_b, "applications", 3)
    for token in drawn.labels():
        if token.text == old:
            token.text = new
    found = extract([drawn.table()], [], templates)
    column = {"自然人": "natural", "总计": "total"}.get(old)
    assert not {field for field in good(found) if column is None or field.endswith(f"/{column}")}
    assert column is None or {f for f in figures if not f.endswith(f"/{column}")} <= good(found)


@pytest.mark.parametrize("group", ["国家赔偿", "行政赔偿"])
def test_columns_under_a_group_that_the_form_does_not_have_are_nobodys(
    templates: TemplateSet, form_b: Form, group: str
) -> None:
    drawn, figures = drawn_part(form_b, "disputes", 3)
    for token in drawn.labels():
        if token.text == "行政复议":
            token.text = group
    found = extract([drawn.table()], [], templates)
    own = {field for field in figures if "reconsideration" in field}
    assert not own & good(found)
    assert figures.keys() - own <= good(found)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("order", [[1, 2, 0], [0, 2, 1]])
def test_groups_of_columns_in_another_order_are_not_taken_in_the_forms(
    templates: TemplateSet, form_b: Form, seed: int, order: list[int]
) -> None:
    drawn, figures = drawn_part(form_b, "disputes", seed)
    for row in drawn.cells:
        groups = [row[5 * n : 5 * n + 5] for n in range(3)]
        row[:] = [token for n in order for token in groups[n]]
    for ruling in ("full", "markup"):
        found = extract([drawn.table().model_copy(update={"ruling": ruling})], [], templates)
        assert not wrong(found, figures)


def cut_group(drawn: Drawn, old: str, new: str, keep: slice) -> None:
    """Print a group's label over some of its columns only, blank cells over the others, as false rulings cut it."""
    group = next(token for token in drawn.labels() if token.text == old)
    for row in drawn.cells:
        at = [number for number, token in enumerate(row) if token is group]
        for number in at[: keep.start] + at[keep.stop :]:
            row[number] = Token("", label=True)
    group.text = new


@pytest.mark.parametrize("keep", [slice(0, 3), slice(2, 4), slice(3, 5)])
def test_the_label_of_another_group_over_some_of_its_columns_is_that_of_all(
    templates: TemplateSet, form_b: Form, keep: slice
) -> None:
    for label, left in (("行政赔偿", True), ("行政复议", False)):
        drawn, figures = drawn_part(form_b, "disputes", 3)
        cut_group(drawn, "行政复议", label, keep)
        found = good(extract([drawn.table()], [], templates))
        own = {field for field in figures if "reconsideration" in field}
        assert not own & found if left else own <= found
        assert figures.keys() - own <= found


def test_groups_in_another_order_are_nobodys_where_rulings_cut_their_labels(
    templates: TemplateSet, form_b: Form
) -> None:
    drawn, figures = drawn_part(form_b, "disputes", 3)
    cut_group(drawn, "未经复议直接起诉", "复议后起诉@", slice(1, 4))
    cut_group(drawn, "复议后起诉", "未经复议直接起诉", slice(1, 5))
    for token in drawn.labels():
        token.text = token.text.rstrip("@")
    assert not {field for field in good(extract([drawn.table()], [], templates)) if "litigation" in field}
    assert figures


def test_where_most_groups_are_others_so_are_all(templates: TemplateSet, form_b: Form) -> None:
    drawn, _ = drawn_part(form_b, "disputes", 3)
    for old, new, sure in (
        ("行政复议", "公安局", 0.99),
        ("未经复议直接起诉", "盐玄曰", 0.3),
        ("复议后起诉", "民政局", 0.99),
    ):
        label = next(token for token in drawn.labels() if token.text == old)
        label.confidence = sure
        cut_group(drawn, old, new, slice(1, 3))
    assert not good(extract([drawn.table()], [], templates))
