"""Makes a folder of damaged reports with their truth, laid out as ``ocr-pipeline evaluate`` takes it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field

from ocr_pipeline.evaluation.synthetic.damage import damage, draw_damage
from ocr_pipeline.evaluation.synthetic.files import writing
from ocr_pipeline.evaluation.synthetic.options import ContentOptions, FormChoice
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import draw_style
from ocr_pipeline.evaluation.synthetic.write import write_pdf, write_truth
from ocr_pipeline.frozen import FrozenModel

__all__ = ["ManifestEntry", "generate", "write_manifest"]


class ManifestEntry(FrozenModel):
    """One file of a set: the document, the set's part, its damage, its truth in the folder ``gt``."""

    file: str = Field(description="relative to the folder of the manifest")
    part: str
    profile: str
    gt: str = Field(description="name in the folder gt/, or beside the manifest")


def generate(
    out: Path,
    count: int,
    seed: int = 0,
    profiles: Sequence[str] = ("clean", "scan"),
    forms: Sequence[FormChoice] = ("A", "B", "mixed"),
    content: ContentOptions | None = None,
) -> Iterator[ManifestEntry]:
    """Draw reports, damage each in every way asked for, write PDF and truth; the manifest comes last.

    Nothing happens until it is iterated over; each entry is given when its files are written.

    Args:
        out: folder, made when missing; ``OUT/reports/``, ``OUT/gt/`` and ``OUT/manifest.json`` are written.
        count: how many different reports.
        seed: of the first; the others follow.
        profiles: damages of each report, see ``damage.PROFILES``; several at once joined by ``+``.
        forms: to be chosen from.
        content: what the reports say; None leaves all to the seeds.

    Raises:
        ConfigurationError: no such profile.
        OutputError: a file cannot be written.
    """
    for profile in profiles:
        draw_damage(profile, 0)
    entries: list[ManifestEntry] = []
    for number in range(seed, seed + count):
        form = random.Random(f"{number}/form").choice(list(forms))
        report = draw_report(number, form=form, content=content, style=draw_style(number))
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
