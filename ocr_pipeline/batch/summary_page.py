"""``summary.html``: what a batch came to, as one page that needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from ocr_pipeline.batch.charts import Part, area_chart, bar_chart, histogram, share_bar
from ocr_pipeline.batch.run import BatchResult
from ocr_pipeline.batch.summary import FailedDocument, SlowDocument, Summary
from ocr_pipeline.batch.task import State
from ocr_pipeline.document import Status
from ocr_pipeline.report.html.markup import Html, el, html_file
from ocr_pipeline.report.palette import STATUS_STYLES

__all__ = ["summary_page"]

_STATE_COLORS = {
    State.DONE: "#009e73",
    State.PARTIAL: "#e69f00",
    State.FAILED: "#d55e00",
    State.QUARANTINED: "#cc79a7",
    State.PENDING: "#b4b4b4",
    State.RUNNING: "#56b4e9",
}
_STYLE = """
:root { --ink: #1d232b; --faint: #5d6773; --rule: #d9dee4; --bar: #2f6f9f; --area: #dce9f3; --paper: #fff;
        --ground: #f4f6f8 }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ed; --faint: #9aa5b1; --rule: #39424d; --bar: #6fb0dd;
        --area: #24394a; --paper: #1b2128; --ground: #12161b } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, "Noto Sans",
       "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
main { max-width: 1360px; margin: 0 auto; padding: 28px 24px 60px }
h1 { font-size: 24px; margin: 0 0 4px } h2 { font-size: 16px; margin: 0 0 12px }
p { margin: 0 0 12px } .note { color: var(--faint) }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(134px, 1fr)); gap: 12px; margin: 20px 0 }
.tile, section { background: var(--paper); border: 1px solid var(--rule); border-radius: 8px }
.tile { padding: 12px 14px } .tile b { display: block; font-size: 19px; font-weight: 600; white-space: nowrap }
.tile span { color: var(--faint); font-size: 13px }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 560px), 1fr)); gap: 16px }
section { padding: 16px 18px; overflow-x: auto } .wide { margin-top: 16px }
svg { display: block; max-width: 100%; height: auto } svg text { font-size: 13px; fill: var(--ink) }
svg .figure { fill: var(--faint) } svg .axis { stroke: var(--faint) } svg .grid { stroke: var(--rule) }
table { border-collapse: collapse; width: 100%; font-size: 14px }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--rule); vertical-align: top }
th { color: var(--faint); font-weight: 500 } td.number, th.number { text-align: right; white-space: nowrap }
td.name { word-break: break-all; min-width: 16em } a { color: inherit }
details pre { font-size: 12px; white-space: pre-wrap }
"""


def summary_page(summary: Summary, result: BatchResult | None, *, title: str, when: str) -> str:
    """The page as HTML.

    Args:
        summary: of all documents of the inputs.
        result: of the run; None when it was interrupted.
        title: of the page, such as the folder's name.
        when: the run ended, for people.
    """
    plots = (
        ("Documents", share_bar(_states(summary))),
        ("Values by status", share_bar(_statuses(summary))),
        ("Pages a minute over the run", area_chart(summary.rates, summary.minutes, "minutes")),
        ("Seconds a page, by documents", histogram(summary.seconds_per_page, "seconds")),
        ("Where the time goes, summed over workers", bar_chart(_stages(summary)) if summary.stages else _none()),
        ("Why documents failed", bar_chart(_categories(summary)) if summary.categories else _none()),
    )
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="note">{escape(_outcome(result))} {escape(when)}</p>',
        f'<div class="tiles">{"".join(_tile(*tile) for tile in _tiles(summary, result))}</div>',
        f'<div class="plots">{"".join(_section(*plot) for plot in plots)}</div>',
        _wide("Slowest documents", _slowest(summary.slowest)),
        _wide(f"Documents without a complete report ({summary.failures:,})", _failures(summary)),
    ]
    return html_file(title, _STYLE, el("main", Html("\n".join(body))))


def _outcome(result: BatchResult | None) -> str:
    if result is None:
        return "Interrupted; the same command goes on where it stopped."
    if result.stopped is not None:
        return f"Stopped: {result.stopped.message}."
    return "Finished." if not result.failures else "Finished, with failures."


def _tiles(summary: Summary, result: BatchResult | None) -> Iterable[tuple[str, str]]:
    flagged = sum(count for name, count in summary.statuses.items() if not Status(name).is_good)
    values = summary.statuses.total()
    yield f"{summary.documents:,}", "documents, each once"
    yield f"{summary.states[State.DONE]:,}", "with a complete report"
    yield f"{summary.failures:,}", "failed or incomplete"
    yield f"{summary.pages:,}", "pages"
    yield f"{values:,}", "values"
    yield f"{flagged / max(1, values):.1%}", "of the values for review"
    if result is not None and result.pages and result.seconds:
        yield f"{result.pages / result.seconds:.2f}", "pages a second in this run"
        yield _duration(result.seconds), "reading in this run"
    if result is not None:
        yield f"{result.names - summary.documents:,}", "further names of the same content"


def _states(summary: Summary) -> list[Part]:
    return [
        Part(state.value, summary.states[state], f"{summary.states[state]:,}", _STATE_COLORS[state])
        for state in (State.DONE, State.PARTIAL, State.FAILED, State.QUARANTINED, State.PENDING)
    ]


def _statuses(summary: Summary) -> list[Part]:
    whole = max(1, summary.statuses.total())
    return [
        Part(
            status.value,
            summary.statuses[status.value],
            f"{summary.statuses[status.value]:,} ({summary.statuses[status.value] / whole:.2%})",
            "#{:02x}{:02x}{:02x}".format(*style.color),
        )
        for status, style in STATUS_STYLES.items()
    ]


def _stages(summary: Summary) -> list[Part]:
    whole = sum(summary.stages.values()) or 1.0
    ranked = sorted(summary.stages.items(), key=lambda item: -item[1])
    return [Part(name, seconds, f"{_duration(seconds)} ({seconds / whole:.0%})") for name, seconds in ranked]


def _categories(summary: Summary) -> list[Part]:
    return [
        Part(name, count, f"{count:,}", _STATE_COLORS[State.FAILED])
        for name, count in summary.categories.most_common(12)
    ]


def _slowest(documents: Sequence[SlowDocument]) -> str:
    rows = [
        (
            _linked(document.name, document.folder),
            f"{document.seconds:,.1f}",
            f"{document.pages:,}",
            f"{document.seconds / document.pages:,.2f}" if document.pages else "",
            f"{document.memory_mb:,.0f}",
        )
        for document in documents
    ]
    return _table(("document", "seconds", "pages", "seconds a page", "worker's memory, MB"), rows)


def _failures(summary: Summary) -> str:
    rows = [_failure(document) for document in summary.failed]
    more = summary.failures - len(rows)
    note = f'<p class="note">and {more:,} more; the ledger has them all</p>' if more else ""
    return _table(("document", "state", "reason", "what happened, and what to do"), rows) + note


def _failure(document: FailedDocument) -> tuple[str, ...]:
    failure = document.failure
    words = escape(failure.message) + (
        f' <span class="note">({escape(failure.remedy)})</span>' if failure.remedy else ""
    )
    if failure.detail:
        words += f"<details><summary>where</summary><pre>{escape(failure.detail)}</pre></details>"
    state = document.state.value + (f" after {document.attempts} attempts" if document.attempts > 1 else "")
    return (_linked(document.name, document.folder), escape(state), escape(failure.category), words)


def _linked(name: str, folder: str) -> str:
    return f'<a href="documents/{quote(folder)}/">{escape(name)}</a>' if folder else escape(name)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return _none()
    numeric = [
        all(row[column].replace(",", "").replace(".", "").isdigit() for row in rows if row[column])
        for column in range(len(head))
    ]
    classes = ["number" if number else "name" if column == 0 else "" for column, number in enumerate(numeric)]
    titles = "".join(f'<th class="{kind}">{escape(title)}</th>' for kind, title in zip(classes, head, strict=True))
    lines = [
        "<tr>" + "".join(f'<td class="{kind}">{cell}</td>' for kind, cell in zip(classes, row, strict=True)) + "</tr>"
        for row in rows
    ]
    return f"<table><tr>{titles}</tr>{''.join(lines)}</table>"


def _tile(figure: str, words: str) -> str:
    return f'<div class="tile"><b>{escape(figure)}</b><span>{escape(words)}</span></div>'


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content}</section>"


def _wide(title: str, content: str) -> str:
    return f'<section class="wide"><h2>{escape(title)}</h2>{content}</section>'


def _none() -> str:
    return '<p class="note">None.</p>'


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 100:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
