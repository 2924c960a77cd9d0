"""The report as one HTML file that needs nothing else: what to look at first, the form, the text, the pages."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from ocr_pipeline.document import Value
from ocr_pipeline.report.explanation import Explanation
from ocr_pipeline.report.html.card import card
from ocr_pipeline.report.html.context import Context, crops_of
from ocr_pipeline.report.html.flagged import flagged_html
from ocr_pipeline.report.html.forms import FieldLink, figure_of, form_html, plain_table
from ocr_pipeline.report.html.markup import Html, el, html_file, join
from ocr_pipeline.report.html.overview import findings_html, head_html, provenance_html, sums_html
from ocr_pipeline.report.html.prose import prose_html
from ocr_pipeline.report.html.scenes import Mark, Scenes
from ocr_pipeline.report.model import Report
from ocr_pipeline.report.page_pictures import PagePictures
from ocr_pipeline.report.palette import STATUS_STYLES, Color
from ocr_pipeline.report.places import Places
from ocr_pipeline.report.table_html import one_line

__all__ = ["card_page", "to_html", "write_html"]


def write_html(report: Report, path: Path, pictures: PagePictures) -> None:
    """Write ``to_html``; raises OSError when the file cannot be written."""
    path.write_text(to_html(report, pictures), encoding="utf-8", newline="\n")


def to_html(report: Report, pictures: PagePictures | None = None) -> str:
    """The whole report as one file; pages count from 1.

    Args:
        report: any report.
        pictures: of its pages; without them figures and text are shown alone.
    """
    context = Context.of(report, pictures or PagePictures())
    parts = [
        ("review", "To look at", flagged_html(context)),
        ("sums", "Sums", sums_html(context)),
        ("form", "Form", _forms(context)),
        ("text", "Text", _text(report)),
        ("findings", "Findings", findings_html(report)),
        ("pages", "Pages", _pages(context)),
    ]
    shown = [(name, title, content) for name, title, content in parts if content]
    links = [el("li", el("a", title, href=f"#{name}")) for name, title, _ in shown]
    sections = [el("section", el("h2", title), content, id=name, class_="part") for name, title, content in shown]
    body = [
        el("nav", el("ul", links), aria_label="parts of this report") if links else None,
        el("main", head_html(context), sections, provenance_html(report)),
        context.scenes.definitions(),
    ]
    return html_file(report.title or report.source.name, _style(), join(body))


def card_page(explanation: Explanation, report: Report, pictures: PagePictures | None = None) -> str:
    """The card of one value as a file of its own.

    Args:
        explanation: of the value.
        report: that it is in.
        pictures: of its pages; without them there is no crop.
    """
    scenes = Scenes(Places(report), pictures or PagePictures(), apart=True)
    shown = card(explanation, crops_of(scenes, explanation.value), alone=True)
    source = el("p", report.title or report.source.name, class_="source", lang="zh-CN")
    title = f"{explanation.value.id} · {report.source.name}"
    return html_file(title, _style(), el("main", source, shown, class_="alone"))


def _forms(context: Context) -> list[Html]:
    values = {value.id: value for value in context.report.values}

    def link(value: Value) -> FieldLink:
        title = f"{value.id}: {value.status.value}, {value.confidence:.0%}"
        printed = one_line(value.raw)
        title += f", read as {printed}" if printed and printed != str(value.value) else ""
        return FieldLink(context.figure(value), context.leads_to(value), title)

    shown: list[Html] = []
    for sheet in context.report.sheets:
        shown += [el("h3", sheet.title, lang="zh-CN"), form_html(sheet, values, link)]
    return shown


def _text(report: Report) -> list[Html]:
    """The sections, then the tables that stand in none; those of a form are shown there."""
    tables = {table.id: table for table in report.document.tables}
    of_form = {table for sheet in report.sheets for table in sheet.tables}
    shown: set[str] = set()

    def table(name: str) -> Html | None:
        if name in shown or name not in tables:
            return None
        shown.add(name)
        if name in of_form:
            return el("p", el("a", "the table, in the form above", href="#form"), class_="meaning", lang="en")
        return plain_table(tables[name])

    prose = prose_html(report.sections, table)
    rest = [plain_table(found) for name, found in tables.items() if name not in shown | of_form]
    return [el("div", prose, rest, class_="prose", lang="zh-CN")] if prose or rest else []


def _pages(context: Context) -> list[Html]:
    """Each page with its values marked."""
    marks: dict[int, list[Mark]] = {}
    for value in context.report.values:
        title = f"{figure_of(value)} · {value.status.value} · {context.explainer.label(value.id)}"
        for number, place in enumerate(context.scenes.places.of(value)):
            mark = Mark(place.box, value.status, title, f"#{context.figure(value)}", context.mark(value, number))
            marks.setdefault(place.page, []).append(mark)
    total = context.report.source.page_count or len(context.report.pages)
    shown = []
    for page in context.report.pages:
        sheet = context.scenes.sheet(page, marks.get(page.index, ()))
        if sheet:
            shown.append(el("figure", el("figcaption", f"page {page.index + 1} of {total}"), sheet, class_="page"))
    return shown


def _style() -> str:
    colors = [
        f".s-{status.value}{{--hue:{_rgb(style.color)};--fill:{_rgb(style.fill)}}}"
        for status, style in STATUS_STYLES.items()
    ]
    style = files("ocr_pipeline.report.html").joinpath("report.css").read_text(encoding="utf-8")
    return "\n".join([style, *colors])


def _rgb(color: Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
