"""The recipe: what is printed on the sheets, how they are damaged, what the network is and how it is trained."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from ocr_pipeline.evaluation.training.recipe import TrainingRecipe, read_recipe
from ocr_pipeline.frozen import FrozenModel

__all__ = ["FigureRecipe", "FurtherRecipe", "NetworkRecipe", "SheetRecipe", "load_recipe"]


class SheetRecipe(FrozenModel):
    """Sheets of cells to draw."""

    seed: int = Field(0, ge=0, description="of the first sheet; the others follow")
    sheets: int = Field(ge=1, description="how many sheets are drawn")
    chinese_faces: tuple[str, ...] = Field(min_length=1, description="names in synthetic.fonts")
    latin_faces: tuple[str, ...] = Field(description="faces of figures; the Chinese ones print figures, too")
    dpi: tuple[int, ...] = Field(min_length=1, description="resolutions that sheets are drawn at")
    profiles: dict[str, float] = Field(min_length=1, description="damage profile to its weight")
    worse_share: float = Field(0.0, ge=0, le=1, description="share of the sheets fainter and thinner than the profile")
    harsh_share: float = Field(0.0, ge=0, le=1, description="share of the sheets under a harsh damage instead")
    worn_share: float = Field(
        0.0, ge=0, le=1, description="share of the sheets under a fax instead that leaves pieces of thin strokes"
    )
    mended_share: float = Field(
        0.0, ge=0, le=1, description="share of the sheets whose worn figures are cut as high as the others of their row"
    )
    own_faces: int = Field(
        2, ge=0, description="how many Latin faces the Chinese one counts for among those of figures"
    )
    bars: bool = Field(True, description="whether an upright bar may stand for no figure")
    touching_share: float = Field(0.0, ge=0, le=1, description="share of the cells whose print touches a ruling")
    stray_share: float = Field(0.0, ge=0, le=1, description="share of the cells cut beside where their rulings are")
    figure_share: float = Field(0.65, ge=0, le=1, description="share of the cells that hold a figure")
    skew: float = Field(0.1, ge=0, description="degrees of skew that straightening leaves, standard deviation")


class NetworkRecipe(FrozenModel):
    """Size of the network."""

    widths: tuple[int, int, int, int, int] = Field(description="channels of its five levels")


class FurtherRecipe(FrozenModel):
    """What the network learns when it has learned from the sheets, from these and others."""

    sheets: SheetRecipe
    training: TrainingRecipe


class FigureRecipe(FrozenModel):
    """All of it."""

    train: SheetRecipe
    held_out: SheetRecipe
    network: NetworkRecipe
    training: TrainingRecipe
    further: FurtherRecipe | None = None


def load_recipe(path: Path | None = None) -> FigureRecipe:
    """A recipe from YAML; the one in ``models/figure_net`` when no path is given.

    Raises:
        ConfigurationError: it cannot be read or does not fit.
    """
    return read_recipe(FigureRecipe, "figure_net", path)
