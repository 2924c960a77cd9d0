"""Labels so worn that they are read as other words: the structure of the table tells whose they are, or nothing."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Status
from ocr_pipeline.templates import Form, TemplateSet, extract
from tests.templates.drawn_tables import (
    MISREAD,
    Drawn,
    Token,
    cut_column,
    cut_row,
    drop_row,
    join_columns,
    join_rows,
    print_figure,
    split,
)
from tests.templates.extracted import FEW, PARTS, SEEDS, by_id, drawn_part, good, wrong

WORN, WHOLE = 0.5, 0.97
"""How sure a reader is of words that it made up of worn print, and of printed ones."""


def wear(token: Token, rng: random.Random, share: float = 1.0, confidence: float = WORN) -> None:
    """Let a label be read as other words, but for a share of its characters."""
    token.text = "".join(rng.choice(MISREAD) if rng.random() < share else char for char in token.text)
    token.confidence, token.ink = confidence, True


def label_of(drawn: Drawn, field: str) -> Token:
    row = drawn.cells[drawn.row_of(field)]
    token = row[row.index(drawn.tokens[field]) - 1]
    assert token is not None
    return token


def second_reader(drawn: Drawn) -> None:
    """Lets another reader find the same figures, so that nothing but their places is doubtful."""
    for token in drawn.tokens.values():
        token.witnesses = tuple(reading.model_copy(update={"engine": "second"}) for reading in token.readings)


LOST = [f"applications/{row}/natural" for row in ("3.3.4", "3.3.5", "3.3.6", "3.5.2")]


def test_rows_with_worn_labels_are_counted_off_between_known_ones(templates: TemplateSet) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), "applications", 1)
    rng = random.Random(1)
    for field in LOST:
        wear(label_of(drawn, field), rng)
    found = extract([drawn.table()], [], templates)
    assert good(found) == set(figures)
    assert not wrong(found, figures)


def test_a_row_that_surely_says_something_else_is_another(templates: TemplateSet) -> None:
    drawn, _ = drawn_part(templates.form("gov-disclosure-b"), "applications", 1)
    rng = random.Random(1)
    for field in LOST:
        wear(label_of(drawn, field), rng, confidence=WHOLE)
    found = good(extract([drawn.table()], [], templates))
    assert not any(field.rpartition("/")[0] + "/" in other for field in LOST for other in found)
    assert "applications/3.3.3/natural" in found


def test_worn_labels_with_the_numbers_of_other_rows_are_theirs(templates: TemplateSet) -> None:
    drawn, _ = drawn_part(templates.form("gov-disclosure-b"), "applications", 1)
    for number, field in zip((5, 6, 7), LOST[:3], strict=True):
        token = label_of(drawn, field)
        token.text, token.confidence = f"{number}.的不一大的", WORN
    assert not set(LOST[:3]) & good(extract([drawn.table()], [], templates))


@pytest.mark.parametrize("lacking", [False, True])
def test_a_worn_label_that_looks_like_a_figure_is_none_where_none_is_lacking(
    templates: TemplateSet, lacking: bool
) -> None:
    drawn, _ = drawn_part(templates.form("gov-disclosure-b"), "applications", 1)
    print_figure(label_of(drawn, "applications/3.5.2/natural"), "2.4", 0.3)
    if lacking:
        print_figure(drawn.tokens["applications/3.5.2/total"], "")
    found = by_id(extract([drawn.table()], [], templates))
    assert found["applications/3.5.2/natural"].status.is_good != lacking


def worn_headers(form: Form, *, heading: str | None) -> tuple[Drawn, dict[str, str]]:
    """Table four under headers of which only three of the kinds can still be read."""
    drawn, figures = drawn_part(form, "disputes", 1)
    drawn.heading = heading
    rng = random.Random(2)
    for token in drawn.labels():
        wear(token, rng, share=0.0 if token.text in ("结果维持", "结果纠正", "其他结果") else 1.0)
    second_reader(drawn)
    return drawn, figures


def test_the_title_above_a_table_tells_a_part_with_worn_headers(templates: TemplateSet) -> None:
    form = templates.form("gov-disclosure-b")
    drawn, figures = worn_headers(form, heading=form.part("disputes").title)
    found = extract([drawn.table()], [], templates)
    assert [match.part for match in found.matches] == ["disputes"]
    assert not wrong(found, figures)
    assert len(good(found)) >= 10
    drawn, _ = worn_headers(form, heading=None)
    assert not extract([drawn.table()], [], templates).matches


def test_sums_down_a_column_do_not_prove_which_one_it_is(templates: TemplateSet) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), "applications", 1009)
    rng = random.Random(3)
    row = drawn.cells[drawn.row_of("applications/1/natural")]
    first = row.index(drawn.tokens["applications/1/natural"])
    for token in drawn.labels():
        if any(token in cells[first:] for cells in drawn.cells[: drawn.row_of("applications/1/natural")]):
            wear(token, rng)
    second_reader(drawn)
    # As many columns as there were: one is cut in two, and two ran together.
    join_columns(drawn, first + 5)
    cut_column(drawn, first + 2)
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)
    statuses = {by_id(found)[f"applications/{name}/welfare"].status for name in ("1", "2", "3.7")}
    assert statuses == {Status.MISSING}


@pytest.mark.parametrize(("seed", "twice", "lost"), [(1002, 26, 23), (1015, 14, 10), (1019, 24, 15), (1029, 18, 15)])
def test_sums_across_columns_do_not_prove_which_row_it_is(
    templates: TemplateSet, seed: int, twice: int, lost: int
) -> None:
    drawn, figures = drawn_part(templates.form("gov-disclosure-b"), "applications", seed)
    rng = random.Random(seed)
    for token in drawn.labels():
        wear(token, rng, 0.65)
    second_reader(drawn)
    # As many rows as there were: one is gone, and another is there twice.
    print_twice(drawn, twice)
    drop_row(drawn, lost)
    found = extract([drawn.table()], [], templates)
    assert not wrong(found, figures)


HITS = ("join", "cut", "drop", "split", "double")


@FEW
@given(seed=SEEDS, part=st.sampled_from(PARTS), hits=st.lists(st.sampled_from(HITS), max_size=2))
def test_no_figure_gets_into_another_row(templates: TemplateSet, seed: int, part: str, hits: list[str]) -> None:
    rng = random.Random(seed)
    drawn, figures = drawn_part(templates.form(rng.choice(["gov-disclosure-a", "gov-disclosure-b"])), part, seed)
    second_reader(drawn)
    pieces = [drawn]
    for hit in hits:
        pieces = [piece for whole in pieces for piece in damaged(whole, hit, rng)]
    worn = rng.uniform(0.2, 0.8)
    pieces = [piece for piece in pieces if piece.cells]
    for token in (token for piece in pieces for token in piece.labels()):
        wear(token, rng, worn, rng.uniform(0.2, 0.78))
    assert not wrong(extract([piece.table() for piece in pieces], [], templates), figures)


def damaged(drawn: Drawn, hit: str, rng: random.Random) -> list[Drawn]:
    """The table with a ruling or a row more or less, or cut in two by a page break."""
    standing = [token for row in drawn.cells for token in row]
    rows = sorted({drawn.row_of(field) for field, token in drawn.tokens.items() if token in standing})
    if hit == "join" and len(rows) > 1:
        join_rows(drawn, rng.choice(rows[:-1]))
    elif hit == "cut" and rows:
        cut_row(drawn, rng.choice(rows))
    elif hit == "drop" and rows:
        drop_row(drawn, rng.choice(rows))
    elif hit == "double" and rows:
        print_twice(drawn, rng.choice(rows))
    elif hit == "split" and len(rows) > 1:
        return list(split(drawn, rng.choice(rows[1:])))
    return [drawn]


def print_twice(drawn: Drawn, row: int) -> None:
    """Put a copy of a row above it; labels that reach over several rows reach over one more."""
    above = drawn.cells[row - 1]
    copied = [
        token if token is None or token is above[column] else replace(token)
        for column, token in enumerate(drawn.cells[row])
    ]
    drawn.cells.insert(row, copied)
