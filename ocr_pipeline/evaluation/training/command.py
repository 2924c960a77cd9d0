"""The command line of a network: one step after the other, from nothing to weights."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.errors import OcrPipelineError

__all__ = ["Folders", "Step", "run_step"]


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the steps of a network find things.

    Attributes:
        recipe: YAML; None for the packaged one.
        drawn: what was drawn to learn from.
        out: what training writes.
        jobs: processes that draw.
    """

    recipe: Path | None
    drawn: Path
    out: Path
    jobs: int = 1


Step = Callable[[Folders], Iterable[str]]
"""Does its work and gives lines for people meanwhile."""


def run_step(network: str, drawn: str, steps: Mapping[str, Step], arguments: Sequence[str] | None = None) -> int:
    """Run the step that the command line names; returns the exit code.

    Args:
        network: name of the module below ``evaluation``, and of the network's folder in ``models``.
        drawn: what is drawn, one word in the plural.
        steps: by name, in the order in which they are run.
        arguments: those of the process when left out.
    """
    out = Path("out") / network
    parser = argparse.ArgumentParser(
        prog=f"python -m ocr_pipeline.evaluation.{network}", description=f"The steps from nothing to weights: {network}"
    )
    parser.add_argument("step", choices=tuple(steps))
    parser.add_argument("--recipe", type=Path, help="YAML; the packaged recipe when left out")
    parser.add_argument(f"--{drawn}", dest="drawn", type=Path, default=out / drawn, help=f"folder of drawn {drawn}")
    parser.add_argument("--out", type=Path, default=out, help="folder of what training writes")
    parser.add_argument("--jobs", type=int, default=1, help="processes that draw")
    chosen = parser.parse_args(arguments)
    try:
        for line in steps[chosen.step](Folders(chosen.recipe, chosen.drawn, chosen.out, chosen.jobs)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    except OcrPipelineError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0
