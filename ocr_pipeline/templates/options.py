"""What can be set about matching forms and deciding values."""

from __future__ import annotations

from pydantic import Field

from ocr_pipeline.frozen import FrozenModel

__all__ = ["TemplateOptions"]


class TemplateOptions(FrozenModel):
    """Thresholds of matching and of trust. Probabilities and similarities are 0..1."""

    label_similarity: float = Field(
        default=0.5, ge=0.3, le=1.0, description="similarity from which a label counts as recognised"
    )
    alignment_margin: float = Field(
        default=0.2, ge=0.0, le=2.0, description="how much better an alignment must be than the next for each row"
    )
    skip_row: float = Field(
        default=0.3, ge=0.0, le=2.0, description="cost of a row that only the table, or only the form, has"
    )
    skip_note: float = Field(default=0.1, ge=0.0, le=2.0, description="cost of a row of text without figures")
    part_score: float = Field(
        default=0.3, ge=0.0, le=1.0, description="share of a part's labels that must be found to recognise it"
    )
    fragment_labels: int = Field(
        default=3, ge=1, le=50, description="recognised labels from which a fragment of a part is accepted"
    )
    form_margin: float = Field(
        default=0.4, ge=0.0, le=5.0, description="lead in alignment score that makes one form certain before another"
    )
    read_confidence: float = Field(
        default=0.85, ge=0.0, le=1.0, description="raw probability from which a cell without text is a figure after all"
    )
    good_confidence: float = Field(
        default=0.99,
        ge=0.0,
        le=1.0,
        description="calibrated probability from which a value is handed out as good; what is handed out without a "
        "check is wrong in at most one minus this of the cases, and on the whole in far fewer",
    )
    clear_confidence: float = Field(
        default=0.4,
        ge=0.0,
        le=1.0,
        description="probability from which a reading without rival, the same typed and free, is clear in an equation",
    )
    verify_floor: float = Field(
        default=0.1, ge=0.0, le=1.0, description="probability below which no equation can verify a reading"
    )
    confusion_confidence: float = Field(
        default=0.35,
        ge=0.0,
        le=1.0,
        description="probability of the figures from which a letter in their place (O, l) is taken for a misreading",
    )
    rival_ratio: float = Field(
        default=0.2, ge=0.0, le=1.0, description="a rival reading this likely, relative to the best, makes it unclear"
    )
    witness_confidence: float = Field(
        default=0.5, ge=0.0, le=1.0, description="probability from which a second reading is heard"
    )
    overrule_layer: float = Field(
        default=0.98, ge=0.0, le=1.0, description="probability from which two readers of the ink overrule a text layer"
    )
    layer_authority: float = Field(
        default=0.95, ge=0.0, le=1.0, description="probability from which they do not: the layer is right too often"
    )
    whole_part: float = Field(
        default=0.4,
        ge=0.0,
        le=1.0,
        description="share of a part's fields with a cell, below which only equations prove where its values stand",
    )
    wrecked_part: float = Field(
        default=0.25,
        ge=0.0,
        le=1.0,
        description="share of doubtful figures from which a part's others need more than readers of their ink",
    )
    wrecked_confidence: float = Field(
        default=0.9,
        ge=0.0,
        le=1.0,
        description="calibrated probability below which a figure counts as doubtful there; what lies under a seal, or "
        "among words, is held back above it and says little of the print",
    )
    prose_least: int = Field(
        default=10,
        ge=0,
        description="a number this large that the text repeats verifies a value; smaller ones are the same by chance",
    )
    repair: bool = Field(
        default=True, description="put a reading right that breaks equations, where another reading closes them"
    )
    repair_margin: float = Field(
        default=4.0, ge=0.0, le=50.0, description="nats by which a repair must be likelier than any other explanation"
    )
    repair_lead: float = Field(
        default=3.0,
        ge=0.0,
        le=50.0,
        description="nats by which a misreading must be likelier than an issuer's mistake, were both as frequent",
    )
    repair_lead_shorter: float = Field(
        default=8.0,
        ge=0.0,
        le=50.0,
        description="the same for a number of fewer digits than the one read: of an 11 every reader may lose a 1",
    )
    repair_single: bool = Field(
        default=True,
        description="repair also cells that the form has one equation for, where the ink itself speaks for the repair",
    )
    repair_effort: float = Field(
        default=0.13,
        ge=0.0,
        le=10.0,
        description="deterministic time for the repairs of one part, about seconds of a core; without it none is made",
    )
