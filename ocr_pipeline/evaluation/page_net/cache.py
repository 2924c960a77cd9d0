"""Drawn pages on disk, as the network takes them: drawing a page takes longer than a step of training on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.errors import OutputError
from ocr_pipeline.evaluation.page_net.recipe import DataRecipe
from ocr_pipeline.evaluation.page_net.samples import samples
from ocr_pipeline.evaluation.training.drawing import draw_parts
from ocr_pipeline.page_net.intake import ink_of, reduced
from ocr_pipeline.page_net.maps import MAPS, WORK_DPI

__all__ = ["StoredPages", "parts", "render"]

_PART = 50
"""Pages drawn in one go; the seeds of a part do not depend on how many work at once."""
_SEEDS_A_PART = 1000


def parts(recipe: DataRecipe) -> list[DataRecipe]:
    """The recipe in parts that can be drawn side by side."""
    counts = [min(_PART, recipe.pages - start) for start in range(0, recipe.pages, _PART)]
    return [
        recipe.model_copy(update={"seed": recipe.seed + _SEEDS_A_PART * number, "pages": count})
        for number, count in enumerate(counts)
    ]


def render(recipe: DataRecipe, folder: Path, jobs: int = 1) -> Iterator[int]:
    """Draw all pages of a recipe; gives the number of pages done after each part.

    Args:
        recipe: which pages.
        folder: made when missing; parts that are there already are kept, so a broken run goes on.
        jobs: processes.

    Raises:
        OutputError: a file cannot be written.
    """
    return draw_parts(parts(recipe), _render_part, folder, jobs=jobs)


def _render_part(recipe: DataRecipe, index: Path) -> int:
    if index.is_file():
        return len(json.loads(index.read_text(encoding="utf-8")))
    names = []
    for sample in samples(recipe):
        name = sample.name.replace("/", "-")
        ink = ink_of(reduced(sample.color, 2 * WORK_DPI))
        np.save(index.parent / f"{name}.ink.npy", ink)
        np.save(index.parent / f"{name}.maps.npy", np.packbits(sample.truth, axis=0, bitorder="little")[0])
        names.append({"name": name, "profile": sample.profile})
    index.write_text(json.dumps(names) + "\n", encoding="utf-8")
    return len(names)


class StoredPages:
    """The pages of a folder that ``render`` filled.

    Raises:
        OutputError: there are none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.names: list[str] = []
        self.profiles: list[str] = []
        for index in sorted(folder.glob("part*.json")):
            for entry in json.loads(index.read_text(encoding="utf-8")):
                self.names.append(entry["name"])
                self.profiles.append(entry["profile"])
        if not self.names:
            raise OutputError(f"no drawn pages in {folder}", remedy="draw them first: the step render")

    def __len__(self) -> int:
        return len(self.names)

    def page(self, number: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Ink (height x width x 3) and true maps (len(MAPS) x height / 2 x width / 2, 0 or 1), uint8."""
        name = self.names[number]
        ink = np.load(self._folder / f"{name}.ink.npy")
        packed = np.load(self._folder / f"{name}.maps.npy")
        maps = np.unpackbits(packed[None], axis=0, count=len(MAPS), bitorder="little")
        return np.asarray(ink, np.uint8), np.asarray(maps, np.uint8)
