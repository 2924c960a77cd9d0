import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.dataset.identity import identify
from tests.dataset.identity.test_bodies import NAMES

YEARS = st.integers(2008, 2030)
TITLE = "{body}{year}年政府信息公开工作年度报告"
PERIOD = "所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"


def codes(title: str | None, name: str, text: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity.value) for finding in identify(title, name, text).findings]


@given(NAMES, YEARS)
def test_agreeing_sources_are_all_named(body: str, year: int) -> None:
    found = identify(TITLE.format(body=body, year=year), f"in/{body}{year}年.pdf", PERIOD.format(year=year) + body)
    assert (found.body, found.year) == (body, year)
    assert found.body_from == found.year_from == ("title", "name", "text")
    assert found.findings == ()


@given(NAMES, YEARS, YEARS)
def test_two_sources_that_disagree_give_no_year(body: str, one: int, other: int) -> None:
    found = identify(TITLE.format(body=body, year=one), f"{other}.pdf", "")
    if one == other:
        assert found.year == one
    else:
        assert found.year is None
        assert found.year_from == ()
        assert [f.code for f in found.findings] == ["year-conflict"]
        assert str(one) in found.findings[0].message
        assert str(other) in found.findings[0].message


@given(st.permutations(("title", "name", "text")), YEARS)
def test_two_of_three_decide_and_the_third_is_a_finding(order: list[str], year: int) -> None:
    says = dict.fromkeys(order, year) | {order[0]: year + 1}
    found = identify(
        TITLE.format(body="云岭县财政局", year=says["title"]),
        f"{says['name']}年.pdf",
        PERIOD.format(year=says["text"]),
    )
    assert found.year == year
    assert set(found.year_from) == set(order[1:])
    assert [f.code for f in found.findings] == ["year-conflict"]


def test_three_sources_of_three_years_give_none() -> None:
    found = identify(TITLE.format(body="云岭县财政局", year=2021), "2022年.pdf", PERIOD.format(year=2023))
    assert found.year is None


def test_a_misread_year_is_no_year_of_its_own() -> None:
    assert identify("云岭县财政局2O23年度政府信息公开工作报告", "云岭县财政局2023.pdf", "").year == 2023
    assert identify("云岭县财政局二〇二三年政府信息公开工作报告", "x.pdf", "").year == 2023
    # 3 read as 8: nobody can know, so nothing is said.
    assert identify(TITLE.format(body="云岭县财政局", year=2028), "2023.pdf", "").year is None


@pytest.mark.parametrize(
    ("name", "year", "sources"),
    [
        ("archive/2023/云岭县财政局.pdf", 2023, ("folder",)),
        ("reports.zip!/2023年/财政局.pdf", 2023, ("folder",)),
        ("2019/云岭县财政局2023年.pdf", 2023, ("name",)),
        ("/data/2019/a/b/c/d/财政局.pdf", None, ()),
    ],
)
def test_a_folder_says_the_year_where_nothing_else_does(name: str, year: int | None, sources: tuple[str, ...]) -> None:
    found = identify(None, name, "")
    assert (found.year, found.year_from) == (year, sources)


def test_a_folder_is_no_match_for_a_title() -> None:
    found = identify(TITLE.format(body="云岭县财政局", year=2023), "2019/x.pdf", "")
    assert (found.year, found.year_from, found.findings) == (2023, ("title",), ())


def test_the_day_of_publication_in_a_file_name_is_no_conflict() -> None:
    found = identify(TITLE.format(body="云岭县财政局", year=2023), "2024-01-15_财政局.pdf", "")
    assert (found.year, found.findings) == (2023, ())


def test_bodies_that_disagree_are_decided_by_the_text_alone() -> None:
    title = TITLE.format(body="云岭县财政局", year=2023)
    assert identify(title, "云岭县民政局2023年.pdf", "").body is None
    assert codes(title, "云岭县民政局2023年.pdf", "") == [("body-conflict", "warning")]
    text = "2023年，云岭县民政局围绕中心工作。"
    found = identify(title, "云岭县民政局2023年.pdf", text)
    assert (found.body, found.body_from) == ("云岭县民政局", ("name", "text"))
    assert codes(title, "云岭县民政局2023年.pdf", text) == [("body-conflict", "warning")]
    both = text + "云岭县财政局配合。"
    assert identify(title, "云岭县民政局2023年.pdf", both).body is None


def test_a_misread_title_is_outvoted_by_the_text() -> None:
    title = TITLE.format(body="云蛉县财政局", year=2023)
    once = "2023年，云岭县财政局围绕中心工作。"
    assert identify(title, "x.pdf", once).body is None
    assert codes(title, "x.pdf", once) == [("body-conflict", "warning")]
    assert identify(title, "x.pdf", once + "请与云岭县财政局联系。").body == "云岭县财政局"
    assert codes(title, "x.pdf", once + "请与云岭县财政局联系。") == [("body-conflict", "warning")]
    assert identify(title, "云岭县财政局2023.pdf", once).body == "云岭县财政局"
    assert identify(title, "云蛉县财政局2023.pdf", once).body == "云蛉县财政局"


def test_a_text_that_names_others_beside_is_no_conflict() -> None:
    title = TITLE.format(body="云岭县财政局", year=2023)
    for text in (
        "会同云岭县民政局开展培训。",
        "云岭县财政局会同云蛉县财政局。",
        "以上。\n云岭县人民政府办公室\n2024年1月15日",
    ):
        found = identify(title, "x.pdf", text)
        assert (found.body, found.findings) == ("云岭县财政局", ())


def test_the_fullest_name_counts() -> None:
    assert identify("财政局2023年政府信息公开工作年度报告", "云岭县财政局2023.pdf", "").body == "云岭县财政局"
    assert (
        identify("云岭县发展和改革委员会2023年政府信息公开工作年度报告", "云岭县发改委2023.pdf", "").body
        == "云岭县发展和改革委员会"
    )
    assert identify("2023年政府信息公开工作年度报告", "松塘县/财政局.pdf", "").body == "松塘县财政局"


def test_what_nobody_says_is_a_remark() -> None:
    assert codes(None, "scan.pdf", "本机关情况如下。") == [("year-unknown", "info"), ("body-unknown", "info")]


@given(st.none() | st.text(max_size=40), st.text(max_size=40), st.text(max_size=200))
def test_any_input_gives_an_answer_or_a_finding(title: str | None, name: str, text: str) -> None:
    found = identify(title, name, text)
    wanting = {finding.code.split("-")[0] for finding in found.findings}
    assert found.year is not None or "year" in wanting
    assert found.body is not None or "body" in wanting
    assert (found.year is None) == (not found.year_from)
    assert (found.body is None) == (not found.body_from)
