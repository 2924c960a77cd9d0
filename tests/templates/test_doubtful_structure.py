"""Tables whose structure leaves a doubt: what stands in them needs an equation, or is not read."""

import random
from collections.abc import Callable

import pytest

from ocr_pipeline.document import Place, Status, Table
from ocr_pipeline.geometry import Box
from ocr_pipeline.templates import Form, TemplateSet, extract
from tests.templates.drawn_tables import (
    Drawn,
    Token,
    cut_column,
    cut_row,
    join_columns,
    join_rows,
    print_figure,
    split,
)
from tests.templates.extracted import PARTS, by_id, drawn_part, good, wrong


@pytest.mark.parametrize("doubt", ["divided", "marked"])
@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("part", PARTS)
def test_a_cell_told_by_space_alone_or_marked_needs_an_equation(
    templates: TemplateSet, part: str, heard: bool, doubt: str
) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), part, 1)
    table = drawn.table()
    # A second reader of the same cell proves nothing: the cell may be another's.
    cells = tuple(
        cell.model_copy(
            update={
                doubt: True,
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
