"""The grey image: paper white, ink dark, red seals gone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.pages.paper import flattened, paper_color, smoothed, softened, stretched
from ocr_pipeline.pages.seals import bare_of_seals, without_seals
from ocr_pipeline.seal_ink import find_seal_ink, seal_ink


def _printed(paper: int, ink: int) -> np.ndarray:
    page = np.full((900, 700), paper, np.uint8)
    for top in range(100, 800, 40):
        cv2.putText(page, "2020 12 345", (60, top), cv2.FONT_HERSHEY_SIMPLEX, 1.0, ink, 2)
    return page


def test_shadow_is_flattened() -> None:
    shadow = np.linspace(1.0, 0.4, 700)[None, :]
    flat = flattened((_printed(240, 20) * shadow).astype(np.uint8), 200)
    paper = flat[5:60]
    assert paper.min() > 235
    # Ink stays as dark against its paper as it was.
    assert np.percentile(flat[80:800, 60:260], 2) < 40


def test_coloured_cell_is_flattened_and_its_print_kept() -> None:
    page = _printed(250, 20)
    page[300:500] = np.minimum(page[300:500], 170)
    flat = flattened(page, 200)
    assert np.median(flat[340:460]) > 245
    assert np.percentile(flat[340:460, 60:300], 1) < 60


def test_faint_ink_is_darkened_and_dark_ink_is_not() -> None:
    faint, dark = _printed(255, 190), _printed(255, 10)
    assert np.percentile(stretched(faint), 1) < 100
    assert (stretched(dark) == dark).mean() > 0.999


def test_grain_of_faint_paper_is_not_blown_up() -> None:
    rng = np.random.default_rng(2)
    noisy = np.clip(_printed(235, 170) + rng.normal(0, 8, (900, 700)), 0, 255).astype(np.uint8)
    assert np.std(stretched(noisy)[:60]) < 16


def test_blank_page_is_not_stretched() -> None:
    rng = np.random.default_rng(2)
    blank = np.clip(rng.normal(245, 3, (600, 400)), 0, 255).astype(np.uint8)
    assert stretched(flattened(blank, 200)).min() > 200


def test_fax_loses_single_pixels_and_keeps_small_marks() -> None:
    fax = np.full((300, 200, 3), 255, np.uint8)
    fax[50, 50] = 0
    fax[100:102, 100:102] = 0
    soft = softened(fax)
    assert (soft[45:56, 45:56] == 255).all()
    assert soft[100, 100, 0] < 110


def test_grey_page_is_left_alone() -> None:
    page = np.repeat(_printed(240, 20)[:, :, None], 3, axis=2)
    page[::2] = 200
    assert softened(page) is page


def test_paper_colour() -> None:
    page = np.full((400, 300, 3), (250, 240, 220), np.uint8)
    page[100:150] = 0
    assert paper_color(page) == (250, 240, 220)
    assert paper_color(page[:, :, 1]) == (240,)


@pytest.fixture
def sealed() -> tuple[np.ndarray, np.ndarray]:
    """A page with black figures, and the same with a round red seal of 1.5 inches over some of them."""
    plain = np.repeat(_printed(252, 15)[:, :, None], 3, axis=2)
    seal = np.zeros((900, 700), np.uint8)
    cv2.circle(seal, (250, 400), 150, 255, 9)
    cv2.circle(seal, (250, 400), 40, 255, -1)
    red = (plain * np.array([0.85, 0.2, 0.2])).astype(np.uint8)
    return plain, np.where(seal[:, :, None] > 0, red, plain)


def test_seal_is_found_as_one(sealed: tuple[np.ndarray, np.ndarray]) -> None:
    plain, stamped = sealed
    assert find_seal_ink(plain, 200) == []
    (box,) = find_seal_ink(stamped, 200)
    assert box.as_tuple() == pytest.approx((95, 245, 405, 555), abs=16)


def test_a_ring_that_is_pale_in_places_is_one_seal(sealed: tuple[np.ndarray, np.ndarray]) -> None:
    plain, stamped = sealed
    pale = stamped.copy()
    for angle in range(0, 360, 30):
        cv2.ellipse(pale, (250, 400), (190, 190), angle, 0, 15, (0, 0, 0), -1)
    # Where the wedges are black the seal keeps an eighth of its ink.
    faded = np.where(pale == 0, plain * 0.875 + stamped * 0.125, stamped).astype(np.uint8)
    faded[380:420, 180:320] = plain[380:420, 180:320]
    (box,) = find_seal_ink(faded, 200)
    assert box.as_tuple() == pytest.approx((95, 245, 405, 555), abs=16)


def test_print_under_a_seal_stays(sealed: tuple[np.ndarray, np.ndarray]) -> None:
    plain, stamped = sealed
    gray = cv2.cvtColor(stamped, cv2.COLOR_RGB2GRAY)
    cleaned = without_seals(gray, stamped, find_seal_ink(stamped, 200))
    assert np.abs(cleaned.astype(int) - plain[:, :, 0]).max() < 40
    assert np.abs(gray.astype(int) - plain[:, :, 0]).max() > 120


def test_a_thin_ruling_under_a_seal_stays_as_dark_where_colours_are_stored_by_half() -> None:
    page = np.full((600, 600, 3), 252, np.uint8)
    page[:, 300] = 15
    seal = np.zeros((600, 600), np.uint8)
    cv2.circle(seal, (300, 300), 150, 255, 14)
    cv2.circle(seal, (360, 300), 150, 255, 14)
    # Both seals overlap above and below the ruling, and are darker there, but as red.
    twice = cv2.bitwise_and(cv2.circle(np.zeros_like(seal), (300, 300), 150, 255, 14), seal)
    stamped = np.where(seal[:, :, None] > 0, (page * np.array([0.85, 0.25, 0.25])).astype(np.uint8), page)
    stamped = np.where(twice[:, :, None] > 0, (stamped * np.array([0.95, 0.8, 0.8])).astype(np.uint8), stamped)
    _, data = cv2.imencode(".jpg", stamped[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 75])
    stored = np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
    cleaned = without_seals(cv2.cvtColor(stored, cv2.COLOR_RGB2GRAY), stored, find_seal_ink(stored, 200))
    ruling = 255 - cleaned[40:560, 300].astype(int)
    # Paler than this, it would be taken for a stroke of print.
    assert ruling.min() > 0.65 * np.median(ruling)
    assert np.delete(cleaned, slice(290, 312), axis=1).min() > 150


@pytest.mark.parametrize("fill", [(190, 190, 190), (170, 205, 230), (200, 225, 190)])
def test_a_seal_on_a_coloured_cell_vanishes_into_its_colour(fill: tuple[int, int, int]) -> None:
    page = np.full((700, 900, 3), 252, np.uint8)
    page[150:360, 60:840] = fill
    for top in range(200, 660, 40):
        cv2.putText(page, "2020 12 345 4567 8901 23", (80, top), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (15, 15, 15), 2)
    seal = cv2.circle(np.zeros(page.shape[:2], np.uint8), (400, 350), 150, 255, 9)
    cv2.circle(seal, (400, 350), 40, 255, -1)
    red = (page * np.array([0.85, 0.25, 0.25])).astype(np.uint8)
    stamped = np.where(seal[:, :, None] > 0, red, page)
    cleaned = without_seals(cv2.cvtColor(stamped, cv2.COLOR_RGB2GRAY), stamped, find_seal_ink(stamped, 200))
    before = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    # Beside the edge of the cell either ground may be taken.
    off = np.abs(cleaned.astype(int) - before)
    off[340:380] = 0
    assert off.max() < 30


def _headed(blue: tuple[int, int, int], ruling: tuple[int, int, int]) -> np.ndarray:
    """A table with a dark header of bright print, a ruling through it and one below it, and rows of black print."""
    page = np.full((700, 900, 3), 252, np.uint8)
    page[150:360, 60:840] = blue
    for top in range(200, 660, 40):
        ink = (250, 250, 250) if top < 350 else (15, 15, 15)
        cv2.putText(page, "2020 12 345 4567 8901 23", (80, top), cv2.FONT_HERSHEY_SIMPLEX, 1.0, ink, 2)
    page[250:253, 60:840] = page[358:361, 60:840] = page[150:360, 470:473] = ruling
    return page


def _stored(page: np.ndarray) -> np.ndarray:
    """As a photograph or a scanner stores it: colours at half the resolution."""
    _, data = cv2.imencode(".jpg", page[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


@pytest.mark.parametrize("blue", [(68, 114, 196), (31, 78, 121), (47, 84, 150), (84, 130, 53)])
@pytest.mark.parametrize("ruling", [(20, 20, 20), (240, 240, 240), (70, 70, 70)])
def test_a_seal_on_a_dark_header_leaves_its_bright_print_and_rulings(
    blue: tuple[int, int, int], ruling: tuple[int, int, int]
) -> None:
    page = _headed(blue, ruling)
    seal = cv2.circle(np.zeros(page.shape[:2], np.uint8), (400, 350), 150, 255, 9)
    cv2.circle(seal, (400, 300), 34, 255, -1)
    red = (page * np.array([0.85, 0.25, 0.25])).astype(np.uint8)
    stamped = _stored(np.where(seal[:, :, None] > 0, red, page))
    plain = cv2.cvtColor(_stored(page), cv2.COLOR_RGB2GRAY)
    (box,) = find_seal_ink(stamped, 200)
    whole = Box(245, 195, 555, 505)
    assert whole.share_inside(box) > 0.99
    assert box.area < 2 * whole.area
    cleaned = without_seals(cv2.cvtColor(stamped, cv2.COLOR_RGB2GRAY), stamped, [box])
    off = np.abs(cleaned.astype(int) - plain)
    seal_area = cv2.dilate(seal, np.ones((5, 5), np.uint8)) > 0
    # In the dark header, most of the seal is gone, and what is bright is still so.
    header = np.zeros_like(seal_area)
    header[154:354] = True
    before = np.abs(cv2.cvtColor(stamped, cv2.COLOR_RGB2GRAY).astype(int) - plain)
    assert off[header & seal_area].mean() < 0.45 * before[header & seal_area].mean()
    bright = header & seal_area & (plain > 200)
    assert (cleaned[bright] > 0.6 * plain[bright]).mean() > 0.9
    # The rulings are as they were wherever no ink of the seal is.
    level = header & ~seal_area
    assert (off[level] > 40).mean() < 0.002


def test_a_seal_that_print_cuts_an_arc_off_is_found_whole(sealed: tuple[np.ndarray, np.ndarray]) -> None:
    _, stamped = sealed
    cut = stamped.copy()
    # A black bar as wide as the seal's closing gap and more, through the left part of the ring.
    cut[:, 130:165] = 15
    (box,) = find_seal_ink(cut, 200)
    assert box.as_tuple() == pytest.approx((95, 245, 405, 555), abs=16)


def test_ground_inside_a_thick_seal_is_not_taken_from_what_print_leaves_of_it() -> None:
    """Between print in a star, pixels are neither red nor black once colours are stored by half, and pass for bare."""
    page = np.full((600, 600, 3), 252, np.uint8)
    page[298:300] = page[:, 290:292] = 15
    for top in range(250, 360, 40):
        cv2.putText(page, "345", (262, top), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (15, 15, 15), 2)
    seal = cv2.circle(np.zeros((600, 600), np.uint8), (300, 300), 150, 255, 12)
    cv2.circle(seal, (300, 300), 60, 255, -1)
    stamped = np.where(seal[:, :, None] > 0, np.minimum(page, np.array([200, 60, 60])).astype(np.uint8), page)
    _, data = cv2.imencode(".jpg", stamped[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 40])
    stored = np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
    cleaned = without_seals(cv2.cvtColor(stored, cv2.COLOR_RGB2GRAY), stored, find_seal_ink(stored, 200))
    print_ = cv2.dilate((page[..., 0] < 128).astype(np.uint8), np.ones((7, 7), np.uint8))
    disc = cv2.circle(np.zeros((600, 600), np.uint8), (300, 300), 50, 255, -1)
    assert (cleaned[(disc > 0) & (print_ == 0)] < 200).sum() < 20


def test_a_page_bare_of_seals_keeps_its_other_colours(sealed: tuple[np.ndarray, np.ndarray]) -> None:
    plain, stamped = sealed
    stamped = stamped.copy()
    stamped[700:760, 60:300] = (195, 220, 235)
    gray = np.full(stamped.shape[:2], 77, np.uint8)
    assert bare_of_seals(plain, gray, 200) is None
    bare = bare_of_seals(stamped, gray, 200)
    assert bare is not None
    assert (bare[400, 250] == 77).all()
    assert (bare[700:760, 60:300] == (195, 220, 235)).all()
    assert not seal_ink(plain, 200).any()
    assert seal_ink(stamped, 200)[400, 250] == 255
    assert not seal_ink(stamped, 200)[700:760].any()


@pytest.mark.parametrize("upright", [False, True])
def test_seals_that_overlap_in_a_row_are_found_and_a_red_table_is_not(upright: bool) -> None:
    seals = np.full((700, 1000, 3), 252, np.uint8)
    for x in (220, 440, 660):
        cv2.circle(seals, (x, 350), 140, (210, 50, 50), 9)
    table = np.full((700, 1000, 3), 252, np.uint8)
    for y in range(200, 441, 60):
        cv2.line(table, (50, y), (950, y), (210, 50, 50), 3)
    for x in range(50, 951, 100):
        cv2.line(table, (x, 200), (x, 440), (210, 50, 50), 3)
    if upright:
        seals, table = (np.ascontiguousarray(page.transpose(1, 0, 2)) for page in (seals, table))
    (box,) = find_seal_ink(seals, 200)
    sides = (76, 206, 804, 494)
    expected = (sides[1], sides[0], sides[3], sides[2]) if upright else sides
    assert box.as_tuple() == pytest.approx(expected, abs=16)
    assert find_seal_ink(table, 200) == []


def test_red_heading_is_no_seal() -> None:
    page = np.full((400, 1200, 3), 255, np.uint8)
    for left in range(100, 1000, 60):
        cv2.rectangle(page, (left, 100), (left + 48, 150), (220, 20, 20), 8)
    assert find_seal_ink(page, 200) == []


def test_strays_of_a_fax_of_half_the_lines_are_two_high() -> None:
    lines = np.where(_printed(255, 0)[::2] < 128, np.uint8(0), np.uint8(255))
    lines[20, 50] = 0
    fax = np.repeat(np.repeat(lines, 2, axis=0)[:, :, None], 3, axis=2)
    assert (softened(fax)[30:60] == 255).all()
    lines[20, 50:400:8] = 0
    dotted = np.repeat(np.repeat(lines, 2, axis=0)[:, :, None], 3, axis=2)
    assert (softened(dotted)[40, 50:400:8] < 200).all(), "the dots of a ruling"
    fine = np.repeat(lines[:, :, None], 3, axis=2)
    fine[21, 50] = 0
    assert softened(fine)[20, 50, 0] < 150, "two pixels of a fine one are more than a stray"


def test_grain_about_faint_print_is_smoothed() -> None:
    rng = np.random.default_rng(3)
    faint = _printed(250, 200)
    grainy = np.clip(faint + rng.normal(0, 5, faint.shape), 0, 255).astype(np.uint8)
    before, after = stretched(grainy), stretched(smoothed(grainy, 200))
    blank = (slice(5, 60), slice(5, 600))
    assert after[blank].std() < 0.5 * before[blank].std()
    assert np.percentile(after[80:800, 60:260], 2) < 130
    clear = _printed(250, 20)
    assert smoothed(clear, 200) is clear
