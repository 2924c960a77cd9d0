import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.templates.units import stated_unit
from ocr_pipeline.templates.values import Parsed, is_no_value, parse_value

COUNTS = {
    "0": 0,
    "1,234": 1234,
    "1，234": 1234,
    "1 234": 1234,
    "１２３": 123,
    "113\n8": 1138,
    "16368(件)": 16368,
    "12 件": 12,
}
CHANGES = {
    "+72": 72,
    "-13": -13,
    "－13": -13,
    "—13": -13,
    "23": 23,
    "增加 33": 33,
    "增 加\n33": 33,
    "减少5": -5,
    "减4": -4,
    "減4": -4,
    "-1942": -1942,
    "0": 0,
}
AMOUNTS = {
    "8.4 亿": (8.4, "亿元"),
    "6.7328亿元": (6.7328, "亿元"),
    "374780元": (374780, "元"),
    "211.509万": (211.509, "万元"),
    "1,234.50元": (1234.5, "元"),
    "39910.33": (39910.33, None),
    "0": (0, None),
}
NONSENSE = [
    "1.2.3",
    "O",
    "l",
    "12,34",
    "12 34",
    "0\n0",
    "5\n0",
    "007",
    "1.234",
    "-5",
    "三",
    "2019年",
    "①",
    "约3",
    "1-2",
    "3/4",
]


@pytest.mark.parametrize(("text", "number"), COUNTS.items())
def test_count(text: str, number: int) -> None:
    assert parse_value(text, "count") == Parsed(number)


@pytest.mark.parametrize(("text", "number"), CHANGES.items())
def test_change(text: str, number: int) -> None:
    assert parse_value(text, "change") == Parsed(number)


@pytest.mark.parametrize(("text", "expected"), AMOUNTS.items())
def test_amount(text: str, expected: tuple[float, str | None]) -> None:
    assert parse_value(text, "amount") == Parsed(*expected)


@pytest.mark.parametrize("text", ["22（其中修订 16 件）", "22(其中修订16件)"])
def test_remark_is_kept_apart(text: str) -> None:
    parsed = parse_value(text, "count")
    assert parsed is not None
    assert parsed.value == 22
    assert "修订" in parsed.remark


@pytest.mark.parametrize(
    "remark", ["上年", "上年度数", "去年同期", "预计", "累计", "为累计数", "截至年底", "计划", "减", "减少", "下降"]
)
@pytest.mark.parametrize("brackets", ["（）", "()", "【】"])
@pytest.mark.parametrize("kind", ["count", "change", "amount"])
def test_a_number_that_its_remark_says_is_another_is_none(kind: str, brackets: str, remark: str) -> None:
    assert parse_value(f"12{brackets[0]}{remark}{brackets[1]}", kind) is None


@pytest.mark.parametrize("remark", ["含上年结转3件", "其中上年结转2件", "修订1件", "上年结转2件，含自然失效1件", "增"])
def test_a_remark_on_a_part_of_a_number_leaves_the_number(remark: str) -> None:
    parsed = parse_value(f"12（{remark}）", "change")
    assert parsed is not None
    assert parsed.value == 12


@pytest.mark.parametrize("text", ["22（更正为16）", "22（应为16件）", "22(有误)", "22（勘误：改为16）"])
def test_a_number_that_its_remark_takes_back_is_none(text: str) -> None:
    assert parse_value(text, "count") is None


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_no_count(text: str) -> None:
    assert parse_value(text, "count") is None


@pytest.mark.parametrize("text", ["增加-5", "+-5", "增/减", "+", "减少"])
def test_contradictory_change_is_none(text: str) -> None:
    assert parse_value(text, "change") is None


@pytest.mark.parametrize("text", ["", " ", "/", "-", "—", "——", "－", "&nbsp;", "\n"])
def test_no_value(text: str) -> None:
    assert is_no_value(text)
    assert parse_value(text, "change") is None


@pytest.mark.parametrize("text", ["0", "一", "O", "1"])
def test_is_a_value_or_unclear(text: str) -> None:
    assert not is_no_value(text)


def test_unit_of_a_header() -> None:
    assert stated_unit("本年收费金额（单位：\n万元）") == "万元"
    assert stated_unit("采购总金额") is None


@given(st.integers(0, 10**9), st.sampled_from(["{}", "{:,}", "{} 件", " {} ", "{}（含上年）"]))
def test_count_round_trip(number: int, style: str) -> None:
    parsed = parse_value(style.format(number), "count")
    assert parsed is not None
    assert parsed.value == number


@given(st.integers(-(10**6), 10**6))
def test_change_round_trip(number: int) -> None:
    words = f"增加{number}" if number >= 0 else f"减少 {-number}"
    for text in (f"{number:+d}", words):
        parsed = parse_value(text, "change")
        assert parsed is not None
        assert parsed.value == number


@given(st.decimals(0, 10**7, places=4), st.sampled_from(["", "元", "万元", "亿元"]))
def test_amount_round_trip(number: object, unit: str) -> None:
    parsed = parse_value(f"{number}{unit}", "amount")
    assert parsed is not None
    assert parsed.value == pytest.approx(float(str(number)))
    assert parsed.unit == (unit or None)


@given(st.integers(10, 10**8), st.integers(0, 8), st.sampled_from("OolISBZ?八一"))
def test_a_letter_is_never_a_digit(number: int, at: int, letter: str) -> None:
    text = str(number)
    at %= len(text)
    parsed = parse_value(text[:at] + letter + text[at + 1 :], "count")
    assert parsed is None
    assert parse_value(text[:at] + letter + text[at + 1 :], "count", joined=True) is None


@given(st.text(max_size=12))
def test_never_fails_and_never_negative(text: str) -> None:
    parsed = parse_value(text, "count")
    assert parsed is None or (isinstance(parsed.value, int) and parsed.value >= 0)


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [("45600（元）", 45600, "元"), ("45.6（单位：万元）", 45.6, "万元"), ("12万（元）", 12, "万元")],
)
def test_a_unit_in_brackets_behind_an_amount_is_its_unit(printed: str, value: float, unit: str) -> None:
    assert parse_value(printed, "amount") == Parsed(value, unit)


@pytest.mark.parametrize("printed", ["45.6（千元）", "45.6元（万元）", "12件", "3.5万件", "12（%）"])
def test_an_amount_in_no_known_unit_or_in_two_is_none(printed: str) -> None:
    assert parse_value(printed, "amount") is None


@pytest.mark.parametrize("printed", ["12（万件）", "12（千件）", "12（%）", "12（元）"])
def test_a_count_in_thousands_or_a_share_is_no_count(printed: str) -> None:
    assert parse_value(printed, "count") is None
    assert parse_value("12（件）", "count") == Parsed(12)
