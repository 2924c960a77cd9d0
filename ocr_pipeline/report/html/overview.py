"""The report in a few lines: what it is about, how its values, its sums and its reading came out."""

from __future__ import annotations

from pathlib import PurePosixPath

from ocr_pipeline.document import Finding, Severity
from ocr_pipeline.equations import plain_number
from ocr_pipeline.report.html.card import chip, sum_html
from ocr_pipeline.report.html.context import Context
from ocr_pipeline.report.html.markup import Html, el
from ocr_pipeline.report.model import Report
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.report.sums import sum_title

__all__ = ["findings_html", "head_html", "provenance_html", "sums_html"]


def head_html(context: Context) -> Html:
    """Title, source, and how many values have each status."""
    report = context.report
    count = report.source.page_count
    pages = report.source.kind if not count else f"{count} pages" if count > 1 else "1 page"
    forms = dict.fromkeys(f"form {match.form}" for match in report.matches)
    return el(
        "header",
        el("h1", report.title or _name(report), lang="zh-CN"),
        el("p", " · ".join([_name(report), pages, *forms]), class_="about", lang="zh-CN"),
        _failures(report),
        _tally(context) if report.values else el("p", "No table of a known form.", class_="note"),
        _left_out(report),
        class_="top",
    )


def _name(report: Report) -> str:
    return PurePosixPath(report.source.name).name or report.source.name


def _failures(report: Report) -> Html | None:
    if report.ok:
        return None
    items = [
        el("li", f"{error.stage}{'' if error.page is None else f', page {error.page + 1}'}: {error.message}")
        for error in report.errors
    ]
    return el("div", el("b", "This report is not complete."), el("ul", items), class_="note failure", role="alert")


def _left_out(report: Report) -> Html | None:
    if not report.left_out:
        return None
    items = [
        el("li", "" if found.page is None else f"page {found.page + 1}: ", found.message) for found in report.left_out
    ]
    return el("div", el("b", "The document shows more than this report has."), el("ul", items), class_="note failure")


def _tally(context: Context) -> Html:
    counts = {status: count for status, count in context.report.status_counts().items() if count}
    pieces = [el("span", class_=f"s-{status.value}", style=f"flex-grow:{n}") for status, n in counts.items()]
    legend = [
        el("li", chip(status), el("b", str(count)), el("span", STATUS_STYLES[status].meaning, class_="meaning"))
        for status, count in counts.items()
    ]
    good = sum(count for status, count in counts.items() if status.is_good)
    left = f"; {len(context.flagged)} to look at" if context.flagged else "; none is left to look at"
    return el(
        "div",
        el("p", el("b", f"{good} of {len(context.report.values)} values are handed out as good"), left, class_="tally"),
        el("div", pieces, class_="bar", aria_hidden="true"),
        el("ul", legend, class_="legend"),
    )


def sums_html(context: Context) -> list[Html]:
    """How many sums close, each that does not, and why others say nothing; nothing for a form without sums."""
    found = context.explainer.all_sums
    if not found:
        return []
    broken = [one for one in found if one.state == "broken"]
    silent = [one for one in found if one.state == "open"]
    words = f"{len(found) - len(broken) - len(silent)} of {len(found)} close"
    words += f", {len(broken)} {'does' if len(broken) == 1 else 'do'} not" if broken else ""
    words += f", {len(silent)} {'says' if len(silent) == 1 else 'say'} nothing" if silent else ""
    shown = [el("p", words, "."), *(sum_html(one) for one in broken)]
    if silent:
        reasons = [el("li", f"{sum_title(one)}: {one.open_because}") for one in silent]
        title = "1 sum that says nothing" if len(silent) == 1 else f"{len(silent)} sums that say nothing"
        shown.append(el("details", el("summary", title), el("ul", reasons, lang="zh-CN")))
    return shown


def findings_html(report: Report) -> list[Html]:
    """All remarks, those that matter before those that only inform."""
    order = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    found = sorted(report.findings, key=lambda finding: order.index(finding.severity))
    grave = [_finding(finding) for finding in found if finding.severity is not Severity.INFO]
    notes = [_finding(finding) for finding in found if finding.severity is Severity.INFO]
    shown = [el("table", grave, class_="findings")] if grave else []
    if notes:
        title = "1 note" if len(notes) == 1 else f"{len(notes)} notes"
        shown.append(el("details", el("summary", title), el("table", notes, class_="findings")))
    return shown


def _finding(finding: Finding) -> Html:
    return el(
        "tr",
        el("td", el("span", finding.severity.value, class_=f"severity {finding.severity.value}")),
        el("td", el("code", finding.code)),
        el("td", finding.message, lang="zh-CN"),
        el("td", "" if finding.page is None else f"page {finding.page + 1}"),
    )


def provenance_html(report: Report) -> Html:
    """What was read, by what, in which time."""
    facts = [
        f"source {report.source.name}",
        f"sha256 {report.source.sha256}",
        f"ocr-pipeline {report.versions.program}",
        f"read in {plain_number(round(sum(report.timings.values()), 1))} s",
    ]
    return el("footer", el("p", " · ".join(facts)))
