"""A file that appears when it is whole."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocr_pipeline.errors import OutputError

__all__ = ["appearing"]


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A place beside ``path`` to write to; it becomes ``path`` when the block ends well, and vanishes when not.

    Raises:
        OutputError: it cannot be written.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write: {error.strerror or error}", source=path) from error
    finally:
        part.unlink(missing_ok=True)
