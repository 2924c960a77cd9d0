"""The recipe: which pages are drawn, how they are damaged, what the network is and how it is trained."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.resources import data_folder

__all__ = ["DataRecipe", "NetworkRecipe", "Recipe", "TrainingRecipe", "load_recipe"]


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
    most_of_scene: int = Field(2, ge=1, description="pages taken of one scene, those with tables first")
    skew: float = Field(0.35, ge=0, description="degrees of skew that straightening leaves, standard deviation")
    stray: float = Field(0.004, ge=0, description="how far corners stray after straightening, share of the width")
    zoom: float = Field(0.1, ge=0, lt=1, description="resolutions are believed wrongly by up to this share")


class NetworkRecipe(FrozenModel):
    """Size of the network."""

    widths: tuple[int, ...] = Field(min_length=3, description="channels at 1/2, 1/4, 1/8 ... of the input")
    blocks: tuple[int, ...] = Field(min_length=3, description="blocks of the encoder at each of these")
    strip: int = Field(11, ge=3, description="length of the strips that see along rulings, pixels at 1/8 and below")


class TrainingRecipe(FrozenModel):
    """Optimisation."""

    seed: int = 0
    steps: int = Field(ge=1)
    batch: int = Field(4, ge=1)
    crop: int = Field(512, ge=64, multiple_of=32, description="side of the squares cut from pages, input pixels")
    rate: float = Field(0.003, gt=0, description="highest learning rate of the one-cycle schedule")
    decay: float = Field(0.01, ge=0)
    average: float = Field(0.998, ge=0, lt=1, description="of the weights that are exported, per step")
    weights: dict[str, float] = Field(description="weight of each map in the loss")
    half: bool = Field(True, description="multiply in bfloat16")
    threads: int = Field(2, ge=1)


class Recipe(FrozenModel):
    """All of it."""

    train: DataRecipe
    held_out: DataRecipe
    network: NetworkRecipe
    training: TrainingRecipe


def load_recipe(path: Path | None = None) -> Recipe:
    """A recipe from YAML; the one in ``models/page_net`` when no path is given.

    Raises:
        ConfigurationError: it cannot be read or does not fit.
    """
    path = path or data_folder("models") / "page_net" / "recipe.yaml"
    try:
        return Recipe.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"no recipe of a page network: {error}", source=path) from error
