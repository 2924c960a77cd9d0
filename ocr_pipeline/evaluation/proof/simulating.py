"""Simulated reports with misread figures, or with an issuer's own errors, put through the proof: what comes of each."""

from __future__ import annotations

import gc
import math
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ocr_pipeline.document import Cell, Reading, Status
from ocr_pipeline.errors import DamagedSourceError
from ocr_pipeline.evaluation.proof.determined import determined, in_equations
from ocr_pipeline.evaluation.proof.hearing import form_part, prove_heard
from ocr_pipeline.evaluation.proof.library import Library
from ocr_pipeline.evaluation.proof.transplant import transplanted
from ocr_pipeline.evaluation.synthetic.figures import draw_figures, open_equations
from ocr_pipeline.evaluation.synthetic.forms import form_grid
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.templates import TemplateOptions
from ocr_pipeline.templates.deciding import decide
from ocr_pipeline.templates.mistakes import mistaken
from ocr_pipeline.templates.placing import PlacedField

__all__ = ["SimulationOptions", "Tally", "simulate"]

_PARTS: tuple[Literal["applications", "disputes"], ...] = ("applications", "disputes")
_TRIES = 60
_COPIED = 0.15
"""Share of issuers' slips that print another cell's figure."""
_CONFUSED = 0.5
_LIKE = {"0": "68", "1": "7", "2": "7", "3": "8", "4": "1", "5": "6", "6": "058", "7": "1", "8": "0369", "9": "08"}
"""Slips that look like misreadings: this share does what readers did somewhere, the others print another digit of the
same shape, or lose one."""


class SimulationOptions(BaseModel):
    """What is simulated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reports: int = Field(default=1000, ge=1, description="how many")
    seed: int = Field(default=0, description="of the first; the others follow")
    misread: float = Field(default=0.02, ge=0, le=1, description="share of the figures misread")
    issuer: bool = Field(default=False, description="the issuer broke 1 to 3 figures, or left totals blank or zero")
    worn: bool = Field(default=False, description="issuers' reports on pages as worn as those with misread figures")
    single: bool = Field(default=False, description="issuers break only figures that one equation speaks of")
    alike: bool = Field(default=False, description="issuers' slips look as if the figures had been misread")
    mixed: bool = Field(default=False, description="figures are misread beside those that issuers broke")


class Tally(BaseModel):
    """What came of the figures of all reports.

    Attributes:
        reports: simulated.
        misread: figures misread.
        in_equations: of these, with an equation.
        determined: of these, with a number that follows from the equations if one knows which figures are misread.
        determinable: of these, with the printed number among the readings of either recogniser.
        located: of these, put right or sent to review.
        put_right: of these, handed out as good with the printed number.
        wrong_repairs: figures handed out as repaired with another number than the printed one.
        silent: figures handed out as good with another number than the printed one, wrong repairs included.
        withheld: figures read right, but sent to review.
        right: figures read right.
        issued: figures that the issuer printed wrongly.
        kept: of these, not handed out with another number.
        broken_reports: reports whose issuer's figures leave an equation broken.
        flagged_reports: of these, with a value in conflict.
        seconds: for the repairs of each report, in order of size.
    """

    reports: int = 0
    misread: int = 0
    in_equations: int = 0
    determined: int = 0
    determinable: int = 0
    located: int = 0
    put_right: int = 0
    wrong_repairs: int = 0
    silent: int = 0
    withheld: int = 0
    right: int = 0
    issued: int = 0
    kept: int = 0
    broken_reports: int = 0
    flagged_reports: int = 0
    seconds: list[float] = []
    examples: list[str] = []


def simulate(library: Library, options: SimulationOptions, templates: TemplateOptions) -> Tally:
    """Simulate reports one by one.

    Args:
        library: of what recognisers make of figures; best of samples that no coefficient was fitted on.
        options: what to simulate.
        templates: thresholds of the proof.

    Raises:
        DamagedSourceError: reports on usual pages are asked for, and all samples are of harsh ones.
    """
    if not _on_worn_pages(options) and not library.usual:
        raise DamagedSourceError(
            "samples of harsh pages only, where figures of usual ones are asked for",
            remedy="gather some without --harsh, or add --worn",
        )
    tally = Tally()
    # The collector would go through the whole library now and then, and that be counted as time of a proof.
    gc.freeze()
    for seed in range(options.seed, options.seed + options.reports):
        _Report(library, options, templates, random.Random(f"{seed}/proof"), seed).run(tally)
    tally.seconds.sort()
    return tally


def _on_worn_pages(options: SimulationOptions) -> bool:
    """Whether the figures come from pages as worn as those with misread ones."""
    return options.worn or options.mixed or not options.issuer


@dataclass(frozen=True, slots=True)
class _Figure:
    id: str
    printed: str
    misread: bool
    issued: bool


class _Report:
    def __init__(
        self, library: Library, options: SimulationOptions, templates: TemplateOptions, rng: random.Random, seed: int
    ) -> None:
        self._options, self._templates, self._rng, self._seed = options, templates, rng, seed
        worn = _on_worn_pages(options)
        state = rng.choice(library.misread if worn else library.usual).worn
        self._right = library.around("right" if worn else "usual", state)
        self._misread = library.around("misread", state)

    def run(self, tally: Tally) -> None:
        form: Literal["A", "B"] = "A" if self._rng.random() < 0.5 else "B"
        grids = tuple(form_grid(part, form) for part in _PARTS)
        # Half of the issuers err as the generator has it, half by slips of all kinds.
        slips = self._options.issuer and (self._rng.random() < 0.5 or self._options.single or self._options.alike)
        content = ContentOptions(
            scale=self._rng.choice(["tiny", "small", "small", "medium", "large"]),
            zero="0",
            broken=self._rng.randint(1, 3) if self._options.issuer and not slips else 0,
            blank_totals="none",
        )
        figures = draw_figures(self._seed, grids, content)
        printed = {key: str(int(figures.numbers[key])) for key in figures.numbers}
        issued = set(figures.broken)
        printed.update({key: figures.printed[key] for key in issued})
        if slips:
            issued = self._slip(printed, f"gov-disclosure-{form.lower()}")
        if self._options.issuer and not (self._options.single or self._options.alike):
            issued |= self._leave_totals(printed)
        spent, flagged, broken = 0.0, False, False
        for part in _PARTS:
            mine = {key: text for key, text in printed.items() if key.startswith(f"{part}/")}
            seconds, conflict = self._part(form, part, mine, issued, tally)
            spent, flagged = spent + seconds, flagged or conflict
            broken = broken or bool(set(mine) & issued)
        tally.reports += 1
        tally.seconds.append(spent)
        tally.broken_reports += bool(issued)
        tally.flagged_reports += bool(issued) and flagged

    def _slip(self, printed: dict[str, str], form_id: str) -> set[str]:
        """Some figures mistyped, miscounted or copied from elsewhere, each so that an equation of its own breaks."""
        equations = [e for part in _PARTS for e in form_part(form_id, part)[1]]
        members = sorted({f for e in equations for f in e.members})
        if self._options.single:
            members = [f for f in members if sum(f in e.members for e in equations) == 1]
        wanted, issued = self._rng.randint(1, 3), set[str]()
        for _ in range(_TRIES):
            field = self._rng.choice(members)
            slip = self._slipped(printed[field], copied=printed[self._rng.choice(members)])
            trial = {**printed, field: slip}
            still = set(open_equations({key: float(text) for key, text in trial.items()}, equations))
            own = ([e.id in still for e in equations if f in e.members] for f in (*issued, field))
            if field not in issued and slip != printed[field] and all(any(open_) for open_ in own):
                printed[field] = slip
                issued.add(field)
            if len(issued) == wanted:
                break
        return issued

    def _slipped(self, meant: str, copied: str) -> str:
        """What is printed for it."""
        if self._options.alike and self._rng.random() < _CONFUSED:
            cell = transplanted(self._rng.choice(self._misread), meant, self._rng)
            return (None if cell is None else _figure(cell)) or meant
        if self._options.alike:
            at = self._rng.randrange(len(meant))
            other = self._rng.choice((*_LIKE[meant[at]], "" if len(meant) > 1 else meant))
            return str(int(meant[:at] + other + meant[at + 1 :]))
        if self._rng.random() < _COPIED:
            return copied
        slips = mistaken(int(meant))
        return str(self._rng.choices(*zip(*slips.items(), strict=True))[0])

    def _leave_totals(self, printed: dict[str, str]) -> set[str]:
        """Some issuers leave the totals of a row or a column blank, or print 0 there."""
        kind = self._rng.choices(["none", "row", "column"], [70, 15, 15])[0]
        keys = [
            key
            for key in printed
            if (kind == "row" and key.startswith("applications/3.7/"))
            or (kind == "column" and key.startswith("applications/") and key.endswith("/total"))
        ]
        text = self._rng.choice(["", "0"])
        changed = {key for key in keys if printed[key] != text}
        printed.update(dict.fromkeys(changed, text))
        return changed if text else set()

    def _part(
        self, form: Literal["A", "B"], part: str, printed: Mapping[str, str], issued: set[str], tally: Tally
    ) -> tuple[float, bool]:
        """Read, prove and count one part: the seconds of the proof, and whether it has a conflict."""
        cells: dict[str, Cell] = {}
        wrong: set[str] = set()
        for key, text in printed.items():
            spared = text == "" or key in issued or (self._options.issuer and not self._options.mixed)
            misread = self._rng.random() < self._options.misread and not spared
            cells[key], drawn = self._cell(text, misread)
            if misread and drawn:
                wrong.add(key)
        form_id = f"gov-disclosure-{form.lower()}"
        specs, equations = form_part(form_id, part)
        placed = [PlacedField(spec=spec, cell=cells[spec.id]) for spec in specs]
        began = time.process_time()
        proof = prove_heard(placed, form_id, part, self._templates)
        seconds = time.process_time() - began
        tally.in_equations += len(in_equations(wrong, equations))
        known = determined(wrong, equations)
        tally.determined += len(known)
        tally.determinable += sum(_is_seen(printed[key], cells[key]) for key in known)
        for key, text in printed.items():
            figure = _Figure(key, text, key in wrong, key in issued)
            self._count(figure, proof.decisions[key].value, proof.judgements[key].status, tally)
        return seconds, any(j.status is Status.CONFLICT for j in proof.judgements.values())

    def _count(self, figure: _Figure, value: int | float | None, status: Status, tally: Tally) -> None:
        good, same = status.is_good, value is not None and str(value) == figure.printed
        if figure.misread:
            tally.misread += 1
            tally.located += same or not good
            tally.put_right += same and good
        else:
            tally.right += 1
            tally.withheld += not good and figure.printed != ""
        if figure.issued:
            tally.issued += 1
            tally.kept += same or not good
        if good and not same:
            tally.silent += 1
            tally.wrong_repairs += status is Status.REPAIRED
            tally.examples.append(f"{self._seed} {figure.id}: {figure.printed!r} became {value} ({status.value})")

    def _cell(self, text: str, misread: bool) -> tuple[Cell, bool]:
        """The cell as it is read, and whether that was drawn from the library: not every figure has its like there."""
        if text == "":
            return Cell(row=0, column=0, text="", ink=False), False
        for number in range(_TRIES):
            record = self._rng.choice(self._misread if misread else self._right)
            if abs(len(record.printed) - len(text)) > 1:
                continue
            cell = transplanted(record, text, self._rng, whole=not misread and number < _TRIES // 2)
            # Where the first recogniser alone misread it, what all made of it together may be right.
            told = None if cell is None or record.alone else _figure(cell)
            if cell is not None and (record.alone or (told not in (None, text) if misread else told == text)):
                return cell, True
        return self._plain(text), False

    def _plain(self, text: str) -> Cell:
        sure = math.log(0.999)
        return Cell(row=0, column=0, text=text, ink=True, readings=(Reading(text=text, log_prob=sure, engine="plain"),))


def _is_seen(text: str, cell: Cell) -> bool:
    return any(reading.text == text for reading in (*cell.readings, *cell.witnesses))


def _figure(cell: Cell) -> str | None:
    found = decide(cell.model_copy(update={"witnesses": ()}), "count", TemplateOptions())
    return None if found.value is None else str(found.value)
