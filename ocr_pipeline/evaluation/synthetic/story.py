"""The order in which a report tells its sections and tables, for files without pages."""

from __future__ import annotations

from collections.abc import Iterator

from ocr_pipeline.evaluation.synthetic.truth import ReportTruth, SectionTruth, TableTruth

__all__ = ["told"]


def told(truth: ReportTruth) -> Iterator[tuple[SectionTruth | None, tuple[tuple[int, TableTruth], ...]]]:
    """Each section with the tables under it (their places in ``truth.grids``, and they themselves).

    Tables that stand under no heading come last, with None, where there are any. What stands before the first heading
    is a section with an empty title.
    """
    left = list(enumerate(truth.grids))
    for section in truth.sections:
        here = [(number, table) for number, table in left if table.heading == section.title]
        left = [entry for entry in left if entry not in here]
        yield section, tuple(here)
    if left:
        yield None, tuple(left)
