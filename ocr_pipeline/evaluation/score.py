"""One report against its truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from ocr_pipeline.evaluation.cer import character_errors
from ocr_pipeline.evaluation.fields import FieldVerdict, Verdict, judge_all
from ocr_pipeline.evaluation.html_table import HtmlTable, parse_table
from ocr_pipeline.evaluation.prediction import PredictedTable, Prediction
from ocr_pipeline.evaluation.result import DocumentScore, FieldCounts, Mistake, TableScore
from ocr_pipeline.evaluation.teds import similarity
from ocr_pipeline.evaluation.truth import TrueTable, Truth

__all__ = ["score_document", "score_tables"]


def score_document(truth: Truth, prediction: Prediction | None, *, error: str | None = None) -> DocumentScore:
    """Judge one document.

    Args:
        truth: what is true of it.
        prediction: what its report says; None when there is none, then everything counts as absent.
        error: why there is none.

    Raises:
        ValueError: the HTML of a table, true or read, holds no table.
    """
    read = prediction or Prediction(values={})
    verdicts = judge_all(truth.fields, read.values)
    if prediction is None:
        # Without a report, even a field that the document lost is not known to be lost.
        verdicts = [FieldVerdict(v.id, Verdict.ABSENT, v.truth, None) for v in verdicts]
    prose = None if truth.prose is None else character_errors(truth.prose, read.prose)
    return DocumentScore(
        file=truth.file,
        part=truth.part,
        profile=truth.profile,
        form=truth.form,
        fields=FieldCounts.of(v.verdict for v in verdicts),
        tables=tuple(score_tables(truth.tables, read.tables)),
        prose_edits=None if prose is None else prose.edits,
        prose_length=0 if prose is None else prose.length,
        seconds=dict(read.seconds),
        error=error if prediction is None else None,
        mistakes=tuple(_mistake(truth.file, v) for v in verdicts if v.verdict is not Verdict.RIGHT),
    )


def score_tables(truth: Sequence[TrueTable], read: Sequence[PredictedTable]) -> list[TableScore]:
    """TEDS of each true table with the table of the report that corresponds to it, 0 for a table that none does.

    A table matched to the part of a form corresponds to the true table of that part; the others are assigned by
    what their cells share. Each table is used once; tables of the report that are left over cost nothing.

    Raises:
        ValueError: the HTML of a table, true or read, holds no table.
    """
    true_tables = [parse_table(table.html) for table in truth]
    read_tables = [parse_table(table.html) for table in read]
    # A matched part outweighs any likeness, which is at most 1.
    likeness = np.array(
        [
            [_likeness(t, r) + 2.0 * (truth[i].part == read[j].part) for j, r in enumerate(read_tables)]
            for i, t in enumerate(true_tables)
        ]
    ).reshape(len(true_tables), len(read_tables))
    partner = dict(zip(*linear_sum_assignment(likeness, maximize=True), strict=True))
    scores: list[TableScore] = []
    for index, (table, parsed) in enumerate(zip(truth, true_tables, strict=True)):
        if index in partner and likeness[index, partner[index]] > 0:
            found = similarity(parsed, read_tables[partner[index]])
            scores.append(TableScore(part=table.part, teds=found.teds, structure=found.structure))
        else:
            scores.append(TableScore(part=table.part, teds=0.0, structure=0.0))
    return scores


def _likeness(a: HtmlTable, b: HtmlTable) -> float:
    """Share of cells whose text stands in both tables, 0..1."""
    texts_a, texts_b = Counter(c.text for c in a.cells), Counter(c.text for c in b.cells)
    most = max(texts_a.total(), texts_b.total())
    return (texts_a & texts_b).total() / most if most else 0.0


def _mistake(file: str, verdict: FieldVerdict) -> Mistake:
    got = verdict.predicted
    return Mistake(
        file=file,
        field=verdict.id,
        verdict=verdict.verdict,
        truth=verdict.truth,
        value=got.value if got else None,
        unit=got.unit if got else None,
        status=got.status if got else None,
        raw=got.raw if got else None,
    )
