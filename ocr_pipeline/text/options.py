"""Options of the text stage, each declared once."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ocr_pipeline.frozen import FrozenModel

__all__ = ["LayerOptions", "TextOptions"]


class LayerOptions(FrozenModel):
    """When the text layer of a page is believed. Agreements are shares of characters, layer against pixels."""

    use: bool = Field(default=True, description="compare text layers with the pixels; off: read the pixels alone")
    heard_agreement: float = Field(
        default=0.9, ge=0.5, le=1, description="agreement from which a page's text layer is heard as a second reading"
    )
    trusted_agreement: float = Field(
        default=0.98,
        ge=0.5,
        le=1,
        description="agreement from which the text layer of a drawn page gives the words and settles doubtful figures",
    )
    heard_words: int = Field(default=20, ge=1, description="least characters compared on a page before it is heard")
    trusted_words: int = Field(default=50, ge=1, description="least characters compared on a page before it is trusted")
    telling_figures: int = Field(
        default=4, ge=1, description="digits compared, zeros of a table full of zeros apart, from which figures tell"
    )
    sure_reading: float = Field(
        default=0.85, ge=0, le=1, description="a figure read with less probability is doubtful, and proves no layer"
    )
    word_similarity: float = Field(
        default=0.8, ge=0.5, le=1, description="how like what was read a line must be to be taken from the layer"
    )
    max_certainty: float = Field(
        default=0.99, gt=0, lt=1, description="probability given to the layer of a drawn page at most"
    )
    max_certainty_scan: float = Field(
        default=0.97, gt=0, lt=1, description="the same for a layer over a scan, which somebody else has read"
    )


class TextOptions(FrozenModel):
    """How lines of text are found and read."""

    detector: str = Field(default="PP-OCRv6_small_det", description="model that finds lines, as named in the manifest")
    recognizer: str = Field(default="PP-OCRv6_small_rec", description="model that reads lines")
    second_recognizer: str | None = Field(
        default="PP-OCRv5_mobile_rec",
        description="another model whose agreement verifies a figure; null for none",
    )
    figure_reader: bool = Field(
        default=True, description="ask this project's own reader of figures about figures that stay doubtful"
    )
    device: Literal["cpu", "gpu"] = Field(
        default="cpu", description="gpu needs an ONNX Runtime, or with runtime torch a torch, built for CUDA"
    )
    runtime: Literal["onnxruntime", "torch"] = Field(
        default="onnxruntime",
        description="what runs the recognisers; those without weights for torch stay where they are",
    )
    threads: int = Field(
        default=0,
        ge=0,
        le=256,
        description="threads that share the work on one document; 0 takes one a core, 8 at most",
    )
    batch_width: int = Field(
        default=1280,
        ge=64,
        le=65536,
        description="summed width in pixels (at 48 px height) of the images recognised at once; bounds the memory",
    )
    max_width: int = Field(
        default=3200,
        ge=320,
        le=12800,
        description="a line wider than this (at 48 px height) is squeezed into it",
    )
    detection_dpi: float = Field(
        default=105.0, ge=50, le=600, description="resolution at which lines are looked for; finer pages are shrunk"
    )
    detection_side: int = Field(
        default=1536, ge=320, le=4000, description="longest side in pixels of an image given to the detector"
    )
    detection_gap: float = Field(
        default=0.15, gt=0, le=10, description="inches of paper left around text where lines are looked for; saves time"
    )
    pixel_threshold: float = Field(default=0.3, gt=0, lt=1, description="probability from which a pixel is text")
    box_threshold: float = Field(default=0.5, gt=0, lt=1, description="mean probability from which a box is a line")
    unclip: float = Field(
        default=1.8, ge=1, le=4, description="how far a found core is grown to the whole line (2.0 in PaddleOCR)"
    )
    crop_margin: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description="paper left before and after a line, as a share of its height; none is left above and below, since "
        "small glyphs in a high crop cost the models the width of punctuation marks",
    )
    line_width: float = Field(
        default=0.55,
        ge=0.5,
        le=1,
        description="share of its width that a long line is read at; less loses punctuation marks, 1 takes longer",
    )
    exclude_margin: float = Field(
        default=0.02, ge=0, le=0.5, description="inches of paper around an excluded area that are blanked with it"
    )
    min_ink: float = Field(
        default=1e-5, ge=0, le=1, description="share of dark pixels below which a page has nothing left to read"
    )
    min_confidence: float = Field(
        default=0.4, ge=0, le=1, description="a line read with less mean probability is dirt, not text"
    )
    layer: LayerOptions = Field(default=LayerOptions(), description="how far text layers are believed")
