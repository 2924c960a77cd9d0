"""The plots of docs/accuracy.md: values by damage, tables by ruling, regions by damage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocr_pipeline.evaluation.measurement import LayoutScores, TableScores
from ocr_pipeline.evaluation.plots.bars import Bar, Group, Key, Part, bar_plot
from ocr_pipeline.evaluation.result import EvaluationResult, GroupScore, summarize

__all__ = ["layout_plot", "tables_plot", "values_plot"]

# After Okabe and Ito; wrong values are black, the darkest there is, and everything has its number beside it.
_RIGHT, _FLAGGED = Key("#56b4e9", "right"), Key("#e69f00", "sent to review")
_ABSENT, _WRONG = Key("#b8bec6", "absent"), Key("#000000", "wrong and handed out as good")
_OURS, _OTHERS, _BAREST = "#0072b2", "#e69f00", "#8a8f98"
_METHODS: Mapping[str, Key] = {
    "handed out": Key(_OURS, "ocr_pipeline, in its reports"),
    "CDLA alone": Key(_OTHERS, "packaged CDLA model alone"),
}
_LAYOUT = ("tables", "headings")


def values_plot(results: Sequence[EvaluationResult]) -> str:
    """Values right, sent to review, absent and wrong: one bar for each damage.

    Args:
        results: of any documents; those of one set and damage are counted together.
    """
    whole = summarize([document for result in results for document in result.documents])
    parts = {group.name.partition("/")[0] for group in whole.by_damage}
    groups = [Group(_damage(group, alone=len(parts) == 1), (_values(group),)) for group in whole.by_damage]
    return bar_plot("Values by damage", groups, "% of the values that are printed", 100)


def _damage(group: GroupScore, *, alone: bool) -> str:
    part, _, profile = group.name.partition("/")
    return profile if alone else f"{part}: {profile}"


def _values(group: GroupScore) -> Bar:
    counts = group.fields
    total, start = max(1, counts.total), 0.0
    parts = []
    for key, count in ((_RIGHT, counts.right), (_FLAGGED, counts.flagged), (_ABSENT, counts.absent)):
        parts.append(Part(key, start, start + count / total))
        start += count / total
    # Drawn last and from the right, where nothing can hide it.
    parts.append(Part(_WRONG, 1 - counts.wrong / total, 1.0))
    return Bar(tuple(parts), f"{100 * counts.right_share:.2f} % of {counts.total} right, {counts.wrong} wrong")


def tables_plot(scores: TableScores) -> str:
    """TEDS by ruling, one bar for each program; its outline is the structure alone."""
    programs = list(dict.fromkeys(score.program for score in scores.tables))
    colors = dict(zip(programs, (_OURS, _OTHERS, _BAREST), strict=False))
    groups = []
    for ruling in dict.fromkeys(score.ruling for score in scores.tables):
        bars = []
        for score in scores.tables:
            if score.ruling == ruling:
                color = colors.get(score.program, _BAREST)
                outline = Part(Key(color, f"{score.program}, structure alone", hollow=True), 0, score.structure)
                whole = Part(Key(color, f"{score.program}, TEDS"), 0, score.teds)
                bars.append(Bar((outline, whole), f"{score.teds:.3f}, structure {score.structure:.3f}"))
        groups.append(Group(_RULINGS.get(ruling, ruling), tuple(bars)))
    return bar_plot("Tables by their rulings", groups, "similarity to the printed table (TEDS)")


_RULINGS = {"full": "fully ruled", "partial": "partly ruled", "horizontal": "horizontally ruled", "none": "not ruled"}


def layout_plot(scores: LayoutScores) -> str:
    """F1 of tables and headings, by damage, beside the packaged model."""
    found = {(score.thing, score.method, score.pages): score.f1 for score in scores.scores}
    groups = []
    for thing in _LAYOUT:
        kinds = list(dict.fromkeys(s.pages for s in scores.scores if s.thing == thing and " " not in s.pages))
        for number, kind in enumerate(sorted(kinds, key=lambda name: (name != "all", name))):
            bars = [
                Bar((Part(key, 0, found[thing, method, kind] / 100),), f"{found[thing, method, kind]:.1f}")
                for method, key in _METHODS.items()
                if (thing, method, kind) in found
            ]
            groups.append(Group(kind, tuple(bars), heading="" if number else thing.capitalize()))
    return bar_plot("Tables and headings on pages of unseen typefaces", groups, "F1 at IoU 0.8, %", 100)
