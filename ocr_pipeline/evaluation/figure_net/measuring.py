"""What the reader of figures is worth beside a general recogniser, on crops of faces it was not trained on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ocr_pipeline.engine import FIGURE_ALPHABET, Recognition, Recognizer
from ocr_pipeline.evaluation.figure_net.sheets import Crop
from ocr_pipeline.text.figure_intake import OTHER

__all__ = ["Share", "format_shares", "measure"]

_SURE = 0.9


@dataclass(frozen=True, slots=True)
class Share:
    """Of the crops of one damage: how many there are, and how many a reader got right and surely wrong.

    Attributes:
        figures: crops that show a figure.
        others: crops that show none.
        right: figures whose likeliest reading is right.
        wrong: figures given another reading with a probability of 0.9 or more.
        invented: others that were given a figure so.
    """

    figures: int
    others: int
    right: int
    wrong: int
    invented: int


def measure(crops: Iterable[Crop], readers: Mapping[str, Recognizer]) -> dict[tuple[str, str], Share]:
    """Read all crops with each reader; by damage and name of the reader.

    Args:
        crops: of held-out sheets.
        readers: by name.
    """
    by_damage: dict[str, list[Crop]] = {}
    for crop in crops:
        by_damage.setdefault(crop.profile, []).append(crop)
    found = {}
    for profile, group in sorted(by_damage.items()):
        for name, reader in readers.items():
            seen = reader.recognize([crop.image for crop in group], alphabet=FIGURE_ALPHABET)
            found[profile, name] = _share(group, seen)
    return found


def _share(crops: list[Crop], seen: list[Recognition]) -> Share:
    best = [max(s.typed, key=lambda r: r.log_prob, default=None) for s in seen]
    said = [("", 0.0) if b is None else (b.text, math.exp(b.log_prob)) for b in best]

    def count(is_meant: Callable[[str, str, float], bool]) -> int:
        return sum(is_meant(crop.text, text, sure) for crop, (text, sure) in zip(crops, said, strict=True))

    figures = sum(crop.text != OTHER for crop in crops)
    return Share(
        figures=figures,
        others=len(crops) - figures,
        right=count(lambda truth, text, _: truth == text),
        wrong=count(lambda truth, text, sure: truth not in (text, OTHER) and sure >= _SURE),
        invented=count(lambda truth, text, sure: truth == OTHER and bool(text) and sure >= _SURE),
    )


def format_shares(shares: Mapping[tuple[str, str], Share]) -> str:
    """A Markdown table of shares in percent."""
    lines = [
        "| damage | reader | figures | right | surely wrong | others | taken for figures |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for (profile, name), share in shares.items():
        figures, others = max(1, share.figures), max(1, share.others)
        lines.append(
            f"| {profile} | {name} | {share.figures} | {100 * share.right / figures:.1f} "
            f"| {100 * share.wrong / figures:.2f} | {share.others} | {100 * share.invented / others:.2f} |"
        )
    return "\n".join(lines)
