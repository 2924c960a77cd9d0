"""White print on dark fills becomes dark print on paper; nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.pages.paper import flattened
from ocr_pipeline.pages.preparing import prepare
from ocr_pipeline.pages.reversal import find_reversed_fills, with_dark_print
from ocr_pipeline.resources import bundled_font

HEADERS = ("本年新制作数量", "本年新公开数量", "对外公开总数量")
FIGURES = ("12", "345", "6789")


def _type(points: float, dpi: int = 200) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(bundled_font()), round(points / 72 * dpi))


def _table(fill: int, ink: int, *, paper: int = 255, rulings: int = 0, pad: int = 4) -> np.ndarray:
    """Two header rows of a fill with print, two rows of figures below them, tight cells, 200 dpi."""
    image = Image.new("L", (1300, 700), paper)
    draw = ImageDraw.Draw(image)
    font = _type(10)
    height = 28 + 2 * pad
    for row in range(4):
        for column in range(3):
            left, top = 100 + 350 * column, 150 + height * row
            box = (left, top, left + 350, top + height)
            draw.rectangle(box, fill=fill if row < 2 else paper, outline=rulings, width=2)
            text = HEADERS[column] if row < 2 else FIGURES[column]
            draw.text((left + 175, top + height / 2), text, fill=ink if row < 2 else 15, font=font, anchor="mm")
    return np.asarray(image)


def _same_print(page: np.ndarray, plain: np.ndarray) -> float:
    """Of the pixels of two pages that are dark on either, the share that is dark on both (with a pixel's slack)."""
    one, other = (np.where(p < 128, 255, 0).astype(np.uint8) for p in (page, plain))
    wide = np.ones((3, 3), np.uint8)
    found = np.count_nonzero(other & cv2.dilate(one, wide)) + np.count_nonzero(one & cv2.dilate(other, wide))
    return float(found) / max(1, int(np.count_nonzero(one)) + int(np.count_nonzero(other)))


@pytest.mark.parametrize(("fill", "paper"), [(0, 255), (110, 255), (142, 255), (64, 180), (165, 240)])
def test_white_print_is_turned_over(fill: int, paper: int) -> None:
    dark, plain = _table(fill, paper, paper=paper), _table(paper, 0, paper=paper)
    assert _same_print(flattened(dark, 200), plain) < 0.85
    page = flattened(with_dark_print(dark, 200), 200)
    # Black rulings on a black fill are lost to everybody.
    assert _same_print(page, plain) > (0.7 if fill == 0 else 0.95)
    body = slice(150 + 36 * 2 + 4, None)
    assert np.abs(page[body].astype(int) - flattened(plain, 200)[body]).max() < 60


def test_light_rulings_in_a_fill_stay_rulings() -> None:
    page = with_dark_print(_table(80, 255, rulings=255), 200)
    assert (page[155:215, 449:452].min(axis=1) < 100).mean() > 0.9
    assert (page[155:215, 440] > 200).mean() > 0.9


def test_dark_print_beside_a_fill_is_kept() -> None:
    dark = _table(110, 255, pad=1)
    (fill,) = find_reversed_fills(dark, 200)
    top = 150 + 30 * 2
    mask = np.zeros(dark.shape, np.uint8)
    mask[fill.box.slices()] = fill.mask
    assert not mask[top + 4 :].any()
    assert mask[155 : top - 4, 110:1140].all()


@pytest.mark.parametrize("margin", [10, 22, 30, 40])
def test_paper_between_a_fill_and_the_rim_of_the_image_stays_paper(margin: int) -> None:
    dark = np.ascontiguousarray(_table(110, 255, pad=10)[:, 100 - margin : 1150 + margin])
    turned = with_dark_print(dark, 200)
    header = slice(160, 250)
    assert (turned[header, margin + 4 : margin + 340] > 200).mean() > 0.8
    assert turned[header, : margin - 2].min() > 230
    assert turned[header, 2 - margin :].min() > 230


@pytest.mark.parametrize("fill", [80, 110, 150])
def test_black_rulings_of_a_fill_stay_about_as_dark_as_elsewhere(fill: int) -> None:
    turned = with_dark_print(_table(fill, 255, rulings=20, pad=10), 200)
    # The upright ruling between the first and second column, in both header rows.
    assert np.percentile(turned[155:240, 449:452].min(axis=1), 90) < 75


@pytest.mark.parametrize("rulings", [0, 110])
@pytest.mark.parametrize(("fill", "amount", "radius"), [(190, 1.0, 2.0), (205, 1.5, 2.0), (220, 1.0, 1.5)])
def test_bright_rims_of_sharpened_dark_print_are_no_print_of_a_pale_fill(
    fill: int, amount: float, radius: float, rulings: int
) -> None:
    soft = cv2.GaussianBlur(_table(fill, 15, rulings=rulings, pad=8).astype(np.float64), (0, 0), 0.5)
    sharp = soft + amount * (soft - cv2.GaussianBlur(soft, (0, 0), radius))
    page = np.clip(sharp, 0, 255).astype(np.uint8)
    assert with_dark_print(page, 200) is page
    # With bright print, the same fill is turned over.
    assert find_reversed_fills(_table(fill, 255, rulings=rulings, pad=8), 200)


def test_uneven_light_changes_nothing() -> None:
    light = np.linspace(1.0, 0.5, 1300)[None, :]
    dark, plain = (_table(110, 255) * light).astype(np.uint8), _table(255, 0)
    assert _same_print(flattened(with_dark_print(dark, 200), 200), plain) > 0.93


def test_fill_with_dark_print_is_left_alone() -> None:
    for fill in (170, 217):
        page = _table(fill, 10)
        assert with_dark_print(page, 200) is page


@pytest.mark.parametrize("points", [10.5, 12, 14])
@pytest.mark.parametrize("gap", [2, 6, 10])
@pytest.mark.parametrize("weight", [0, 1, 2])
def test_paper_between_dark_print_close_to_a_pale_fill_is_no_print_of_it(points: float, gap: int, weight: int) -> None:
    image = Image.new("L", (1700, 600), 240)
    draw = ImageDraw.Draw(image)
    corner, header = (100, 150, 620, 350), (620, 150, 1500, 200)
    for box in (corner, header):
        draw.rectangle(box, fill=205)
    for box in (corner, header, (100, 350, 620, 450), (620, 200, 760, 350)):
        draw.rectangle(box, outline=10, width=4)
    font = _type(points)
    label = "本年新收政府信息公开申请数量"
    draw.text((616, 352 + gap), label, fill=10, font=font, anchor="rt", stroke_width=weight)
    draw.text((756, 280), "自然人", fill=10, font=font, anchor="rm", stroke_width=weight)
    soft = cv2.GaussianBlur(np.asarray(image).astype(np.float64), (0, 0), 0.6)
    grain = np.random.default_rng(5).normal(0, 5, soft.shape)
    assert not find_reversed_fills(np.clip(soft + grain, 0, 255).astype(np.uint8), 200)


@pytest.mark.parametrize("points", [10, 16, 22, 26, 36])
@pytest.mark.parametrize("weight", [0, 1, 2])
def test_heavy_print_is_no_fill(points: int, weight: int) -> None:
    image = Image.new("L", (1654, 500), 255)
    draw = ImageDraw.Draw(image)
    for line in range(3):
        place = (120, 80 + line * 1.2 * points / 72 * 200)
        draw.text(place, "量疆警露厦赣国疆量警", font=_type(points), fill=0, stroke_width=weight)
    page = np.asarray(image)
    assert with_dark_print(page, 200) is page


def test_noise_and_empty_fills_are_left_alone() -> None:
    rng = np.random.default_rng(4)
    for fill in (0, 120, 215):
        page = np.full((700, 1300), 245.0)
        page[200:420, 150:1100] = fill
        noisy = np.clip(page + rng.normal(0, 7, page.shape), 0, 255).astype(np.uint8)
        assert with_dark_print(noisy, 200) is noisy


def test_ground_at_the_rim_is_left_alone() -> None:
    """A copier's black border with dirt on it, and a dark ground beside a sheet."""
    rng = np.random.default_rng(4)
    page = np.full((700, 1300), 245, np.uint8)
    page[:90] = 20
    page[:, :150] = 60
    for x, y in zip(rng.integers(10, 1290, 60), rng.integers(5, 80, 60), strict=True):
        cv2.circle(page, (int(x), int(y)), 3, 240, -1)
    assert with_dark_print(page, 200) is page


def test_small_images_are_left_alone() -> None:
    for shape in ((1, 1), (2, 300), (40, 40)):
        page = np.zeros(shape, np.uint8)
        assert with_dark_print(page, 200) is page


def test_a_prepared_page_has_dark_print_only(
    pixel_page: Callable[..., Any], make_skewed: Callable[..., tuple[np.ndarray, np.ndarray]]
) -> None:
    page = np.repeat(_table(110, 255)[:, :, None], 3, axis=2)
    askew, _ = make_skewed(page, 1.2, paper=255)
    prepared = prepare(pixel_page(askew, native_dpi=200.0), orienter=None)
    assert 0.9 < abs(prepared.skew) < 1.5
    assert float((prepared.gray < 128).mean()) < 0.06
