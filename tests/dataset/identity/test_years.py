import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.dataset.identity.years import (
    FIRST_YEAR,
    LAST_YEAR,
    years_of_folder,
    years_of_name,
    years_of_text,
    years_of_title,
)

YEARS = st.integers(2008, 2039)
CHINESE = "〇一二三四五六七八九"


@st.composite
def written(draw: st.DrawFn, year: int) -> str:
    """A year as people and readers write it: full-width, Chinese, one zero or one misread, blanks between."""
    digits = list(str(year))
    style = draw(st.sampled_from(("plain", "wide", "chinese", "letter")))
    if style == "wide":
        digits = [chr(ord(digit) + 0xFEE0) for digit in digits]
    elif style == "chinese":
        zero = draw(st.sampled_from("〇○零0O"))
        digits = [zero if digit == "0" else CHINESE[int(digit)] for digit in digits]
    elif style == "letter":
        places = [place for place, digit in enumerate(digits) if digit in "01"]
        place = draw(st.sampled_from(places))
        digits[place] = draw(st.sampled_from("Oo" if digits[place] == "0" else "lI"))
    return draw(st.sampled_from(("", " "))).join(digits)


@given(st.data(), YEARS, st.sampled_from(("年", "年度", " 年", "年 度")))
def test_a_title_gives_its_year_however_it_is_written(data: st.DataObject, year: int, ending: str) -> None:
    title = f"云岭县财政局{data.draw(written(year))}{ending}政府信息公开工作年度报告"
    assert years_of_title(title).years == (year,)


@given(YEARS)
def test_the_day_of_publication_is_not_the_year_reported_on(year: int) -> None:
    title = f"云岭县财政局{year}年政府信息公开工作年度报告"
    for published in (f"（{year + 1}年1月20日）", f"{year + 1}年二月", f" 发布时间：{year + 1}年3月"):
        assert years_of_title(title + published).years == (year,)
        assert years_of_title(published + title).years == (year,)


@given(YEARS, YEARS)
def test_two_years_in_a_title_are_both_given(one: int, other: int) -> None:
    title = f"云岭县{one}年和{other}年政府信息公开工作报告"
    assert set(years_of_title(title).years) == {one, other}


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("云岭县财政局2023年政府信息公开年报", (2023,)),
        ("云岭县财政局２０２３年度报告", (2023,)),
        ("report_2023_final", (2023,)),
        ("沂水2020", (2020,)),
        ("2024-01-15_云岭县2023年年报", (2023,)),
        ("20240115", ()),
        ("t20240115_987654", ()),
        ("2024-1-5", ()),
        ("2024.01.05", ()),
        ("2024年1月15日", ()),
        ("202401", ()),
        ("12023", ()),
        ("1999年年报", ()),
        ("P020240115123456789", ()),
        ("report", ()),
    ],
)
def test_a_file_name_gives_years_and_no_dates(name: str, years: tuple[int, ...]) -> None:
    assert years_of_name(name).years == years


def test_a_folder_is_never_firm() -> None:
    assert (years_of_folder("2023年").years, years_of_folder("2023年").firm) == ((2023,), False)


@pytest.mark.parametrize(
    ("text", "years", "firm"),
    [
        ("所列数据的统计期限自2023年1月1日起至2023年12月31日止。", (2023,), True),
        ("统计期限为２０２３年１月１日至12月31日", (2023,), True),
        ("统计时间：二〇二三年1月1日—二〇二三年12月31日", (2023,), True),
        ("现公布2023年度政府信息公开工作年度报告。", (2023,), True),
        ("2023年，我局围绕中心工作。2023年共公开信息12条，较2022年增长。", (2023,), False),
        ("2023年开展培训，2022年开展培训。", (), False),
        ("我局2023年1月20日发布。", (), False),
        ("根据国办公开办函〔2021〕30号文件。", (), False),
        ("", (), False),
    ],
)
def test_a_text_gives_the_year_of_its_figures(text: str, years: tuple[int, ...], firm: bool) -> None:
    assert years_of_text(text).years == years
    assert not years or years_of_text(text).firm is firm


@given(st.text(alphabet="0123456789OolI〇○零一二三四五六七八九年月日 -._报告度至起自止。，", max_size=60))
def test_nothing_but_plausible_years_comes_out(text: str) -> None:
    for found in (years_of_title(text), years_of_name(text), years_of_text(text), years_of_folder(text)):
        assert all(FIRST_YEAR <= year <= LAST_YEAR for year in found.years)
        assert len(set(found.years)) == len(found.years)
