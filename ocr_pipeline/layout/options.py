"""The options of the layout stage, each declared once and explained where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from ocr_pipeline.document import RegionKind
from ocr_pipeline.frozen import FrozenModel

__all__ = ["DEFAULT_LABELS", "DEFAULT_OPTIONS", "DetectorOptions", "LayoutOptions"]

DEFAULT_LABELS: Mapping[str, RegionKind] = {
    "title": RegionKind.HEADING,
    "heading": RegionKind.HEADING,
    "text": RegionKind.TEXT,
    "list": RegionKind.TEXT,
    "reference": RegionKind.TEXT,
    "equation": RegionKind.TEXT,
    "figure_caption": RegionKind.TEXT,
    "table_caption": RegionKind.TEXT,
    "table": RegionKind.TABLE,
    "figure": RegionKind.FIGURE,
    "header": RegionKind.HEADER,
    "footer": RegionKind.FOOTER,
    "seal": RegionKind.SEAL,
}
"""Labels of the CDLA and PubLayNet data sets. Their "title" is any heading; the document's title is told by place."""


class DetectorOptions(FrozenModel):
    """Which model looks for regions, and what its labels mean."""

    model: str | None = Field(
        default=None,
        description="None for the packaged CDLA model; package.module:Class for a LayoutParser model of your own; "
        "lp://... for one of LayoutParser's catalogue (LayoutParser fetches its weights itself, and its backend has "
        "to be installed)",
    )
    config: Mapping[str, Any] = Field(
        default_factory=dict, description="keyword arguments of the model of your own; none for the packaged one"
    )
    label_map: Mapping[str, RegionKind | None] = Field(
        default_factory=dict,
        description="label of the model (case does not matter, numbers as text) to kind of region, null to ignore "
        "it; added to the labels of CDLA and PubLayNet, which are known",
    )
    threads: int = Field(default=1, ge=1, le=64, description="threads of one run of the packaged model")
    min_score: float = Field(default=0.4, ge=0.0, le=1.0, description="regions below this score are not used")


class LayoutOptions(FrozenModel):
    """How a page's text is put into regions and the document's text into sections.

    Lengths called em are multiples of the size of the page's body characters.
    """

    detector: DetectorOptions = Field(default_factory=DetectorOptions, description="the region detector")
    seals: bool = Field(default=True, description="look for seals")
    page_net: bool = Field(
        default=True, description="take tables, headings and seals from the page network, not from the packaged model"
    )
    heading_max_chars: int = Field(
        default=50, ge=5, le=200, description="a numbered paragraph longer than this is text, never a heading"
    )
    heading_score: float = Field(
        default=1.5,
        ge=0.0,
        le=5.0,
        description="evidence a heading needs: numbering counts 1 to 2, bold, larger, found by the detector 1 each",
    )
    bold_ratio: float = Field(
        default=1.2, ge=1.0, le=3.0, description="strokes this much wider than the body's count as bold"
    )
    large_ratio: float = Field(
        default=1.12, ge=1.0, le=3.0, description="characters this much larger than the body's count as large"
    )
    indent_em: float = Field(
        default=1.2, ge=0.3, le=4.0, description="a row that starts this much right of the margin opens a paragraph"
    )
    pitch_ratio: float = Field(
        default=1.5, ge=1.1, le=4.0, description="rows further apart than this many usual pitches are two paragraphs"
    )
    margin_band: float = Field(
        default=0.12,
        ge=0.0,
        le=0.3,
        description="share of the page height at its top and foot where page headers and footers can stand",
    )
    running_share: float = Field(
        default=0.4,
        gt=0.0,
        le=1.0,
        description="a line in the margin band repeated on this share of the pages (two at least) is a running header",
    )
    figure_text_share: float = Field(
        default=0.35,
        ge=0.0,
        le=1.0,
        description="a figure covered by lines of text to this share is taken for text",
    )


DEFAULT_OPTIONS = LayoutOptions()
"""What the functions of this room take when nothing is given."""
