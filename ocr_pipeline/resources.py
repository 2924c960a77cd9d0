"""Finds ``configs/`` and ``models/`` both in a checkout and inside an installed wheel."""

from __future__ import annotations

from pathlib import Path

from ocr_pipeline.errors import DependencyError

__all__ = ["data_folder"]

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """The folder of data that travels with the program.

    Args:
        name: ``configs`` or ``models``.

    Raises:
        DependencyError: the installation is incomplete.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise DependencyError(
        f"the folder {name}/ is not part of this installation",
        remedy="install the package again",
    )
