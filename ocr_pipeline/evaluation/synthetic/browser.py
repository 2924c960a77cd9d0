"""Drawn reports laid out by a browser: line breaks, column widths and borders that this project did not choose.

The generator's own pages are set by the generator, so whatever it never does is never measured. Chromium lays out the
same report as authorities' web pages are printed: cells with frames of their own, double and dashed borders, columns as
wide as their contents, tables cut by page breaks wherever a page ends.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pydantic import Field

from ocr_pipeline.errors import DependencyError
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.truth import PageTruth
from ocr_pipeline.evaluation.synthetic.web import write_html
from ocr_pipeline.frozen import FrozenModel

__all__ = ["BrowserStyle", "draw_browser_style", "find_chromium", "laid_out_by_browser"]

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_SECONDS = 120.0
_DPI = 200
_FAMILIES = (
    "Noto Serif CJK SC",
    "Noto Sans CJK SC",
    "AR PL UKai CN",
    "AR PL UMing CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
_BORDERS = (
    ("collapse", 0, "1px solid #000"),
    ("collapse", 0, "0.5px solid #333"),
    ("collapse", 0, "1px solid #888"),
    ("collapse", 0, "2px solid #000"),
    ("collapse", 0, "1px dashed #333"),
    ("collapse", 0, "1px dotted #000"),
    ("collapse", 0, "3px double #000"),
    ("separate", 0, "1px solid #000"),
    ("separate", 1, "1px inset #999"),
    ("separate", 2, "1px solid #555"),
)
_FILLS = ("", "", "tr:nth-child(odd) td { background: #eee }", "th, tr:first-child td { background: #ddd }")


class BrowserStyle(FrozenModel):
    """How a browser is told to set a report."""

    family: str = Field(description="of the type; another Chinese one where it is not installed")
    size: float = Field(10.5, ge=6, le=16, description="of the type in tables, points")
    line_height: float = Field(1.5, ge=1, le=3, description="of prose, against the size of its type")
    align: str = Field("center", description="of all cells")
    padding: int = Field(4, ge=0, le=20, description="inside of cells, CSS pixels")
    collapse: str = Field("collapse", description="whether neighbouring cells share their borders")
    spacing: int = Field(0, ge=0, le=10, description="between cells that do not, CSS pixels")
    border: str = Field("1px solid #000", description="of each cell")
    fill: str = Field("", description="rule for the ground of some cells")
    landscape: bool = False

    def sheet(self) -> str:
        """The style sheet."""
        return f"""<style>
@page {{ size: A4 {"landscape" if self.landscape else "portrait"}; margin: 20mm 16mm 18mm 18mm }}
body {{ margin: 0; font-family: '{self.family}'; font-size: {self.size + 1}pt; line-height: {self.line_height} }}
h1 {{ text-align: center; font-size: 18pt }}
p {{ text-indent: 2em; margin: .4em 0 }}
table {{ border-collapse: {self.collapse}; border-spacing: {self.spacing}px; width: 100%; margin: 6px 0;
         font-size: {self.size}pt; line-height: 1.2 }}
td, th {{ border: {self.border}; padding: {self.padding}px; text-align: {self.align}; vertical-align: middle }}
{self.fill}
</style>"""


def draw_browser_style(seed: int) -> BrowserStyle:
    """A style of its own for each seed."""
    rng = random.Random(f"{seed}/browser")
    collapse, spacing, border = rng.choice(_BORDERS)
    return BrowserStyle(
        family=rng.choice(_FAMILIES),
        size=rng.choice((8.0, 9.0, 10.0, 10.5, 12.0)),
        line_height=rng.choice((1.3, 1.6, 2.0)),
        align=rng.choice(("center", "center", "left", "right")),
        padding=rng.choice((1, 2, 4, 6)),
        collapse=collapse,
        spacing=spacing,
        border=border,
        fill=rng.choice(_FILLS),
        landscape=rng.random() < 0.1,
    )


def find_chromium() -> str | None:
    """The program as found on the path; None where there is none."""
    return next((found for found in map(shutil.which, _PROGRAMS) if found), None)


def laid_out_by_browser(report: SyntheticReport, style: BrowserStyle) -> SyntheticReport:
    """The same report on pages that Chromium printed, at 200 dpi.

    Args:
        report: what is to be said; its own pages are left out.
        style: how it is set.

    Returns:
        The pages, with the truth of what they say. Where on them it stands is not known, so that the truth of the pages
        has their sizes only.

    Raises:
        DependencyError: Chromium is not installed, or prints nothing.
    """
    pages = tuple(_printed(report, style))
    truths = tuple(
        PageTruth(
            index=index,
            width=page.shape[1],
            height=page.shape[0],
            dpi=_DPI,
            image_width=page.shape[1],
            image_height=page.shape[0],
            image_dpi=_DPI,
        )
        for index, page in enumerate(pages)
    )
    return replace(report, pages=pages, truth=report.truth.model_copy(update={"pages": truths}))


def _is_root() -> bool:
    return getattr(os, "geteuid", lambda: -1)() == 0


def _printed(report: SyntheticReport, style: BrowserStyle) -> list[NDArray[np.uint8]]:
    program = find_chromium()
    if program is None:
        raise DependencyError(
            "laying reports out in a browser needs Chromium",
            remedy="install it (Debian: apt-get install chromium), or use the layout 'own'",
        )
    with tempfile.TemporaryDirectory(prefix="ocr-pipeline-", ignore_cleanup_errors=True) as folder:
        page, printed = Path(folder) / "report.html", Path(folder) / "report.pdf"
        write_html(report, page, framed=False)
        page.write_text(page.read_text("utf-8").replace("</head>", f"{style.sheet()}</head>"), "utf-8")
        command = [program, "--headless", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        command += ["--no-sandbox"] if _is_root() else []  # which is refused to root
        command += ["--no-pdf-header-footer", f"--print-to-pdf={printed}", page.as_uri()]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
            document = pypdfium2.PdfDocument(printed.read_bytes())
        except (OSError, subprocess.SubprocessError, pypdfium2.PdfiumError) as error:
            raise DependencyError(f"{program} printed no page: {error}", remedy="run it by hand to see why") from error
        return [np.asarray(sheet.render(scale=_DPI / 72).to_pil().convert("RGB"), np.uint8) for sheet in document]
