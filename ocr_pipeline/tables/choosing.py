"""Of two ways to see the tables of a page, by their rulings and by the network's maps: which to believe where."""

from __future__ import annotations

from collections.abc import Sequence

from ocr_pipeline.tables.find import FoundTable

__all__ = ["chosen_tables"]

_SHARED = 0.1
"""Share of the smaller box from which two tables are about one place."""
_MORE_CELLS = 1.1


def chosen_tables(ruled: Sequence[FoundTable], mapped: Sequence[FoundTable]) -> list[FoundTable]:
    """The tables of a page, top to bottom.

    Rulings that are all there are known to a pixel, so they win, until the maps show clearly more cells in their place.

    Args:
        ruled: as ``find_tables`` finds them.
        mapped: as ``find_mapped`` finds them.
    """
    kept = [table for table in mapped if _better(table, [other for other in ruled if _overlap(table, other)])]
    rest = [table for table in ruled if not any(_overlap(table, other) for other in kept)]
    return sorted((*kept, *rest), key=lambda table: (table.box.top, table.box.left))


def _better(table: FoundTable, others: Sequence[FoundTable]) -> bool:
    return len(table.grid.cells) > _MORE_CELLS * sum(len(other.grid.cells) for other in others)


def _overlap(first: FoundTable, second: FoundTable) -> bool:
    return first.box.intersection_area(second.box) > _SHARED * min(first.box.area, second.box.area)
