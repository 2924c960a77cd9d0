"""The files that drawn reports are written to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocr_pipeline.errors import OutputError

__all__ = ["writing"]


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Around the writing of a file; its folder is made.

    Raises:
        OutputError: the operating system refuses one of both.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
