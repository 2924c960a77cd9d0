"""What can be set about matching forms and deciding values."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["TemplateOptions"]


class TemplateOptions(BaseModel):
    """Thresholds of matching and of trust. Probabilities and similarities are 0..1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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
        default=0.85, ge=0.0, le=1.0, description="probability from which an unchecked reading is handed out"
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
    repair: bool = Field(
        default=False, description="put a reading right that breaks equations, where another reading closes them"
    )
    repair_floor: float = Field(
        default=1e-4, ge=1e-6, le=1.0, description="probability from which a reading is taken to repair another"
    )
    repair_clear: float = Field(
        default=0.95, ge=0.0, le=1.0, description="probability above which a clear reading is rather the issuer's error"
    )
    repair_clear_floor: float = Field(
        default=0.03, ge=0.0, le=1.0, description="probability of a reading that repairs such a clear one all the same"
    )
    repair_margin: float = Field(
        default=3.0, ge=0.0, le=50.0, description="nats by which a repair must be likelier than the next explanation"
    )
    repair_broken: float = Field(
        default=6.0,
        ge=0.0,
        le=50.0,
        description="cost in nats of an equation that the issuer, or a reading nobody has, broke",
    )
    repair_cells: int = Field(
        default=2, ge=1, le=20, description="most cells repaired together, linked to each other by equations"
    )
    repair_single: bool = Field(
        default=False,
        description="repair cells that the form has one equation for, where no other of it is doubtful",
    )
    repair_seconds: float = Field(
        default=0.1, gt=0.0, le=10.0, description="time to find a part's repairs, and again to find rivals, in seconds"
    )
