"""Models for the room that do to it what a wish says."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Hashable, Sequence


class OddError(Exception):
    """An error of a runtime; it cannot be unpickled, as little as one of a package that is not there."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one)


class NamedModels:
    """A wish is a text and its result ``read`` and the text; four of one length are done at once.

    ``models-hang`` never comes back, ``models-crash`` ends the room, ``models-segfault`` does so inside a library,
    ``models-error`` raises, ``models-odd`` too, what the worker does not know, ``models-grow`` takes 40 MB and keeps
    them; ``which-gpu`` and ``which-process`` are answered.
    """

    def __init__(self) -> None:
        self.batches: list[tuple[str, ...]] = []
        self._kept: list[bytes] = []

    def bucket(self, wish: str) -> tuple[Hashable, int]:
        return len(wish), 4

    def run(self, wishes: Sequence[str]) -> Sequence[str]:
        self.batches.append(tuple(wishes))
        for wish in wishes:
            if wish.startswith("models-hang"):
                time.sleep(3600)
            elif wish.startswith("models-crash"):
                os._exit(3)
            elif wish.startswith("models-segfault"):
                ctypes.string_at(0)
            elif wish.startswith("models-error"):
                raise ZeroDivisionError(wish)
            elif wish.startswith("models-odd"):
                raise OddError(wish, "")
            elif wish.startswith("models-grow"):
                self._kept.append(b"x" * 40_000_000)
        told = {"which-gpu": f"gpu {os.environ.get('CUDA_VISIBLE_DEVICES', '')}", "which-process": str(os.getpid())}
        return [told.get(wish, f"read {wish}") for wish in wishes]
