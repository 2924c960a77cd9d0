from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Status
from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError
from ocr_pipeline.evaluation.proof.counting import legible_pages, printed_number, seen_cells
from ocr_pipeline.evaluation.proof.curve import review_curve
from ocr_pipeline.evaluation.proof.fitting import START, fit_calibration
from ocr_pipeline.evaluation.proof.library import Library
from ocr_pipeline.evaluation.proof.reliability import Believed, believed, reliability
from ocr_pipeline.evaluation.proof.samples import HARSH, PartSample, read_samples, write_samples
from ocr_pipeline.evaluation.proof.show import format_reliability, format_tally
from ocr_pipeline.evaluation.proof.simulating import SimulationOptions, Tally, simulate
from ocr_pipeline.evaluation.proof.transplant import Record, transplanted
from ocr_pipeline.templates import TemplateOptions
from tests.evaluation.proof.conftest import cell, misread

ON = TemplateOptions(repair=True)
DIGITS = st.integers(0, 99_999).map(str)


def test_samples_come_back_from_their_file(samples: list[PartSample], tmp_path: Path) -> None:
    path = tmp_path / "cells.jsonl.gz"
    assert list(write_samples(path, samples[:2])) == samples[:2]
    assert list(write_samples(path, samples[2:3])) == samples[2:3]
    assert list(read_samples([path])) == samples[:3]


def test_bad_files_of_samples_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        list(read_samples([tmp_path / "none.gz"]))
    (tmp_path / "bad.gz").write_bytes(b"no archive")
    with pytest.raises(DamagedSourceError, match="samples"):
        list(read_samples([tmp_path / "bad.gz"]))


@given(DIGITS, DIGITS, st.randoms(use_true_random=False))
def test_a_misreading_is_carried_over_where_its_character_stands(old: str, new: str, rng: random.Random) -> None:
    at = rng.randrange(len(old))
    wrong = old[:at] + ("8" if old[at] != "8" else "3") + old[at + 1 :]
    moved = transplanted(Record(old, cell(old, wrong, 0.7, old), 0.3), new, rng)
    if old[at] not in new:
        assert moved is None
        return
    assert moved is not None
    first, second = (reading.text for reading in moved.readings[:2])
    assert second == new
    assert sum(a != b for a, b in zip(first, new, strict=True)) == 1
    assert [r.log_prob for r in moved.readings[:2]] == [r.log_prob for r in cell(old, wrong, 0.7, old).readings]


def test_a_figure_keeps_all_its_rivals_or_is_not_carried_over() -> None:
    rng = random.Random(1)
    torn = Record("0", cell("0", "0", 0.7, "8"), 0.3)
    loose = transplanted(torn, "8", rng)
    assert loose is not None
    assert [reading.text for reading in loose.readings] == ["8"]
    assert transplanted(torn, "8", rng, whole=True) is None
    moved = transplanted(torn, "10", rng, whole=True)
    assert moved is not None
    assert [reading.text for reading in moved.readings] == ["10", "18"]


def test_reports_of_which_much_is_misread_are_left_out(samples: list[PartSample]) -> None:
    cells = list(seen_cells(samples, START))
    assert legible_pages(cells, 1.0) == cells
    kept = legible_pages(cells, 0.02)
    left = {seen.part.seed for seen in kept}
    assert left == {s.part.seed for s in cells} - {n for n in range(8) if n % 2}
    assert not any(seen.misread for seen in kept)


def test_the_fit_makes_misread_figures_less_believed(samples: list[PartSample]) -> None:
    fitted = fit_calibration(list(seen_cells(samples, START)))
    assert fitted.heard.first > 0
    assert fitted.heard.second > 0
    assert fitted.issuer == START.issuer


def test_calibration_error_is_none_where_confidence_is_right_and_all_where_it_is_not() -> None:
    fair = [Believed(0.8, n % 5 != 0, Status.READ, "scan", "f") for n in range(100)]
    assert reliability(fair).error == pytest.approx(0.0, abs=1e-9)
    wrong = [Believed(0.9, False, Status.READ, "scan", "f")] * 10
    measured = reliability(wrong)
    assert (measured.error, measured.silent) == (pytest.approx(0.9), 10)
    assert measured.curve[0].errors == 1.0


def test_the_curve_falls_and_is_drawn(samples: list[PartSample]) -> None:
    values = believed(samples, ON)
    measured = reliability(values)
    assert measured.silent == 0
    assert [p.review for p in measured.curve] == sorted(p.review for p in measured.curve)
    drawn = review_curve(measured.curve, "title")
    assert drawn.startswith("<svg")
    assert drawn.count("<circle") == len(measured.curve)
    assert "handed out as good" in format_reliability(measured)
    assert all(v.right == (v.confidence > 0.5) or v.confidence > 0.05 for v in values)


def test_simulated_misreadings_are_located_and_none_is_made_wrong(samples: list[PartSample]) -> None:
    library = Library(seen_cells(samples, START))
    options = SimulationOptions(reports=6, misread=0.02, seed=3)
    tally = simulate(library, options, ON)
    assert tally.misread > 5
    assert tally.located == tally.misread
    assert tally.put_right > 0.5 * tally.misread
    assert (tally.wrong_repairs, tally.silent) == (0, 0)
    again = simulate(library, options, ON)
    assert tally.model_dump(exclude={"seconds"}) == again.model_dump(exclude={"seconds"})
    assert "wrong repairs 0" in format_tally(tally)


def with_first_reader(sample: PartSample, share: float) -> PartSample:
    """The sample with some figures that the first recogniser alone misread, and all together read."""
    rng = random.Random(sample.seed)
    cells = []
    for one in sample.cells:
        wrong = misread(one.truth, rng) if rng.random() < share else one.truth
        right = wrong != one.truth
        both = cell(one.truth, one.truth, 0.8, wrong) if right else one.cell
        cells.append(one.model_copy(update={"alone": cell(one.truth, wrong, 0.9), "cell": both}))
    return sample.model_copy(update={"cells": tuple(cells)})


def test_figures_that_one_reader_misread_are_drawn_with_what_all_made_of_them(samples: list[PartSample]) -> None:
    cells = list(seen_cells([with_first_reader(sample, 0.1) for sample in samples], START))
    assert sum(seen.misread_alone for seen in cells) > 20
    library = Library(cells, misread_by="first")
    assert all(record.alone not in ("", record.printed) for record in library.misread)
    assert not any(record.alone for record in library.right)
    tally = simulate(library, SimulationOptions(reports=6, misread=0.02, seed=3), ON)
    assert tally.misread > 5
    assert tally.located == tally.misread
    assert tally.silent == 0
    # What the readers together had right already needs no repair, and is told from what they misread together.
    assert tally.put_right == tally.misread
    assert {record.alone for record in Library(cells).misread} == {""}


def test_what_the_first_recogniser_misread_has_to_be_known(samples: list[PartSample]) -> None:
    with pytest.raises(DamagedSourceError):
        Library(seen_cells(samples, START), misread_by="first")


def test_what_the_issuer_broke_stays_as_printed_and_is_flagged(samples: list[PartSample]) -> None:
    tally: Tally = simulate(Library(seen_cells(samples, START)), SimulationOptions(reports=6, issuer=True), ON)
    assert tally.issued == tally.kept > 0
    assert tally.flagged_reports == tally.broken_reports == 6
    assert tally.silent == 0


@pytest.mark.parametrize("alike", [False, True])
def test_what_the_issuer_broke_where_one_equation_speaks_stays_as_printed(
    samples: list[PartSample], alike: bool
) -> None:
    options = SimulationOptions(reports=4, issuer=True, worn=True, single=True, alike=alike)
    tally = simulate(Library(seen_cells(samples, START)), options, ON)
    assert tally.issued == tally.kept >= 4
    assert (tally.misread, tally.silent) == (0, 0)


def test_figures_are_misread_beside_those_that_the_issuer_broke(samples: list[PartSample]) -> None:
    options = SimulationOptions(reports=4, issuer=True, alike=True, mixed=True)
    tally = simulate(Library(seen_cells(samples, START)), options, ON)
    assert tally.issued == tally.kept > 0
    assert tally.located == tally.misread > 0
    assert tally.silent == 0


def test_without_misread_figures_nothing_can_be_simulated(samples: list[PartSample]) -> None:
    with pytest.raises(DamagedSourceError):
        Library(seen_cells(samples[:1], START))


def test_reports_on_usual_pages_need_samples_of_such(samples: list[PartSample]) -> None:
    library = Library(seen_cells((sample for sample in samples if sample.profile == HARSH), START))
    with pytest.raises(DamagedSourceError, match="--worn"):
        simulate(library, SimulationOptions(reports=1, issuer=True), ON)
    assert simulate(library, SimulationOptions(reports=1, issuer=True, worn=True), ON).broken_reports == 1


def test_the_printed_number_is_that_of_the_kind(samples: list[PartSample]) -> None:
    one = samples[0].cells[0]
    assert printed_number(one.model_copy(update={"truth": "减少5", "kind": "change"})) == -5
    assert printed_number(one.model_copy(update={"truth": "/"})) is None
