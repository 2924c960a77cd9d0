"""A bar over pages, documents or runs, on standard error, for a person who watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["bar"]


@contextmanager
def bar(label: str, *, unit: str, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A callback ``(done, in all)`` that draws the bar; None when nobody watches.

    Args:
        label: what stands before the bar.
        unit: what is counted.
        quiet: draw nothing, even on a terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(desc=label, unit=f" {unit}", file=sys.stderr, leave=False, dynamic_ncols=True) as shown:

        def show(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield show
