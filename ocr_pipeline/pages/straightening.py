"""The geometry of a page: from a small copy of it, one map from the straight page back to the rendered one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.pages.inputs import Orienter
from ocr_pipeline.pages.options import PageOptions
from ocr_pipeline.pages.paper import flattened, stretched
from ocr_pipeline.pages.print_lines import rows_of_print
from ocr_pipeline.pages.resampling import warped
from ocr_pipeline.pages.rulings import Correction, Family, find_rulings, level_by_rulings
from ocr_pipeline.pages.sheet import find_sheet, sheet_transform
from ocr_pipeline.pages.skew import find_skew, ink_of
from ocr_pipeline.pages.turning import Turn, decide_turn, text_direction
from ocr_pipeline.shrinking import shrunk

__all__ = ["Geometry", "straighten"]

_ANALYSIS_DPI = 100.0
_MAX_GROWTH = 1.3
"""How much larger than the page the straight page may become, a side."""

_WHITE = (255,)
_INK_SHARE = (0.0001, 0.6)
"""A page with less ink is blank, one with more is black: neither has a way up."""
_PALE, _DARK = 200, 128
"""Darker than this is ink, be it as pale as print can be; darker than that is black."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where the pixels of the straight page lie on the rendered one.

    Attributes:
        back: from the straight page to the rendered one, both in pixels of the same size.
        size: width and height of the straight page in pixels.
        turn: the quarter turns in it.
        skew: the further clockwise angle in degrees.
        bends: whether shear or perspective was corrected by rulings or lines of print.
        sheet: whether a sheet was cut out of a photo.
    """

    back: Transform
    size: tuple[int, int]
    turn: Turn
    skew: float
    bends: bool
    sheet: bool

    @property
    def turns_only(self) -> bool:
        """Whether the page is only turned by quarters, so that no pixel has to be interpolated."""
        return not (self.sheet or self.bends or self.skew)


def straighten(pixels: NDArray[np.uint8], dpi: float, orienter: Orienter | None, options: PageOptions) -> Geometry:
    """Find how a rendered page is made upright and straight.

    Args:
        pixels: height x width x 3, uint8, RGB.
        dpi: its pixels per inch.
        orienter: the model that sees which way is up, if there is one.
        options: of this room.
    """
    height, width = pixels.shape[:2]
    factor = min(1.0, _ANALYSIS_DPI / dpi)
    small_size = (max(1, round(width * factor)), max(1, round(height * factor)))
    reduced = shrunk(pixels, small_size)
    # In red light seals vanish, whose strokes would pass for rulings.
    small = np.ascontiguousarray(reduced[:, :, 0])
    to_small = Transform.scaling(small_size[0] / width, small_size[1] / height)

    sheet = (
        find_sheet(np.asarray(cv2.cvtColor(reduced, cv2.COLOR_RGB2GRAY), dtype=np.uint8))
        if options.find_sheet
        else None
    )
    size, back = small_size, Transform.identity()
    if sheet is not None:
        back, *sides = sheet_transform(sheet)
        size = (sides[0], sides[1])
        small = warped(small, back, size, _WHITE)
    flat = stretched(flattened(small, dpi * factor))

    skew = find_skew(ink_of(flat), options.max_skew)
    angle = skew.angle
    leveling = _about_middle(_rotation(angle), size)
    if angle:
        flat = warped(flat, leveling, size, _WHITE)
    turn = _turn(flat, dpi * factor, orienter, options)
    quarters = turn.rotation // 90
    turning = Transform.quarter_turns(quarters, *size)
    flat = np.ascontiguousarray(np.rot90(flat, -quarters))
    turned_size = (flat.shape[1], flat.shape[0])

    correction = _by_rulings(flat, dpi * factor, options)
    angle += 0.0 if correction is None else correction.angle
    bends = correction is not None and correction.bends
    if sheet is None and not bends and abs(angle) < options.min_skew:
        plain = (height, width) if quarters % 2 else (width, height)
        return Geometry(Transform.quarter_turns(quarters, width, height).inverse(), plain, turn, 0.0, False, False)
    fine = Transform.identity() if correction is None else _about_middle(correction.transform, turned_size)
    straight_to_rect = fine.then(turning.inverse()).then(leveling)
    canvas = _canvas(straight_to_rect, size)
    straight_to_small = Transform.translation(canvas.left, canvas.top).then(straight_to_rect).then(back)
    # The straight page has the scale of the rendered one, so that only one resampling is needed.
    full = to_small if quarters % 2 == 0 else Transform.scaling(to_small.matrix[4], to_small.matrix[0])
    back_full = full.then(straight_to_small).then(to_small.inverse())
    corner = full.inverse().points([(canvas.width, canvas.height)])[0]
    return Geometry(back_full, (round(corner[0]), round(corner[1])), turn, angle, bends, sheet is not None)


def _turn(flat: NDArray[np.uint8], dpi: float, orienter: Orienter | None, options: PageOptions) -> Turn:
    low, high = _INK_SHARE
    if orienter is None or float((flat < _PALE).mean()) < low or float((flat < _DARK).mean()) > high:
        return Turn(0, 0.0, False)
    direction = text_direction(ink_of(flat), dpi)
    return decide_turn(flat, direction, orienter, options.turn_confidence)


def _by_rulings(flat: NDArray[np.uint8], dpi: float, options: PageOptions) -> Correction | None:
    ink = ink_of(flat)
    horizontal, vertical = find_rulings(ink, dpi)

    def by_print(upright: bool) -> Family | None:
        return rows_of_print(np.ascontiguousarray(ink.T) if upright else ink)

    asked = by_print if options.straighten_rulings else None
    found = level_by_rulings(horizontal, vertical, (flat.shape[1], flat.shape[0]), asked)
    if found is None or options.straighten_rulings or not found.bends:
        return found
    return Correction(_rotation(found.angle), found.angle, False)


def _rotation(angle: float) -> Transform:
    """Straightened to measured, about the origin, for a page that is straightened by a clockwise turn."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return Transform((cos, sin, 0.0, -sin, cos, 0.0, 0.0, 0.0, 1.0))


def _about_middle(transform: Transform, size: tuple[int, int]) -> Transform:
    x, y = size[0] / 2, size[1] / 2
    return Transform.translation(-x, -y).then(transform).then(Transform.translation(x, y))


def _canvas(straight_to_rect: Transform, size: tuple[int, int]) -> Box:
    """The box on the straight page that holds the whole rectangle, within reason."""
    whole = Box(0, 0, size[0], size[1])
    bounds = straight_to_rect.inverse().box(whole)
    limit = _MAX_GROWTH * max(size)
    x, y = bounds.center
    width, height = min(bounds.width, limit), min(bounds.height, limit)
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
