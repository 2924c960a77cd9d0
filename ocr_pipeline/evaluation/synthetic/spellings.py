"""How issuers write a number: signs in words, units inside the cell, remarks, separators, marks for nothing."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ocr_pipeline.evaluation.synthetic.options import ZeroMark

__all__ = ["Spelling"]

_ZERO_WEIGHTS: dict[ZeroMark, int] = {"0": 84, "": 6, "/": 5, "-": 3, "—": 2}
_CHANGES = {
    "signed": ("+{}", "-{}"),
    "plain": ("{}", "-{}"),
    "words": ("增加{}", "减少{}"),
    "spaced": ("增加 {}", "减少 {}"),
    "short": ("增{}", "减{}"),
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """The habits of one issuer.

    Attributes:
        zero: printed for a zero; in the applications and disputes only when ``zero_everywhere``.
        grouped: commas between thousands.
        change: key of the way signed numbers are written, or ``various``.
        amount: key of the unit amounts are written in, or ``various``.
        remarks: share of larger counts that carry a remark or unit.
    """

    zero: ZeroMark
    zero_everywhere: bool
    grouped: bool
    change: str
    amount: str
    remarks: float

    @classmethod
    def drawn(cls, rng: random.Random, zero: ZeroMark | None) -> Spelling:
        """Habits by chance; ``zero`` is kept when given."""
        return cls(
            zero=zero if zero is not None else rng.choices(list(_ZERO_WEIGHTS), list(_ZERO_WEIGHTS.values()))[0],
            zero_everywhere=zero is not None or rng.random() < 0.6,
            grouped=rng.random() < 0.04,
            change=rng.choices([*_CHANGES, "various"], [30, 25, 15, 8, 7, 15])[0],
            amount=rng.choices(
                ["bare", "wan", "wanyuan", "yuan", "yi", "yiyuan", "various"], [40, 8, 14, 14, 5, 5, 14]
            )[0],
            remarks=0.3 if rng.random() < 0.06 else 0.0,
        )

    def printed(self, rng: random.Random, key: str, value: float) -> str:
        """The string for one figure; amounts are given in yuan."""
        part, _, column = key.split("/")
        if value == 0:
            return self.zero if part == "proactive" or self.zero_everywhere else "0"
        if column == "amount":
            return self._amount(rng, value, declared_unit=key == "proactive/fees/amount")
        count = int(value)
        if column == "items_change":
            kind = self.change if self.change != "various" else rng.choice(list(_CHANGES))
            return _CHANGES[kind][count < 0].format(abs(count))
        text = f"{count:,}" if self.grouped else str(count)
        if part == "proactive" and rng.random() < self.remarks:
            text += rng.choice(
                ["件", "(件)", f"（其中修订{max(1, count // 4)}件）", f"（含自然失效 {max(1, count // 3)} 件）"]
            )
        return text

    def _amount(self, rng: random.Random, yuan: float, *, declared_unit: bool) -> str:
        # Form B's header says 万元, so most write a bare number there.
        if declared_unit and rng.random() < 0.85:
            return _decimal(yuan / 1e4, rng)
        kind = self.amount
        if kind == "various":
            kind = rng.choice(["bare", "wan", "wanyuan", "yuan", "yi", "yiyuan"])
        if kind in ("yi", "yiyuan") and yuan < 5e6:
            kind = "wanyuan"
        if kind == "yuan":
            return f"{yuan:.2f}元" if yuan != int(yuan) else f"{int(yuan)}元"
        if kind in ("yi", "yiyuan"):
            gap = " " if rng.random() < 0.3 else ""
            return _decimal(yuan / 1e8, rng) + gap + ("亿" if kind == "yi" else "亿元")
        return _decimal(yuan / 1e4, rng) + {"bare": "", "wan": "万", "wanyuan": "万元"}[kind]


def _decimal(value: float, rng: random.Random) -> str:
    """Up to six decimals without trailing zeros, never rounded to nothing."""
    for digits in (rng.choice([1, 2, 2, 4]), 4, 6):
        text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
        if float(text) != 0:
            return text
    return f"{value:.8f}".rstrip("0")
