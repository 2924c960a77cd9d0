"""Makes the files of ``fixtures/`` again: ``python -m ocr_pipeline.evaluation.synthetic.fixtures [FOLDER]``.

They are set in the font that comes with layoutparser, so that every machine makes the same.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ocr_pipeline.evaluation.synthetic.damage import Damage, damage
from ocr_pipeline.evaluation.synthetic.fonts import FALLBACK
from ocr_pipeline.evaluation.synthetic.generate import ManifestEntry, write_manifest
from ocr_pipeline.evaluation.synthetic.options import ContentOptions, FormChoice
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import ReportStyle, TableStyle
from ocr_pipeline.evaluation.synthetic.write import write_images, write_pdf, write_truth

__all__ = ["FIXTURES", "Fixture", "draw_fixture", "write_fixtures"]


@dataclass(frozen=True)
class Fixture:
    """One file: what is drawn, how it is damaged; the suffix of its name says how it is written."""

    file: str
    seed: int
    form: FormChoice
    profile: str | Damage
    content: ContentOptions
    style: dict[str, Any] = field(default_factory=dict)
    table: dict[str, Any] = field(default_factory=dict)


FIXTURES: tuple[Fixture, ...] = (
    Fixture(
        "report_b_scan.pdf",
        seed=41,
        form="B",
        profile=Damage(skew=0.8, paper=(247, 246, 243), bleed=0.06, shade=0.06, blur=0.5, noise=3, gray=True, jpeg=80),
        content=ContentOptions(scale="small", zero="0", broken=0, blank_totals="none", year=2023),
        style={"heading_pt": 15.0, "body_pt": 14.0, "table_pt": 9.0},
        table={"span_text": "middle"},
    ),
    Fixture(
        "report_a_clean.pdf",
        seed=20,
        form="A",
        profile="clean",
        content=ContentOptions(scale="medium", zero="0", broken=0, blank_totals="none", year=2020),
        style={"title_pt": 22.0, "body_pt": 16.0, "table_pt": 10.5, "page_number": "chinese"},
        table={"label_align": "left", "leading": 1.3, "pad_y": 2.5, "line_px": 1, "outer_px": 1},
    ),
    Fixture(
        "report_mixed_seal.pdf",
        seed=15,
        form="mixed",
        profile=Damage(seals=2, skew=0.5, blur=0.3, noise=2, jpeg=85),
        content=ContentOptions(scale="small", broken=2, blank_totals="none", year=2021),
        style={"body_pt": 12.0, "table_pt": 9.0, "page_number": "none"},
        table={"header_fill": (221, 235, 247), "vertical_outcomes": True, "repeat_header": True},
    ),
    Fixture(
        "table_b_sideways.png",
        seed=31,
        form="B",
        profile=Damage(skew=0.4, blur=0.4, gray=True, turns=1),
        content=ContentOptions(
            scale="small", zero="0", broken=0, blank_totals="none", parts=("applications",), prose=False
        ),
        table={"row_height": 18.0},
    ),
    Fixture(
        "report_a_fax.tif",
        seed=42,
        form="A",
        profile=Damage(fax=True, skew=0.5, blur=0.5, noise=8, speckle=0.0006, dropped=0.001),
        content=ContentOptions(scale="tiny", zero="0", broken=0, blank_totals="none", year=2019),
        style={"body_pt": 15.0},
        table={"line_px": 3, "outer_px": 3},
    ),
)


def draw_fixture(fixture: Fixture) -> SyntheticReport:
    """The report of a fixture, damaged."""
    base = ReportStyle(
        body_face=FALLBACK, heading_face=FALLBACK, title_face=FALLBACK, table_face=FALLBACK, margins_mm=(28, 26, 25, 26)
    )
    table = TableStyle.model_validate({**base.table.model_dump(), **fixture.table})
    style = ReportStyle.model_validate({**base.model_dump(), **fixture.style, "table": table})
    report = draw_report(fixture.seed, form=fixture.form, style=style, content=fixture.content)
    return damage(report, fixture.profile, fixture.seed)


def write_fixtures(out: Path) -> list[Path]:
    """All fixtures, their truths and their manifest.

    Raises:
        OutputError: a file cannot be written.
    """
    written: list[Path] = []
    entries: list[ManifestEntry] = []
    for fixture in FIXTURES:
        report = draw_fixture(fixture)
        path = out / fixture.file
        profile = path.stem.rsplit("_", 1)[1]
        if path.suffix == ".pdf":
            written.append(write_pdf(report, path, quality=75))
        else:
            written.extend(write_images(report, path))
        truth = report.truth.model_copy(update={"profile": profile})
        written.append(write_truth(truth, path.with_suffix(".json")))
        entries.append(ManifestEntry(file=path.name, part="fixtures", profile=profile, gt=f"{path.stem}.json"))
    written.append(write_manifest(out, entries))
    return written


def main(arguments: Sequence[str] | None = None) -> None:
    """Write into the folder given, ``fixtures`` when left out, and print each path with its size in kilobytes."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for path in write_fixtures(Path(given[0] if given else "fixtures")):
        sys.stdout.write(f"{path}  {path.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
