from __future__ import annotations

import pytest
from pydantic import ValidationError

from ocr_pipeline.report import FormCell, FormSheet
from ocr_pipeline.report.labels import FieldLabel, field_label, field_labels


def test_cells_out_of_the_sheet_or_over_each_other_are_refused() -> None:
    with pytest.raises(ValidationError, match="reaches out"):
        FormSheet(title="x", rows=1, columns=1, cells=(FormCell(row=0, column=0, column_span=2),))
    twice = (FormCell(row=0, column=0, row_span=2), FormCell(row=1, column=0))
    with pytest.raises(ValidationError, match=r"cover \(1, 0\)"):
        FormSheet(title="x", rows=2, columns=1, cells=twice)
    with pytest.raises(ValidationError, match="both a label and a field"):
        FormCell(row=0, column=0, text="总计", field_id="a/b/c")


def test_labels_left_of_and_above_a_field(sheet: FormSheet) -> None:
    labels = field_labels([sheet])
    assert list(labels)[:3] == ["applications/1/natural", "applications/1/business", "applications/1/total"]
    assert labels["applications/3.3.2/total"] == FieldLabel(
        ("三、办理结果", "（三）不予公开", "2.其他法律行政法规禁止公开"), ("申请人情况", "总计")
    )


def test_headers_of_the_block_above_do_not_count() -> None:
    cells = (
        FormCell(row=0, column=0, text="第一项"),
        FormCell(row=1, column=0, field_id="p/a/x"),
        FormCell(row=2, column=0, text="第二项"),
        FormCell(row=3, column=0, field_id="p/b/y"),
    )
    labels = field_labels([FormSheet(title="x", rows=4, columns=1, cells=cells)])
    assert labels["p/b/y"].column == ("第二项",)


@pytest.mark.parametrize(
    ("field_id", "expected"),
    [
        ("disputes/litigation_direct/total", FieldLabel(("litigation_direct",), ("total",))),
        ("fees/amount", FieldLabel(("amount",), ())),
        ("fees", FieldLabel(("fees",), ())),
    ],
)
def test_without_a_sheet_the_id_names_the_field(field_id: str, expected: FieldLabel) -> None:
    assert field_label(field_id) == expected
