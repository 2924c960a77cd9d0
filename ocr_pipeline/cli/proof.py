"""``ocr-pipeline proof``: what the calibration is made from, and whether the proof of values holds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.cli.arguments import Commands, add_settings, add_verbosity, settings_of
from ocr_pipeline.cli.outputs import prepare_folder, write_text
from ocr_pipeline.errors import UsageError

if TYPE_CHECKING:
    from ocr_pipeline.templates import TemplateOptions

__all__ = ["register", "run_confidence", "run_fit", "run_gather", "run_repair"]


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("proof", help="calibration of confidences, simulated misreadings and issuers' errors")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    gather = actions.add_parser(
        "gather", help="read the cells of generated tables, with their truth", allow_abbrev=False
    )
    gather.add_argument("out", metavar="FILE", type=Path, help="file of samples (.jsonl.gz), appended to")
    gather.add_argument("--seed", metavar="N", type=int, default=0, help="of the first report; the others follow (0)")
    gather.add_argument("--count", metavar="N", type=int, default=10, help="how many reports (10)")
    gather.add_argument("--harsh", action="store_true", help="damage so harsh that many figures are misread")
    gather.add_argument(
        "--layout", choices=("own", "browser"), default="own", help="who sets the pages; browser needs Chromium (own)"
    )
    gather.set_defaults(run=run_gather)

    fit = actions.add_parser("fit", help="coefficients from samples", allow_abbrev=False)
    fit.add_argument("samples", metavar="SAMPLES", nargs="+", type=Path, help="files of samples")
    fit.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of confidence.yaml")
    fit.set_defaults(run=run_fit)

    repair = actions.add_parser("repair", help="simulated misreadings, put through the proof", allow_abbrev=False)
    repair.add_argument("samples", metavar="SAMPLES", nargs="+", type=Path, help="files of samples to draw from")
    repair.add_argument("--reports", metavar="N", type=int, default=1000, help="simulated reports (1000)")
    repair.add_argument("--seed", metavar="N", type=int, default=0, help="of the first (0)")
    repair.add_argument("--misread", metavar="SHARE", type=float, default=0.02, help="share of figures misread (0.02)")
    repair.add_argument(
        "--misread-by",
        choices=("all", "first"),
        default="all",
        help="draw figures that all readers together misread, "
        "or those that the first recogniser alone misread, with what all made of them (all)",
    )
    repair.add_argument("--issuer", action="store_true", help="figures that the issuer broke, instead of misread ones")
    repair.add_argument("--worn", action="store_true", help="with --issuer: on pages as worn as those that are misread")
    repair.add_argument("--single", action="store_true", help="with --issuer: only figures that one equation speaks of")
    repair.add_argument("--alike", action="store_true", help="with --issuer: slips that look like misreadings")
    repair.add_argument("--mixed", action="store_true", help="with --issuer: figures are misread as well")
    repair.set_defaults(run=run_repair)

    confidence = actions.add_parser("confidence", help="whether confidences mean what they say", allow_abbrev=False)
    confidence.add_argument("samples", metavar="SAMPLES", nargs="+", type=Path, help="samples not used for fitting")
    confidence.add_argument("--plot", metavar="FILE", type=Path, help="write the curve of review against errors (SVG)")
    confidence.set_defaults(run=run_confidence)
    for action in (repair, confidence):
        action.add_argument("--out", metavar="FILE", type=Path, help="write the figures there, as JSON")
    for action in (gather, repair, confidence):
        add_settings(action)
    for action in (gather, fit, repair, confidence):
        add_verbosity(action)


def run_gather(arguments: argparse.Namespace) -> int:
    """Draw, damage and read; one line a part.

    Raises:
        UsageError: fewer than one report.
        OutputError: the file cannot be written.
        DependencyError: the browser's layout needs Chromium.
    """
    from ocr_pipeline.evaluation.proof.gathering import Gatherer
    from ocr_pipeline.evaluation.proof.hardship import gather_harsh
    from ocr_pipeline.evaluation.proof.samples import write_samples

    if arguments.count < 1:
        raise UsageError(f"--count {arguments.count}: at least one report", remedy="give a number from 1 on")
    prepare_folder(arguments.out.parent)
    gatherer = Gatherer(settings_of(arguments), arguments.models_dir, arguments.layout)
    seeds = range(arguments.seed, arguments.seed + arguments.count)
    samples = gather_harsh(gatherer, seeds) if arguments.harsh else gatherer.gather(seeds)
    for sample in write_samples(arguments.out, samples):
        if not arguments.quiet:
            print(f"{sample.seed} {sample.profile} {sample.form} {sample.part}: {len(sample.cells)} cells", flush=True)
    print(arguments.out)
    return 0


def run_fit(arguments: argparse.Namespace) -> int:
    """Fit, and write the coefficients.

    Raises:
        OcrPipelineError: the samples cannot be read, or the files not be written.
    """
    import yaml

    from ocr_pipeline.evaluation.proof.counting import seen_cells
    from ocr_pipeline.evaluation.proof.fitting import START, fit_calibration
    from ocr_pipeline.evaluation.proof.samples import read_samples

    prepare_folder(arguments.out)
    cells = list(seen_cells(read_samples(arguments.samples), START))
    fitted = fit_calibration(cells).model_dump(mode="json")
    path = arguments.out / "confidence.yaml"
    write_text(path, yaml.safe_dump(fitted, sort_keys=False, default_flow_style=None, width=110))
    print(path)
    return 0


def run_repair(arguments: argparse.Namespace) -> int:
    """Simulate, and print what came of it.

    Raises:
        UsageError: a number out of its range.
        OcrPipelineError: the samples cannot be read.
    """
    from pydantic import ValidationError

    from ocr_pipeline.evaluation.proof.counting import seen_cells
    from ocr_pipeline.evaluation.proof.fitting import START
    from ocr_pipeline.evaluation.proof.library import Library
    from ocr_pipeline.evaluation.proof.samples import read_samples
    from ocr_pipeline.evaluation.proof.show import format_tally
    from ocr_pipeline.evaluation.proof.simulating import SimulationOptions, simulate

    try:
        names = SimulationOptions.model_fields
        options = SimulationOptions(**{name: getattr(arguments, name) for name in names})
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"--{first['loc'][0]} {first['input']}: {first['msg']}") from error
    library = Library(seen_cells(read_samples(arguments.samples), START), misread_by=arguments.misread_by)
    tally = simulate(library, options, _repairing(arguments))
    print(format_tally(tally))
    _write(arguments.out, tally.model_dump_json(indent=1))
    return 0


def run_confidence(arguments: argparse.Namespace) -> int:
    """Measure the calibration, and draw the curve.

    Raises:
        OcrPipelineError: the samples cannot be read, or a file not be written.
    """
    from ocr_pipeline.evaluation.proof.curve import review_curve
    from ocr_pipeline.evaluation.proof.reliability import believed, reliability
    from ocr_pipeline.evaluation.proof.samples import read_samples
    from ocr_pipeline.evaluation.proof.show import format_reliability

    measured = reliability(believed(read_samples(arguments.samples), settings_of(arguments).templates))
    print(format_reliability(measured))
    _write(arguments.out, measured.model_dump_json(indent=1))
    if arguments.plot is not None:
        title = f"{measured.values} values of generated reports that nothing was fitted on"
        prepare_folder(arguments.plot.parent)
        write_text(arguments.plot, review_curve(measured.curve, title))
        print(arguments.plot)
    return 0


def _repairing(arguments: argparse.Namespace) -> TemplateOptions:
    """The settings with repair on: it is what is looked at, whatever the default."""
    return settings_of(arguments).templates.model_copy(update={"repair": True})


def _write(path: Path | None, text: str) -> None:
    if path is not None:
        prepare_folder(path.parent)
        write_text(path, text + "\n")
        print(path)
