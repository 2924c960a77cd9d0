"""Draws what a network learns from, in parts that are drawn side by side and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TypeVar

from ocr_pipeline.errors import OutputError

__all__ = ["draw_parts"]

R = TypeVar("R")


def draw_parts(parts: Sequence[R], draw: Callable[[R, Path], int], folder: Path, *, jobs: int = 1) -> Iterator[int]:
    """Draw the parts of a recipe; gives how many examples there are after each part.

    Args:
        parts: what each is drawn from; what is on a part does not depend on how many are drawn at once.
        draw: a function of a module, for it goes to other processes: draws a part into an index file, and what that
            names beside it, unless it is there already; returns how many examples it holds.
        folder: made when missing.
        jobs: processes.

    Raises:
        OutputError: a file cannot be written.
    """
    done = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor(max_workers=jobs) as pool:
            indices = (folder / f"part{number:03d}.json" for number in range(len(parts)))
            waiting = [pool.submit(draw, part, index) for part, index in zip(parts, indices, strict=True)]
            for future in as_completed(waiting):
                done += future.result()
                yield done
    except OSError as error:
        raise OutputError(f"cannot write into {folder}: {error.strerror or error}") from error
