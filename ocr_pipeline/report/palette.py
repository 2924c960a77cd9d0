"""Colours of statuses and regions, told apart by the colour-blind too; the same in every export and picture.

After Okabe and Ito, "Color Universal Design" (2008). Statuses that go to review are also marked by a sign, so that
nothing rests on colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.document import RegionKind, Status

__all__ = ["REGION_COLORS", "STATUS_STYLES", "Color", "StatusStyle"]

Color = tuple[int, int, int]

_ORANGE: Color = (230, 159, 0)
_SKY: Color = (86, 180, 233)
_GREEN: Color = (0, 158, 115)
_BLUE: Color = (0, 114, 178)
_VERMILION: Color = (213, 94, 0)
_PURPLE: Color = (204, 121, 167)
_GRAY: Color = (120, 120, 120)
_BLACK: Color = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """How a status is shown: ``color`` for lines, a pale ``fill`` under black text, a ``mark`` and its ``meaning``."""

    color: Color
    fill: Color
    mark: str
    meaning: str


STATUS_STYLES: dict[Status, StatusStyle] = {
    Status.VERIFIED: StatusStyle(_GREEN, (217, 240, 232), "", "read, and an independent check agrees"),
    Status.READ: StatusStyle(_SKY, (226, 241, 251), "~", "read with high confidence; nothing checks it"),
    Status.REPAIRED: StatusStyle(_BLUE, (153, 199, 224), "*", "first reading failed a check; the only alternative"),
    Status.CONFLICT: StatusStyle(_VERMILION, (246, 190, 152), "!", "printed so, but the sums say otherwise"),
    Status.BLANK: StatusStyle(_GRAY, (226, 226, 226), "–", "the cell is there and empty"),
    Status.MISSING: StatusStyle(_PURPLE, (235, 201, 220), "?", "the cell was not found or could not be read"),
}

REGION_COLORS: dict[RegionKind, Color] = {
    RegionKind.TITLE: _VERMILION,
    RegionKind.HEADING: _ORANGE,
    RegionKind.TEXT: _GREEN,
    RegionKind.TABLE: _BLUE,
    RegionKind.FIGURE: _SKY,
    RegionKind.SEAL: _PURPLE,
    RegionKind.HEADER: _GRAY,
    RegionKind.FOOTER: _BLACK,
}
