from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.dataset.compare.sections import SectionChange, compare_sections, plain_title
from ocr_pipeline.document import Section


def section(title: str, text: str = "", *children: Section, level: int = 1) -> Section:
    return Section(level=level, title=title, text=text, children=children)


def shown(changes: tuple[SectionChange, ...]) -> list[tuple[str, str | None, str | None, str]]:
    return [
        (
            change.kind,
            change.before.section.title if change.before else None,
            change.after.section.title if change.after else None,
            " ".join(word for word, holds in (("moved", change.moved), ("renamed", change.renamed)) if holds),
        )
        for change in changes
    ]


OVERVIEW = "全年主动公开各类信息一百余条，围绕重点领域推进公开。"
PROBLEMS = "个别栏目更新不够及时，内容深度有待提高。"
MEASURES = "建立台账，逐条登记，按月核对，落实责任。"


def test_sections_are_found_again_whatever_their_numbers() -> None:
    before = [section("一、总体情况", OVERVIEW), section("二、存在的问题", PROBLEMS)]
    after = [section("1．总体情况", OVERVIEW), section("2．存在的问题", PROBLEMS + "人手不足。")]
    assert shown(compare_sections(before, after)) == [
        ("same", "一、总体情况", "1．总体情况", ""),
        ("changed", "二、存在的问题", "2．存在的问题", ""),
    ]


def test_a_section_with_another_heading_is_known_by_its_text() -> None:
    before = [section("（一）主动公开情况", OVERVIEW, level=2)]
    after = [section("（一）公开工作开展情况", OVERVIEW, level=2)]
    assert shown(compare_sections(before, after)) == [
        ("same", "（一）主动公开情况", "（一）公开工作开展情况", "renamed")
    ]


def test_a_chapter_of_one_number_is_the_same_chapter() -> None:
    before = [section("一、总体情况", OVERVIEW), section("二、其他")]
    after = [section("一、概述", MEASURES), section("二、其他")]
    assert shown(compare_sections(before, after))[0] == ("changed", "一、总体情况", "一、概述", "renamed")


def test_a_section_that_stands_elsewhere_moved() -> None:
    parts = {"总体情况": OVERVIEW, "存在的问题": PROBLEMS, "改进措施": MEASURES, "其他": ""}
    before = [section(title, text) for title, text in parts.items()]
    after = [before[2], before[0], before[1], before[3]]
    assert [(c.after.section.title, c.moved) for c in compare_sections(before, after) if c.after] == [
        ("改进措施", True),
        ("总体情况", False),
        ("存在的问题", False),
        ("其他", False),
    ]


def test_a_section_below_another_heading_moved() -> None:
    inner = section("（一）改进措施", MEASURES, level=2)
    before = [section("一、总体情况", OVERVIEW, inner), section("二、问题", PROBLEMS)]
    after = [section("一、总体情况", OVERVIEW), section("二、问题", PROBLEMS, inner)]
    assert [c.moved for c in compare_sections(before, after)] == [False, False, True]


def test_a_section_below_a_heading_with_another_name_did_not_move() -> None:
    inner = section("（一）改进措施", MEASURES, level=2)
    before = [section("一、存在的问题和改进情况", PROBLEMS, inner)]
    after = [section("一、存在的主要问题及改进情况", PROBLEMS, inner)]
    assert [(c.moved, c.renamed) for c in compare_sections(before, after)] == [(False, True), (False, False)]


def test_what_is_gone_stands_after_what_it_followed() -> None:
    before = [section("总体情况", OVERVIEW), section("说明", "旧的说明文字。"), section("其他")]
    after = [section("总体情况", OVERVIEW), section("其他"), section("附件", "新的附件。")]
    assert shown(compare_sections(before, after)) == [
        ("same", "总体情况", "总体情况", ""),
        ("removed", "说明", None, ""),
        ("same", "其他", "其他", ""),
        ("added", None, "附件", ""),
    ]


def parent(title: str, children: list[Section]) -> Section:
    return section(title, "", *children)


LEAVES = st.builds(
    section, st.sampled_from(("一、总体", "二、问题", "其他", "")), st.sampled_from(("", OVERVIEW, PROBLEMS))
)
TREES = st.recursive(
    LEAVES, lambda inner: st.builds(parent, st.sampled_from("甲乙"), st.lists(inner, max_size=3)), max_leaves=6
)


def count(sections: list[Section] | tuple[Section, ...]) -> int:
    return sum(1 + count(inner.children) for inner in sections)


@given(st.lists(TREES, max_size=4), st.lists(TREES, max_size=4))
def test_every_section_comes_up_once(before: list[Section], after: list[Section]) -> None:
    changes = compare_sections(before, after)
    old = [c.before.path for c in changes if c.before]
    new = [c.after.path for c in changes if c.after]
    assert len(set(old)) == len(old) == count(before)
    assert len(set(new)) == len(new) == count(after)
    assert new == sorted(new, key=lambda path: [int(part) for part in path.split(".")])


@given(st.lists(TREES, max_size=4))
def test_a_report_has_the_sections_of_itself(sections: list[Section]) -> None:
    for change in compare_sections(sections, sections):
        assert (change.kind, change.moved, change.renamed) == ("same", False, False)


@given(st.text(max_size=20))
def test_any_heading_has_a_plain_form(title: str) -> None:
    assert plain_title(plain_title(title)) in plain_title(title)
