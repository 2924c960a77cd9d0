import pytest

from ocr_pipeline.document import Line
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.options import DEFAULT_OPTIONS
from ocr_pipeline.layout.paragraphs import Frame, split_paragraphs
from ocr_pipeline.layout.rows import Row


@pytest.mark.parametrize(
    ("above", "below", "count"),
    [
        ("五、政府信息公开工作存在的主要问题及改进情况", "（一）存在的主要问题", 2),
        ("一、公开，按照有关规定主动公开下列信息如", "（一）规范性文件", 1),
        ("（一）按照有关规定主动公开下列信息如同前述", "一、规范性文件", 1),
        ("政府信息公开工作存在的主要问题及改进情况有", "（一）存在的主要问题", 1),
    ],
)
def test_a_heading_that_fills_its_measure_and_the_one_below_it_are_two(above: str, below: str, count: int) -> None:
    """On a page with little else nothing tells that the first row is short."""
    em, left = 34, 280
    rows = [
        Row((Line(text=text, box=Box(left, 550 + 62 * n, left + em * len(text), 584 + 62 * n)),))
        for n, text in enumerate((above, below))
    ]
    frame = Frame(left=left, right=rows[0].box.right, em=em, pitch=62, sure=True)
    assert len(split_paragraphs(rows, frame, DEFAULT_OPTIONS)) == count
