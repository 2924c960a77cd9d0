"""How far the text layer of a page is believed: never further than the pixels bear it out.

Layer and pixels are compared cell by cell and line by line. What both say is a second reading and stays in the cell as
a witness; what the layer says against the pixels never becomes a value. How loud it speaks depends on how often it was
right on this page (``agreement``):

* below ``heard_agreement`` it is left out altogether;
* above, every figure gets it as a witness, for or against;
* the layer of a *drawn* page that agrees nearly everywhere also gives the exact words of lines and labels, and settles
  a doubtful figure when one of the ways to read its ink is what the layer says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ocr_pipeline.document import Cell, Finding, Line, PageImage, Reading, Severity, Table
from ocr_pipeline.geometry import Box
from ocr_pipeline.text.agreement import Agreement, digits_of, is_mark, is_sure, measure_agreement
from ocr_pipeline.text.layer_text import Said, common, figure_of, said_in, words_of
from ocr_pipeline.text.options import LayerOptions
from ocr_pipeline.text_layer import LAYER_ENGINE, TextLayer

__all__ = ["Heard", "hear_layer"]

_LEAST = 1e-9
_LINE_REACH = 0.5


@dataclass(frozen=True, slots=True)
class Heard:
    """What was read of a page, with the text layer heard.

    Attributes:
        lines: in the order given; exact text where the layer is trusted.
        tables: in the order given; figures with the layer as a witness, doubtful ones settled where it is trusted.
        findings: a layer left out, cells where it disagrees.
        agreement: None without a layer.
    """

    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()
    agreement: Agreement | None = None


@dataclass
class _Hearing:
    """One page while its layer is heard."""

    page: PageImage
    drawn: bool
    agreement: Agreement
    options: LayerOptions
    findings: list[Finding] = field(default_factory=list)

    @property
    def trusted(self) -> bool:
        return self.drawn and self.agreement.trusted(self.options)

    @property
    def certainty(self) -> float:
        """How probable it is that the layer is right about one figure."""
        most = self.options.max_certainty if self.drawn else self.options.max_certainty_scan
        return min(most, self.agreement.words, self.agreement.figures)


def hear_layer(
    layer: TextLayer | None,
    page: PageImage,
    lines: Sequence[Line],
    tables: Sequence[Table],
    options: LayerOptions | None = None,
) -> Heard:
    """Compare the text layer of a page with what its pixels say, and let it bear witness as far as it deserves.

    Args:
        layer: boxes on the source page; None for a page without one.
        page: the page, with the map to its source.
        lines: as read from the pixels, on the page's raster.
        tables: as read from the pixels, each on this page alone.
        options: defaults when left out.
    """
    options = options or LayerOptions()
    if layer is None or not options.use:
        return Heard(tuple(lines), tuple(tables))
    layer = _painted(layer).moved(page.transform.inverse())
    of_cells = [said_in(layer, [_box(cell) for cell in table.cells]) for table in tables]
    of_lines = said_in(_outside(layer, tables), [line.box for line in lines], reach=_LINE_REACH)
    agreement = measure_agreement(tables, of_cells, lines, of_lines, options)
    hearing = _Hearing(page, layer.drawn, agreement, options)
    if not agreement.heard(options):
        return Heard(tuple(lines), tuple(tables), _left_out(layer, hearing), agreement)
    heard_tables = tuple(
        table.model_copy(
            update={"cells": tuple(_hear_cell(c, s, hearing) for c, s in zip(table.cells, said, strict=True))}
        )
        for table, said in zip(tables, of_cells, strict=True)
    )
    heard_lines = tuple(
        line.model_copy(update={"text": _exact(line.text, s, hearing)}) for line, s in zip(lines, of_lines, strict=True)
    )
    return Heard(heard_lines, heard_tables, tuple(hearing.findings), agreement)


def _painted(layer: TextLayer) -> TextLayer:
    """Without the invisible text of a drawn page, which nobody can compare with what the page shows."""
    if not layer.drawn:
        return layer
    return replace(layer, chars=tuple(char for char in layer.chars if char.visible))


def _outside(layer: TextLayer, tables: Sequence[Table]) -> TextLayer:
    areas = [place.box for table in tables for place in table.places]
    chars = tuple(c for c in layer.chars if not any(area.contains_point(c.box.center) for area in areas))
    return replace(layer, chars=chars)


def _box(cell: Cell) -> Box:
    return cell.places[0].box if cell.places else Box(0, 0, 0, 0)


def _left_out(layer: TextLayer, hearing: _Hearing) -> tuple[Finding, ...]:
    agreement, options = hearing.agreement, hearing.options
    if len(layer.chars) < options.heard_words:
        return ()
    if agreement.compared < options.heard_words:
        what = "its text stands elsewhere than what the page shows"
    else:
        what = f"{agreement.words:.0%} of the words and {agreement.figures:.0%} of the telling figures agree"
    message = f"the text layer is left out: {what}"
    return (Finding(code="text-layer-wrong", severity=Severity.INFO, message=message, page=hearing.page.index),)


def _hear_cell(cell: Cell, said: Said | None, hearing: _Hearing) -> Cell:
    if said is None or said.garbled:
        return cell
    text = said.nearest(cell.text)
    seen, told = figure_of(cell.text), figure_of(text)
    if seen is None and told is None:
        return cell.model_copy(update={"text": _exact(cell.text, said, hearing)})
    if hearing.trusted and told is not None and not is_sure(cell, hearing.options):
        cell = _settled(cell, text, told, hearing.certainty)
        seen = figure_of(cell.text)
    if told != seen:
        _remark(cell, text, hearing)
    witness = Reading(text=text, log_prob=math.log(hearing.certainty), engine=LAYER_ENGINE)
    return cell.model_copy(update={"witnesses": (*cell.witnesses, witness)})


def _settled(cell: Cell, text: str, told: str, certainty: float) -> Cell:
    """A doubtful figure with its readings weighed anew by Bayes' rule, the layer being an independent observation.

    What the layer says must be among the readings of the ink; else all stays as it is.
    """
    weights = [
        (r, math.exp(r.log_prob) * (certainty if figure_of(r.text) == told else 1 - certainty)) for r in cell.readings
    ]
    if not any(figure_of(r.text) == told for r in cell.readings):
        return cell
    unseen = max(0.0, 1.0 - sum(math.exp(r.log_prob) for r in cell.readings)) * (1 - certainty)
    total = sum(weight for _, weight in weights) + unseen
    if total <= _LEAST:
        return cell
    readings = tuple(
        reading.model_copy(update={"log_prob": min(0.0, math.log(max(weight / total, _LEAST)))})
        for reading, weight in sorted(weights, key=lambda item: -item[1])
    )
    if figure_of(readings[0].text) != told:
        return cell
    return cell.model_copy(
        update={"readings": readings, "text": text, "confidence": max(cell.confidence, math.exp(readings[0].log_prob))}
    )


def _exact(seen: str, said: Said | None, hearing: _Hearing) -> str:
    """The words as the layer has them, where it is trusted and says nearly the same, figures included."""
    if said is None or said.garbled or not hearing.trusted:
        return seen
    text = said.nearest(seen)
    if is_mark(text, seen):
        return text
    ours, theirs = words_of(seen), words_of(text)
    if not theirs or common(ours, theirs) < hearing.options.word_similarity * max(len(ours), len(theirs)):
        return seen
    return text if digits_of(ours) == digits_of(theirs) else seen


def _remark(cell: Cell, text: str, hearing: _Hearing) -> None:
    shown = f"'{cell.text}'" if cell.text else "nothing that can be read" if cell.ink else "nothing"
    hearing.findings.append(
        Finding(
            code="text-layer-disagrees",
            severity=Severity.WARNING,
            message=f"the text layer says '{text}' where the page shows {shown}",
            page=hearing.page.index,
            box=hearing.page.transform.box(_box(cell)),
        )
    )
