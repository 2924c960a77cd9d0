"""The tables of the two official forms as grids of cells: what stands where, and which cell holds which field.

Labels are facts of the forms (国办公开办函〔2019〕60号 is A, 国办公开办函〔2021〕30号 is B).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["PARTS", "Form", "FormCell", "FormGrid", "Part", "Role", "form_grid"]

Form = Literal["A", "B"]
Part = Literal["proactive", "applications", "disputes"]
Role = Literal["caption", "header", "corner", "label", "group", "value"]

PARTS: tuple[Part, ...] = ("proactive", "applications", "disputes")

_Block = tuple[str, dict[str, str], dict[str, str]]

_PREVIOUS = {"items_previous": "上一年项目数量", "items_change": "本年增/减"}
_CASES = {**_PREVIOUS, "decisions": "处理决定数量"}
_DECISIONS = {"decisions": "本年处理决定数量"}
_SANCTIONS = {"penalty": "行政处罚", "coercion": "行政强制"}

_PROACTIVE: dict[Form, tuple[_Block, ...]] = {
    "A": (
        (
            "第二十条第（一）项",
            {
                "published_new_made": "本年新制作数量",
                "published_new": "本年新公开数量",
                "published_total": "对外公开总数量",
            },
            {"rules": "规章", "normative": "规范性文件"},
        ),
        ("第二十条第（五）项", _CASES, {"license": "行政许可", "other_services": "其他对外管理服务事项"}),
        ("第二十条第（六）项", _CASES, _SANCTIONS),
        ("第二十条第（八）项", _PREVIOUS, {"fees": "行政事业性收费"}),
        ("第二十条第（九）项", {"projects": "采购项目数量", "amount": "采购总金额"}, {"procurement": "政府集中采购"}),
    ),
    "B": (
        (
            "第二十条第（一）项",
            {"issued": "本年制发件数", "repealed": "本年废止件数", "in_force": "现行有效件数"},
            {"rules": "规章", "normative": "行政规范性文件"},
        ),
        ("第二十条第（五）项", _DECISIONS, {"license": "行政许可"}),
        ("第二十条第（六）项", _DECISIONS, _SANCTIONS),
        ("第二十条第（八）项", {"amount": "本年收费金额（单位：万元）"}, {"fees": "行政事业性收费"}),
    ),
}

_CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_APPLICANTS = {
    "natural": "自然人",
    "business": "商业企业",
    "research": "科研机构",
    "welfare": "社会公益组织",
    "legal": "法律服务机构",
    "other": "其他",
    "total": "总计",
}
_RESULTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("3.1", "（一）予以公开", ()),
    ("3.2", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", ()),
    (
        "3.3",
        "（三）不予公开",
        (
            "1.属于国家秘密",
            "2.其他法律行政法规禁止公开",
            "3.危及“三安全一稳定”",
            "4.保护第三方合法权益",
            "5.属于三类内部事务信息",
            "6.属于四类过程性信息",
            "7.属于行政执法案卷",
            "8.属于行政查询事项",
        ),
    ),
    (
        "3.4",
        "（四）无法提供",
        ("1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确"),
    ),
    (
        "3.5",
        "（五）不予处理",
        (
            "1.信访举报投诉类申请",
            "2.重复申请",
            "3.要求提供公开出版物",
            "4.无正当理由大量反复申请",
            "5.要求行政机关确认或重新出具已获取信息",
        ),
    ),
    ("3.6", "（六）其他处理", ()),
    ("3.7", "（七）总计", ()),
)
_OTHER_HANDLING_B = (
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "3.其他",
)
_OUTCOMES = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell of a form; ``field`` is the id of the value it holds, None for a label."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    role: Role
    field: str | None = None


@dataclass(frozen=True, slots=True)
class FormGrid:
    """A table of a form.

    Attributes:
        cells: in row-major order; they tile ``rows`` x ``columns`` without a hole.
        header_rows: how many rows at the top name the columns (what a word processor would repeat).
        edges: for a table whose blocks divide the width differently, the relative place (0..1) of each column edge
            to the right of the label column; empty where columns are free to be of any width.
    """

    part: Part
    form: Form
    rows: int
    columns: int
    cells: tuple[FormCell, ...]
    header_rows: int
    edges: tuple[float, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Ids of all its values, in reading order."""
        return tuple(cell.field for cell in self.cells if cell.field is not None)


def form_grid(part: Part, form: Form, *, halves: Literal["left", "right", "even"] = "right") -> FormGrid:
    """The grid of one table.

    Args:
        part: which table.
        form: which official form.
        halves: where a block of two value columns is divided in a proactive table whose other blocks have three:
            the wider column on the left, on the right, or both equal (which adds a grid column).
    """
    if part == "proactive":
        return _proactive(form, halves)
    return _applications(form) if part == "applications" else _disputes(form)


def _proactive(form: Form, halves: str) -> FormGrid:
    blocks = _PROACTIVE[form]
    two = {"left": (4, 2), "right": (2, 4), "even": (3, 3)}[halves]
    divisions: dict[int, tuple[int, ...]] = {1: (6,), 2: two, 3: (2, 2, 2)}
    marks = sorted({0, *(sum(d[:i]) for n in {len(b[1]) for b in blocks} for d in [divisions[n]] for i in range(7))})
    cells: list[FormCell] = []
    row = 0
    for caption, columns, rows in blocks:
        edges = [sum(divisions[len(columns)][:i]) for i in range(len(columns) + 1)]
        spans = [(1 + marks.index(a), marks.index(b) - marks.index(a)) for a, b in zip(edges, edges[1:], strict=False)]
        cells.append(FormCell(row, 0, 1, len(marks), caption, "caption"))
        cells.append(FormCell(row + 1, 0, 1, 1, "信息内容", "header"))
        cells.extend(
            FormCell(row + 1, at, 1, span, label, "header")
            for (at, span), label in zip(spans, columns.values(), strict=True)
        )
        for offset, (row_id, label) in enumerate(rows.items(), start=2):
            cells.append(FormCell(row + offset, 0, 1, 1, label, "label"))
            cells.extend(
                FormCell(row + offset, at, 1, span, "", "value", f"proactive/{row_id}/{column_id}")
                for (at, span), column_id in zip(spans, columns, strict=True)
            )
        row += 2 + len(rows)
    return FormGrid("proactive", form, row, len(marks), tuple(cells), 0, tuple(mark / 6 for mark in marks))


def _applications(form: Form) -> FormGrid:
    cells = [
        FormCell(0, 0, 3, 3, _CORNER, "corner"),
        FormCell(0, 3, 1, 7, "申请人情况", "header"),
        FormCell(1, 3, 2, 1, _APPLICANTS["natural"], "header"),
        FormCell(1, 4, 1, 5, "法人或其他组织", "header"),
        FormCell(1, 9, 2, 1, _APPLICANTS["total"], "header"),
    ]
    cells += [FormCell(2, 3 + i, 1, 1, label, "header") for i, label in enumerate(_APPLICANTS.values()) if 0 < i < 6]
    row = 3
    for row_id, label in (("1", "一、本年新收政府信息公开申请数量"), ("2", "二、上年结转政府信息公开申请数量")):
        cells.append(FormCell(row, 0, 1, 3, label, "label"))
        cells += _applicant_values(row, row_id)
        row += 1
    results = _results(form)
    count = sum(max(1, len(children)) for _, _, children in results)
    cells.append(FormCell(row, 0, count, 1, "三、本年度办理结果", "group"))
    for row_id, label, children in results:
        if not children:
            cells.append(FormCell(row, 1, 1, 2, label, "label"))
            cells += _applicant_values(row, row_id)
            row += 1
            continue
        cells.append(FormCell(row, 1, len(children), 1, label, "group"))
        for number, child in enumerate(children, start=1):
            cells.append(FormCell(row, 2, 1, 1, child, "label"))
            cells += _applicant_values(row, f"{row_id}.{number}")
            row += 1
    cells.append(FormCell(row, 0, 1, 3, "四、结转下年度继续办理", "label"))
    cells += _applicant_values(row, "4")
    return FormGrid("applications", form, row + 1, 10, _ordered(cells), 3)


def _results(form: Form) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (row_id, label, _OTHER_HANDLING_B if form == "B" and row_id == "3.6" else children)
        for row_id, label, children in _RESULTS
    ]


def _applicant_values(row: int, row_id: str) -> list[FormCell]:
    return [
        FormCell(row, 3 + i, 1, 1, "", "value", f"applications/{row_id}/{column}")
        for i, column in enumerate(_APPLICANTS)
    ]


def _disputes(form: Form) -> FormGrid:
    cells = [
        FormCell(0, 0, 1, 5, "行政复议", "header"),
        FormCell(0, 5, 1, 10, "行政诉讼", "header"),
        FormCell(1, 5, 1, 5, "未经复议直接起诉", "header"),
        FormCell(1, 10, 1, 5, "复议后起诉", "header"),
    ]
    for group, name in enumerate(("reconsideration", "litigation_direct", "litigation_after")):
        top = 1 if group == 0 else 2
        for i, (outcome, label) in enumerate(_OUTCOMES.items()):
            column = 5 * group + i
            cells.append(FormCell(top, column, 3 - top, 1, label, "header"))
            cells.append(FormCell(3, column, 1, 1, "", "value", f"disputes/{name}/{outcome}"))
    return FormGrid("disputes", form, 4, 15, _ordered(cells), 3)


def _ordered(cells: Sequence[FormCell]) -> tuple[FormCell, ...]:
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
