"""``python -m tests.fakes.batch_program SECONDS ARGUMENTS``: the program, its batches read by ``NamedReader``."""

from __future__ import annotations

import sys

from ocr_pipeline.cli import main
from tests.fakes.named_reader import NamedReaders


def run() -> int:
    import ocr_pipeline.batch.start as start

    seconds = float(sys.argv[1])
    start.PipelineReaders = lambda settings, models_folder, threads: NamedReaders(seconds)  # type: ignore[assignment,misc]
    return main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(run())
