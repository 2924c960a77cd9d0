"""Loads the models of the text stage, each once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ocr_pipeline.crew import Crew
from ocr_pipeline.engine import Recognizer, TextDetector
from ocr_pipeline.text.batches import LineReader
from ocr_pipeline.text.options import TextOptions

__all__ = ["SharedModels", "TextEngine", "load_text_engine"]


@dataclass(frozen=True)
class TextEngine:
    """What finds lines, what reads them, who is asked for a second opinion, and who for doubtful figures."""

    detector: TextDetector
    recognizer: Recognizer
    second: Recognizer | None = None
    figures: Recognizer | None = None

    @property
    def readers(self) -> tuple[Recognizer, Recognizer, Recognizer] | None:
        """All three, as a closer look asks for them; None where there are fewer."""
        if self.second is None or self.figures is None:
            return None
        return self.recognizer, self.second, self.figures


class SharedModels(Protocol):
    """The networks of the models that the options name, in another process."""

    @property
    def detector(self) -> TextDetector:
        """Finds lines."""
        ...

    @property
    def lines(self) -> LineReader:
        """The network of the recogniser."""
        ...

    @property
    def second_lines(self) -> LineReader:
        """The network of the second recogniser; used only where there is one."""
        ...


def load_text_engine(
    options: TextOptions | None = None,
    models_folder: Path | None = None,
    crew: Crew | None = None,
    shared: SharedModels | None = None,
) -> TextEngine:
    """The models that the options name, ready to read.

    Args:
        options: defaults when left out.
        models_folder: searched before the installed packages.
        crew: shares the work of one call; nobody when left out.
        shared: holds the networks, none of which is loaded here then.

    Raises:
        ConfigurationError: no such model or device.
        WeightsError: weights are missing or altered.
        DependencyError: paddleocr cannot be imported.
    """
    # The runtime takes more than a second to import; whoever only asks for --help shall not wait for it.
    from ocr_pipeline.text.engines.figure_net import FigureReader
    from ocr_pipeline.text.engines.paddle import PaddleDetector, PaddleRecognizer

    options = options or TextOptions()
    return TextEngine(
        detector=PaddleDetector(options, models_folder) if shared is None else shared.detector,
        recognizer=PaddleRecognizer(
            options.recognizer, options, models_folder, crew, None if shared is None else shared.lines
        ),
        second=(
            None
            if options.second_recognizer is None
            else PaddleRecognizer(
                options.second_recognizer,
                options,
                models_folder,
                crew,
                None if shared is None else shared.second_lines,
            )
        ),
        figures=FigureReader(models_folder=models_folder) if options.figure_reader else None,
    )
