"""Writes drawn reports to disk: PDF of pictures, picture files, truth."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr_pipeline.errors import OutputError
from ocr_pipeline.evaluation.synthetic.files import writing
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth

__all__ = ["pictures", "write_images", "write_pdf", "write_truth"]

# A fixed date: the same report gives the same bytes.
_DATE = time.struct_time((2020, 1, 1, 0, 0, 0, 2, 1, 0))


def pictures(report: SyntheticReport) -> list[Image.Image]:
    """Its pages in the smallest mode that holds each: RGB or grey; one bit where that holds them all."""
    pages = [_gray_or_colour(page) for page in report.pages]
    return [page.convert("1") for page in pages] if all(_two_levels(page) for page in pages) else pages


def _gray_or_colour(page: NDArray[np.uint8]) -> Image.Image:
    if np.array_equal(page[..., 0], page[..., 1]) and np.array_equal(page[..., 1], page[..., 2]):
        return Image.fromarray(np.ascontiguousarray(page[..., 0]))
    return Image.fromarray(page)


def _two_levels(page: Image.Image) -> bool:
    levels = page.getcolors(2) if page.mode == "L" else None
    return levels is not None and all(value in (0, 255) for _, value in levels)


def write_pdf(report: SyntheticReport, path: Path, *, quality: int = 90) -> Path:
    """A PDF whose pages are pictures: CCITT for one bit a pixel, otherwise JPEG of that quality.

    Raises:
        OutputError: the file cannot be written.
    """
    pages = pictures(report)
    options = {} if pages[0].mode == "1" else {"quality": quality}
    with writing(path):
        pages[0].save(
            path,
            "PDF",
            save_all=True,
            append_images=pages[1:],
            resolution=report.truth.pages[0].image_dpi,
            title=report.truth.title,
            creationDate=_DATE,
            modDate=_DATE,
            **options,
        )
    return path


def write_images(report: SyntheticReport, path: Path, *, quality: int = 90) -> list[Path]:
    """Picture files by the suffix: ``.tif`` holds all pages, ``.png`` and ``.jpg`` one each (``-1``, ``-2`` added).

    Raises:
        OutputError: a file cannot be written, or the suffix names no picture format.
    """
    pages = pictures(report)
    dpi = report.truth.pages[0].image_dpi
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() in (".tif", ".tiff"):
            coding = "group4" if all(p.mode == "1" for p in pages) else "tiff_lzw"
            pages[0].save(path, save_all=True, append_images=pages[1:], compression=coding, dpi=(dpi, dpi))
            return [path]
        if len(pages) == 1:
            targets = [path]
        else:
            targets = [path.with_stem(f"{path.stem}-{number}") for number in range(1, len(pages) + 1)]
        for picture, target in zip(pages, targets, strict=True):
            picture.save(target, dpi=(dpi, dpi), quality=quality)
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot write {path}: {error}") from error
    return targets


def write_truth(truth: ReportTruth, path: Path) -> Path:
    """The truth as JSON.

    Raises:
        OutputError: the file cannot be written.
    """
    with writing(path):
        path.write_text(truth.model_dump_json() + "\n", encoding="utf-8")
    return path
