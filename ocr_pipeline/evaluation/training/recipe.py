"""Recipes: a YAML file that holds all that a network is made from."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import Field, ValidationError

from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.resources import data_folder

__all__ = ["TrainingRecipe", "read_recipe"]

R = TypeVar("R", bound=FrozenModel)


class TrainingRecipe(FrozenModel):
    """Optimisation."""

    seed: int = 0
    steps: int = Field(ge=1)
    batch: int = Field(ge=1, description="examples a step")
    rate: float = Field(0.003, gt=0, description="highest learning rate of the one-cycle schedule")
    decay: float = Field(0.01, ge=0)
    average: float = Field(0.998, ge=0, lt=1, description="of the weights that are exported, per step")
    threads: int = Field(1, ge=1)


def read_recipe(kind: type[R], network: str, path: Path | None = None) -> R:
    """A recipe from YAML; the one in ``models/<network>`` when no path is given.

    Raises:
        ConfigurationError: it cannot be read or does not fit.
    """
    path = path or data_folder("models") / network / "recipe.yaml"
    try:
        return kind.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"no recipe of {network}: {error}", source=path) from error
