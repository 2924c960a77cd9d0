"""Finds ``configs/``, ``models/`` and a font both in a checkout and inside an installed wheel."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from ocr_pipeline.errors import DependencyError

__all__ = ["bundled_font", "data_folder"]

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


def bundled_font() -> Path:
    """A font with Chinese characters that every installation has: the one inside layoutparser's wheel.

    Raises:
        DependencyError: layoutparser is not installed.
    """
    # find_spec locates the package without running it: importing layoutparser takes seconds.
    spec = importlib.util.find_spec("layoutparser")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted(Path(folder).rglob("NotoSerifCJKjp-Regular.otf")):
            return path
    raise DependencyError("no Chinese font: layoutparser, which carries one, is not installed")
