"""Images of lines in batches for a recogniser's network.

Images are put together by the width that they are padded to, which depends on the image alone: what is read of one does
not change with the company it is read in, whether that comes from its own page or from other documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.crew import Crew
from ocr_pipeline.text.decode import Steps
from ocr_pipeline.text.engines.network import Network

__all__ = ["BatchedLines", "LineImage", "LineReader"]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class LineImage:
    """One line, ready to be read.

    Attributes:
        pixels: height of the network x width x 3, BGR, uint8.
        bucket: width in pixels that it is padded to.
    """

    pixels: NDArray[np.uint8]
    bucket: int


class LineReader(Protocol):
    """A network that reads lines, here or in another process; threads may share it."""

    def read(self, images: Sequence[LineImage], columns: Sequence[int], decode: Callable[[Steps], R]) -> list[R]:
        """What ``decode`` makes of each image, in the order given.

        Args:
            images: as many as there are; they are put into batches.
            columns: of the characters whose probabilities decoding asks for.
            decode: from what the network says to a reading; may be called on any thread.
        """
        ...


class BatchedLines:
    """A network of this process; a ``LineReader``.

    Args:
        network: the network.
        batch_width: summed width of the images of one batch, in pixels, at most; a wider image is a batch of its own.
        crew: shares the batches of one call.
    """

    def __init__(self, network: Network, batch_width: int, crew: Crew) -> None:
        self.network = network
        self._batch_width = batch_width
        self._crew = crew

    def read(self, images: Sequence[LineImage], columns: Sequence[int], decode: Callable[[Steps], R]) -> list[R]:
        """See ``LineReader.read``."""

        def read(batch: list[int]) -> list[R]:
            return [decode(steps) for steps in self.run([images[index] for index in batch], columns)]

        batches = list(self._batches(images))
        found = {
            index: reading
            for batch, readings in zip(batches, self._crew.map(read, batches), strict=True)
            for index, reading in zip(batch, readings, strict=True)
        }
        return [found[index] for index in range(len(images))]

    def run(self, batch: Sequence[LineImage], columns: Sequence[int]) -> list[Steps]:
        """What the network says of images of one bucket, all at once."""
        height = batch[0].pixels.shape[0]
        # The models were trained with padding of 0 after normalisation (neutral grey); white makes lone zeros vanish.
        tensor = np.zeros((len(batch), 3, height, batch[0].bucket), dtype=np.float32)
        for row, image in zip(tensor, batch, strict=True):
            part = row[:, :, : image.pixels.shape[1]]
            part[...] = image.pixels.transpose(2, 0, 1)
            part /= 127.5
            part -= 1.0
        best, peak, picked = self.network(tensor, columns)
        return [Steps(best[k], peak[k], picked[k]) for k in range(len(batch))]

    def _batches(self, images: Sequence[LineImage]) -> Iterator[list[int]]:
        """Indices of images of one bucket together, as many as ``batch_width`` allows, so that memory is bounded."""
        batch: list[int] = []
        for index in sorted(range(len(images)), key=lambda index: images[index].bucket):
            bucket = images[index].bucket
            if batch and (bucket != images[batch[0]].bucket or (len(batch) + 1) * bucket > self._batch_width):
                yield batch
                batch = []
            batch.append(index)
        if batch:
            yield batch
