"""The recipe: which pages are drawn, how they are damaged, what the network is and how it is trained."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from ocr_pipeline.evaluation.training.recipe import TrainingRecipe, read_recipe
from ocr_pipeline.frozen import FrozenModel

__all__ = ["DataRecipe", "NetworkRecipe", "PageTraining", "Recipe", "load_recipe"]


class DataRecipe(FrozenModel):
    """Pages to draw."""

    seed: int = Field(0, ge=0, description="of the first scene; the others follow")
    pages: int = Field(ge=1, description="how many pages are drawn")
    faces: tuple[str, ...] = Field(min_length=1, description="Chinese faces, names in synthetic.fonts")
    dpi: tuple[int, ...] = Field(min_length=1, description="resolutions that pages are drawn at")
    profiles: dict[str, float] = Field(min_length=1, description="damage profile to its weight")
    seal_share: float = Field(0.25, ge=0, le=1, description="share of the pages with seals")
    clutter_share: float = Field(0.3, ge=0, le=1, description="share of the pages with charts, pictures, black edges")
    known_share: float = Field(0.45, ge=0, le=1, description="share of the scenes that are reports of the known forms")
    hard_share: float = Field(
        0.0, ge=0, le=1, description="share of the scenes with broken rulings, framed cells or a stack of small tables"
    )
    most_of_scene: int = Field(2, ge=1, description="pages taken of one scene, those with tables first")
    skew: float = Field(0.35, ge=0, description="degrees of skew that straightening leaves, standard deviation")
    stray: float = Field(0.004, ge=0, description="how far corners stray after straightening, share of the width")
    slack: float = Field(0.0, ge=0, le=1, description="share of the pages straightened four times worse than that")
    zoom: float = Field(0.1, ge=0, lt=1, description="resolutions are believed wrongly by up to this share")


class NetworkRecipe(FrozenModel):
    """Size of the network."""

    widths: tuple[int, ...] = Field(min_length=3, description="channels at 1/2, 1/4, 1/8 ... of the input")
    blocks: tuple[int, ...] = Field(min_length=3, description="blocks of the encoder at each of these")
    strip: int = Field(11, ge=3, description="length of the strips that see along rulings, pixels at 1/8 and below")


class PageTraining(TrainingRecipe):
    """Optimisation of a network that sees squares cut from pages."""

    crop: int = Field(512, ge=64, multiple_of=32, description="side of the squares, input pixels")
    weights: dict[str, float] = Field(description="weight of each map in the loss")
    half: bool = Field(True, description="multiply in bfloat16")


class Recipe(FrozenModel):
    """All of it."""

    train: DataRecipe
    held_out: DataRecipe
    network: NetworkRecipe
    training: PageTraining


def load_recipe(path: Path | None = None) -> Recipe:
    """A recipe from YAML; the one in ``models/page_net`` when no path is given.

    Raises:
        ConfigurationError: it cannot be read or does not fit.
    """
    return read_recipe(Recipe, "page_net", path)
