"""The recipe: what is printed on the sheets, how they are damaged, what the network is and how it is trained."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.resources import data_folder

__all__ = ["FigureRecipe", "NetworkRecipe", "SheetRecipe", "TrainingRecipe", "load_recipe"]


class SheetRecipe(FrozenModel):
    """Sheets of cells to draw."""

    seed: int = Field(0, ge=0, description="of the first sheet; the others follow")
    sheets: int = Field(ge=1, description="how many sheets are drawn")
    chinese_faces: tuple[str, ...] = Field(min_length=1, description="names in synthetic.fonts")
    latin_faces: tuple[str, ...] = Field(description="faces of figures; the Chinese ones print figures, too")
    dpi: tuple[int, ...] = Field(min_length=1, description="resolutions that sheets are drawn at")
    profiles: dict[str, float] = Field(min_length=1, description="damage profile to its weight")
    worse_share: float = Field(0.0, ge=0, le=1, description="share of the sheets fainter and thinner than the profile")
    figure_share: float = Field(0.65, ge=0, le=1, description="share of the cells that hold a figure")
    skew: float = Field(0.1, ge=0, description="degrees of skew that straightening leaves, standard deviation")


class NetworkRecipe(FrozenModel):
    """Size of the network."""

    widths: tuple[int, int, int, int, int] = Field(description="channels of its five levels")


class TrainingRecipe(FrozenModel):
    """Optimisation."""

    seed: int = 0
    steps: int = Field(ge=1)
    batch: int = Field(64, ge=1)
    rate: float = Field(0.003, gt=0, description="highest learning rate of the one-cycle schedule")
    decay: float = Field(0.01, ge=0)
    average: float = Field(0.998, ge=0, lt=1, description="of the weights that are exported, per step")
    threads: int = Field(1, ge=1)


class FigureRecipe(FrozenModel):
    """All of it."""

    train: SheetRecipe
    held_out: SheetRecipe
    network: NetworkRecipe
    training: TrainingRecipe


def load_recipe(path: Path | None = None) -> FigureRecipe:
    """A recipe from YAML; the one in ``models/figure_net`` when no path is given.

    Raises:
        ConfigurationError: it cannot be read or does not fit.
    """
    path = path or data_folder("models") / "figure_net" / "recipe.yaml"
    try:
        return FigureRecipe.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"no recipe of a reader of figures: {error}", source=path) from error
