"""Where the results of each input go, decided and tried before any work is done."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.errors import OutputError
from ocr_pipeline.naming import result_stem

__all__ = ["Job", "plan", "prepare_folder", "write_bytes", "write_text"]


@dataclass(frozen=True, slots=True)
class Job:
    """One document and where its results go: ``folder/stem.json`` and so on. ``name`` tells it from all other jobs.

    ``source`` is its path; for a member of an archive, the path of the archive continued by ``!/`` and the path inside.
    """

    source: Path
    folder: Path
    stem: str
    name: str


def plan(inputs: Sequence[Path], folder: Path, formats: Sequence[str]) -> list[Job]:
    """One job for each document, in their order; one given twice is read once.

    Results of documents whose stems differ lie side by side. Documents that share a stem (also when only upper and
    lower case tell them apart, which some file systems do not) get a folder each, named by the stem and eight
    hexadecimal digits of the hash of the document's absolute path, so that a later run puts them in the same place.

    Raises:
        OutputError: a result would replace an input.
    """
    # Not resolved: two links to one file are two inputs, with names of their own.
    sources = {os.path.abspath(source): source for source in inputs}  # noqa: PTH100
    stems = Counter(result_stem(source).casefold() for source in sources.values())
    jobs = []
    for absolute, source in sources.items():
        digest = hashlib.sha256(os.fsencode(absolute)).hexdigest()[:8]
        stem = result_stem(source)
        shared = stems[stem.casefold()] > 1
        name = f"{stem}-{digest}" if shared else stem
        jobs.append(Job(source=source, folder=folder / name if shared else folder, stem=stem, name=name))
    kept = {Path(source).resolve() for source in sources}
    for job in jobs:
        for ending in formats:
            target = job.folder / f"{job.stem}.{ending}"
            if target.resolve() in kept:
                raise OutputError(
                    "the result would replace an input", source=target, remedy="choose another --out folder"
                )
    return jobs


def prepare_folder(folder: Path) -> None:
    """Make the folder and prove that a file can be written there.

    Raises:
        OutputError: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".writable-"):
            pass
    except OSError as error:
        raise OutputError(f"cannot write there: {error.strerror or error}", source=folder) from error


def write_text(file: Path, text: str) -> None:
    """Write a file as UTF-8; see ``write_bytes``."""
    write_bytes(file, text.encode("utf-8"))


def write_bytes(file: Path, content: bytes) -> None:
    """Write a file; the old one stays until the new one is whole.

    Raises:
        OutputError: it cannot be written.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        raise OutputError(f"cannot write: {error.strerror or error}", source=file) from error
    finally:
        part.unlink(missing_ok=True)
