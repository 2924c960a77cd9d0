from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Line
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.rows import group_rows
from tests.layout.strategies import BOXES

_lines = st.lists(st.builds(lambda box, text: Line(text=text, box=box), BOXES, st.text(max_size=6)), max_size=40)


@given(_lines, st.randoms(use_true_random=False))
def test_every_line_in_one_row_whatever_the_order(lines: list[Line], random) -> None:
    rows = group_rows(lines)
    assert sorted(map(id, lines)) == sorted(id(line) for row in rows for line in row.lines)
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert group_rows(shuffled) == rows


def _line(text: str, left: float, top: float) -> Line:
    return Line(text=text, box=Box(left, top, left + 38 * len(text), top + 40))


def test_pieces_of_one_row_are_put_side_by_side() -> None:
    rows = group_rows([_line("共办理", 300, 104), _line("本年度", 100, 100), _line("申请", 100, 160)])
    assert [row.text for row in rows] == ["本年度 共办理", "申请"]


def test_loose_boxes_of_one_row_overlap_by_as_much_as_characters_are_large() -> None:
    number = Line(text="三、", box=Box(272, 565, 354, 605))
    rows = group_rows([number, Line(text="收到和处理申请情况", box=Box(329, 559, 893, 608))])
    assert [row.text for row in rows] == ["三、收到和处理申请情况"]
    assert len(group_rows([number, Line(text="收到和处理申请情况", box=Box(300, 559, 893, 608))])) == 2


def test_a_narrow_gap_leaves_no_blank() -> None:
    assert group_rows([_line("本年度", 100, 100), _line("共办理", 222, 100)])[0].text == "本年度共办理"
