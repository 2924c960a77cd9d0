import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Page, Place, Reading, Status, Table
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.templates import Form, TemplateSet, extract
from tests.templates.drawn_tables import (
    Drawn,
    Token,
    drop_row,
    insert_column,
    insert_note,
    insert_row,
    misread_label,
    print_figure,
    refine,
    respell,
    split,
    stack,
)
from tests.templates.extracted import FEW, PARTS, SEEDS, by_id, codes, drawn_part, good, wrong


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("form_id", ["gov-disclosure-a", "gov-disclosure-b"])
def test_undamaged(templates: TemplateSet, form_id: str, part: str) -> None:
    drawn, figures = drawn_part(templates.form(form_id), part, 1)
    found = extract([drawn.table()], [], templates)
    assert {field: str(value.value) for field, value in by_id(found).items()} == figures
    assert [m.part for m in found.matches] == [part]
    assert found.matches[0].score == pytest.approx(1.0)
    if part != "disputes":
        assert found.matches[0].form == form_id
    expected = Status.READ if part == "proactive" else Status.VERIFIED
    assert {value.status for value in found.values} == {expected}
    assert codes(found) <= {"ambiguous-form"}


@FEW
@given(seed=SEEDS, part=st.sampled_from(PARTS), which=st.sampled_from(["gov-disclosure-a", "gov-disclosure-b"]))
def test_one_misread_character_in_every_label(templates: TemplateSet, seed: int, part: str, which: str) -> None:
    drawn, figures = drawn_part(templates.form(which), part, seed)
    rng = random.Random(seed)
    for token in drawn.labels():
        token.text = misread_label(token.text, rng)
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert len(good(found)) >= 0.95 * len(figures)


@FEW
@given(seed=SEEDS, part=st.sampled_from(PARTS))
def test_other_spellings_change_nothing(templates: TemplateSet, form_b: Form, seed: int, part: str) -> None:
    drawn, figures = drawn_part(form_b, part, seed)
    rng = random.Random(seed)
    for token in drawn.labels():
        token.text = respell(token.text, rng)
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert good(found) == set(figures)


@FEW
@given(seed=SEEDS, part=st.sampled_from(PARTS), at=st.integers(0, 30))
def test_a_note_changes_nothing(templates: TemplateSet, form_a: Form, seed: int, part: str, at: int) -> None:
    drawn, figures = drawn_part(form_a, part, seed)
    insert_note(drawn, at % (len(drawn.cells) + 1), "注：以上数据含上年度结转数量")
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert good(found) == set(figures)


@FEW
@given(seed=SEEDS, which=st.integers(0, 22))
def test_a_missing_row_is_missing_and_nothing_moves(
    templates: TemplateSet, form_a: Form, seed: int, which: int
) -> None:
    drawn, figures = drawn_part(form_a, "applications", seed)
    row = 3 + which
    lost = {field for field, token in drawn.tokens.items() if token in drawn.cells[row]}
    drop_row(drawn, row)
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert good(found) == set(figures) - lost
    assert all(by_id(found)[field].status is Status.MISSING for field in lost)
    assert lost in [set(f.fields) for f in found.findings if f.code == "missing-row"]


@FEW
@given(seed=SEEDS, which=st.integers(0, 24))
def test_a_row_the_form_does_not_know_is_reported(templates: TemplateSet, form_b: Form, seed: int, which: int) -> None:
    drawn, figures = drawn_part(form_b, "applications", seed)

    def make(column: int) -> Token:
        token = Token("其中网络提交" if column == 0 else "", label=column == 0)
        if column > 2:
            print_figure(token, "5")
        return token

    insert_row(drawn, 4 + which - (which == 24), make)
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert good(found) == set(figures)
    assert "unknown-row" in codes(found)


@FEW
@given(seed=SEEDS, part=st.sampled_from(PARTS), at=st.integers(1, 27))
def test_a_part_in_two_pieces(templates: TemplateSet, form_b: Form, seed: int, part: str, at: int) -> None:
    drawn, figures = drawn_part(form_b, part, seed)
    at = 1 + at % (len(drawn.cells) - 1)
    pieces = split(drawn, at)
    found = extract([piece.table() for piece in pieces], [], templates)
    assert not wrong(found, figures)


def test_pieces_are_one_part(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "applications", 4)
    found = extract([piece.table() for piece in split(drawn, 12)], [], templates)
    assert good(found) == set(figures)
    assert [(m.part, m.table) for m in found.matches] == [
        ("applications", "applications-upper"),
        ("applications", "applications-lower"),
    ]


@pytest.mark.parametrize("at", [6, 12, 18, 22])
@pytest.mark.parametrize("part_form", ["gov-disclosure-a", "gov-disclosure-b"])
def test_a_header_printed_again_does_not_part_what_goes_on_below_it(
    templates: TemplateSet, part_form: str, at: int
) -> None:
    drawn, figures = drawn_part(templates.form(part_form), "applications", 4)
    upper, lower = split(drawn, at)
    lower.cells[:0] = [list(row) for row in drawn.cells[:3]]
    found = extract([upper.table(), lower.table()], [], templates)
    assert not wrong(found, figures)
    assert good(found) == set(figures)
    assert {m.table for m in found.matches} == {"applications-upper", "applications-lower"}


def test_a_header_printed_again_says_which_column_is_which(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "applications", 4)
    upper, lower = split(drawn, 12)
    lower.cells[:0] = [list(row) for row in drawn.cells[:3]]
    # The second page has two columns the other way round.
    for row in lower.cells:
        row[-3], row[-2] = row[-2], row[-3]
    found = extract([upper.table(), lower.table()], [], templates)
    assert not wrong(found, figures)
    assert len(good(found)) >= len(figures) / 2


@pytest.mark.parametrize("misread", ["し", "é", "к"])
def test_letters_of_other_scripts_are_misread_figures(templates: TemplateSet, form_a: Form, misread: str) -> None:
    drawn, figures = drawn_part(form_a, "disputes", 4)
    field = "disputes/litigation_after/corrected"
    drawn.tokens[field].text, drawn.tokens[field].readings = misread, ()
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    # In a table of one row its column would be one of labels.
    assert {f for f, value in by_id(found).items() if value.column is None} == set()
    assert good(found) >= {f for f in figures if "litigation_after" not in f}


def test_one_table_for_each_block(templates: TemplateSet, form_a: Form) -> None:
    drawn, figures = drawn_part(form_a, "proactive", 6)
    cuts = [0, 4, 8, 12, 15, 18]
    tables = [
        Drawn(drawn.cells[top:bottom], f"block{i}").table() for i, (top, bottom) in enumerate(itertools.pairwise(cuts))
    ]
    found = extract(tables, [], templates)
    assert good(found) == set(figures)
    assert not wrong(found, figures)


def test_two_parts_in_one_table(templates: TemplateSet, form_a: Form) -> None:
    upper, figures = drawn_part(form_a, "applications", 7)
    lower, more = drawn_part(form_a, "disputes", 8)
    found = extract([stack(upper, lower).table()], [], templates)
    assert good(found) == set(figures | more)
    assert not wrong(found, figures | more)


def test_a_mixture_of_forms(templates: TemplateSet, form_a: Form, form_b: Form) -> None:
    two, figures = drawn_part(form_b, "proactive", 1)
    three, more = drawn_part(form_a, "applications", 2)
    found = extract([two.table(), three.table()], [], templates)
    assert not wrong(found, figures | more)
    assert {m.part: m.form for m in found.matches} == {"proactive": form_b.id, "applications": form_a.id}
    assert "form-mixture" in codes(found)


@pytest.mark.parametrize("at", [0, 10])
def test_extra_columns_at_the_edges(templates: TemplateSet, form_a: Form, at: int) -> None:
    drawn, figures = drawn_part(form_a, "applications", 3)
    insert_column(drawn, at, [""])
    refine(drawn, 2)
    found = extract([drawn.table()], [], templates)
    assert good(found) == set(figures)
    assert not wrong(found, figures)


def test_a_header_cut_after_a_line_break(templates: TemplateSet, form_a: Form) -> None:
    drawn, figures = drawn_part(form_a, "proactive", 3)
    for token in drawn.labels():
        if token.text in ("本年新制作数量", "本年新公开数量"):
            token.text = "本年新"
    found = extract([drawn.table()], [], templates)
    assert good(found) == set(figures)
    assert not wrong(found, figures)


def test_two_headers_alike_and_a_column_lost(templates: TemplateSet, form_a: Form) -> None:
    drawn, figures = drawn_part(form_a, "proactive", 3)
    drawn = Drawn(drawn.cells[:4], "t", tokens=drawn.tokens)
    for row in drawn.cells:
        del row[1]
    for token in drawn.labels():
        if token.text == "本年新公开数量":
            token.text = "本年新"
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert by_id(found)["proactive/rules/published_new"].status is Status.MISSING


def test_a_group_label_is_not_taken_for_a_lost_one(templates: TemplateSet, form_a: Form) -> None:
    drawn, figures = drawn_part(form_a, "applications", 16)
    for token in drawn.labels():
        if token.text in ("（一）予以公开", "1.属于国家秘密"):
            token.text, token.ink = "", True
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert good(found) == set(figures)


def test_cut_labels_that_may_be_either_are_not_guessed(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "proactive", 18)
    lost = drawn.row_of("proactive/penalty/decisions")
    drop_row(drawn, lost)
    for token in drawn.labels():
        if token.text == "行政强制":
            token.text = "行政"
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert by_id(found)["proactive/coercion/decisions"].status is Status.MISSING


def test_an_extra_column_is_not_taken_for_one_with_a_misread_header(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "applications", 10)
    for token in drawn.labels():
        if token.text == "社会公益组织":
            token.text = "于个有后生发"
    insert_column(drawn, 6, ["7", "3"])
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)


def test_shifted_rows_are_not_believed(templates: TemplateSet, form_a: Form) -> None:
    drawn, figures = drawn_part(form_a, "applications", 3)
    for row in drawn.cells[5:25]:
        row[:] = [*row[1:], Token("", label=False)]
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)


def test_the_issuers_own_error_is_a_conflict(templates: TemplateSet, form_a: Form) -> None:
    drawn, figures = drawn_part(form_a, "applications", 3)
    field = "applications/3.7/natural"
    printed = str(int(figures[field]) + 1)
    print_figure(drawn.tokens[field], printed)
    found = extract([drawn.table()], [], templates)
    value = by_id(found)[field]
    assert (value.status, str(value.value)) == (Status.CONFLICT, printed)
    assert sum(not v.status.is_good for v in found.values) == 1
    broken = [f for f in found.findings if f.code == "equation-broken"]
    assert len(broken) == 3
    assert all("difference" in f.message and field in f.fields for f in broken)


def test_blank_unreadable_and_annotated_cells(templates: TemplateSet, form_b: Form) -> None:
    drawn, _ = drawn_part(form_b, "proactive", 3)
    annotated = drawn.tokens["proactive/normative/in_force"]
    print_figure(annotated, "22（其中修订 16 件）")
    annotated.witnesses = (Reading(text=annotated.text, log_prob=-0.1, engine="second"),)
    print_figure(drawn.tokens["proactive/fees/amount"], "8.5")
    found = extract([drawn.table()], [], templates)
    values = by_id(found)
    assert (values["proactive/normative/in_force"].value, values["proactive/fees/amount"].unit) == (22, "万元")
    assert "annotated-value" in codes(found)
    for field, text in {"rules/issued": "/", "rules/repealed": "", "rules/in_force": "1.2.3"}.items():
        print_figure(drawn.tokens[f"proactive/{field}"], text)
    annotated.witnesses = ()
    drawn.tokens["proactive/normative/issued"].ink = True
    print_figure(drawn.tokens["proactive/normative/issued"], "")
    found = extract([drawn.table()], [], templates)
    values = by_id(found)
    statuses = [values[f"proactive/rules/{c}"].status for c in ("issued", "repealed", "in_force")]
    assert statuses == [Status.BLANK, Status.BLANK, Status.MISSING]
    assert values["proactive/normative/issued"].status is Status.MISSING
    assert "unreadable-cell" in codes(found)
    # Where others cannot be read, a figure among words that nobody else was heard on is for review.
    assert values["proactive/normative/in_force"].status is Status.MISSING


def test_a_part_twice_is_used_once(templates: TemplateSet, form_a: Form) -> None:
    whole, figures = drawn_part(form_a, "applications", 3)
    copy, _ = drawn_part(form_a, "applications", 3)
    copy.id = "again"
    drop_row(copy, 10)
    found = extract([copy.table(), whole.table()], [], templates)
    assert not wrong(found, figures)
    assert good(found) == set(figures)
    assert [f.table for f in found.findings if f.code == "duplicate-part"] == ["again"]


def test_a_part_twice_with_other_figures_is_good_only_where_both_agree(templates: TemplateSet, form_a: Form) -> None:
    whole, figures = drawn_part(form_a, "applications", 3)
    copy, others = drawn_part(form_a, "applications", 9)
    copy.id = "again"
    drop_row(copy, 10)
    found = extract([copy.table(), whole.table()], [], templates)
    assert not wrong(found, figures)
    assert len(found.values) == len(figures)
    assert good(found) <= {field for field, number in figures.items() if others[field] == number} < set(figures)
    assert [f.table for f in found.findings if f.code == "duplicate-part"] == ["again"]


def test_boxes_are_on_the_source_page(templates: TemplateSet, form_a: Form) -> None:
    drawn, _ = drawn_part(form_a, "disputes", 3)
    table = drawn.table()
    cells = tuple(
        c.model_copy(update={"places": (Place(page=2, box=Box(c.column * 10, c.row * 10, c.column * 10 + 8, 50)),)})
        for c in table.cells
    )
    page = Page(
        index=2, width=200, height=100, dpi=144, source_width=100, source_height=50, transform=Transform.scaling(0.5)
    )
    value = by_id(extract([table.model_copy(update={"cells": cells})], [page], templates))[
        "disputes/reconsideration/corrected"
    ]
    assert (value.page, value.box) == (2, Box(5, 15, 9, 25))
    assert (value.table, value.row, value.column) == ("disputes", 3, 1)


@pytest.mark.parametrize("texts", [["姓名", "数量", "总计", "其他"], ["", "", "", ""], ["1", "2", "3", "4"]])
def test_other_tables_match_nothing(templates: TemplateSet, texts: list[str]) -> None:
    drawn = Drawn([[Token(text, label=True) for text in texts] for _ in range(6)])
    found = extract([drawn.table()], [], templates)
    assert (found.values, found.matches) == ((), ())
    assert codes(found) == {"no-known-table"}


def test_no_table_at_all(templates: TemplateSet) -> None:
    assert codes(extract([], [], templates)) == {"no-known-table"}
    hole = Table(id="t", rows=2, columns=2, cells=())
    assert codes(extract([hole], [], templates)) == {"no-known-table"}


@pytest.mark.parametrize("misread", ["i", "J", "i 0", "一", "東", "三o|o oo"])
def test_a_figure_misread_as_a_character_labels_no_row(templates: TemplateSet, misread: str) -> None:
    """Else the one row of figures that a part has is taken for another line of the form, and all of it is lost."""
    drawn, figures = drawn_part(templates.form("gov-disclosure-a"), "disputes", 4)
    table = drawn.table()
    last = max(cell.row for cell in table.cells)
    spoiled = [cell for cell in table.cells if cell.row == last][5]
    cells = tuple(c.model_copy(update={"text": misread, "readings": ()}) if c is spoiled else c for c in table.cells)
    found = extract([table.model_copy(update={"cells": cells})], [], templates)
    assert len(good(found)) >= len(figures) - 3
    assert wrong(found, figures) == {}


def test_a_row_of_figures_with_a_name_is_not_that_of_a_part_without_one(templates: TemplateSet) -> None:
    drawn, _ = drawn_part(templates.form("gov-disclosure-a"), "disputes", 4)
    table = drawn.table()
    last = max(cell.row for cell in table.cells)
    first = next(cell for cell in table.cells if cell.row == last)
    cells = tuple(c.model_copy(update={"text": "上年数", "readings": ()}) if c is first else c for c in table.cells)
    assert good(extract([table.model_copy(update={"cells": cells})], [], templates)) == set()
