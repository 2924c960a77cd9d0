"""Finds the work: every document of the inputs by its name, with the hash of its content."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ocr_pipeline.batch.inputs import Input, expand, fetch
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.task import Failure
from ocr_pipeline.batch.work import failure_of, is_everybodys
from ocr_pipeline.errors import OcrPipelineError, OutputError, SourceError, SourceNotFoundError
from ocr_pipeline.source.archives import Member, walk
from ocr_pipeline.source.archives.names import decode_name
from ocr_pipeline.source.options import SourceOptions

__all__ = ["Finder", "Found", "Place"]

_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where the content of a document can be had.

    Attributes:
        kind: a ``file`` of this machine, a file inside an ``archive``, or one at an ``address``.
        container: the path of the file or of the outermost archive, or the address.
    """

    kind: Literal["file", "archive", "address"]
    container: str


@dataclass(frozen=True, slots=True)
class Found:
    """A document, or what should have been one.

    Attributes:
        name: unique; see ``task.Task``.
        place: where it is.
        token: changes when the content does; empty where nothing tells.
        sha256: of the content; empty where there is a failure.
        size: in bytes.
        failure: why there is no content.
    """

    name: str
    place: Place
    token: str = ""
    sha256: str = ""
    size: int = 0
    failure: Failure | None = None


class Finder:
    """Walks through inputs, archives included.

    Args:
        outputs: of the batch, which are no inputs.
        options: limits of what is opened.
        password: of encrypted archives.
        known: gives the hash of a file whose name and token are those of an earlier run; None where it is not known.
    """

    def __init__(
        self,
        outputs: Outputs,
        options: SourceOptions,
        password: str | None = None,
        known: Callable[[str, str], str | None] = lambda name, token: None,  # noqa: ARG005
    ) -> None:
        self._outputs = outputs
        self._options = options
        self._password = password
        self._known = known

    def find(self, inputs: Sequence[str]) -> Iterator[Found]:
        """Every document, in an order that depends on the inputs alone.

        Raises:
            SourceError: a list of inputs cannot be read.
            OutputError: the disk is full.
        """
        for given in expand(inputs):
            if given.error is not None:
                yield Found(given.name, Place("file", given.name), failure=failure_of(given.error))
            elif given.path is None:
                yield from self._find_at_address(given)
            else:
                for name, member in self.members(given.path, given.name):
                    yield self._found(name, member)

    def members(self, path: Path, name: str) -> Iterator[tuple[str, Member]]:
        """The documents of a file, folder or archive (see ``source.archives.walk``), each with a name of its own.

        An archive may have two files of one name; the second is called ``name (2)``. Names in an encoding of their own,
        as of files that came from another system, are decoded.
        """
        seen: Counter[str] = Counter()
        for member in walk(
            path, name=name, password=self._password, options=self._options, leave_out=[self._outputs.out]
        ):
            shown = _decoded(member.name)
            seen[shown] += 1
            yield (shown if seen[shown] == 1 else f"{shown} ({seen[shown]})"), member

    def fetched(self, address: str) -> Path:
        """The file of an address in the spool; the caller removes it.

        Raises:
            SourceError: it cannot be read.
            OutputError: the disk is full.
        """
        target = self._outputs.spool / f"fetched-{hashlib.sha256(address.encode()).hexdigest()[:16]}"
        try:
            fetch(address, target)
        except SourceError as error:
            target.unlink(missing_ok=True)
            if is_everybodys(error):
                raise OutputError(error.message, source=self._outputs.spool) from error
            raise
        return target

    def _find_at_address(self, given: Input) -> Iterator[Found]:
        place = Place("address", given.name)
        sha256 = self._known(given.name, given.token) if given.token else None
        if sha256 is not None:
            yield Found(given.name, place, given.token, sha256)
            return
        try:
            fetched = self.fetched(given.name)
        except SourceError as error:
            yield Found(given.name, place, failure=failure_of(error))
            return
        try:
            for name, member in self.members(fetched, given.name):
                yield self._hashed(name, member, place, given.token if member.path is not None else "")
        finally:
            fetched.unlink(missing_ok=True)

    def _found(self, name: str, member: Member) -> Found:
        if member.path is None:
            return self._hashed(name, member, Place("archive", str(_container(member.name))), "")
        place = Place("file", str(member.path))
        token = _token(member.path)
        sha256 = self._known(name, token) if token else None
        if sha256 is not None:
            return Found(name, place, token, sha256, member.path.stat().st_size)
        return self._hashed(name, member, place, token)

    @staticmethod
    def _hashed(name: str, member: Member, place: Place, token: str) -> Found:
        try:
            content = member.content()
            if isinstance(content, bytes):
                return Found(name, place, token, hashlib.sha256(content).hexdigest(), len(content))
            sha256, size = _hash_of(content, name)
            return Found(name, place, token, sha256, size)
        except OcrPipelineError as error:
            return Found(name, place, failure=failure_of(error))


def _decoded(name: str) -> str:
    """A name as text: bytes that are none in the system's encoding come as lone surrogates (PEP 383)."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return decode_name(os.fsencode(name))
    return name


def _container(name: str) -> Path:
    """The archive on disk that a member is in: what stands before the first ``!/`` that ends the name of a file."""
    parts = name.split("!/")
    for count in range(1, len(parts)):
        path = Path("!/".join(parts[:count]))
        if path.is_file():
            return path
    return Path(parts[0])


def _token(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ino}"


def _hash_of(path: Path, name: str) -> tuple[str, int]:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
            return digest.hexdigest(), os.fstat(stream.fileno()).st_size
    except FileNotFoundError:
        raise SourceNotFoundError("no such file", source=name) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(f"it cannot be read: {reason}", remedy="check the path and the disk", source=name) from error
