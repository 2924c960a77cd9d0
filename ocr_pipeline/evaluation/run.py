"""``ocr-pipeline evaluate``: documents with their truth in, metrics out."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ocr_pipeline.errors import DamagedSourceError, OcrPipelineError
from ocr_pipeline.evaluation.memory import peak_memory_mb
from ocr_pipeline.evaluation.prediction import Prediction, find_reports, load_prediction, parse_prediction
from ocr_pipeline.evaluation.result import DocumentScore, EvaluationResult, summarize
from ocr_pipeline.evaluation.score import score_document
from ocr_pipeline.evaluation.truth import Truth, load_truth

if TYPE_CHECKING:
    from ocr_pipeline.report import Report

__all__ = ["DocumentReader", "evaluate"]

Progress = Callable[[int, int, str], None]
"""Called before each document with its number from 0, the number of documents, and its name."""


class DocumentReader(Protocol):
    """What reads the documents; ``pipeline.Reader`` does."""

    def read(self, source: Path) -> Report:
        """The report on one document."""
        ...


def evaluate(
    truth: Path,
    predictions: Path | None = None,
    *,
    part: str | None = None,
    profile: str | None = None,
    reader: DocumentReader | None = None,
    progress: Progress | None = None,
) -> EvaluationResult:
    """Judge reports on documents of which the truth is known.

    A document without a report counts: all its fields are absent. So does one that fails to be read.

    Args:
        truth: folder with the manifest (see ``evaluation.truth``).
        predictions: folder with a ``STEM.json`` for each document, anywhere below it; None to read the documents now.
        part: only documents of this set.
        profile: only documents with this damage.
        reader: what reads them; the pipeline with its default settings when left out.
        progress: told of each document.

    Raises:
        SourceNotFoundError: no such truth or folder of reports.
        DamagedSourceError: truth or a report that is not of the right form.
        ConfigurationError: two reports of one name.
    """
    items = load_truth(truth, part=part, profile=profile)
    judge = _judge_read(reader) if predictions is None else _judge_saved(find_reports(predictions))
    scores: list[DocumentScore] = []
    for number, item in enumerate(items):
        if progress is not None:
            progress(number, len(items), item.file)
        scores.append(judge(item))
    return summarize(scores, peak_memory_mb=peak_memory_mb() if predictions is None else None)


def _judge_saved(reports: dict[str, Path]) -> Callable[[Truth], DocumentScore]:
    def judge(item: Truth) -> DocumentScore:
        path = reports.get(Path(item.file).stem)
        if path is None:
            return score_document(item, None, error="no report")
        return _score(item, load_prediction(path), str(path))

    return judge


def _judge_read(reader: DocumentReader | None) -> Callable[[Truth], DocumentScore]:
    from ocr_pipeline.report import to_json

    if reader is None:
        from ocr_pipeline.pipeline import Reader

        reader = Reader()
    chosen = reader

    def judge(item: Truth) -> DocumentScore:
        begin = time.perf_counter()
        try:
            report = chosen.read(item.path)
        except OcrPipelineError as error:
            # One document that cannot be read is a result, not the end of the evaluation.
            return score_document(item, None, error=str(error))
        total = time.perf_counter() - begin
        score = _score(item, parse_prediction(to_json(report)), item.file)
        return score.model_copy(update={"seconds": {**score.seconds, "total": total}})

    return judge


def _score(item: Truth, prediction: Prediction, name: str) -> DocumentScore:
    try:
        return score_document(item, prediction)
    except ValueError as error:
        raise DamagedSourceError(f"table without content to compare: {error}", source=name) from error
