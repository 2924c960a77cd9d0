"""Columns in another order than the form's, headers that slipped against their figures, headers that lack cells."""

import random

import pytest
from hypothesis import given

from ocr_pipeline.document import Table
from ocr_pipeline.templates import Form, TemplateSet, extract
from tests.templates.drawn_tables import Drawn, Token, split
from tests.templates.extracted import FEW, PARTS, SEEDS, drawn_part, good, wrong


def first_figure(drawn: Drawn) -> int:
    figures = {id(token) for token in drawn.tokens.values()}
    return min(c for row in drawn.cells for c, token in enumerate(row) if id(token) in figures)


def header_rows(drawn: Drawn) -> int:
    figures = {id(token) for token in drawn.tokens.values()}
    return next(r for r, row in enumerate(drawn.cells) if any(id(token) in figures for token in row))


def slip_headers(drawn: Drawn, by: int) -> None:
    """Let each of the lowest headers stand over a column that is ``by`` to the right of its own."""
    row, first = drawn.cells[header_rows(drawn) - 1], first_figure(drawn)
    texts = [Token(token.text, label=True) for token in row[first:] if token is not None]
    row[first:] = [texts[(k - by) % len(texts)] for k in range(len(texts))]


def marked_up(drawn: Drawn) -> Table:
    return drawn.table().model_copy(update={"ruling": "markup"})


def lose_a_header(drawn: Drawn, seed: int) -> None:
    """Leave one of the lowest headers out; as browsers show it, the cells behind move up."""
    head, first = header_rows(drawn) - 1, first_figure(drawn)
    row = [
        token if c < first else Token(token.text if token else "", True) for c, token in enumerate(drawn.cells[head])
    ]
    at = random.Random(seed).randrange(first, len(row))
    drawn.cells[head] = [*row[:at], *row[at + 1 :], None]


@pytest.mark.parametrize("seed", range(4))
def test_two_columns_in_another_order_are_taken_by_their_names(templates: TemplateSet, form_b: Form, seed: int) -> None:
    drawn, figures = drawn_part(form_b, "applications", seed)
    first, rng = first_figure(drawn), random.Random(seed)
    # Between two under the same group header; the sums across are the same either way.
    one, other = rng.sample(range(first + 1, first + 6), 2)
    for row in drawn.cells:
        row[one], row[other] = row[other], row[one]
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    assert len(good(found)) >= 0.9 * len(figures)


@given(SEEDS)
@FEW
def test_headers_that_slipped_make_no_figure_another_columns(templates: TemplateSet, form_b: Form, seed: int) -> None:
    rng = random.Random(seed)
    drawn, figures = drawn_part(form_b, rng.choice(("applications", "disputes")), seed)
    slip_headers(drawn, rng.choice((1, -1)))
    assert not wrong(extract([drawn.table()], [], templates), figures)


def test_columns_that_nothing_adds_up_are_not_taken_by_name(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "proactive", 3)
    first, head = first_figure(drawn), next(r for r, row in enumerate(drawn.cells) if "制发" in str(row))
    row = drawn.cells[head]
    row[first], row[first + 1] = row[first + 1], row[first]
    found = extract([drawn.table()], [], templates)
    assert not {f for f in good(found) if f.startswith(("proactive/rules", "proactive/normative"))}
    assert not wrong(found, figures)


@pytest.mark.parametrize("seed", range(4))
def test_a_row_with_more_figures_than_named_columns_has_slipped(
    templates: TemplateSet, form_b: Form, seed: int
) -> None:
    drawn, figures = drawn_part(form_b, "disputes", seed)
    width, at = len(drawn.cells[0]), random.Random(seed).randrange(len(drawn.cells[0]))
    for row in drawn.cells[:-1]:
        row.append(None)
    drawn.cells[-1].insert(at, Token("7", label=False))
    found = extract([marked_up(drawn)], [], templates)
    assert not wrong(found, figures)
    assert len(drawn.cells[-1]) == width + 1


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("seed", range(3))
def test_a_header_that_lacks_a_cell_says_nothing_sure(
    templates: TemplateSet, form_b: Form, part: str, seed: int
) -> None:
    drawn, figures = drawn_part(form_b, part, seed)
    lose_a_header(drawn, seed)
    assert not wrong(extract([marked_up(drawn)], [], templates), figures)


@pytest.mark.parametrize("part", ["proactive", "applications"])
@pytest.mark.parametrize("seed", range(4))
def test_a_header_that_lacks_a_cell_says_nothing_sure_of_the_piece_below(
    templates: TemplateSet, form_b: Form, part: str, seed: int
) -> None:
    drawn, figures = drawn_part(form_b, part, seed)
    lose_a_header(drawn, seed)
    upper, lower = split(drawn, header_rows(drawn) + 1)
    assert not wrong(extract([marked_up(upper), marked_up(lower)], [], templates), figures)


def test_figures_one_below_the_other_in_markup_are_no_broken_one(templates: TemplateSet, form_b: Form) -> None:
    drawn, figures = drawn_part(form_b, "proactive", 3)
    drawn.tokens["proactive/rules/issued"].text = "15\n9"
    found = extract([marked_up(drawn)], [], templates)
    assert good(found) == set(figures) - {"proactive/rules/issued"}
