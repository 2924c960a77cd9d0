"""Loads the models of the text stage, each once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.crew import Crew
from ocr_pipeline.engine import Recognizer, TextDetector
from ocr_pipeline.text.options import TextOptions

__all__ = ["TextEngine", "load_text_engine"]


@dataclass(frozen=True)
class TextEngine:
    """What finds lines, what reads them, and who is asked for a second opinion."""

    detector: TextDetector
    recognizer: Recognizer
    second: Recognizer | None = None


def load_text_engine(
    options: TextOptions | None = None, models_folder: Path | None = None, crew: Crew | None = None
) -> TextEngine:
    """The models that the options name, ready to read.

    Args:
        options: defaults when left out.
        models_folder: searched before the installed packages.
        crew: shares the work of one call; nobody when left out.

    Raises:
        ConfigurationError: no such model or device.
        WeightsError: weights are missing or altered.
        DependencyError: paddleocr cannot be imported.
    """
    # The runtime takes more than a second to import; whoever only asks for --help shall not wait for it.
    from ocr_pipeline.text.engines.paddle import PaddleDetector, PaddleRecognizer

    options = options or TextOptions()
    return TextEngine(
        detector=PaddleDetector(options, models_folder),
        recognizer=PaddleRecognizer(options.recognizer, options, models_folder, crew),
        second=(
            None
            if options.second_recognizer is None
            else PaddleRecognizer(options.second_recognizer, options, models_folder, crew)
        ),
    )
