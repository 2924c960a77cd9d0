"""The figures of the proof as text."""

from __future__ import annotations

from ocr_pipeline.evaluation.proof.reliability import Reliability
from ocr_pipeline.evaluation.proof.simulating import Tally

__all__ = ["format_reliability", "format_tally"]


def format_tally(tally: Tally) -> str:
    """What came of simulated reports, with the first wrong values."""
    seconds = tally.seconds
    lines = [f"{tally.reports} reports, {tally.right + tally.misread} figures"]
    if tally.misread:
        lines.append(
            f"misread {tally.misread}: located {_share(tally.located, tally.misread)}, "
            f"put right {_share(tally.put_right, tally.misread)}"
        )
        lines.append(
            f"in equations {_share(tally.in_equations, tally.misread)}, "
            f"determined by them {_share(tally.determined, tally.misread)}, "
            f"and the printed number was seen {_share(tally.determinable, tally.misread)}"
        )
    if tally.issued:
        lines.append(
            f"printed wrongly {tally.issued}: kept {_share(tally.kept, tally.issued)}, "
            f"reports flagged {_share(tally.flagged_reports, tally.broken_reports)}"
        )
    lines.append(f"wrong repairs {tally.wrong_repairs}, wrong values handed out as good {tally.silent}")
    lines.append(f"read right but sent to review {_share(tally.withheld, tally.right)}")
    lines.append(
        f"proof of a report, seconds of a core: mean {sum(seconds) / len(seconds):.3f}, "
        f"99 of 100 within {seconds[int(0.99 * (len(seconds) - 1))]:.3f}, longest {seconds[-1]:.3f}"
    )
    return "\n".join([*lines, *(f"  {example}" for example in tally.examples[:20])])


def format_reliability(measured: Reliability) -> str:
    """Calibration error, bins, the curve, and each damage by itself."""
    lines = [
        f"{measured.values} values: calibration error {measured.error:.4f}; "
        f"below 0.99 confidence {measured.doubtful_error:.4f}",
        f"handed out as good {measured.good}, of these wrong {measured.silent}",
        "",
        f"{'mean confidence':>16}{'right':>10}{'values':>10}",
        *(f"{mean:>16.4f}{right:>10.4f}{count:>10}" for mean, right, count in measured.bins),
        "",
        f"{'threshold':>10}{'to review':>12}{'errors left':>14}{'expected':>12}{'wrong':>8}",
        *(
            f"{p.threshold:>10g}{p.review:>12.4%}{p.errors:>14.5%}{p.expected:>12.5%}{p.wrong:>8}"
            for p in measured.curve
        ),
        "",
        f"{'damage':16}{'values':>10}{'good':>10}{'wrong':>8}{'error':>10}",
        *(
            f"{name:16}{n:>10}{out:>10}{bad:>8}{error:>10.4f}"
            for name, (n, out, bad, error) in measured.by_profile.items()
        ),
    ]
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{part / max(1, whole):.2%} ({part})"
