"""Tables as they might be found in a scan: drawn after a form's official layout, then damaged."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ocr_pipeline.document import Cell, Reading, Table
from ocr_pipeline.templates.model import Form, Part

MISREAD = "的一是在了有和人这中大为国我以要他时来用们生到作地于出就分对成会可主发年动同工也能"
"""Not 不, 上, 下 and 个: they make labels of other figures, or other units, out of a form's (``test_contrasts``)."""


@dataclass(eq=False)
class Token:
    """One cell while it can still be changed; it stands at every position it covers."""

    text: str
    label: bool
    confidence: float = 0.99
    readings: tuple[Reading, ...] = ()
    witnesses: tuple[Reading, ...] = ()
    ink: bool | None = None


@dataclass
class Drawn:
    """A table as a matrix of tokens; None is a hole."""

    cells: list[list[Token | None]]
    id: str = "t"
    heading: str | None = None
    tokens: dict[str, Token] = field(default_factory=dict)

    def table(self) -> Table:
        found: dict[int, tuple[Token, list[tuple[int, int]]]] = {}
        for r, row in enumerate(self.cells):
            for c, token in enumerate(row):
                if token is not None:
                    found.setdefault(id(token), (token, []))[1].append((r, c))
        cells = []
        for token, slots in found.values():
            rows, columns = [r for r, _ in slots], [c for _, c in slots]
            cells.append(
                Cell(
                    row=min(rows),
                    column=min(columns),
                    row_span=max(rows) - min(rows) + 1,
                    column_span=max(columns) - min(columns) + 1,
                    text=token.text,
                    confidence=token.confidence,
                    readings=token.readings,
                    witnesses=token.witnesses,
                    ink=bool(token.text) if token.ink is None else token.ink,
                )
            )
        return Table(
            id=self.id, rows=len(self.cells), columns=len(self.cells[0]), cells=tuple(cells), heading=self.heading
        )

    def row_of(self, field_id: str) -> int:
        token = self.tokens[field_id]
        return next(r for r, row in enumerate(self.cells) if token in row)

    def labels(self) -> list[Token]:
        seen = {id(t): t for row in self.cells for t in row if t is not None and t.label and t.text}
        return list(seen.values())


def draw(part: Part, figures: Mapping[str, str], *, table_id: str = "t") -> Drawn:
    """The part in its official layout with the given texts in its fields ("0" where none is given)."""
    rows, columns = part.grid_shape
    cells: list[list[Token | None]] = [[None] * columns for _ in range(rows)]
    tokens: dict[str, Token] = {}
    for placed in part.layout():
        text = placed.text if placed.field is None else figures.get(placed.field, "0")
        token = Token(text, placed.field is None)
        if placed.field is not None:
            print_figure(token, text)
            tokens[placed.field] = token
        for r in range(placed.row, placed.row + placed.row_span):
            for c in range(placed.column, placed.column + placed.column_span):
                cells[r][c] = token
    return Drawn(cells, table_id, tokens=tokens)


def print_figure(token: Token, text: str, probability: float = 0.99) -> None:
    """Let the token be read as ``text``, freely and typed, with that probability."""
    token.text, token.confidence = text, probability
    plain = text.strip() and set(text) <= set("0123456789+-.,")
    token.readings = (Reading(text=text, log_prob=math.log(probability), engine="fake"),) if plain else ()


def figures_of(form: Form, part: Part, rng: random.Random) -> dict[str, str]:
    """Random figures, mostly 0, in which all equations of forms A and B close."""
    figures = {spec.id: _figure(rng) for spec in part.fields}
    if part.id == "applications":
        _balance_applications(part, figures, rng)
    elif part.id == "disputes":
        for group in ("reconsideration", "litigation_direct", "litigation_after"):
            kinds = [f"disputes/{group}/{kind}" for kind in ("upheld", "corrected", "other", "pending")]
            figures[f"disputes/{group}/total"] = sum(figures[kind] for kind in kinds)
    return {field_id: str(number) for field_id, number in figures.items()}


def _figure(rng: random.Random) -> int:
    return rng.choice([0, 0, 0, rng.randint(1, 9), rng.randint(10, 99), rng.randint(100, 3000)])


def _balance_applications(part: Part, figures: dict[str, int], rng: random.Random) -> None:
    columns = ("natural", "business", "research", "welfare", "legal", "other")
    results = [r.row.id for r in part.fields if r.column.id == "total" and r.row.id not in ("1", "2", "3.7", "4")]
    for column in columns:
        cell = {row: f"applications/{row}/{column}" for row in (*results, "1", "2", "3.7", "4")}
        figures[cell["3.7"]] = sum(figures[cell[row]] for row in results)
        everything = figures[cell["3.7"]] + figures[cell["4"]]
        figures[cell["2"]] = rng.randint(0, min(everything, 50))
        figures[cell["1"]] = everything - figures[cell["2"]]
    for row in (*results, "1", "2", "3.7", "4"):
        figures[f"applications/{row}/total"] = sum(figures[f"applications/{row}/{column}"] for column in columns)


def insert_row(drawn: Drawn, at: int, make: Callable[[int], Token | None]) -> None:
    """Put a row before row ``at``; cells that cross the place grow, others are made by column."""
    row: list[Token | None] = []
    for c in range(len(drawn.cells[0])):
        crosses = 0 < at < len(drawn.cells) and drawn.cells[at - 1][c] is drawn.cells[at][c]
        row.append(drawn.cells[at][c] if crosses else make(c))
    drawn.cells.insert(at, row)


def insert_note(drawn: Drawn, at: int, text: str) -> None:
    """A row of text over the full width, or between the cells that cross it."""
    made: list[Token] = []

    def make(column: int) -> Token:
        if not made or last[-1] != column - 1:
            made.append(Token(text if not made else "", label=True))
        last.append(column)
        return made[-1]

    last: list[int] = []
    insert_row(drawn, at, make)


def insert_column(drawn: Drawn, at: int, texts: Sequence[str]) -> None:
    for r, row in enumerate(drawn.cells):
        crosses = 0 < at < len(row) and row[at - 1] is not None and row[at - 1] is row[at]
        row.insert(at, row[at] if crosses else Token(texts[r % len(texts)], label=False))


def drop_row(drawn: Drawn, at: int) -> None:
    del drawn.cells[at]


def join_rows(drawn: Drawn, at: int) -> None:
    """One row out of two, as if the ruling below row ``at`` were lost: what stands in both runs together."""
    made: dict[tuple[int, int], Token] = {}
    drawn.cells[at : at + 2] = [
        [_joined(upper, lower, made) for upper, lower in zip(drawn.cells[at], drawn.cells[at + 1], strict=True)]
    ]


def join_columns(drawn: Drawn, at: int) -> None:
    """One column out of two, as if the ruling after column ``at`` were lost."""
    made: dict[tuple[int, int], Token] = {}
    for row in drawn.cells:
        both, joined = (row[at], row[at + 1]), _joined(row[at], row[at + 1], made)
        row[:] = [joined if token is not None and token in both else token for token in row]
        del row[at + 1]


def _joined(first: Token | None, second: Token | None, made: dict[tuple[int, int], Token]) -> Token | None:
    if first is second or first is None or second is None:
        return first or second
    if (id(first), id(second)) not in made:
        texts = [token.text for token in (first, second) if token.text]
        token = Token("\n".join(texts), first.label or second.label, ink=bool(texts))
        if not token.label and len(texts) == 1:
            print_figure(token, texts[0])
            token.witnesses = tuple(r.model_copy(update={"engine": "second"}) for r in token.readings)
        made[id(first), id(second)] = token
    return made[id(first), id(second)]


def cut_row(drawn: Drawn, at: int) -> None:
    """Two rows out of row ``at``, as if a false ruling cut it: labels stand above it, figures below."""
    above, below = list(drawn.cells[at]), list(drawn.cells[at])
    for c, token in enumerate(drawn.cells[at]):
        beside = [drawn.cells[r][c] for r in (at - 1, at + 1) if 0 <= r < len(drawn.cells)]
        if token is not None and token not in beside:
            above[c], below[c] = (token, Token("", True)) if token.label else (Token("", False), token)
    drawn.cells[at : at + 1] = [above, below]


def cut_column(drawn: Drawn, at: int) -> None:
    """Two columns out of column ``at``: the second has the second half of each figure, the first all else."""
    for row in drawn.cells:
        token = row[at]
        if token is None or token in (row[at - 1], *row[at + 1 :]):
            row.insert(at, token)
            continue
        half = len(token.text) if token.label else (len(token.text) + 1) // 2
        left, right = Token(token.text[:half], token.label), Token(token.text[half:], token.label)
        for part in (left, right):
            if not token.label:
                print_figure(part, part.text)
                part.witnesses = tuple(r.model_copy(update={"engine": "second"}) for r in part.readings)
        row[at : at + 1] = [left, right]


def split(drawn: Drawn, at: int) -> tuple[Drawn, Drawn]:
    """Cut before row ``at``, as a page break does; a cell that crosses the cut keeps its text above."""
    below: list[list[Token | None]] = [list(row) for row in drawn.cells[at:]]
    crossing = {id(t) for t in drawn.cells[at - 1] if t is not None} & {id(t) for t in below[0] if t is not None}
    empty = {key: Token("", label=True) for key in crossing}
    below = [[empty.get(id(t), t) if t is not None else None for t in row] for row in below]
    return (
        Drawn(drawn.cells[:at], drawn.id + "-upper", tokens=drawn.tokens),
        Drawn(below, drawn.id + "-lower", tokens=drawn.tokens),
    )


def stack(upper: Drawn, lower: Drawn) -> Drawn:
    """One table out of two, as if no ruling told them apart; the grid is the common refinement."""
    first, second = len(upper.cells[0]), len(lower.cells[0])
    wide = [[row[c // second] for c in range(first * second)] for row in upper.cells]
    wide += [[row[c // first] for c in range(first * second)] for row in lower.cells]
    return Drawn(wide, upper.id, tokens={**upper.tokens, **lower.tokens})


def refine(drawn: Drawn, factor: int) -> None:
    """Split every grid column, as rulings of other blocks do; all cells span accordingly."""
    drawn.cells = [[token for token in row for _ in range(factor)] for row in drawn.cells]


def misread_label(text: str, rng: random.Random) -> str:
    """One character wrong, lost or doubled."""
    at = rng.randrange(len(text))
    kind = rng.choice(["wrong", "wrong", "lost", "doubled"]) if len(text) > 2 else "wrong"
    if kind == "wrong":
        return text[:at] + rng.choice(MISREAD) + text[at + 1 :]
    return text[:at] + (text[at] * 2 if kind == "doubled" else "") + text[at + 1 :]


def respell(text: str, rng: random.Random) -> str:
    """As issuers and recognisers spell labels: width, numbering, blanks, one character a line."""
    choices: list[Callable[[str], str]] = [
        lambda t: t.replace("（", "(").replace("）", ")").replace("，", ","),
        lambda t: t.replace(".", "、", 1),
        lambda t: t.replace(".", "", 1),
        lambda t: "\n".join(t),
        lambda t: " ".join(t),
        lambda t: t + t,
        lambda t: t.replace("规", "規").replace("数", "數").replace("总", "總").replace("开", "開"),
    ]
    return rng.choice(choices)(text)
