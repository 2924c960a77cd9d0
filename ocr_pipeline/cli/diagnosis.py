"""What this program needs, looked for on this machine. Nothing here prints."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.cli.failures import OPENCV_REMEDY

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = ["Check", "examine"]

_PACKAGE = "ocr-pipeline"

# Imported in a process of its own: a library that crashes while it loads must not take the examination with it.
_LOADED = {
    "cv2": "print(m.__version__, 'contrib' if m.version.contrib else '', 'headless' if m.version.headless else '')",
    "onnxruntime": "print(m.__version__, 'with', ', '.join(m.get_available_providers()))",
    "pypdfium2": "print(m.PYPDFIUM_INFO, m.PDFIUM_INFO)",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked for. ``good`` is None for what may be absent; ``remedy`` says what to do about an absence."""

    group: str
    name: str
    good: bool | None
    found: str
    remedy: str = ""


def examine(models_folder: Path | None = None) -> Iterator[Check]:
    """Look at everything, one thing after the other.

    Args:
        models_folder: a folder of model files to search first.
    """
    yield from _machine()
    yield from _packages()
    yield from _libraries()
    yield from _programs()
    yield from _models(models_folder)
    yield from _fonts()
    yield from _extras()


def _machine() -> Iterator[Check]:
    version = platform.python_version()
    good = (3, 10) <= sys.version_info < (3, 14)
    yield Check("machine", "python", good, f"{version}, {sys.executable}", "install Python 3.10 to 3.13")
    yield Check("machine", "system", True, platform.platform())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Check("machine", "cores", True, str(cores))
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
        yield Check("machine", "memory", True if memory >= 2 else None, f"{memory:.1f} GB", "2 GB are needed")


def _requirements() -> list[Requirement]:
    from packaging.requirements import Requirement

    return [Requirement(text) for text in importlib.metadata.requires(_PACKAGE) or ()]


def _packages() -> Iterator[Check]:
    try:
        requirements = _requirements()
    except importlib.metadata.PackageNotFoundError:
        yield Check("packages", _PACKAGE, None, "runs from its folder, not installed", "pip install --editable .")
        return
    yield Check("packages", _PACKAGE, True, importlib.metadata.version(_PACKAGE))
    for requirement in requirements:
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            found, good = _installed(requirement)
            yield Check("packages", requirement.name, good, found, f"pip install '{_plain(requirement)}'")


def _extras() -> Iterator[Check]:
    try:
        metadata = importlib.metadata.metadata(_PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return
    for extra in metadata.get_all("Provides-Extra") or ():
        mine = [r for r in _requirements() if r.marker is not None and r.marker.evaluate({"extra": extra})]
        mine = [r for r in mine if r.marker is not None and not r.marker.evaluate({"extra": ""})]
        missing = [requirement.name for requirement in mine if not _installed(requirement)[1]]
        found = f"without {', '.join(missing)}" if missing else "installed"
        yield Check("extras", extra, None if missing else True, found, f"pip install '{_PACKAGE}[{extra}]'")


def _installed(requirement: Requirement) -> tuple[str, bool]:
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed", False
    good = requirement.specifier.contains(version, prereleases=True)
    return (version if good else f"{version}, needed {requirement.specifier}"), good


def _plain(requirement: Requirement) -> str:
    return f"{requirement.name}{requirement.specifier}"


def _libraries() -> Iterator[Check]:
    for module, show in _LOADED.items():
        done = subprocess.run(
            [sys.executable, "-c", f"import {module} as m; {show}"], capture_output=True, text=True, check=False
        )
        lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
        found = " ".join(lines[-1].split()) if lines else f"crashes while loading ({done.returncode})"
        remedy = OPENCV_REMEDY if module == "cv2" else f"pip install --force-reinstall {module}"
        yield Check("libraries", module, done.returncode == 0, found, remedy)


def _programs() -> Iterator[Check]:
    from ocr_pipeline.source.word.libreoffice import INSTALL_LIBREOFFICE, find_libreoffice

    program = find_libreoffice()
    found = program or "not found; old Word documents (DOC, WPS, RTF) cannot be read without it"
    yield Check("programs", "libreoffice", True if program else None, found, INSTALL_LIBREOFFICE)


def _models(folder: Path | None) -> Iterator[Check]:
    from ocr_pipeline.errors import OcrPipelineError
    from ocr_pipeline.weights import verify_models

    try:
        checks = verify_models(folder)
    except OcrPipelineError as error:
        yield Check("models", "manifest", False, error.message, error.remedy)
        return
    for check in checks:
        found = str(check.path) if check.problem is None else check.problem
        yield Check("models", check.entry.name, check.ok, found)


def _fonts() -> Iterator[Check]:
    # Wanted by the generator of synthetic reports alone: the more faces, the more its reports differ.
    from ocr_pipeline.errors import DependencyError
    from ocr_pipeline.evaluation.synthetic.fonts import CHINESE_FACES, available

    try:
        faces = available(CHINESE_FACES)
    except DependencyError as error:
        yield Check("fonts", "chinese", False, error.message, error.remedy)
        return
    found = ", ".join(faces) or "only the one inside layoutparser"
    yield Check("fonts", "chinese", True if faces else None, found, "more fonts make synthetic reports more varied")
