"""Rows as aligned columns of text."""

from __future__ import annotations

from collections.abc import Sequence

from ocr_pipeline.report.text_width import display_width, padded

__all__ = ["in_columns"]


def in_columns(rows: Sequence[Sequence[str]]) -> str:
    """One line a row, each column as wide as its widest entry; the empty text for no rows.

    Raises:
        ValueError: the rows are not of one length.
    """
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(padded(text, width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
