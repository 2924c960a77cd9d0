"""A table as HTML, every span kept; what evaluation compares and what Markdown shows."""

from __future__ import annotations

import html
import unicodedata

from ocr_pipeline.document import Cell, Table

__all__ = ["one_line", "table_html"]


def table_html(table: Table, *, header_cells: bool = False) -> str:
    """``<table><tr><td rowspan="2" colspan="3">…</td>…</tr>…</table>`` on one line, text escaped.

    Args:
        table: any table; holes of its grid become empty cells, so that what stands behind them keeps its column.
        header_cells: write cells of header rows and header cells as ``th``; everything is ``td`` otherwise.
    """
    starts = {(cell.row, cell.column): cell for cell in table.cells}
    rows: list[str] = []
    for row, slots in enumerate(table.grid()):
        parts: list[str] = []
        for column, slot in enumerate(slots):
            if slot is None:
                parts.append("<td></td>")
            elif (row, column) in starts:
                is_header = header_cells and (slot.header or row < table.header_rows)
                parts.append(_cell(slot, "th" if is_header else "td"))
        rows.append(f"<tr>{''.join(parts)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _cell(cell: Cell, tag: str) -> str:
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    return f"<{tag}{spans}>{html.escape(one_line(cell.text), quote=False)}</{tag}>"


def one_line(text: str) -> str:
    """The lines of a cell as one: nothing between two Chinese characters, one blank anywhere else.

    >>> one_line("结果\\n维持"), one_line("see\\nnote")
    ('结果维持', 'see note')
    """
    joined = ""
    for line in filter(None, (part.strip() for part in text.splitlines())):
        blank = joined and not (_is_wide(joined[-1]) or _is_wide(line[0]))
        joined += (" " if blank else "") + line
    return joined


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")
