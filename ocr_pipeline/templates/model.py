"""A standard form: parts (tables) made of blocks, their fields, and the equations that tie the fields together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field, model_validator

from ocr_pipeline.errors import TemplateError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.templates.blocks import Block, Identifier, Leaf, ValueType, leaves
from ocr_pipeline.templates.layout import PlacedCell, block_height, block_layout, field_id

__all__ = ["EquationRule", "FieldSpec", "Form", "NarrativeRule", "Part", "TemplateSet"]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: its id, where it stands in the trees, and what it holds."""

    id: str
    block: int
    row: Leaf
    column: Leaf
    type: ValueType
    unit: str | None


class Part(FrozenModel):
    """One table of a form: blocks one above the other, all of the same official width."""

    id: Identifier
    title: str = Field(default="", description="heading that the table stands under")
    title_aliases: tuple[str, ...] = Field(default=(), description="other wordings of the heading")
    type: ValueType = Field(default="count", description="value type of fields that name none")
    blocks: tuple[Block, ...] = Field(min_length=1)

    @property
    def fields(self) -> tuple[FieldSpec, ...]:
        """All fields, row by row."""
        return tuple(self._fields())

    def _fields(self) -> Iterator[FieldSpec]:
        for index, block in enumerate(self.blocks):
            columns = leaves(block.columns)
            for row in leaves(block.rows):
                for column in columns:
                    kind = row.node.type or column.node.type or self.type
                    unit = row.node.unit or column.node.unit
                    yield FieldSpec(field_id(self.id, row.id, column.id), index, row, column, kind, unit)

    @property
    def grid_shape(self) -> tuple[int, int]:
        """Rows and columns of the official grid."""
        return sum(map(block_height, self.blocks)), max(block.grid_width for block in self.blocks)

    def layout(self) -> tuple[PlacedCell, ...]:
        """The official layout as placed cells, in reading order; they cover the official grid without overlap."""
        cells: list[PlacedCell] = []
        top = 0
        for block in self.blocks:
            cells.extend(block_layout(self.id, block, top))
            top += block_height(block)
        return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))


class EquationRule(FrozenModel):
    """A family of equations: sum of ``sum`` minus sum of ``minus`` equals sum of ``equals``.

    A term is a field id without the part. ``*`` stands for any characters of one segment and adds up all fields it
    matches; ``{name}`` stands for one segment and makes one equation for each value it can take in every term.
    """

    id: Identifier
    part: Identifier
    about: str = Field(default="", description="what it says, for people")
    sum: tuple[str, ...] = Field(min_length=1)
    minus: tuple[str, ...] = ()
    equals: tuple[str, ...] = Field(min_length=1)
    tolerance: float = Field(default=0.0, ge=0.0, description="largest difference that still counts as closed")
    soft: bool = Field(default=True, description="issuers break it: report the printed figures, never correct them")


class NarrativeRule(FrozenModel):
    """Phrases in which the prose of a report repeats a field.

    A phrase is a regular expression in which ``{n}`` stands for the number and ``…`` for a few characters without
    digits or the end of a sentence.
    """

    field: str = Field(description="id of the field")
    phrases: tuple[str, ...] = Field(min_length=1)


class Form(FrozenModel):
    """One version of a standard form."""

    format: int = Field(ge=1, le=1, description="version of this file format")
    id: Identifier
    name: str
    basis: str = Field(default="", description="the regulation that prescribes it")
    usual_years: tuple[int, ...] = Field(default=(), description="years it was usually filled in for; never decides")
    parts: tuple[Part, ...] = Field(min_length=1)
    equations: tuple[EquationRule, ...] = ()
    narrative: tuple[NarrativeRule, ...] = ()

    @model_validator(mode="after")
    def _ids_unique(self) -> Form:
        for kind, ids in (("part", [p.id for p in self.parts]), ("equation", [e.id for e in self.equations])):
            doubled = sorted({name for name in ids if ids.count(name) > 1})
            if doubled:
                raise ValueError(f"{kind} id used twice: {', '.join(doubled)}")
        return self

    def part(self, part_id: str) -> Part:
        """The part of that id.

        Raises:
            TemplateError: the form has no such part.
        """
        for part in self.parts:
            if part.id == part_id:
                return part
        raise TemplateError(
            f"form {self.id} has no part {part_id!r}",
            remedy=f"use one of {', '.join(part.id for part in self.parts)}",
        )


class TemplateSet(FrozenModel):
    """The forms that tables are matched against; their ids are unique."""

    forms: tuple[Form, ...]

    @model_validator(mode="after")
    def _ids_unique(self) -> TemplateSet:
        ids = [form.id for form in self.forms]
        if len(set(ids)) < len(ids):
            raise ValueError(f"form id used twice among {', '.join(sorted(ids))}")
        return self

    def form(self, form_id: str) -> Form:
        """The form of that id.

        Raises:
            TemplateError: there is no such form.
        """
        for form in self.forms:
            if form.id == form_id:
                return form
        raise TemplateError(
            f"no form {form_id!r}", remedy=f"use one of {', '.join(form.id for form in self.forms) or 'none'}"
        )
