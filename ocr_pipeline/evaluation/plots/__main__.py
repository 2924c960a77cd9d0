"""Draw the plots of docs/accuracy.md from saved measurements: ``python -m ocr_pipeline.evaluation.plots --help``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ocr_pipeline.errors import OcrPipelineError, OutputError, UsageError
from ocr_pipeline.evaluation.measurement import LayoutScores, TableScores, read_measurement
from ocr_pipeline.evaluation.plots.figures import layout_plot, tables_plot, values_plot
from ocr_pipeline.evaluation.result import EvaluationResult


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw what there are measurements of; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ocr_pipeline.evaluation.plots", description=__doc__)
    parser.add_argument("--values", type=Path, nargs="+", default=[], help="files of ocr-pipeline evaluate --out")
    parser.add_argument("--tables", type=Path, help="file of evaluation.table_contest --out")
    parser.add_argument("--layout", type=Path, help="measures.json of evaluation.page_net measure")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder of the plots")
    chosen = parser.parse_args(arguments)
    try:
        plots = _plots(chosen)
        if not plots:
            raise UsageError("nothing to draw", remedy="name a measurement with --values, --tables or --layout")
        for name, svg in plots.items():
            sys.stdout.write(f"{_write(chosen.out / name, svg)}\n")
    except OcrPipelineError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _plots(chosen: argparse.Namespace) -> dict[str, str]:
    plots = {}
    if chosen.values:
        plots["values.svg"] = values_plot([read_measurement(path, EvaluationResult) for path in chosen.values])
    if chosen.tables is not None:
        plots["tables.svg"] = tables_plot(read_measurement(chosen.tables, TableScores))
    if chosen.layout is not None:
        plots["layout.svg"] = layout_plot(read_measurement(chosen.layout, LayoutScores))
    return plots


def _write(path: Path, svg: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"cannot write: {error.strerror or error}", source=path) from error
    return path


if __name__ == "__main__":
    sys.exit(main())
