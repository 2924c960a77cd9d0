"""All documents in files, folders and archives, nested ones included, one after the other."""

from __future__ import annotations

import io
import os
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ocr_pipeline.errors import EmptySourceError, MissingExtraError, SourceError
from ocr_pipeline.source.archives.limits import Budget
from ocr_pipeline.source.archives.member import Entry, Member
from ocr_pipeline.source.archives.names import clean_name, companion_of, is_junk
from ocr_pipeline.source.archives.seven_zip import seven_zip_entries
from ocr_pipeline.source.archives.tar_files import tar_entries
from ocr_pipeline.source.archives.zip_files import zip_entries
from ocr_pipeline.source.options import SourceOptions
from ocr_pipeline.source.sniffing import archive_kind

__all__ = ["walk"]


def walk(
    source: str | Path | bytes,
    *,
    name: str | None = None,
    password: str | None = None,
    options: SourceOptions | None = None,
    leave_out: Collection[Path] = (),
) -> Iterator[Member]:
    """Every document of a file, folder or archive; a file that is no archive is its own only member.

    What cannot be read is given as a member with its error, and the others follow. Left out are files that systems
    leave behind, the pictures and scripts of saved web pages (their page reads them), links and devices inside
    archives, and links inside a folder that lead out of it.

    Args:
        source: a path, or the content of a file.
        name: what to call it; the path when left out.
        password: for encrypted archives.
        options: limits; the defaults when left out.
        leave_out: files and folders that are not looked at.
    """
    limits = options or SourceOptions()
    walker = _Walker(limits, password)
    if isinstance(source, bytes):
        shown = name or "<bytes>"
        yield from walker.archive_or(Member(shown, read=lambda: source), io.BytesIO(source))
        return
    path = Path(source)
    shown = name or str(source)
    if not path.is_dir():
        yield from walker.file(path, shown)
        return
    empty = True
    for file in _files(path, {p.resolve() for p in leave_out}):
        empty = False
        yield from walker.file(file, str(PurePosixPath(shown) / file.relative_to(path).as_posix()))
    if empty:
        error = EmptySourceError("the folder holds no documents", remedy="check the path", source=shown)
        yield Member(shown, error=error)


class _Walker:
    def __init__(self, options: SourceOptions, password: str | None) -> None:
        self._options = options
        self._password = password

    def file(self, path: Path, name: str) -> Iterator[Member]:
        """A file on disk: its members when it is an archive, itself otherwise."""
        try:
            stream = path.open("rb")
        except OSError:
            yield Member(name, path=path)  # whoever opens it says what is wrong
            return
        with stream:
            yield from self.archive_or(Member(name, path=path), stream)

    def archive_or(self, itself: Member, stream: BinaryIO) -> Iterator[Member]:
        """The members of the archive in ``stream``; ``itself`` when there is no archive in it."""
        kind = archive_kind(stream)
        if kind is None:
            yield itself
            return
        budget = Budget(self._options, itself.name)
        count = 0
        for member in self._members(stream, kind, itself.name, budget, 0):
            count += 1
            yield member
        if not count:
            error = EmptySourceError("the archive holds no documents", source=itself.name)
            yield Member(itself.name, error=error)

    def _members(self, stream: BinaryIO, kind: str, name: str, budget: Budget, depth: int) -> Iterator[Member]:
        try:
            budget.check_depth(depth, name)
            known: set[str] = set()
            for entry in self._entries(stream, kind, name, budget):
                if budget.spent:
                    return
                budget.add_member()
                inner = clean_name(entry.name)
                known.add(inner)
                if inner and not is_junk(inner) and companion_of(inner, known) is None:
                    yield from self._member(entry, f"{name}!/{inner}", budget, depth)
        except (SourceError, MissingExtraError) as error:
            error.source = error.source or name
            yield Member(error.source, error=error)

    def _entries(self, stream: BinaryIO, kind: str, name: str, budget: Budget) -> Iterator[Entry]:
        if kind == "zip":
            return zip_entries(stream, name, self._password, budget)
        if kind == "7z":
            return seven_zip_entries(stream, name, self._password, budget)
        return tar_entries(stream, kind, name, budget)

    def _member(self, entry: Entry, name: str, budget: Budget, depth: int) -> Iterator[Member]:
        try:
            data = entry.read()
        except SourceError as error:
            yield Member(name, error=error)
            return
        inside = io.BytesIO(data)
        kind = archive_kind(inside)
        if kind is None:
            yield Member(name, read=lambda: data)
        else:
            yield from self._members(inside, kind, name, budget, depth + 1)


def _files(folder: Path, leave_out: Collection[Path]) -> Iterator[Path]:
    """The documents of a folder and those below it, by name; links to folders are not followed."""
    root = folder.resolve()
    for current, folders, files in os.walk(folder):
        here = Path(current)
        folders[:] = sorted(f for f in folders if (here / f).resolve() not in leave_out)
        for file in sorted(files):
            path = here / file
            relative = path.relative_to(folder).as_posix()
            if is_junk(relative) or path.resolve() in leave_out or not path.resolve().is_relative_to(root):
                continue
            if path.is_file() and not _belongs_to_page(path, folder):
                yield path


def _belongs_to_page(path: Path, folder: Path) -> bool:
    relative = path.relative_to(folder)
    around = {
        (above.parent / file.name).as_posix()
        for above in relative.parents
        if above.name.lower().endswith(("_files", ".files", "_file"))
        for file in (folder / above.parent).glob("*.*htm*")  # a page gives its name to the folder
    }
    return bool(around) and companion_of(relative.as_posix(), around) is not None
