import itertools
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_pipeline.document import Page, Place, Status, Table, Value
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.templates import Extraction, Form, TemplateSet, extract
from tests.templates.drawn_tables import (
    Drawn,
    Token,
    cut_column,
    cut_row,
    draw,
    drop_row,
    figures_of,
    insert_column,
    insert_note,
    insert_row,
    join_columns,
    join_rows,
    misread_label,
    print_figure,
    refine,
    respell,
    split,
    stack,
)

PARTS = ("proactive", "applications", "disputes")
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEEDS = st.integers(0, 10_000)


def drawn_part(form: Form, part: str, seed: int) -> tuple[Drawn, dict[str, str]]:
    figures = figures_of(form, form.part(part), random.Random(seed))
    return draw(form.part(part), figures, table_id=part), figures


def by_id(found: Extraction) -> dict[str, Value]:
    return {value.id: value for value in found.values}


def wrong(found: Extraction, figures: dict[str, str]) -> dict[str, str]:
    """Values handed out as good that are not what is printed."""
    good = {v.id: str(v.value) for v in found.values if v.status.is_good}
    return {field: number for field, number in good.items() if figures.get(field) != number}


def good(found: Extraction) -> set[str]:
    return {value.id for value in found.values if value.status.is_good}


def codes(found: Extraction) -> set[str]:
    return {finding.code for finding in found.findings}


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


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("part", PARTS)
def test_a_cell_told_by_space_alone_needs_an_equation(templates: TemplateSet, part: str, heard: bool) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), part, 1)
    table = drawn.table()
    # A second reader of the same cell proves nothing: the cell may be another's.
    cells = tuple(
        cell.model_copy(
            update={
                "divided": True,
                "witnesses": tuple(r.model_copy(update={"engine": "second"}) for r in cell.readings) if heard else (),
            }
        )
        for cell in table.cells
    )
    found = extract([table.model_copy(update={"cells": cells})], [], templates)
    proved = part != "proactive"
    assert {value.status for value in found.values} == {Status.VERIFIED if proved else Status.MISSING}
    assert good(found) == (set(figures) if proved else set())


@pytest.mark.parametrize("heard", [False, True])
def test_columns_told_by_their_count_alone_need_an_equation(templates: TemplateSet, heard: bool) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), "applications", 1)
    print_figure(drawn.tokens["applications/3.1/natural"], "987654")
    first = drawn.cells[drawn.row_of("applications/1/natural")].index(drawn.tokens["applications/1/natural"])
    above = drawn.cells[1 : drawn.row_of("applications/1/natural")]
    # All headers of figures in one cell: whose they are, only their number says.
    names = dict.fromkeys(token.text for row in above for token in row[first:] if token is not None)
    joined = Token("".join(names), label=True)
    for row in above:
        row[first:] = [joined] * len(row[first:])
    for token in drawn.tokens.values():
        token.witnesses = tuple(r.model_copy(update={"engine": "second"}) for r in token.readings) if heard else ()
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert len(good(found)) >= len(figures) - 20
    assert "applications/3.1/natural" not in good(found)


def test_one_whole_header_tells_a_part_whose_other_headers_were_lost(templates: TemplateSet) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), "disputes", 1)
    header, values = drawn.cells[2:]
    header[:5] = [Token("一一结尚他去总果未总纠结审", label=True)] * 5
    found = extract([Drawn([header, values], "t", tokens=drawn.tokens).table()], [], templates)
    assert [match.part for match in found.matches] == ["disputes"]
    assert not wrong(found, figures)
    assert "disputes/litigation_after/total" in good(found)


@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("ruling", ["full", "partial", "none"])
def test_a_column_with_the_header_of_an_empty_one_may_be_either(
    templates: TemplateSet, ruling: str, above: bool
) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), "applications", 1)
    row = drawn.cells[drawn.row_of("applications/1/natural")]
    other, total = (row.index(drawn.tokens[f"applications/1/{name}"]) for name in ("other", "total"))
    # Nothing is printed in the column of others, and so its header stands with that of the totals.
    headers = [drawn.cells[drawn.row_of("applications/1/natural") - 1][at] for at in (other, total)]
    names = [token.text for token in headers if token is not None]
    for token in drawn.labels():
        if token.text in ("申请人情况", "法人或其他组织"):
            token.text = ""
    for line, name in zip((2, 1), names if above else names[::-1], strict=True):
        drawn.cells[line][total] = Token(name, label=True)
    for field in figures:
        if field.endswith("/other"):
            figures[field] = "0"
    for cells in drawn.cells:
        del cells[other]
    found = extract([drawn.table().model_copy(update={"ruling": ruling})], [], templates)
    assert not wrong(found, figures)
    assert found.matches


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("part", PARTS)
def test_an_unruled_table_needs_an_equation_where_its_part_has_any(
    templates: TemplateSet, part: str, heard: bool
) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), part, 1)
    # Another figure than the one printed, where two readers agree and the sums do not.
    wrong = next(field for field in figures if field.split("/")[-1] != "total")
    print_figure(drawn.tokens[wrong], "987654")
    table = drawn.table()
    cells = tuple(
        cell.model_copy(
            update={
                "witnesses": tuple(r.model_copy(update={"engine": "second"}) for r in cell.readings) if heard else ()
            }
        )
        for cell in table.cells
    )
    found = by_id(extract([table.model_copy(update={"cells": cells, "ruling": "none"})], [], templates))
    # A part without equations has no other proof than the second reader.
    assert found[wrong].status.is_good == (heard and part == "proactive")


def test_what_looks_blank_where_a_table_breaks_off_may_stand_on_another_page(templates: TemplateSet) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), "applications", 1)
    cut = drawn.row_of("applications/3.5.5/natural")
    emptied = {field for field in figures if drawn.row_of(field) == cut}
    for field in emptied:
        print_figure(drawn.tokens[field], "")
    whole, (broken, _) = by_id(extract([drawn.table()], [], templates)), split(drawn, cut + 1)
    assert {whole[field].status for field in emptied} == {Status.BLANK}
    found = by_id(extract([broken.table()], [], templates))
    assert {found[field].status for field in emptied} == {Status.MISSING}


def standing(table: Table, edges: list[float], page: int) -> Table:
    """The table with places on a page, its columns between those edges."""

    def place(first: int, last: int, row: int, rows: int) -> Place:
        return Place(page=page, box=Box(edges[first], 30 * row, edges[last], 30 * (row + rows)))

    cells = tuple(
        c.model_copy(update={"places": (place(c.column, c.column + c.column_span, c.row, c.row_span),)})
        for c in table.cells
    )
    return table.model_copy(update={"cells": cells, "places": (place(0, table.columns, 0, table.rows),)})


@pytest.mark.parametrize("lost", [False, True])
def test_a_piece_without_header_goes_on_only_with_columns_that_stand_at_the_same_places(
    templates: TemplateSet, lost: bool
) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), "applications", 1)
    width = len(drawn.cells[0])
    upper, lower = split(drawn, drawn.row_of("applications/3.5.4/natural"))
    if lost:
        # The first piece lacks a border between its labels, the second one between its last two figures.
        for row in upper.cells:
            del row[1]
        for row in lower.cells:
            del row[-1]
    edges = [100.0 * n for n in range(width + 1)]
    above = [e for n, e in enumerate(edges) if not (lost and n == 1)]
    below = [e for n, e in enumerate(edges) if not (lost and n == width - 1)]
    found = extract([standing(upper.table(), above, 0), standing(lower.table(), below, 1)], [], templates)
    assert not wrong(found, figures)
    assert ("applications/3.5.4/natural" in good(found)) is not lost


def test_a_row_whose_label_stands_where_its_first_figure_should_is_not_read(templates: TemplateSet) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), "applications", 1)
    row = drawn.cells[drawn.row_of("applications/3.5.4/natural")]
    first = next(n for n, token in enumerate(row) if token is drawn.tokens["applications/3.5.4/natural"])
    label = row[first - 1]
    row[first - 1] = Token("", label=True)
    row[first:] = [label, *row[first:-1]]
    found = extract([drawn.table()], [], templates)
    assert not any(field.startswith("applications/3.5.4/") for field in good(found))
    assert not wrong(found, figures)


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


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("part", "join", "at"),
    [
        ("proactive", join_rows, 2),
        ("applications", join_rows, 5),
        ("applications", join_rows, 18),
        ("applications", join_rows, 25),
        ("applications", join_columns, 7),
        ("disputes", join_columns, 8),
        ("disputes", join_columns, 9),
    ],
)
def test_a_figure_whose_row_or_column_ran_together_with_an_empty_one_may_be_of_either(
    templates: TemplateSet, part: str, join: Callable[[Drawn, int], None], at: int, seed: int
) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), part, seed)
    rng = random.Random(seed)
    for field, token in drawn.tokens.items():
        if figures[field] == "0" or rng.random() < 0.5:
            figures[field] = "0"
            print_figure(token, "")
    join(drawn, at)
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert found.matches


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_figure_with_a_piece_of_one_beside_it_is_not_whole(templates: TemplateSet, form_b: Form, at: int) -> None:
    drawn, figures = drawn_part(form_b, "proactive", 2)
    drawn = Drawn(drawn.cells[:4], "t", tokens=drawn.tokens)
    cut_column(drawn, at)
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert found.matches


@pytest.mark.parametrize("at", [3, 5, 9, 26])
def test_a_row_with_figures_of_nobody_below_is_not_blank(templates: TemplateSet, form_b: Form, at: int) -> None:
    drawn, _ = drawn_part(form_b, "applications", 2)
    cut = {field for field, token in drawn.tokens.items() if token in drawn.cells[at]}
    cut_row(drawn, at)
    found = by_id(extract([drawn.table()], [], templates))
    assert cut
    assert not {field for field in cut if found[field].status is Status.BLANK}


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
    for field, text in {"rules/issued": "/", "rules/repealed": "", "rules/in_force": "1.2.3"}.items():
        print_figure(drawn.tokens[f"proactive/{field}"], text)
    drawn.tokens["proactive/normative/issued"].ink = True
    print_figure(drawn.tokens["proactive/normative/issued"], "")
    print_figure(drawn.tokens["proactive/normative/in_force"], "22（其中修订 16 件）")
    print_figure(drawn.tokens["proactive/fees/amount"], "8.5")
    found = extract([drawn.table()], [], templates)
    values = by_id(found)
    statuses = [values[f"proactive/rules/{c}"].status for c in ("issued", "repealed", "in_force")]
    assert statuses == [Status.BLANK, Status.BLANK, Status.MISSING]
    assert values["proactive/normative/issued"].status is Status.MISSING
    assert (values["proactive/normative/in_force"].value, values["proactive/fees/amount"].unit) == (22, "万元")
    assert {"unreadable-cell", "annotated-value"} <= codes(found)


def test_a_part_twice_is_used_once(templates: TemplateSet, form_a: Form) -> None:
    whole, figures = drawn_part(form_a, "applications", 3)
    copy, _ = drawn_part(form_a, "applications", 9)
    copy.id = "again"
    drop_row(copy, 10)
    found = extract([copy.table(), whole.table()], [], templates)
    assert not wrong(found, figures)
    assert len(found.values) == len(figures)
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
