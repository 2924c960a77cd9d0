"""Dumps whose labels say that figures are others than the form's."""

import pytest

from ocr_pipeline.document import Status
from tests.templates.tokens.test_extracting import COLUMNS, HEAD, row, values

ROWS = """一、本年新收政府信息公开申请数量 5 1 0 0 0 0 6
二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0
三、本年度办理结果 （一）予以公开 3 1 0 0 0 0 4
（二）部分公开 2 0 0 0 0 0 2
"""
NONE = [None] * 7


def test_a_row_of_last_year_is_not_this_years() -> None:
    found = values(HEAD + ROWS.replace("一、本年", "一、上年"))
    assert row(found, "1") == NONE
    assert row(found, "2") == [0] * 7


def test_rows_below_a_group_of_last_year_are_not_this_years() -> None:
    found = values(HEAD + ROWS.replace("本年度办理", "上年度办理"))
    assert row(found, "3.1") == row(found, "3.2") == NONE
    assert row(found, "1")[0] == 5


def test_a_column_of_others_is_not_the_forms() -> None:
    found = values(HEAD.replace("自然人", "非自然人") + ROWS)
    assert row(found, "1") == [None, *[1, 0, 0, 0, 0, 6]]
    assert found["applications/1/natural"].status is Status.MISSING


@pytest.mark.parametrize("before", ["", "本年度办理情况见下表，其中上年结转的申请3件。\n"])
def test_figures_below_headers_of_another_table_are_nobodys(before: str) -> None:
    title, corner, *_ = HEAD.splitlines()
    strange = f"{title}\n{before}{corner.split(' ')[0]} 单位\n公安局 教育局 民政局 财政局 人社局 住建局 合计\n"
    found = values(strange + ROWS)
    assert all(row(found, name) == NONE for name in ("1", "2", "3.1", "3.2"))
    assert row(values(HEAD.replace("\n", f"\n{before}", 1) + ROWS), "1") == [5, 1, 0, 0, 0, 0, 6]


def test_headers_of_which_some_are_lost_still_name_the_others() -> None:
    found = values(HEAD.replace("科研机构 社会公益组织 ", "") + ROWS)
    assert row(found, "1") == [5, 1, 0, 0, 0, 0, 6]
    assert len(COLUMNS) == len(row(found, "2"))


def test_figures_below_headers_that_stand_there_twice_are_of_two_tables() -> None:
    title, corner, *names = HEAD.replace(" ", "\n").splitlines()
    twice = "\n".join((title, corner, *names, *names)) + "\n"
    figures = ROWS.replace("（一）", "（一） ").replace(" ", "\n")
    found = values(twice + figures)
    assert all(row(found, name) == NONE for name in ("1", "2", "3.1", "3.2"))
    once = "\n".join((title, corner, *(name for name in names for _ in range(2)))) + "\n"
    assert row(values(once + figures), "2") == [0] * 7


def test_rows_of_several_bodies_are_nobodys() -> None:
    table = (HEAD + ROWS).replace(" ", "\t")
    other = table.replace("\t5\t1", "\t8\t2").replace("\t3\t1", "\t9\t0").replace("\t2\t0", "\t7\t7")
    found = values(f"{table}县公安局\n{other}县教育局\n{other}")
    assert row(found, "1") == row(found, "3.1") == row(found, "3.2") == NONE
    assert row(found, "2") == [0] * 7
    assert row(values(table + table), "1") == [5, 1, 0, 0, 0, 0, 6]


def test_rows_that_changed_their_places_are_not_taken_for_one_another() -> None:
    first, second, *rest = ROWS.splitlines(keepends=True)
    swapped = (HEAD + second + first + "".join(rest)).replace("（一）", "（一） ").replace(" ", "\n")
    found = values(swapped)
    assert row(found, "1") in (NONE, [5, 1, 0, 0, 0, 0, 6])
    assert row(found, "2") in (NONE, [0] * 7)
    assert row(found, "3.1") == [3, 1, 0, 0, 0, 0, 4]
