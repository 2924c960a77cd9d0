"""A closer look at single figures: each reader is shown the same picture in several ways, and its answers are averaged.

What a reader makes of worn print hangs on where its margins are and on how sharp and how dark it is: of two digits that
it can hardly tell apart it finds now one and now the other likelier. Averaged over such changes, none of which alters
what is printed, its probabilities are worth more (test-time augmentation: Krizhevsky et al., "ImageNet classification
with deep convolutional neural networks", 2012, section 4.1). It takes a dozen times as long, so that it is for the few
figures on which something hangs.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Cell, Place, Reading
from ocr_pipeline.engine import CLOSER_LOOKS, FIGURE_ALPHABET, Recognition, Recognizer

__all__ = ["look_closer", "views"]

_BEAMS = 12
_FAINTEST = 1e-4
"""Readings that are less likely on the average say nothing."""
_HEIGHT = 32.0
"""Height of a picture for which blurs are given."""
_STRETCHES = (0.9, 1.1)
_LEAN = 0.07
_MARGIN = 0.06
"""Share of the height that is added around, or on two sides twice that."""
_SOFT, _ROUGH, _SHARPENED = 0.8, 1.0, 0.8
_SMALLEST = 8

Picture = NDArray[np.uint8]


def look_closer(
    cells: Mapping[str, Cell], figures: Mapping[Place, Picture], readers: Sequence[Recognizer]
) -> dict[str, Cell]:
    """The cells with what each reader makes of them on the average of all views, added to their witnesses.

    Args:
        cells: by any name; those without a single picture stay as they are.
        figures: the image of each cell that may hold a figure, as ``read_table`` keeps them.
        readers: the first recogniser, the second, and the reader of figures.
    """
    pictures = {
        name: shown[0]
        for name, cell in cells.items()
        if len(shown := [figures[place] for place in cell.places if place in figures]) == 1 and shown[0].size
    }
    every = [(name, view) for name, picture in pictures.items() for view in views(picture)]
    added: dict[str, list[Reading]] = {name: [] for name in cells}
    for engine, reader in zip(CLOSER_LOOKS, readers, strict=True):
        seen: dict[str, list[Recognition]] = defaultdict(list)
        answers = reader.recognize([view for _, view in every], alphabet=FIGURE_ALPHABET, beams=_BEAMS)
        for (name, _), answer in zip(every, answers, strict=True):
            seen[name].append(answer)
        for name, looks in seen.items():
            added[name] += _averaged(looks, engine)
    return {
        name: cell.model_copy(update={"witnesses": (*cell.witnesses, *added[name])}) if added[name] else cell
        for name, cell in cells.items()
    }


def views(picture: Picture) -> Iterator[Picture]:
    """The picture (height x width [x 3], uint8, dark on light) as it is, and changed a little in eleven ways."""
    height, width = picture.shape[:2]
    yield picture
    for stretch in _STRETCHES:
        yield _image(cv2.resize(picture, (max(_SMALLEST, round(width * stretch)), height)))
    margin = max(1, round(_MARGIN * height))
    for top, bottom, left, right in ((1, 1, 1, 1), (0, 2, 2, 0), (2, 0, 0, 2)):
        sides = (margin * top, margin * bottom, margin * left, margin * right)
        yield _image(cv2.copyMakeBorder(picture, *sides, cv2.BORDER_REPLICATE))
    yield _image(cv2.GaussianBlur(picture, (0, 0), _SOFT * height / _HEIGHT))
    rough = cv2.GaussianBlur(picture, (0, 0), _ROUGH * height / _HEIGHT)
    yield _image(cv2.addWeighted(picture, 1 + _SHARPENED, rough, -_SHARPENED, 0))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    for changed in (cv2.erode(picture, brush), cv2.dilate(picture, brush)):
        yield _image(cv2.addWeighted(picture, 0.5, changed, 0.5, 0))
    for lean in (_LEAN, -_LEAN):
        shear = np.array([[1, lean, -lean * height / 2], [0, 1, 0]], dtype=np.float64)
        yield _image(cv2.warpAffine(picture, shear, (width, height), borderMode=cv2.BORDER_REPLICATE))


def _image(picture: cv2.typing.MatLike) -> Picture:
    return np.asarray(picture, dtype=np.uint8)


def _averaged(looks: Sequence[Recognition], engine: str) -> list[Reading]:
    total: dict[str, float] = defaultdict(float)
    for look in looks:
        for reading in look.typed:
            total[reading.text] += math.exp(reading.log_prob) / len(looks)
    ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))
    return [
        Reading(text=text, log_prob=min(0.0, math.log(p)), engine=engine)
        for text, p in ranked
        if text and p > _FAINTEST
    ]
