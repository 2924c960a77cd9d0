"""Crops on disk, as the network takes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.errors import OutputError
from ocr_pipeline.evaluation.figure_net.recipe import SheetRecipe
from ocr_pipeline.evaluation.figure_net.sheets import crops
from ocr_pipeline.evaluation.training.drawing import draw_parts
from ocr_pipeline.text.figure_intake import HEIGHT, normalized

__all__ = ["StoredCrops", "render"]

_PART = 12
"""Sheets drawn in one go; what is on them does not depend on how many work at once."""


def render(recipe: SheetRecipe, folder: Path, jobs: int = 1) -> Iterator[int]:
    """Draw all sheets of a recipe; gives the number of crops after each part.

    Args:
        recipe: which sheets.
        folder: made when missing; parts that are there already are kept.
        jobs: processes.

    Raises:
        OutputError: a file cannot be written.
    """
    parts = [
        recipe.model_copy(update={"seed": recipe.seed + start, "sheets": min(_PART, recipe.sheets - start)})
        for start in range(0, recipe.sheets, _PART)
    ]
    return draw_parts(parts, _render_part, folder, jobs=jobs)


def _render_part(recipe: SheetRecipe, index: Path) -> int:
    if index.is_file():
        return len(json.loads(index.read_text(encoding="utf-8"))["texts"])
    shown, texts, profiles = [], [], []
    for crop in crops(recipe):
        shown.append(normalized(crop.image))
        texts.append(crop.text)
        profiles.append(crop.profile)
    np.save(index.with_suffix(".npy"), np.hstack(shown))
    entry = {"widths": [image.shape[1] for image in shown], "texts": texts, "profiles": profiles}
    index.write_text(json.dumps(entry, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(texts)


class StoredCrops:
    """The crops of folders that ``render`` filled, in memory.

    Raises:
        OutputError: there are none in one of them.
    """

    def __init__(self, *folders: Path) -> None:
        self.images: list[NDArray[np.uint8]] = []
        self.texts: list[str] = []
        self.profiles: list[str] = []
        for folder in folders:
            self._load(folder)

    def _load(self, folder: Path) -> None:
        before = len(self.images)
        for index in sorted(folder.glob("part*.json")):
            entry = json.loads(index.read_text(encoding="utf-8"))
            row = np.load(index.with_suffix(".npy"))
            if row.shape[0] != HEIGHT or row.shape[1] != sum(entry["widths"]):
                raise OutputError(f"{index} does not fit its picture", remedy="draw the crops again: the step render")
            edges = np.cumsum([0, *entry["widths"]])
            self.images += [row[:, a:b] for a, b in pairwise(edges)]
            self.texts += entry["texts"]
            self.profiles += entry["profiles"]
        if len(self.images) == before:
            raise OutputError(f"no drawn crops in {folder}", remedy="draw them first: the step render")

    def __len__(self) -> int:
        return len(self.images)
