"""Writes a report in the formats asked for: all of them, or none."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from ocr_pipeline.errors import OutputError, UsageError
from ocr_pipeline.report.csv_export import write_csv
from ocr_pipeline.report.markdown import write_markdown
from ocr_pipeline.report.model import Report
from ocr_pipeline.report.options import ReportOptions
from ocr_pipeline.report.page_pictures import PagePictures
from ocr_pipeline.report.serial import to_json
from ocr_pipeline.report.xlsx import write_xlsx

__all__ = ["EXPORTERS", "WITH_PICTURES", "Exporter", "pictures_for", "write_report"]


class Exporter(Protocol):
    """Writes a report as one file or one folder; raises OSError when that cannot be written."""

    def __call__(self, report: Report, path: Path, pictures: PagePictures, /) -> None:
        """Write ``report`` to ``path``, which does not exist yet; there may be no picture of a page."""


def _alone(write: Callable[[Report, Path], None]) -> Exporter:
    """What needs no pictures."""

    def exporter(report: Report, path: Path, pictures: PagePictures, /) -> None:  # noqa: ARG001
        write(report, path)

    return exporter


def _write_json(report: Report, path: Path) -> None:
    path.write_text(to_json(report), encoding="utf-8", newline="\n")


def _write_html(report: Report, path: Path, pictures: PagePictures, /) -> None:
    from ocr_pipeline.report.html import write_html

    write_html(report, path, pictures)


def _write_pages(report: Report, path: Path, pictures: PagePictures, /) -> None:  # noqa: ARG001
    pictures.write(path)


EXPORTERS: Mapping[str, Exporter] = MappingProxyType(
    {
        "json": _alone(_write_json),
        "md": _alone(write_markdown),
        "csv": _alone(write_csv),
        "xlsx": _alone(write_xlsx),
        "html": _write_html,
        "pages": _write_pages,
    }
)
"""Name of each format, which is its file ending too, to what writes it."""

WITH_PICTURES = frozenset({"html", "pages"})
"""Formats that show the pages, so that their pictures have to be kept while a document is read."""


def pictures_for(formats: Iterable[str], options: ReportOptions | None = None) -> PagePictures | None:
    """What keeps the pictures of pages while a document is read; None where no format shows them."""
    return PagePictures(options) if WITH_PICTURES.intersection(formats) else None


def write_report(
    report: Report, folder: str | Path, stem: str, formats: Sequence[str], pictures: PagePictures | None = None
) -> list[Path]:
    """Write ``folder/stem.json`` and so on; existing files are replaced.

    Every format is finished beside its place before the first file appears under its own name, so a failure leaves
    nothing half-written behind and earlier files as they were.

    Args:
        report: what to write.
        folder: made when it does not exist.
        stem: file name without ending.
        formats: keys of ``EXPORTERS``; twice the same counts once.
        pictures: of the pages, for the formats of ``WITH_PICTURES``.

    Returns:
        The paths, in the order of the formats.

    Raises:
        UsageError: a format that does not exist, or none.
        OutputError: the folder is no folder or not writable, the disk is full, or the stem is no file name.
    """
    wanted = list(dict.fromkeys(formats))
    unknown = [name for name in wanted if name not in EXPORTERS]
    if unknown or not wanted:
        problem = f"no such format: {', '.join(unknown)}" if unknown else "no format to write"
        raise UsageError(problem, remedy=f"choose from {', '.join(EXPORTERS)}")
    if not stem or stem in (".", "..") or Path(stem).name != stem or "\0" in stem:
        raise OutputError(f"{stem!r} is no file name", remedy="choose a name without slashes")
    place = Path(folder)
    with _translated(place):
        place.mkdir(parents=True, exist_ok=True)
    finished: dict[Path, Path] = {}
    try:
        for name in wanted:
            # The own name may be as long as the file system allows, so the temporary one is not made from it.
            temporary = place / f".{secrets.token_hex(8)}.part"
            target = place / f"{stem}.{name}"
            finished[target] = temporary
            with _translated(target):
                EXPORTERS[name](report, temporary, pictures or PagePictures())
        for target, temporary in finished.items():
            with _translated(target):
                _put(temporary, target)
    finally:
        for temporary in finished.values():
            _remove(temporary)
    return list(finished)


def _put(temporary: Path, target: Path) -> None:
    """Move a finished file or folder to its place; only a file is replaced in one step."""
    if temporary.is_dir() and target.is_dir():
        old = target.with_name(f".{secrets.token_hex(8)}.part")
        target.rename(old)
        temporary.rename(target)
        _remove(old)
    else:
        temporary.replace(target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputError("a file stands where a folder is needed", source=path) from error
    except OSError as error:
        raise OutputError(f"cannot write: {error.strerror or error}", source=path) from error
