"""Files that hold several reports: the first one's figures come out, or none, and never a mixture of both."""

from __future__ import annotations

import pytest

from ocr_pipeline.document import Section, Table, Value
from ocr_pipeline.evaluation.synthetic.dump_rows import Style
from ocr_pipeline.evaluation.synthetic.garble import garble
from ocr_pipeline.pipeline import Reader
from ocr_pipeline.pipeline.dividing import Contents, first_report, later_titles
from ocr_pipeline.report import Report
from ocr_pipeline.settings import Settings

FIRST = "云岭县财政局2022年政府信息公开工作年度报告"
OTHER = "云岭县民政局2022年政府信息公开工作年度报告"
BODY = ["一、总体情况", "二、主动公开政府信息情况"]


def titles(lines: list[str], first: str | None = FIRST) -> list[tuple[int, str]]:
    return [(found.line, found.text) for found in later_titles(lines, first, lambda line: line.startswith("一、本年"))]


def test_a_title_above_a_first_heading_begins_a_report() -> None:
    assert titles([*BODY, "正文。", OTHER, *BODY]) == [(3, OTHER)]


def test_a_title_in_two_rows_is_put_together() -> None:
    assert titles([*BODY, OTHER[:6], OTHER[6:], *BODY]) == [(2, OTHER)]
    assert titles([*BODY, OTHER[:12], OTHER[12:], *BODY]) == [(2, OTHER)]


def test_the_same_report_again_is_found_by_its_headings() -> None:
    assert titles([*BODY, FIRST, *BODY]) == [(2, FIRST)]


@pytest.mark.parametrize(
    "lines",
    [
        [FIRST, *BODY],
        ["一、总体情况", FIRST, "正文。", FIRST, *BODY[1:]],
        [*BODY, OTHER, "三、收到和处理政府信息公开申请情况"],
        [*BODY, OTHER],
        [*BODY, f"根据{OTHER}，全年办理8件。", *BODY],
        [*BODY, OTHER, "一、本年新收政府信息公开申请数量", "三、本年度办理结果"],
    ],
    ids=["own title", "running header", "header of another name", "link", "sentence", "label of a table"],
)
def test_what_begins_no_report(lines: list[str]) -> None:
    assert titles(lines) == []


def pages(*reports: tuple[str, str]) -> Contents:
    """Reports of one table each, named by its id; without one where the id is empty."""
    sections: list[Section] = []
    tables: list[Table] = []
    for number, (title, table) in enumerate(reports):
        if number:
            sections.append(Section(level=1, title=title, page=number))
        sections.append(Section(level=1, title=BODY[0], page=number, text="正文。"))
        sections.append(Section(level=1, title=BODY[1], page=number, tables=(table,) if table else ()))
        tables += [Table(id=table, rows=1, columns=1, cells=())] if table else []
    return Contents(tuple(sections), tuple(tables))


def divided(contents: Contents) -> tuple[list[str], list[tuple[int | None, str]]]:
    own, found = first_report(contents, FIRST, holds_parts=lambda c: bool(c.tables), is_label=lambda _: False)
    assert all(finding.code == "several-reports" for finding in found)
    return [table.id for table in own.tables], [(finding.page, finding.message.split("'")[1]) for finding in found]


def test_tables_of_later_reports_are_left_out_and_named() -> None:
    third = OTHER.replace("民政", "教育")
    assert divided(pages((FIRST, "t1"), (OTHER, "t2"), (third, "t3"))) == (["t1"], [(1, OTHER), (2, third)])


def test_a_stretch_without_known_tables_is_no_report() -> None:
    assert divided(pages((FIRST, ""), (OTHER, "t1"))) == (["t1"], [])
    assert divided(pages((FIRST, "t1"), (OTHER, ""))) == (["t1"], [])


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Settings.load(overrides=["text.threads=1"]))


def read(reader: Reader, *texts: str) -> Report:
    return reader.read("\n\n".join(texts).encode(), name="report.txt")


def good(report: Report) -> dict[str, Value]:
    return {value.id: value for value in report.values if value.status.is_good}


def untitled(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.strip().endswith("报告"))


@pytest.fixture(scope="module", params=("tabs", "single"))
def dumps(request: pytest.FixtureRequest) -> tuple[str, str]:
    style: Style = request.param
    return garble(67000, style=style, damages=()).text, garble(67011, style=style, damages=()).text


def test_a_dump_of_two_reports_gives_the_first(reader: Reader, dumps: tuple[str, str]) -> None:
    one, other = dumps
    for first, second in ((one, other), (other, one), (one, one)):
        both, alone = read(reader, first, second), read(reader, first)
        assert both.values == alone.values
        assert [f.code for f in both.left_out] == ["several-reports"]
        assert [f.code for f in alone.left_out] == []


def test_of_two_reports_without_titles_only_what_both_say_is_good(reader: Reader, dumps: tuple[str, str]) -> None:
    one, other = map(untitled, dumps)
    both, first, second = good(read(reader, one, other)), good(read(reader, one)), good(read(reader, other))
    assert both.keys() < first.keys() | second.keys()
    for field, value in both.items():
        assert all(value.value == alone[field].value for alone in (first, second) if field in alone)


def test_a_web_page_whose_tables_became_paragraphs_is_read_as_text(reader: Reader, dumps: tuple[str, str]) -> None:
    text, _ = dumps
    page = "".join(f"<p>{line}</p>".replace("\t", "&nbsp;") for line in text.split("\n"))
    found = reader.read(f"<html><body>{page}</body></html>".encode(), name="report.html")
    assert found.source.kind == "html"
    assert {f: v.value for f, v in good(found).items()} == {f: v.value for f, v in good(read(reader, text)).items()}
