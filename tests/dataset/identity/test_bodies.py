import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.dataset.identity.bodies import bodies_of_text, body_of_name, body_of_title, same_body
from ocr_pipeline.dataset.identity.regions import BodyName, government, split_body
from ocr_pipeline.evaluation.synthetic.vocabulary import BODIES, PLACE_FIRST, PLACE_SECOND

PLACES = st.builds("".join, st.tuples(st.sampled_from(PLACE_FIRST), st.sampled_from(PLACE_SECOND)))
NAMES = st.builds(
    lambda name, one, other: name.format(place=one, place2=other), st.sampled_from(BODIES), PLACES, PLACES
)
TITLES = st.sampled_from(
    (
        "{body}{year}年政府信息公开工作年度报告",
        "{body}\n{year}年度政府信息公开工作报告",
        "{year}年{body}政府信息公开工作年度报告",
        "{body}关于{year}年政府信息公开工作的年度报告",
        "{body}{year}年政务公开工作年度报告",
        "{body}政府信息公开工作年度报告（{year}年度）",
        "索引号：1137-2024 {body}{year}年政府信息公开工作年度报告",
        "《{body}{year}年政府信息公开年报》",
    )
)


@given(NAMES, TITLES, st.integers(2008, 2030))
def test_a_title_gives_its_body(body: str, title: str, year: int) -> None:
    assert body_of_title(title.format(body=body, year=year)) == body


@given(NAMES, TITLES, st.data())
def test_blanks_and_line_breaks_do_not_matter(body: str, title: str, data: st.DataObject) -> None:
    text = title.format(body=body, year=2023).replace("1137-2024 ", "1137-2024")
    spread = "".join(character + data.draw(st.sampled_from(("", "", " ", "\n", "\u3000"))) for character in text)
    assert body_of_title(spread) == body


@given(NAMES, st.integers(2008, 2030))
def test_a_file_name_gives_its_body(body: str, year: int) -> None:
    for name in (
        "{body}{year}年年报",
        "{year}_{body}",
        "{body}-{year}年政府信息公开工作年度报告（盖章）",
        "附件1：{body}",
    ):
        assert body_of_name(name.format(body=body, year=year)) == body


@pytest.mark.parametrize("title", ["2023年政府信息公开工作年度报告", "政府信息公开年报", "", "工作要点", "第一章 总则"])
def test_a_title_without_a_body_gives_none(title: str) -> None:
    assert body_of_title(title) is None


@pytest.mark.parametrize("name", ["scan0012", "20240115", "年报", "沂水2020", "附件", "report_b"])
def test_a_file_name_without_a_body_gives_none(name: str) -> None:
    assert body_of_name(name) is None


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("云岭县2023年政府信息公开工作年度报告", "云岭县人民政府"),
        ("云岭县政府2023年政府信息公开工作年度报告", "云岭县人民政府"),
        ("2023年云岭县人民政府信息公开工作年度报告", "云岭县人民政府"),
        ("雲嶺縣財政局2023年政府信息公開工作年度報告", "雲嶺县财政局"),
        ("云岭县第12中学2023年政府信息公开工作年度报告", "云岭县第12中学"),
        ("云岭经济开发区2023年政府信息公开工作年度报告", "云岭经济开发区"),
    ],
)
def test_a_region_reports_as_its_government(title: str, body: str) -> None:
    assert body_of_title(title) == body


@pytest.mark.parametrize(
    ("name", "levels", "department"),
    [
        ("云南省云岭市松塘县财政局", ("云南省", "云岭市", "松塘县"), "财政局"),
        ("松塘县市场监督管理局", ("松塘县",), "市场监督管理局"),
        ("云岭市市场监督管理局", ("云岭市",), "市场监督管理局"),
        ("云岭市城市管理局", ("云岭市",), "城市管理局"),
        ("松塘县乡村振兴局", ("松塘县",), "乡村振兴局"),
        ("松塘县住房和城乡建设局", ("松塘县",), "住房和城乡建设局"),
        ("松塘县柳泉镇人民政府", ("松塘县", "柳泉镇"), None),
        ("云岭市松塘区柳泉街道办事处", ("云岭市", "松塘区", "柳泉街道"), None),
        ("济宁市市中区教育局", ("济宁市", "市中区"), "教育局"),
        ("新市区教育局", ("新市区",), "教育局"),
        ("郑州市金水区人民政府", ("郑州市", "金水区"), None),
        ("德州市教育局", ("德州市",), "教育局"),
        ("延边朝鲜族自治州教育局", ("延边朝鲜族自治州",), "教育局"),
        ("北京市海淀区人民政府", ("北京市", "海淀区"), None),
        ("云岭高新技术产业开发区管理委员会", ("云岭高新技术产业开发区",), None),
        ("云岭市生态环境局松塘分局", ("云岭市",), "生态环境局松塘分局"),
        ("市场监督管理局", (), "市场监督管理局"),
        ("松塘县人民政府办公室", ("松塘县",), "人民政府办公室"),
    ],
)
def test_a_name_is_split_into_region_and_department(name: str, levels: tuple[str, ...], department: str | None) -> None:
    assert split_body(name) == BodyName(levels, department)


@given(NAMES)
def test_splitting_loses_no_character(body: str) -> None:
    split = split_body(body)
    assert body.startswith("".join(split.levels))
    assert split.department is None or "".join(split.levels) + split.department == body
    assert split.levels


@given(st.text(alphabet="省市州县区旗盟镇乡街道自治人民政府局委云岭松", max_size=12))
def test_any_text_can_be_split(text: str) -> None:
    split = split_body(text)
    assert text.startswith("".join(split.levels))
    assert government(government(text)) == government(text)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("财政局", "云岭县财政局"),
        ("云岭县发改委", "云岭县发展和改革委员会"),
        ("云岭县发改局", "云岭县发展和改革委员会"),
        ("云岭县卫健局", "云岭县卫生健康委员会"),
        ("云岭县人社局", "云岭县人力资源和社会保障局"),
        ("云岭县住建局", "云岭县住房和城乡建设局"),
        ("松塘县文旅局", "云岭市松塘县文化和旅游局"),
    ],
)
def test_a_short_name_can_be_the_long_one(short: str, long: str) -> None:
    assert same_body(short, long)
    assert same_body(long, short)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云岭县第一中学", "云岭县第二中学"),
        ("云岭县教育局", "云岩县教育局"),
        ("云岭县财政局", "云岭县民政局"),
        ("云岭县人民政府", "云岭县人民政府办公室"),
        ("松塘县财政局", "云岭市财政局"),
    ],
)
def test_other_bodies_are_other_bodies(one: str, other: str) -> None:
    assert not same_body(one, other)
    assert not same_body(other, one)


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("2023年，云岭县财政局围绕中心工作，按照条例。", ("云岭县财政局",)),
        ("现将云岭县财政局2023年政府信息公开情况公布如下", ("云岭县财政局",)),
        ("以上。\n云岭县财政局\n2024年1月15日", ("云岭县财政局",)),
        ("2023年，我局围绕中心工作。现将我局2023年政府信息公开情况公布如下", ()),
        ("本报告由各科室编制", ()),
        ("", ()),
    ],
)
def test_a_text_names_the_body_that_it_is_by(text: str, bodies: tuple[str, ...]) -> None:
    assert bodies_of_text(text) == bodies
