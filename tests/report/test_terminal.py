from __future__ import annotations

import pytest

from ocr_pipeline.document import Finding, Severity, Status, Value
from ocr_pipeline.report import FormCell, FormSheet, Report, format_values
from ocr_pipeline.report.text_width import display_width


def test_a_matrix_in_the_shape_of_the_form(report: Report) -> None:
    assert format_values(report, width=100).splitlines() == [
        "三、收到和处理政府信息公开申请情况",
        "                                 自然人  商业企业   总计",
        "─────────────────────────────────────────────────────────",
        "一、本年新收政府信息公开申请数量     91         2     93",
        "三、办理结果",
        "  （一）予以公开                     40*        1~    41~",
        "  （三）不予公开",
        "    1.属于国家秘密                     –         ? 1,234!",
        "    2.其他法律行政法规禁止公开        0~        0~     0~",
        "",
        "(no mark) 3 verified   ~ 5 read   * 1 repaired   ! 1 conflict   – 1 blank   ? 1 missing",
    ]


@pytest.mark.parametrize("width", [40, 50, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_lost(report: Report, width: int) -> None:
    text = format_values(report, width=width)
    assert max(map(display_width, text.splitlines())) <= width
    for figure in ("91", "93", "40*", "41~", "1,234!"):
        assert figure in text


def test_columns_that_do_not_fit_continue_below(report: Report) -> None:
    values = tuple(
        Value(id=f"part/{row}/column{i}", value=1000 + i, status=Status.READ, confidence=1)
        for row in "ab"
        for i in range(9)
    )
    text = format_values(report.model_copy(update={"values": values, "sheets": ()}), width=40)
    assert max(map(display_width, text.splitlines())) <= 40
    assert text.count("1,000~") == text.count("1,008~") == 2
    assert sum(line.startswith("a ") for line in text.splitlines()) == 2


def test_groups_of_columns_become_rows_where_rows_bear_no_labels(report: Report) -> None:
    groups, results = ("行政复议", "复议后起诉"), ("结果维持", "总计")
    cells = [FormCell(row=0, column=2 * i, column_span=2, text=name) for i, name in enumerate(groups)]
    cells += [FormCell(row=1, column=i, text=results[i % 2]) for i in range(4)]
    cells += [FormCell(row=2, column=i, field_id=f"disputes/{i // 2}/{i % 2}") for i in range(4)]
    sheet = FormSheet(title="四", rows=3, columns=4, cells=tuple(cells))
    values = tuple(
        Value(id=f"disputes/{i // 2}/{i % 2}", value=i, status=Status.VERIFIED, confidence=1) for i in range(4)
    )
    shown = format_values(report.model_copy(update={"sheets": (sheet,), "values": values})).splitlines()
    assert shown[1].split() == ["结果维持", "总计"]
    assert [line.split() for line in shown[3:5]] == [["行政复议", "0", "1"], ["复议后起诉", "2", "3"]]


def test_without_values(report: Report) -> None:
    assert format_values(Report(document=report.document, versions=report.versions)) == "no table of a known form"


def test_what_the_report_lacks_is_said_at_the_end(report: Report) -> None:
    found = (
        Finding(code="absent-part", severity=Severity.WARNING, message="disputes: no table of this part"),
        Finding(code="unread-print", severity=Severity.WARNING, message="print is seen here", page=2),
        Finding(code="watermark", severity=Severity.INFO, message="a watermark", page=2),
    )
    told = report.model_copy(update={"findings": found})
    assert format_values(told, width=100).splitlines()[-2:] == [
        "not in this report: disputes: no table of this part",
        "not in this report: page 3: print is seen here",
    ]
    assert max(map(display_width, format_values(told, width=40).splitlines())) <= 40
