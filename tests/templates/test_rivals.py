"""Two figures where a field has one place: last year's beside its own, a row that came twice, two under one label."""

import pytest

from ocr_pipeline.document import Status
from ocr_pipeline.templates import Form, TemplateSet, extract
from tests.templates.drawn_tables import Drawn, Token, insert_row, print_figure, split
from tests.templates.extracted import by_id, drawn_part, good, wrong
from tests.templates.test_reordered_columns import first_figure, header_rows, marked_up


def figure(text: str) -> Token:
    token = Token(text, label=False)
    print_figure(token, text)
    return token


def last_years_row(drawn: Drawn, at: int) -> list[Token | None]:
    """The row's labels, each one cell with those of row ``at``, and other figures."""
    first = first_figure(drawn)
    return [token if c < first else figure(str(c)) for c, token in enumerate(drawn.cells[at])]


@pytest.mark.parametrize(("part", "field"), [("applications", "3.1/natural"), ("proactive", "rules/issued")])
@pytest.mark.parametrize("above", [True, False])
def test_two_rows_of_figures_under_one_label_are_nobodys(
    templates: TemplateSet, form_b: Form, part: str, field: str, above: bool
) -> None:
    drawn, figures = drawn_part(form_b, part, 3)
    at = drawn.row_of(f"{part}/{field}")
    row = {f for f, token in drawn.tokens.items() if token in drawn.cells[at]}
    drawn.cells.insert(at if above else at + 1, last_years_row(drawn, at))
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert not row & good(found)
    assert len(good(found)) >= 0.8 * (len(figures) - len(row))


@pytest.mark.parametrize("same", [True, False])
def test_a_row_that_both_pieces_have_must_say_the_same(templates: TemplateSet, form_b: Form, same: bool) -> None:
    drawn, figures = drawn_part(form_b, "applications", 3)
    at = drawn.row_of("applications/3.4.2/natural")
    row = {f for f, token in drawn.tokens.items() if token in drawn.cells[at]}
    upper, lower = split(drawn, at + 1)
    lower.cells.insert(0, [*drawn.cells[at]] if same else last_years_row(drawn, at))
    found = extract([upper.table(), lower.table()], [], templates)
    assert not wrong(found, figures)
    assert row <= good(found) if same else not row & good(found)
    # The rows below the cut are those of the same table.
    assert len(good(found)) >= (0.9 if same else 0.5) * len(figures)


@pytest.mark.parametrize("word", ["上年", "合计"])
def test_a_row_with_a_word_of_its_own_where_rows_have_none_is_another(
    templates: TemplateSet, form_b: Form, word: str
) -> None:
    drawn, figures = drawn_part(form_b, "disputes", 3)
    print_figure(drawn.cells[-1][1], word)
    found = extract([marked_up(drawn)], [], templates)
    assert found.matches
    assert not good(found)
    assert not wrong(found, figures)


def test_a_header_that_ran_into_its_figure_says_nothing_of_the_rest_of_the_row(
    templates: TemplateSet, form_b: Form
) -> None:
    drawn, figures = drawn_part(form_b, "disputes", 3)
    field = "disputes/litigation_after/total"
    header, token = drawn.cells[-2][-1], drawn.tokens[field]
    assert header is not None
    header.text += token.text
    for row in drawn.cells:
        row[-1] = header if row[-1] is token else row[-1]
    found = extract([drawn.table()], [], templates)
    assert {f for f in figures if "reconsideration" in f} <= good(found)
    assert not wrong(found, figures)


@pytest.mark.parametrize(("seed", "lost"), [(5, 3), (10, 1), (24, 1), (43, 2)])
def test_a_header_over_two_columns_of_figures_names_neither(
    templates: TemplateSet, form_b: Form, seed: int, lost: int
) -> None:
    drawn, figures = drawn_part(form_b, "disputes", seed)
    below = header_rows(drawn)
    for r, row in enumerate(drawn.cells):
        # Last year's figures are 7; both years' zeros stand in one cell. The first columns are lost.
        pairs = [(t, figure("7")) if r >= below and t and t.text != "0" else (t, t) for t in row[lost:]]
        row[:] = [token for pair in pairs for token in pair]
    insert_row(drawn, below, lambda c: Token("上年" if c % 2 else "本年", label=True))
    assert not wrong(extract([marked_up(drawn)], [], templates), figures)


def test_a_row_that_begins_blank_and_has_a_figure_more_has_slipped(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "proactive", 3)
    for row in drawn.cells:
        row.append(row[-1])
    field = "proactive/normative/issued"
    at = drawn.row_of(field)
    row = drawn.cells[at]
    column = row.index(drawn.tokens[field])
    row[column:] = [figure(""), *row[column:-1]]
    drawn.cells[at - 2][-1] = Token("合计", label=True)
    found = extract([drawn.table()], [], templates)
    assert not {f for f in good(found) if f.startswith("proactive/normative/")}
    assert not wrong(found, figures)


def test_a_figure_cut_in_two_in_one_row_alone_is_not_its_first_half(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "applications", 3)
    field = "applications/3.4.2/welfare"
    at, token = drawn.row_of(field), drawn.tokens[field]
    column = drawn.cells[at].index(token)
    for row in drawn.cells:
        row.insert(column, row[column])
    drawn.cells[at][column : column + 2] = figure("1"), figure("2")
    found = extract([drawn.table()], [], templates)
    assert by_id(found)[field].status is Status.MISSING
    assert not wrong(found, figures)


@pytest.mark.parametrize("reversed_", [False, True])
def test_headers_that_ran_together_name_each_of_their_columns(
    templates: TemplateSet, form_b: Form, reversed_: bool
) -> None:
    drawn, figures = drawn_part(form_b, "proactive", 3)
    at = drawn.row_of("proactive/rules/issued") - 1
    row = drawn.cells[at]
    names = [token.text for token in row[2:4] if token]
    row[2] = row[3] = Token("".join(reversed(names) if reversed_ else names), label=True)
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    under = {
        f for f, token in drawn.tokens.items() if token in [r[c] for r in drawn.cells[at + 1 : at + 3] for c in (2, 3)]
    }
    assert len(under) == 4
    assert not under & good(found) if reversed_ else under <= good(found)
