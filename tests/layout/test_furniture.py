import pytest

from ocr_pipeline.document import Line, Region, RegionKind
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.furniture import is_page_number, relabel_running
from ocr_pipeline.layout.options import LayoutOptions


@pytest.mark.parametrize(
    "text",
    [
        "- 3 -",
        "—12—",
        "3",
        "第 3 页 共 9 页",
        "第3页",
        "第三页",
        "3/9",
        "3 / 9",
        "共9页 第3页",
        "Page 3 of 9",
        "·5·",
        "-1.",
        ". 2 -",
    ],
)
def test_page_numbers(text: str) -> None:
    assert is_page_number(text)


@pytest.mark.parametrize("text", ["3件", "12345", "-", "第3章", "2023年", "3.5", "3.", "-1.5", "0 0", ""])
def test_no_page_numbers(text: str) -> None:
    assert not is_page_number(text)


def _region(kind: RegionKind, *texts: str, top: float, em: float = 30) -> Region:
    lines = tuple(
        Line(text=t, box=Box(300, top + 60 * n, 300 + em * len(t), top + 60 * n + em)) for n, t in enumerate(texts)
    )
    return Region(kind=kind, box=Box.union_of(line.box for line in lines), lines=lines)


def _pages(make, *regions: list[Region]):
    return [
        make["page"](n, [r.model_copy(update={"order": i}) for i, r in enumerate(page)])
        for n, page in enumerate(regions)
    ]


def test_a_repeated_line_becomes_a_header_also_when_its_figures_differ(make) -> None:
    pages = _pages(
        make,
        *[
            [_region(RegionKind.TEXT, f"某局年度报告 第{n}页", top=90), _region(RegionKind.TEXT, f"正文{n}之", top=400)]
            for n in range(3)
        ],
    )
    for page in relabel_running(pages, LayoutOptions()):
        assert [r.kind for r in page.regions] == [RegionKind.HEADER, RegionKind.TEXT]


def test_a_repeated_line_is_cut_off_its_paragraph(make) -> None:
    pages = _pages(
        make,
        *[[_region(RegionKind.TEXT, text, "某县人民政府编", top=2150)] for text in ("甲的正文在此", "乙说的是别的")],
    )
    for page, text in zip(relabel_running(pages, LayoutOptions()), ("甲的正文在此", "乙说的是别的"), strict=True):
        assert [(r.kind, r.text) for r in page.regions] == [
            (RegionKind.TEXT, text),
            (RegionKind.FOOTER, "某县人民政府编"),
        ]
        assert [r.order for r in page.regions] == [0, 1]


def test_titles_and_numbered_headings_stay(make) -> None:
    pages = _pages(make, *[[_region(RegionKind.HEADING, "一、总体情况", top=90)] for _ in range(3)])
    assert relabel_running(pages, LayoutOptions()) == tuple(pages)


def test_the_same_words_at_different_heights_are_text(make) -> None:
    pages = _pages(make, *[[_region(RegionKind.TEXT, "无其他事项", top=top)] for top in (60, 200)])
    assert relabel_running(pages, LayoutOptions()) == tuple(pages)


def test_a_lone_page_repeats_its_title_in_its_header(make) -> None:
    page = [_region(RegionKind.TEXT, "某局年度报告", top=90), _region(RegionKind.TITLE, "某局2023年度报告", top=250)]
    (found,) = relabel_running(_pages(make, page), LayoutOptions())
    assert [r.kind for r in found.regions] == [RegionKind.HEADER, RegionKind.TITLE]
