"""Drawn sheets of cells, damaged, cleaned as pages are, and cut into crops by the program's own code."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr_pipeline.evaluation.figure_net.contents import draw_content
from ocr_pipeline.evaluation.figure_net.recipe import SheetRecipe
from ocr_pipeline.evaluation.synthetic.damage import Damage, damage, draw_damage
from ocr_pipeline.evaluation.synthetic.fonts import load
from ocr_pipeline.evaluation.synthetic.harsh import harsh_damage
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.truth import PageTruth, ReportTruth
from ocr_pipeline.evaluation.synthetic.warp import warped
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.pages.paper import flattened, softened, stretched
from ocr_pipeline.pages.seals import without_seals
from ocr_pipeline.seal_ink import find_seal_ink
from ocr_pipeline.tables.cell_ink import PRINT_SHARE, cell_ink, group_lines, usual_height
from ocr_pipeline.tables.crops import crop_line
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.worn_lines import Printed, whole_lines
from ocr_pipeline.text.figure_intake import OTHER

__all__ = ["HARSH", "WORN", "Crop", "crops"]

HARSH = "harsh"
"""Profile of the crops of sheets under a harsh damage."""
WORN = "worn"
"""Profile of the crops of sheets that a fax left pieces of thin strokes of."""

_SHEET_INCHES = (5.5, 7.5)
_LEAST_DPI = 200
_OFF_INCHES = 0.009
"""How far sides of grids stray."""


@dataclass(frozen=True, eq=False)
class Crop:
    """One cell as the program cuts it: its image (uint8, dark on light), what it shows, and the damage."""

    image: NDArray[np.uint8]
    text: str
    profile: str


@dataclass(frozen=True, slots=True)
class _Cell:
    box: Box
    text: str
    row: int = 0


def crops(recipe: SheetRecipe) -> Iterator[Crop]:
    """The crops of all sheets of a recipe, sheet by sheet."""
    for number in range(recipe.sheets):
        rng = random.Random(f"{recipe.seed + number}/sheet")
        dpi = rng.choice(recipe.dpi)
        profile = rng.choices(list(recipe.profiles), list(recipe.profiles.values()))[0]
        image, cells = _sheet(rng, recipe, dpi)
        done: str | Damage = profile
        if rng.random() < recipe.harsh_share:
            profile, done = HARSH, harsh_damage(rng)
        elif rng.random() < recipe.worse_share:
            done = _worse(draw_damage(profile, rng.randrange(1 << 30))[-1], rng)
        if recipe.worn_share and rng.random() < recipe.worn_share:
            profile, done = WORN, _worn(rng)
        gray, scale = _cleaned(image, dpi, done, recipe.skew, rng)
        cut = [_Cell(_scaled(_strayed(c.box, dpi, recipe.stray_share, rng), scale), c.text, c.row) for c in cells]
        mended = recipe.mended_share > 0 and rng.random() < recipe.mended_share
        yield from _cut(gray, dpi * scale, cut, profile, mended=mended)


def _strayed(box: Box, dpi: float, share: float, rng: random.Random) -> Box:
    """The box with each side where a grid that is a little off has it, or as it is."""
    if rng.random() >= share:
        return box
    left, top, right, bottom = (rng.gauss(0, _OFF_INCHES * dpi) for _ in range(4))
    return Box(box.left + left, box.top + top, box.right + right, box.bottom + bottom)


def _worse(damaged: Damage, rng: random.Random) -> Damage:
    """The same with less ink left: strokes break, as they do on pages whose print was thin to begin with."""
    contrast = damaged.contrast * rng.uniform(0.5, 1.0) if damaged.contrast < 1 else rng.uniform(0.5, 1.0)
    return damaged.model_copy(update={"thin": rng.uniform(0.2, 1.0), "contrast": max(0.16, contrast)})


def _worn(rng: random.Random) -> Damage:
    """A fax whose threshold lies where the hairlines of thin print do, so that some of their pixels are left."""
    return Damage(
        fax=True,
        coarse=rng.random() < 0.3,
        thin=rng.uniform(0.2, 0.85),
        contrast=rng.uniform(0.8, 1.0),
        blur=rng.uniform(0.3, 0.7),
        noise=rng.uniform(10, 34),
        speckle=rng.uniform(0.0002, 0.004),
        dropped=rng.uniform(0.0, 0.006),
    )


def _scaled(box: Box, scale: float) -> Box:
    return Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)


def _sheet(rng: random.Random, recipe: SheetRecipe, dpi: int) -> tuple[NDArray[np.uint8], list[_Cell]]:
    """A sheet full of ruled cells, RGB, with a box and the truth of each."""
    width, height = (round(side * dpi) for side in _SHEET_INCHES)
    sheet = Image.new("RGB", (width, height), (255, 255, 255))
    canvas = ImageDraw.Draw(sheet)
    chinese = rng.choice(recipe.chinese_faces)
    latin = rng.choice((*recipe.latin_faces, *[chinese] * recipe.own_faces))
    em = rng.uniform(0.085, 0.17) * dpi
    line = rng.randint(1, 3)
    cells = []
    top, row = 0.2 * dpi, 0
    while top < height - 0.45 * dpi:
        bottom = top + em * rng.uniform(1.15, 1.9)
        left = 0.2 * dpi
        while left < width - 0.5 * dpi:
            printed, text = draw_content(rng, recipe.figure_share, bars=recipe.bars)
            own = any(ord(char) > 0x2FFF for char in printed)
            font = load(chinese if own else latin, max(8, round(em * rng.uniform(0.9, 1.05))))
            wide = font.getlength(printed)
            right = min(left + wide + em * rng.uniform(0.3, 1.6), width - 0.2 * dpi)
            box = Box(round(left), round(top), round(right), round(bottom))
            if wide < box.width - 2 * line - 2:
                x, y, anchor = _place(box, rng, line)
                if rng.random() < recipe.touching_share:
                    x, y = _touching(box, canvas.textbbox((x, y), printed, font=font, anchor=anchor), (x, y), rng)
                canvas.text((x, y), printed, font=font, fill=(0, 0, 0), anchor=anchor)
                cells.append(_Cell(box, text, row))
            canvas.rectangle((box.left, box.top, box.right, box.bottom), outline=(0, 0, 0), width=line)
            left = right
        top, row = bottom, row + 1
    return np.asarray(sheet, dtype=np.uint8), cells


def _place(box: Box, rng: random.Random, line: int) -> tuple[float, float, str]:
    """Where print stands in a cell: x, y, and which point of it that is, as Pillow names it."""
    align = rng.choice(["middle", "middle", "left", "right"])
    x = {"middle": box.center[0], "left": box.left + line + 3, "right": box.right - line - 3}[align]
    return x, box.center[1], {"middle": "mm", "left": "lm", "right": "rm"}[align]


def _touching(
    box: Box, print_: tuple[float, float, float, float], place: tuple[float, float], rng: random.Random
) -> tuple[float, float]:
    """The place moved so that print touches a ruling, below most often."""
    left, top, right, bottom = print_
    over = rng.uniform(-0.04, 0.12) * (bottom - top)
    x, y = place
    side = rng.choice(["below", "below", "above", "left", "right"])
    if side in ("below", "above"):
        return x, y + (box.bottom - bottom + over if side == "below" else box.top - top - over)
    return x + (box.right - right + over if side == "right" else box.left - left - over), y


def _cleaned(
    image: NDArray[np.uint8], dpi: int, profile: str | Damage, skew: float, rng: random.Random
) -> tuple[NDArray[np.uint8], float]:
    """The damaged sheet straightened and cleaned as pages are, grey, and how much larger it is than the drawn one."""
    height, width = image.shape[:2]
    page = PageTruth(
        index=0, width=width, height=height, dpi=dpi, image_width=width, image_height=height, image_dpi=dpi
    )
    nothing = ReportTruth(
        seed=0, form="A", forms={}, body="市人民政府办公室", year=2020, title="", fields={}, tables=(), grids=(),
        pages=(page,), sections=(),
    )  # fmt: skip
    done = damage(SyntheticReport((image,), nothing), profile, rng.randrange(1 << 30))
    after = done.truth.pages[0]
    scale = max(1.0, _LEAST_DPI / dpi)
    angle = np.radians(rng.gauss(0, skew))
    turn = Transform(
        (float(np.cos(angle)), float(-np.sin(angle)), 0, float(np.sin(angle)), float(np.cos(angle)), 0, 0, 0, 1)
    )
    stray = Transform.translation(rng.uniform(-0.7, 0.7), rng.uniform(-0.7, 0.7))
    middle = Transform.translation(-width / 2, -height / 2)
    back = middle.then(turn).then(Transform.translation(width / 2, height / 2)).then(stray)
    straight = after.transform.inverse().then(back).then(Transform.scaling(scale, scale))
    color = warped(softened(done.pages[0]), straight, (round(width * scale), round(height * scale)), (255, 255, 255))
    work_dpi = dpi * scale
    gray = np.asarray(cv2.cvtColor(color, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    gray = without_seals(gray, color, find_seal_ink(color, work_dpi))
    return stretched(flattened(gray, work_dpi)), scale


def _cut(gray: NDArray[np.uint8], dpi: float, cells: list[_Cell], profile: str, *, mended: bool) -> Iterator[Crop]:
    mask = ink_map(gray, dpi).mask(PRINT_SHARE)
    inks = [cell_ink(mask, cell.box, dpi) for cell in cells]
    usual = usual_height(inks, dpi)
    lines = [group_lines(ink, mask, usual) for ink in inks]
    single = [(cell, ink, own[0]) for cell, ink, own in zip(cells, inks, lines, strict=True) if len(own) == 1]
    printed = [Printed(cell.row, line, cell.text != OTHER) for cell, _, line in single]
    whole = whole_lines(printed) if mended else [None] * len(single)
    for (cell, ink, line), shown in zip(single, whole, strict=True):
        yield Crop(crop_line(gray, shown or line, ink.interior, dpi), cell.text, profile)
