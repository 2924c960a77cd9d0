"""Makes a folder of damaged reports with their truth, laid out as ``ocr-pipeline evaluate`` takes it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pydantic import Field

from ocr_pipeline.evaluation.synthetic.browser import draw_browser_style, laid_out_by_browser
from ocr_pipeline.evaluation.synthetic.damage import damage, draw_damage
from ocr_pipeline.evaluation.synthetic.files import writing
from ocr_pipeline.evaluation.synthetic.options import FormChoice
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import draw_style
from ocr_pipeline.evaluation.synthetic.write import write_pdf, write_truth
from ocr_pipeline.frozen import FrozenModel

__all__ = ["Draw", "ManifestEntry", "drawn_by_browser", "drawn_plainly", "generate", "write_manifest"]


class ManifestEntry(FrozenModel):
    """One file of a set: the document, the set's part, its damage, its truth in the folder ``gt``."""

    file: str = Field(description="relative to the folder of the manifest")
    part: str
    profile: str
    gt: str = Field(description="name in the folder gt/, or beside the manifest")


Draw = Callable[[int, FormChoice], SyntheticReport]


def drawn_plainly(seed: int, form: FormChoice) -> SyntheticReport:
    """A report on pages that the generator sets itself."""
    return draw_report(seed, form=form, style=draw_style(seed))


def drawn_by_browser(seed: int, form: FormChoice) -> SyntheticReport:
    """The same report on pages that a browser lays out.

    Raises:
        DependencyError: Chromium is not installed.
    """
    return laid_out_by_browser(drawn_plainly(seed, form), draw_browser_style(seed))


def generate(
    out: Path,
    count: int,
    seed: int = 0,
    profiles: Sequence[str] = ("clean", "scan"),
    forms: Sequence[FormChoice] = ("A", "B", "mixed"),
    draw: Draw | None = None,
) -> Iterator[ManifestEntry]:
    """Draw reports, damage each in every way asked for, write PDF and truth; the manifest comes last.

    Nothing happens until it is iterated over; each entry is given when its files are written.

    Args:
        out: folder, made when missing; ``OUT/reports/``, ``OUT/gt/`` and ``OUT/manifest.json`` are written.
        count: how many different reports.
        seed: of the first; the others follow.
        profiles: damages of each report, see ``damage.PROFILES``; several at once joined by ``+``.
        forms: to be chosen from.
        draw: draws one report from a seed and its form; ``drawn_plainly`` when None.

    Raises:
        ConfigurationError: no such profile.
        DependencyError: ``draw`` needs what is not installed.
        OutputError: a file cannot be written.
    """
    for profile in profiles:
        draw_damage(profile, 0)
    entries: list[ManifestEntry] = []
    for number in range(seed, seed + count):
        form = random.Random(f"{number}/form").choice(list(forms))
        report = (draw or drawn_plainly)(number, form)
        for profile in profiles:
            entries.append(_written(out, f"s{number:05d}_{profile.replace('+', '_')}", damage(report, profile, number)))
            yield entries[-1]
    write_manifest(out, entries)


def _written(out: Path, stem: str, report: SyntheticReport) -> ManifestEntry:
    write_pdf(report, out / "reports" / f"{stem}.pdf")
    write_truth(report.truth, out / "gt" / f"{stem}.json")
    return ManifestEntry(file=f"reports/{stem}.pdf", part="reports", profile=report.truth.profile, gt=f"{stem}.json")


def write_manifest(out: Path, entries: Sequence[ManifestEntry]) -> Path:
    """``manifest.json`` of a folder.

    Raises:
        OutputError: it cannot be written.
    """
    path = out / "manifest.json"
    with writing(path):
        path.write_text(json.dumps([entry.model_dump() for entry in entries], indent=1) + "\n", encoding="utf-8")
    return path
