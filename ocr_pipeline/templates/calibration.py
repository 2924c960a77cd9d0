"""How far the readers can be believed: coefficients fitted on generated reports.

The file is ``models/proof/confidence.yaml``; the folder's README tells how it is made again.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from ocr_pipeline.errors import WeightsError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.resources import data_folder

__all__ = [
    "Calibration",
    "Climate",
    "ContestWeights",
    "InkWeights",
    "WordWeights",
    "load_calibration",
]


class Climate(FrozenModel):
    """How the mean doubt of a part's figures becomes its climate: 0 for clean print, 1 for the worst.

    It is ``(log10(doubt) - low) / (high - low)``, clipped; ``prior`` figures of doubt ``usual`` are always counted in,
    so that a table with few figures is judged with caution.
    """

    low: float
    high: float
    usual: float = Field(gt=0, lt=1)
    prior: float = Field(ge=0)


class _Weights(FrozenModel):
    @property
    def vector(self) -> tuple[float, ...]:
        """The weights in the order of their declaration."""
        return tuple(getattr(self, name) for name in type(self).model_fields)


class InkWeights(_Weights):
    """Weights of a conditional logit over the numbers that a cell may show.

    The score of a number is ``first * log p1 + second * log p2 + third * log p3 + free [it is the free reading] + zero
    [it is 0, as most figures of such tables are] + digits * (how many it has)``, with p1, p2 and p3 the probabilities
    that the two recognisers and the reader of figures give it (never less than the floors). A number that nobody reads
    has the first three times the floors ``+ other + unsure * log (confidence of the free reading)``. Each weight grows
    by its ``_worn`` neighbour times the climate.
    """

    first: float = 0.0
    second: float = 0.0
    third: float = 0.0
    free: float = 0.0
    zero: float = 0.0
    digits: float = 0.0
    other: float = 0.0
    unsure: float = 0.0
    first_worn: float = 0.0
    second_worn: float = 0.0
    third_worn: float = 0.0
    free_worn: float = 0.0
    zero_worn: float = 0.0
    digits_worn: float = 0.0
    other_worn: float = 0.0
    unsure_worn: float = 0.0


class WordWeights(_Weights):
    """A logistic model of figures that the free reading alone gives: those among words, and bare ones on several lines.

    Of ``bias``, ``bare`` where nothing but figures was read, the log of the reading's probability, climate and witness.
    """

    bias: float
    bare: float
    log_probability: float
    worn: float
    agrees: float
    differs: float


class ContestWeights(_Weights):
    """A logistic model of misreadings against issuers' mistakes (``templates.contest``): how much it counts that a
    reader finds the number asked for likelier than the number read, in nats for each nat, and ``bias``.
    """

    first: float
    second: float
    third: float
    bias: float


class Calibration(FrozenModel):
    """All coefficients.

    Attributes:
        climate: how worn the print is.
        heard: weights where the second recogniser was asked.
        three: weights where the reader of figures was asked as well.
        alone: weights where it was not.
        words: figures that stand among words.
        contest: the number that the equations ask for against the number read.
        first_floor, second_floor, third_floor: least probabilities that count.
        blank: probability that a cell called blank hides a figure, on clean print and on worn.
        unsigned: probability that a change read without a sign has lost its minus, where signs are legible and where
            they are not (``templates.signs``).
        cancel: chance that two misread figures leave an equation closed.
        alike: chance that a figure misread in one place is misread in the same way in another.
        misplaced: chance that a value stands in the wrong row or column although everything closes.
        astray: the same where most of a part was not found and no equation speaks.
        unlisted: share of a cell's unread probability that one given number can have.
        broken: probability that the issuer's own figures leave a given equation broken.
        repaired: share of the repairs that are right, on pages as bad as those that need them.
        prose: what is left of the doubt of a value whose number the prose repeats.
        issuer: probability that the issuer printed a given figure otherwise than its equations ask.
    """

    climate: Climate
    heard: InkWeights
    three: InkWeights
    alone: InkWeights
    words: WordWeights
    contest: ContestWeights
    first_floor: float = Field(gt=0, lt=1)
    second_floor: float = Field(gt=0, lt=1)
    third_floor: float = Field(gt=0, lt=1)
    blank: tuple[float, float]
    unsigned: tuple[float, float]
    cancel: float = Field(gt=0, le=1)
    alike: float = Field(ge=0, le=1)
    misplaced: float = Field(ge=0, lt=1)
    astray: float = Field(ge=0, lt=1)
    unlisted: float = Field(gt=0, le=1)
    broken: float = Field(gt=0, lt=1)
    repaired: float = Field(ge=0, le=1)
    prose: float = Field(ge=0, le=1)
    issuer: float = Field(gt=0, lt=1)


@lru_cache
def load_calibration(folder: Path | None = None) -> Calibration:
    """The coefficients that the program runs with.

    Raises:
        WeightsError: the file is not there or not what it must be.
    """
    path = (folder or data_folder("models") / "proof") / "confidence.yaml"
    try:
        return Calibration.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise WeightsError(
            f"the calibration cannot be used: {error}", source=path, remedy="install the package again"
        ) from error
