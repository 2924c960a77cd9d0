"""Writes drawn reports as web pages, as authorities publish them: headings, paragraphs and tables with spans."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from ocr_pipeline.evaluation.synthetic.files import writing
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.story import told
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth

__all__ = ["write_html"]

_MENU = ("首页", "政务公开", "办事服务", "互动交流")


def write_html(report: SyntheticReport, path: Path, *, framed: bool = True) -> Path:
    """A saved page, UTF-8, of a report drawn with prose (see ``story.told`` for what is left out).

    Args:
        report: what it says.
        path: where to write.
        framed: the report stands inside the layout tables of a web site, below its menu; otherwise alone.

    Raises:
        OutputError: the file cannot be written.
    """
    title = escape(report.truth.title)
    body = "\n".join(_body(report.truth))
    if framed:
        menu = "".join(f'<td><a href="#">{entry}</a></td>' for entry in _MENU)
        body = f"<table><tr>{menu}</tr></table>\n<table><tr><td>\n{body}\n</td></tr></table>"
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    with writing(path):
        path.write_text(f"<!DOCTYPE html>\n<html>{head}<body>\n{body}\n</body></html>\n", encoding="utf-8")
    return path


def _body(truth: ReportTruth) -> Iterator[str]:
    if truth.title:
        yield f"<h1>{escape(truth.title)}</h1>"
    for section, tables in told(truth):
        if section is not None:
            if section.title:
                # Issuers set headings in bold type; hardly any page has heading elements below its title.
                yield f"<p><strong>{escape(section.title)}</strong></p>"
            yield from (f"<p>{escape(line)}</p>" for line in section.text.splitlines())
        yield from (table.html for _, table in tables)
