"""The card of one value: crop, readings, sums, checks, decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ocr_pipeline.document import Status, Value
from ocr_pipeline.equations import plain_number
from ocr_pipeline.report.explanation import Explanation, ReadingShown, check_text, closing_figure
from ocr_pipeline.report.html.markup import Html, el, join
from ocr_pipeline.report.labels import FieldLabel
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.report.sums import Sum, Term
from ocr_pipeline.report.table_html import one_line

__all__ = ["card", "chip", "label_html", "sum_html"]

_MANY = 8
_MOST_READINGS = 5
_FAINT = 0.0005
"""Readings less likely than this are named only if they would close a sum."""


def card(
    explanation: Explanation,
    crops: Mapping[str, Html],
    *,
    anchor: str | None = None,
    to_form: str | None = None,
    alone: bool = False,
) -> Html:
    """Everything about one value, its crops beside it.

    Args:
        explanation: what is known.
        crops: pieces of the page by what they show (``View.kind``); none where there is no picture.
        anchor: id of the element.
        to_form: address of the figure in the form.
        alone: say what its status means, as nothing else does.
    """
    value = explanation.value
    figure = el("a", explanation.figure, href=to_form) if to_form else explanation.figure
    place = explanation.place or "not found on a page"
    head = el(
        "header",
        el("h3", label_html(explanation.label), lang="zh-CN"),
        el("p", el("span", figure, class_="figure"), chip(value.status), class_="verdict"),
        el("p", el("code", value.id), f" · {place}", class_="where"),
        el("p", explanation.decision[0], class_="where") if alone else None,
    )
    close = [crop for kind, crop in crops.items() if kind != "row"]
    look = el("div", close, class_="look") if close else None
    facts = el("div", list(_facts(explanation)), class_="facts")
    name = f"card s-{value.status.value}"
    return el("article", head, crops.get("row"), el("div", look, facts, class_="body"), class_=name, id=anchor)


def chip(status: Status, text: str | None = None) -> Html:
    """A status in its colour, with its sign, so that nothing rests on colour alone."""
    style = STATUS_STYLES[status]
    sign = el("span", style.mark, class_="sign", aria_hidden="true") if style.mark else None
    return el("span", sign, text or status.value, class_=f"chip s-{status.value}", title=style.meaning)


def label_html(label: FieldLabel) -> Html:
    """The labels of a field: its row, outermost first, then its column."""
    paths = [
        el("span", join(_with_steps(path)), class_=name)
        for path, name in ((label.row, "row"), (label.column, "column"))
        if path
    ]
    return join(paths)


def _with_steps(path: Sequence[str]) -> Iterator[str]:
    for number, step in enumerate(path):
        if number:
            yield el("span", " › ", class_="step")
        yield step


def _facts(explanation: Explanation) -> Iterator[Html]:
    value = explanation.value
    yield _readings(value, explanation.readings, len(explanation.sums))
    notes = [el("li", remark, class_="doubt") for remark in explanation.remarks]
    notes += [
        el("li", check_text(check), class_="support" if check.agrees else "doubt")
        for check in explanation.checks
        if check.kind != "person"
    ]
    notes += [el("li", sentence) for sentence in explanation.decision[1:-1]]
    # What the sums say is shown below; that they say nothing is worth a line.
    silent = not any(one.state != "open" for one in explanation.sums)
    notes += [el("li", explanation.decision[-1])] if silent else []
    if notes:
        yield el("ul", notes, class_="notes")
    yield from (sum_html(one, value) for one in explanation.sums if one.state != "open")


def _readings(value: Value, readings: Sequence[ReadingShown], total: int) -> Html:
    printed = one_line(value.raw)
    shown = [r for r in readings if r.text != printed and (r.closes or r.taken or r.probability >= _FAINT)]
    rows = [(("read as" if printed else "read"), printed, value.confidence, "", not shown and value.value is not None)]
    rows += [
        (
            "taken" if r.taken else "or",
            r.text,
            r.probability,
            f"closes {r.closes} of {total} sums" if r.closes else "",
            r.taken,
        )
        for r in shown[:_MOST_READINGS]
    ]
    return el("table", [_reading(*row) for row in rows], class_="readings")


def _reading(name: str, text: str, probability: float, remark: str, taken: bool) -> Html:
    figure = el("code", text, lang="zh-CN") if text else "nothing"
    cells = (el("td", name), el("td", figure), el("td", _percent(probability)), el("td", remark))
    return el("tr", cells, class_="taken" if taken else None)


def _percent(probability: float) -> str:
    """Never more certain than it is: only 0 and 1 are shown as such."""
    if probability in (0.0, 1.0):
        return f"{probability:.0%}"
    return "> 99.9%" if probability > 0.999 else "< 0.1%" if probability < 0.001 else f"{probability:.1%}"


def sum_html(one: Sum, value: Value | None = None) -> Html:
    """A sum with both sides; where it is broken, by how much, and what would close it.

    Args:
        one: the sum.
        value: the one looked at, shown among the terms.
    """
    field = None if value is None else value.id
    broken = one.state == "broken"
    needed = closing_figure(one, value) if broken and value is not None else None
    outcome = f"off by {plain_number(abs(one.difference))}" if broken else "closes"
    outcome += "" if needed is None else f"; {plain_number(needed)} here would close it"
    relation = el("span", " ≠ " if broken else " = ", class_="relation")
    return el(
        "div",
        el(
            "p",
            el("b", plain_number(one.left_total)),
            relation,
            el("b", plain_number(one.right_total)),
            el("span", outcome, class_="outcome"),
            el("span", one.about or one.id, class_="about"),
            class_="outline",
        ),
        el("p", one.where, class_="whose", lang="zh-CN") if one.where and value is None else None,
        el("p", _side(one.left, field), relation, _side(one.right, field), lang="zh-CN", class_="terms"),
        class_=f"sum {one.state}",
    )


def _side(terms: Sequence[Term], field: str | None) -> Html:
    shown = [t for t in terms if t.value or t.missing or t.field == field] if len(terms) > _MANY else list(terms)
    parts: list[Html | str] = []
    for number, term in enumerate(shown):
        if number or term.minus:
            parts.append(" − " if term.minus else " + ")
        figure = "?" if term.missing else "–" if term.value is None else plain_number(term.value)
        parts.append(
            el(
                "span",
                f"{term.name} ",
                el("b", f"{figure}{term.unit or ''}"),
                class_="mine" if term.field == field else None,
            )
        )
    left = len(terms) - len(shown)
    if left:
        parts.append(f" + {left} that are 0 or blank" if shown else f"{left} that are 0 or blank")
    return join(parts)
