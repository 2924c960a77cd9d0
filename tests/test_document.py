from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from ocr_pipeline import document
from ocr_pipeline.document import (
    Cell,
    Document,
    Evidence,
    Finding,
    FormMatch,
    Line,
    Page,
    PageImage,
    Place,
    Reading,
    Region,
    RegionKind,
    Section,
    Severity,
    SourceInfo,
    Status,
    Table,
    Value,
    tree,
)
from ocr_pipeline.geometry import Box, Transform

# Boxes are written to a hundredth, so those that round-trip exactly have no finer digits.
hundredths = st.integers(-10_000, 1_000_000).map(lambda n: n / 100)
lengths = st.integers(0, 100_000).map(lambda n: n / 100)
shares = st.floats(0, 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
small = st.integers(0, 30)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, top, width, height = draw(hundredths), draw(hundredths), draw(lengths), draw(lengths)
    return Box(left, top, round(left + width, 2), round(top + height, 2))


transforms = st.builds(
    lambda scale, dx, dy, turns: (
        Transform.scaling(scale).then(Transform.quarter_turns(turns, 100, 200)).then(Transform.translation(dx, dy))
    ),
    st.floats(0.05, 20),
    st.floats(-1e4, 1e4),
    st.floats(-1e4, 1e4),
    st.integers(0, 3),
)
places = st.builds(Place, page=small, box=boxes())
readings = st.builds(Reading, text=texts, log_prob=st.floats(-100, 0), engine=texts)
lines = st.builds(Line, text=texts, box=boxes(), confidence=shares)
regions = st.builds(
    Region,
    kind=st.sampled_from(RegionKind),
    box=boxes(),
    confidence=shares,
    order=small,
    lines=st.lists(lines, max_size=2).map(tuple),
    table=st.none() | texts,
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Cells of any spans laid on free slots, with holes."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    free = {(row, column) for row in range(rows) for column in range(columns)}
    cells: list[Cell] = []
    for row, column in sorted(free):
        if (row, column) not in free or draw(st.integers(0, 4)) == 0:
            continue
        height, width = draw(st.integers(1, rows - row)), draw(st.integers(1, columns - column))
        slots = {(row + down, column + right) for down in range(height) for right in range(width)}
        if not slots <= free:
            height, width, slots = 1, 1, {(row, column)}
        free -= slots
        cells.append(
            Cell(
                row=row,
                column=column,
                row_span=height,
                column_span=width,
                text=draw(texts),
                confidence=draw(shares),
                ink=draw(st.none() | st.booleans()),
                header=draw(st.booleans()),
                vertical=draw(st.booleans()),
                places=tuple(draw(st.lists(places, max_size=2))),
                readings=tuple(draw(st.lists(readings, max_size=2))),
                witnesses=tuple(draw(st.lists(readings, max_size=1))),
            )
        )
    return Table(id=draw(texts), rows=rows, columns=columns, cells=tuple(cells), header_rows=draw(small))


pages = st.builds(
    Page,
    index=small,
    width=st.integers(1, 5000),
    height=st.integers(1, 5000),
    dpi=st.floats(1, 1200),
    rotation=st.sampled_from([0, 90, 180, 270]),
    skew=st.floats(-45, 45),
    source_width=st.floats(1, 5000),
    source_height=st.floats(1, 5000),
    source_unit=st.sampled_from(["pt", "px"]),
    transform=transforms,
    regions=st.lists(regions, max_size=2).map(tuple),
)
sections = st.recursive(
    st.builds(Section, level=small, title=texts, page=st.none() | small, text=texts),
    lambda inner: st.builds(Section, level=small, title=texts, children=st.lists(inner, max_size=2).map(tuple)),
    max_leaves=4,
)
sources = st.builds(
    SourceInfo,
    name=texts,
    kind=texts,
    sha256=st.integers(0, 16**64 - 1).map(lambda n: f"{n:064x}"),
    size=st.integers(0, 10**12),
    page_count=small,
)
evidence = st.builds(
    Evidence,
    kind=st.sampled_from(["equation", "second_reading", "text_layer", "prose"]),
    detail=texts,
    agrees=st.booleans(),
)


@st.composite
def values(draw: st.DrawFn) -> Value:
    status = draw(st.sampled_from(Status))
    number = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
    return Value(
        id=draw(texts),
        value=None if status in (Status.BLANK, Status.MISSING) else draw(number),
        unit=draw(st.none() | texts),
        raw=draw(texts),
        status=status,
        confidence=draw(shares),
        alternatives=tuple(draw(st.lists(readings, max_size=2))),
        page=draw(st.none() | small),
        box=draw(st.none() | boxes()),
        evidence=tuple(draw(st.lists(evidence, max_size=2))),
    )


findings = st.builds(
    Finding,
    code=st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True),
    severity=st.sampled_from(Severity),
    message=texts,
    page=st.none() | small,
    box=st.none() | boxes(),
    fields=st.lists(texts, max_size=2).map(tuple),
)
matches = st.builds(FormMatch, table=texts, form=texts, part=texts, score=shares)
documents = st.builds(
    Document,
    source=sources,
    title=st.none() | texts,
    pages=st.lists(pages, max_size=2).map(tuple),
    tables=st.lists(tables(), max_size=1).map(tuple),
    sections=st.lists(sections, max_size=2).map(tuple),
)
STRATEGIES: dict[type[BaseModel], st.SearchStrategy[Any]] = {
    Place: places,
    Reading: readings,
    Line: lines,
    Region: regions,
    Cell: tables().filter(lambda t: t.cells).map(lambda t: t.cells[0]),
    Table: tables(),
    Page: pages,
    Section: sections,
    SourceInfo: sources,
    Document: documents,
    Evidence: evidence,
    Value: values(),
    Finding: findings,
    FormMatch: matches,
}


def _cell(row: int, column: int, row_span: int = 1, column_span: int = 1) -> Cell:
    return Cell(row=row, column=column, row_span=row_span, column_span=column_span)


def test_every_model_has_a_strategy_here() -> None:
    exported = {getattr(document, name) for name in document.__all__}
    models = {c for c in exported if isinstance(c, type) and issubclass(c, BaseModel)}
    assert models == set(STRATEGIES)


@pytest.mark.parametrize("model", STRATEGIES)
def test_every_model_round_trips_through_json(model: type[BaseModel]) -> None:
    @settings(max_examples=25)
    @given(STRATEGIES[model])
    def check(element: BaseModel) -> None:
        text = element.model_dump_json()
        again = model.model_validate_json(text)
        assert again == element
        assert again.model_dump_json() == text
        assert model.model_validate(json.loads(text)) == element

    check()


@pytest.mark.parametrize("model", STRATEGIES)
def test_every_model_is_frozen_and_knows_its_keys(model: type[BaseModel]) -> None:
    @settings(max_examples=2)
    @given(STRATEGIES[model])
    def check(element: BaseModel) -> None:
        name = next(iter(model.model_fields))
        with pytest.raises(ValidationError, match="frozen"):
            setattr(element, name, getattr(element, name))
        with pytest.raises(ValidationError, match="Extra inputs"):
            model.model_validate({**element.model_dump(), "colour": "red"})

    check()


@pytest.mark.parametrize("model", STRATEGIES)
def test_every_model_has_a_schema_that_names_its_fields(model: type[BaseModel]) -> None:
    schema = model.model_json_schema(mode="serialization")
    properties = schema.get("properties") or schema["$defs"][model.__name__]["properties"]
    assert set(properties) == set(model.model_fields)


def test_boxes_and_transforms_are_plain_numbers_in_json() -> None:
    place = Place(page=0, box=Box(1.234, 2, 3, 4.999))
    assert json.loads(place.model_dump_json()) == {"page": 0, "box": [1.23, 2.0, 3.0, 5.0]}
    assert Place.model_validate({"page": 0, "box": [1, 2, 3, 4]}).box == Box(1, 2, 3, 4)


@pytest.mark.parametrize(
    "box", [[1, 2, 3], [1, 2, 3, 4, 5], [3, 2, 1, 4], ["a", 1, 2, 3], [None, 1, 2, 3], {"left": 1}, "1234", 7, None]
)
def test_a_box_of_another_form_is_refused_as_invalid(box: Any) -> None:
    with pytest.raises(ValidationError):
        Place.model_validate({"page": 0, "box": box})


@pytest.mark.parametrize("matrix", [[1.0] * 8, [0.0] * 9, ["a"] * 9, [None] * 9, 7, None])
def test_a_transform_of_another_form_is_refused_as_invalid(matrix: Any) -> None:
    page = {"index": 0, "width": 1, "height": 1, "dpi": 1, "source_width": 1, "source_height": 1, "transform": matrix}
    with pytest.raises(ValidationError):
        Page.model_validate(page)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([_cell(0, 0), _cell(0, 0)], r"two cells of table t cover \(0, 0\)"),
        ([_cell(0, 0, 2, 2), _cell(1, 1)], r"two cells of table t cover \(1, 1\)"),
        ([_cell(0, 1, 2, 1), _cell(1, 0, 1, 2)], r"two cells of table t cover \(1, 1\)"),
        ([_cell(2, 0)], r"cell \(2, 0\) reaches out"),
        ([_cell(0, 2)], r"cell \(0, 2\) reaches out"),
        ([_cell(1, 0, 2, 1)], r"cell \(1, 0\) reaches out"),
        ([_cell(0, 0, 1, 3)], r"cell \(0, 0\) reaches out"),
    ],
)
def test_cells_that_overlap_or_reach_out_are_refused(cells: list[Cell], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Table(id="t", rows=2, columns=2, cells=tuple(cells))


@given(tables())
def test_each_slot_of_the_grid_holds_the_cell_that_covers_it(table: Table) -> None:
    grid = table.grid()
    assert [len(row) for row in grid] == [table.columns] * table.rows
    covered = sum(cell is not None for row in grid for cell in row)
    assert covered == sum(cell.row_span * cell.column_span for cell in table.cells)
    for row, line in enumerate(grid):
        for column, cell in enumerate(line):
            if cell is not None:
                assert cell.row <= row < cell.row + cell.row_span
                assert cell.column <= column < cell.column + cell.column_span


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("number", [None, 0, 7, -2.5])
def test_a_value_is_none_exactly_when_blank_or_missing(status: Status, number: float | None) -> None:
    possible = (number is None) == (status in (Status.BLANK, Status.MISSING))
    if possible:
        assert Value(id="a", value=number, status=status, confidence=1).value == number
    else:
        with pytest.raises(ValidationError, match="a: status"):
            Value(id="a", value=number, status=status, confidence=1)


def test_integers_stay_integers() -> None:
    value = Value(id="a", value=2**60 + 1, status=Status.READ, confidence=1)
    again = Value.model_validate_json(value.model_dump_json())
    assert again.value == 2**60 + 1
    assert isinstance(again.value, int)


def test_three_statuses_are_good() -> None:
    assert [status.value for status in Status if status.is_good] == ["verified", "read", "repaired"]


@pytest.mark.parametrize("confidence", [-0.01, 1.01, float("nan")])
def test_a_confidence_is_between_zero_and_one(confidence: float) -> None:
    with pytest.raises(ValidationError):
        Line(text="", box=Box(0, 0, 1, 1), confidence=confidence)


@pytest.mark.parametrize("log_prob", [0.1, float("nan")])
def test_a_log_probability_is_not_above_zero(log_prob: float) -> None:
    with pytest.raises(ValidationError):
        Reading(text="1", log_prob=log_prob)


@pytest.mark.parametrize("code", ["", "Upper", "with space", "-dash", "1st"])
def test_codes_of_findings_are_lower_case_with_hyphens(code: str) -> None:
    with pytest.raises(ValidationError):
        Finding(code=code, severity=Severity.INFO, message="")


def test_text_of_a_region_is_its_lines_in_order() -> None:
    box = Box(0, 0, 1, 1)
    assert (
        Region(kind=RegionKind.TEXT, box=box, lines=(Line(text="a", box=box), Line(text="b", box=box))).text == "a\nb"
    )


def test_size_of_a_page_image_is_that_of_its_pixels() -> None:
    image = PageImage(
        index=0,
        color=np.zeros((3, 5, 3), np.uint8),
        gray=np.zeros((3, 5), np.uint8),
        dpi=200,
        transform=Transform.identity(),
        source_size=(5, 3),
    )
    assert (image.width, image.height) == (5, 3)


def test_a_tree_is_indented_by_level_and_leaves_out_what_is_empty() -> None:
    table = Table(id="t1", rows=1, columns=2, cells=(_cell(0, 0), Cell(row=0, column=1, text="12")))
    info = SourceInfo(name="r.pdf", kind="pdf", sha256="0" * 64, size=9, page_count=1)
    lines = tree(Document(source=info, title="报告", tables=(table,))).splitlines()
    assert lines[0] == "Document title='报告'"
    assert lines[1].startswith("  SourceInfo name='r.pdf' kind='pdf'")
    assert lines[2] == "  Table id='t1' rows=1 columns=2 header_rows=0 ruling='full'"
    assert lines[4].startswith("    Cell row=0 column=1 row_span=1 column_span=1 text='12'")
    assert "places" not in lines[4]
    assert len(lines) == 5


def test_a_tree_shows_boxes_as_numbers_and_stops_at_its_depth() -> None:
    region = Region(kind=RegionKind.TITLE, box=Box(1, 2, 3, 4), lines=(Line(text="a", box=Box(1, 2, 3, 4)),))
    assert tree(region, depth=0) == "Region kind='title' box=(1, 2, 3, 4) confidence=1.0 order=0"
    assert len(tree(region).splitlines()) == 2


@settings(max_examples=30)
@given(documents)
def test_a_tree_has_one_line_for_each_element(whole: Document) -> None:
    def count(element: BaseModel) -> int:
        children = [getattr(element, name) for name in type(element).model_fields]
        nested = [c for child in children for c in (child if isinstance(child, tuple) else (child,))]
        return 1 + sum(count(c) for c in nested if isinstance(c, BaseModel))

    assert len(tree(whole, depth=50).split("\n")) == count(whole)
