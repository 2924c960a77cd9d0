"""An evaluation as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ocr_pipeline.evaluation.result import EvaluationResult, GroupScore, Mistake

__all__ = ["format_evaluation", "format_mistakes"]

_HEAD = ("", "docs", "fields", "right", "WRONG", "flagged", "absent", "TEDS", "struct", "CER", "s/doc", "failed")


def format_evaluation(result: EvaluationResult, *, mistakes: bool = False) -> str:
    """The metrics as a table: by damage, by form, all together; seconds per stage and peak memory below.

    Args:
        result: the evaluation.
        mistakes: list each field that is not right, before the table.
    """
    blocks = [_rows([*result.by_damage, *result.by_form, result.total], rules=(len(result.by_damage), -1))]
    stages = [(stage, taken) for stage, taken in result.total.seconds.items() if stage != "total"]
    if stages:
        blocks.append("seconds per document: " + ", ".join(f"{stage} {taken:.2f}" for stage, taken in stages))
    if result.peak_memory_mb is not None:
        blocks.append(f"peak memory: {result.peak_memory_mb:.0f} MB")
    failed = [f"{d.file}: {d.error}" for d in result.documents if d.error is not None]
    if failed:
        blocks.append("\n".join(["without a report:", *(f"  {line}" for line in failed)]))
    if mistakes and result.mistakes:
        blocks.insert(0, format_mistakes(result.mistakes))
    return "\n\n".join(blocks)


def format_mistakes(mistakes: Sequence[Mistake]) -> str:
    """One line for each field that is not right: file, verdict, field, truth and what was read, between tabs."""
    return "\n".join(
        f"{m.file}\t{m.verdict.value}\t{m.field}\ttruth {m.truth!r}\t"
        + ("no entry" if m.status is None else f"got {m.value!r} {m.unit or ''} {m.status.value} raw {m.raw!r}")
        for m in mistakes
    )


def _rows(groups: Sequence[GroupScore], *, rules: tuple[int, int]) -> str:
    table = [_HEAD, *(_row(group) for group in groups)]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
    lines = [
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    first, last = rules[0] + 1, len(lines) + rules[1]
    return "\n".join([lines[0], rule, *lines[1:first], rule, *lines[first:last], rule, *lines[last:]])


def _row(group: GroupScore) -> tuple[str, ...]:
    counts = group.fields
    return (
        group.name or "?",
        str(group.documents),
        str(counts.total),
        f"{100 * counts.right_share:.2f} %",
        str(counts.wrong),
        str(counts.flagged),
        str(counts.absent),
        _number(group.teds, "{:.4f}"),
        _number(group.structure, "{:.4f}"),
        _number(None if group.cer is None else 100 * group.cer, "{:.2f} %"),
        _number(group.seconds.get("total"), "{:.2f}"),
        str(group.failed or ""),
    )


def _number(number: float | None, form: str) -> str:
    return "-" if number is None else form.format(number)
