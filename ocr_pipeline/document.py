"""The frozen data model: Document > Page > Region > Line and Table > Cell, then Value and Finding.

Conventions, valid everywhere:

* pages, rows and columns count from 0; spans are half-open; pages shown to people count from 1;
* a ``Place`` is in pixels of the upright page raster (``Page.width`` x ``Page.height``), origin top left, y down;
* ``Value.box`` and ``Finding.box`` are on the **source** page instead (``Page.source_width`` x ``source_height``, in
  ``Page.source_unit``), since that is what a person opens; ``Page.transform`` maps raster to source;
* confidences are 0..1, log probabilities are natural and <= 0.

Everything is immutable, compares by value and round-trips through JSON. Nothing here parses, exports or plots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.geometry import Box, Point, Transform

__all__ = [
    "Cell",
    "Document",
    "Evidence",
    "Finding",
    "FormMatch",
    "Line",
    "Page",
    "PageImage",
    "Place",
    "Reading",
    "Region",
    "RegionKind",
    "Section",
    "Severity",
    "SourceInfo",
    "Status",
    "Table",
    "Value",
    "tree",
]


def _numbers(count: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": count, "maxItems": count})


def _floats(value: Any, count: int) -> tuple[float, ...]:
    """That many numbers; a ValueError otherwise, since any other exception would get past pydantic."""
    try:
        numbers = () if isinstance(value, (str, dict)) else tuple(float(number) for number in value)
    except TypeError as error:
        raise ValueError(f"{count} numbers expected") from error
    if len(numbers) != count:
        raise ValueError(f"{count} numbers expected")
    return numbers


BoxField = Annotated[
    Box,
    BeforeValidator(lambda v: v if isinstance(v, Box) else Box(*_floats(v, 4))),
    PlainSerializer(lambda b: [round(v, 2) for v in b.as_tuple()], return_type=list[float]),
    _numbers(4),
]
TransformField = Annotated[
    Transform,
    BeforeValidator(lambda v: v if isinstance(v, Transform) else Transform(_floats(v, 9))),
    PlainSerializer(lambda t: list(t.matrix), return_type=list[float]),
    _numbers(9),
]
Confidence = Annotated[float, Field(ge=0.0, le=1.0)]


class RegionKind(str, Enum):
    """What a region of a page is."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    TABLE = "table"
    FIGURE = "figure"
    SEAL = "seal"
    HEADER = "header"
    FOOTER = "footer"

    @property
    def is_furniture(self) -> bool:
        """Whether it belongs to the page, not to the text that runs over it."""
        return self in (RegionKind.HEADER, RegionKind.FOOTER, RegionKind.SEAL)


class Status(str, Enum):
    """What is known of a value; the first three are handed out as good, the others go to review."""

    VERIFIED = "verified"
    READ = "read"
    REPAIRED = "repaired"
    CONFLICT = "conflict"
    BLANK = "blank"
    MISSING = "missing"

    @property
    def is_good(self) -> bool:
        return self in (Status.VERIFIED, Status.READ, Status.REPAIRED)


class Severity(str, Enum):
    """How much a finding matters: ``error`` means that part of the document was lost."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Place(FrozenModel):
    """Where something is: a box on the upright raster of a page."""

    page: int = Field(ge=0)
    box: BoxField


class Reading(FrozenModel):
    """One way to read a piece of ink, with the log probability its reader gives it."""

    text: str
    log_prob: float = Field(le=0.0)
    engine: str = ""


class Line(FrozenModel):
    """One line of text as read, on its page's raster."""

    text: str
    box: BoxField
    confidence: Confidence = 1.0


class Region(FrozenModel):
    """A block of a page; ``lines`` are in reading order. ``order`` is its place in the page's reading order."""

    kind: RegionKind
    box: BoxField
    confidence: Confidence = 1.0
    order: int = Field(default=0, ge=0)
    lines: tuple[Line, ...] = ()
    table: str | None = Field(default=None, description="id of the table that this region shows")

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


class Cell(FrozenModel):
    """One cell of a table.

    ``places`` has one entry for each page the cell stands on (two where a page break cuts the row), none when the
    source has no pages. ``readings`` are the n-best readings of its ink within the alphabet of figures, best first;
    ``witnesses`` are readings by somebody else (a second recogniser, a text layer). ``ink`` says whether there is any
    ink inside the rulings (None: the source has no pixels); ``divided`` that only the space between figures tells the
    cell from its neighbour, the ruling being lost; ``cut`` that a line of pixels is missing across its print, or that
    this is far paler than the table's, so that a thin stroke may be gone; ``marked`` that a figure is struck out, has a
    raised character behind it, the mark of a note, or stands beside other ink that may be one of its digits or hold
    one, or that parts of the cell are hidden or set elsewhere in ways that only a browser follows.
    """

    row: int = Field(ge=0)
    column: int = Field(ge=0)
    row_span: int = Field(default=1, ge=1)
    column_span: int = Field(default=1, ge=1)
    text: str = ""
    confidence: Confidence = 1.0
    ink: bool | None = None
    header: bool = False
    vertical: bool = False
    divided: bool = False
    cut: bool = False
    marked: bool = False
    places: tuple[Place, ...] = ()
    readings: tuple[Reading, ...] = ()
    witnesses: tuple[Reading, ...] = ()


class Table(FrozenModel):
    """A grid of cells. Cells lie inside the grid and never overlap; positions without a cell are holes.

    ``heading`` is the text of the heading it stands under; ``ruling`` says how its structure was found: from a full
    set of rulings, from some, from the alignment of its text, or given by the source's own markup.
    """

    id: str
    rows: int = Field(ge=1)
    columns: int = Field(ge=1)
    cells: tuple[Cell, ...]
    places: tuple[Place, ...] = ()
    heading: str | None = None
    header_rows: int = Field(default=0, ge=0)
    ruling: Literal["full", "partial", "none", "markup"] = "full"

    @model_validator(mode="after")
    def _cells_fit(self) -> Table:
        seen: set[tuple[int, int]] = set()
        for cell in self.cells:
            if cell.row + cell.row_span > self.rows or cell.column + cell.column_span > self.columns:
                raise ValueError(f"cell ({cell.row}, {cell.column}) reaches out of table {self.id}")
            for slot in _slots(cell):
                if slot in seen:
                    raise ValueError(f"two cells of table {self.id} cover {slot}")
                seen.add(slot)
        return self

    def grid(self) -> list[list[Cell | None]]:
        """``rows`` lists of ``columns`` entries; a spanning cell stands at each position it covers."""
        grid: list[list[Cell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for row, column in _slots(cell):
                grid[row][column] = cell
        return grid


def _slots(cell: Cell) -> Iterator[tuple[int, int]]:
    for row in range(cell.row, cell.row + cell.row_span):
        for column in range(cell.column, cell.column + cell.column_span):
            yield row, column


class Page(FrozenModel):
    """One page: its upright raster's size in pixels, how it was made upright, and what stands on it.

    ``rotation`` is the clockwise turn in degrees that made it upright; ``skew`` the further clockwise angle in degrees
    that made it straight; ``transform`` maps raster pixels to the source page.
    """

    index: int = Field(ge=0)
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    dpi: float = Field(gt=0)
    rotation: Literal[0, 90, 180, 270] = 0
    skew: float = 0.0
    source_width: float = Field(gt=0)
    source_height: float = Field(gt=0)
    source_unit: Literal["pt", "px"] = "pt"
    transform: TransformField
    regions: tuple[Region, ...] = ()


class Section(FrozenModel):
    """A heading with the text below it. ``level`` counts from 1; the preamble before any heading has level 0."""

    level: int = Field(ge=0)
    title: str
    page: int | None = None
    text: str = ""
    tables: tuple[str, ...] = ()
    children: tuple[Section, ...] = ()

    def walk(self) -> Iterator[Section]:
        """This section and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


class SourceInfo(FrozenModel):
    """What was read: enough to find it again and to know that it is the same."""

    name: str
    kind: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0, description="bytes")
    page_count: int = Field(ge=0)


class Document(FrozenModel):
    """One source as it was understood: pages, tables (over pages), sections."""

    source: SourceInfo
    title: str | None = None
    pages: tuple[Page, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()


class Evidence(FrozenModel):
    """One check of a value: an equation by its id, a second reading, or a person who settled it.

    ``agrees`` says how it came out; a person who says that the issuer erred does not agree.
    """

    kind: Literal["equation", "second_reading", "text_layer", "prose", "person"]
    detail: str
    agrees: bool


class Value(FrozenModel):
    """One field of a form.

    ``value`` is None exactly when the status is ``blank`` or ``missing``; a ``conflict`` keeps the printed number.
    ``row`` and ``column`` name the cell in table ``table``; ``page`` and ``box`` its place on the source page.
    """

    id: str
    value: int | float | None = Field(allow_inf_nan=False)
    unit: str | None = None
    raw: str = ""
    status: Status
    confidence: Confidence
    alternatives: tuple[Reading, ...] = ()
    page: int | None = None
    box: BoxField | None = None
    evidence: tuple[Evidence, ...] = ()
    form: str | None = None
    table: str | None = None
    row: int | None = None
    column: int | None = None

    @property
    def settled(self) -> bool:
        """Whether a person has had the last word on it, so that no one needs to look at it again."""
        return any(evidence.kind == "person" for evidence in self.evidence)

    @model_validator(mode="after")
    def _status_fits(self) -> Value:
        empty = self.status in (Status.BLANK, Status.MISSING)
        if empty != (self.value is None):
            raise ValueError(f"{self.id}: status {self.status.value} with value {self.value!r}")
        return self


class Finding(FrozenModel):
    """A structured remark. ``code`` is stable and lower-case with hyphens; ``fields`` are ids of values concerned."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    severity: Severity
    message: str
    page: int | None = None
    box: BoxField | None = None
    table: str | None = None
    fields: tuple[str, ...] = ()


class FormMatch(FrozenModel):
    """Which part of which form a table is, and how sure that is (0..1)."""

    table: str
    form: str
    part: str
    score: Confidence


@dataclass(frozen=True, eq=False)
class PageImage:
    """The pixels of one upright, straight page, beside the map back to its source; never serialized.

    Attributes:
        index: page number from 0.
        color: height x width x 3, uint8, RGB.
        gray: height x width, uint8; red ink taken out and shading flattened, so that paper is near 255.
        dpi: pixels per inch of the raster.
        transform: raster pixels to the source page.
        source_size: width and height of the source page in ``source_unit``.
        rotation: clockwise turn in degrees that made it upright.
        skew: further clockwise angle in degrees that made it straight.
        findings: remarks made on the way (a turned page, a page cleaned of shadow).
        scars: straight lines by their ends, in pixels, along which print was lost under something taken out.
    """

    index: int
    color: NDArray[np.uint8]
    gray: NDArray[np.uint8]
    dpi: float
    transform: Transform
    source_size: tuple[float, float]
    source_unit: Literal["pt", "px"] = "pt"
    rotation: Literal[0, 90, 180, 270] = 0
    skew: float = 0.0
    findings: tuple[Finding, ...] = ()
    scars: tuple[tuple[Point, Point], ...] = ()

    @property
    def width(self) -> int:
        return int(self.gray.shape[1])

    @property
    def height(self) -> int:
        return int(self.gray.shape[0])


def tree(model: BaseModel, *, depth: int = 6) -> str:
    """The model as an indented tree, one element a line, for people.

    Args:
        model: any element of this module.
        depth: levels shown below it.
    """
    return "\n".join(_tree_lines(model, depth, ""))


def _tree_lines(model: BaseModel, depth: int, indent: str) -> Iterator[str]:
    plain: list[str] = []
    nested: list[BaseModel] = []
    for name in type(model).model_fields:
        value: Any = getattr(model, name)
        children = value if isinstance(value, tuple) else (value,)
        models = [child for child in children if isinstance(child, BaseModel)]
        if models:
            nested.extend(models)
        elif value not in (None, (), ""):
            shown = value.value if isinstance(value, Enum) else value
            shown = shown.as_tuple() if isinstance(shown, Box) else shown
            plain.append(f"{name}={shown!r}" if not isinstance(shown, Transform) else name)
    yield f"{indent}{type(model).__name__} {' '.join(plain)}".rstrip()
    if depth > 0:
        for child in nested:
            yield from _tree_lines(child, depth - 1, indent + "  ")
