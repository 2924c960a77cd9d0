"""What a person should look at: a card for each flagged value, worst first, with the piece of the page beside it."""

from __future__ import annotations

from collections.abc import Sequence

from ocr_pipeline.document import Status, Value
from ocr_pipeline.report.html.card import card, chip, label_html
from ocr_pipeline.report.html.context import Context, crops_of
from ocr_pipeline.report.html.markup import Html, el
from ocr_pipeline.report.table_html import one_line

__all__ = ["flagged_html"]


def flagged_html(context: Context) -> list[Html]:
    """The cards; fields of a table that were not found share one, and blank cells stand close together."""
    cards: list[Html] = []
    lost: dict[str, list[Value]] = {}
    blank: list[Value] = []
    for value in context.flagged:
        if value.status is Status.BLANK:
            blank.append(value)
        elif value.raw or context.scenes.places.of(value):
            cards.append(_card(context, value))
        else:
            lost.setdefault(value.table or "", []).append(value)
    cards += [_lost(context, values) for values in lost.values()]
    if blank:
        cards.append(el("h3", f"Blank on the page: {len(blank)}", class_="group"))
        cards.append(el("div", [_tile(context, value) for value in blank], class_="tiles"))
    return cards


def _card(context: Context, value: Value) -> Html:
    explanation = context.explainer.explain(value.id)
    to_form = f"#{context.figure(value)}"
    return card(explanation, crops_of(context.scenes, value), anchor=context.card(value), to_form=to_form)


def _lost(context: Context, values: Sequence[Value]) -> Html:
    title = f"{len(values)} values were" if len(values) > 1 else "1 value was"
    head = el(
        "header",
        el("h3", f"{title} not found on the page"),
        el("p", chip(Status.MISSING), class_="verdict"),
    )
    items = [
        el("li", el("a", label_html(context.explainer.label(v.id)), href=f"#{context.figure(v)}"), id=context.card(v))
        for v in values
    ]
    crops = list(crops_of(context.scenes, values[0]).values())
    look = el("div", crops, class_="look") if crops else None
    facts = el("div", el("ul", items, lang="zh-CN", class_="lost"), class_="facts")
    return el("article", head, el("div", look, facts, class_="body"), class_="card s-missing")


def _tile(context: Context, value: Value) -> Html:
    label = label_html(context.explainer.label(value.id))
    printed = f"printed {one_line(value.raw)}" if value.raw.strip() else "empty"
    caption = el(
        "figcaption",
        el("a", label, href=f"#{context.figure(value)}", lang="zh-CN"),
        el("span", printed, class_="meaning"),
    )
    crop = crops_of(context.scenes, value).get("cell")
    return el("figure", crop, caption, class_=f"tile s-{value.status.value}", id=context.card(value))
