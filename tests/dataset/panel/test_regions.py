import pytest

from ocr_pipeline.dataset.options import DatasetOptions
from ocr_pipeline.dataset.panel import PanelFinding, ReportFigures, load_rules
from ocr_pipeline.dataset.panel.regions import Region, belongs_to, check_region
from ocr_pipeline.dataset.rows import Key
from ocr_pipeline.equations import Figure

RULE = load_rules().bodies
FIELD = "applications/1/total"
NAMES = [f"松塘县{words[0]}局" for words in RULE.core]


def report(body: str, figures: dict[str, float]) -> ReportFigures:
    return ReportFigures(
        Key(f"{body}.json", body, f"{body}.pdf", body, 2023), {f: Figure(value) for f, value in figures.items()}
    )


def checked(whole: dict[str, float], bodies: dict[str, dict[str, float]]) -> list[PanelFinding]:
    region = Region(report("松塘县人民政府", whole), tuple(report(body, figures) for body, figures in bodies.items()))
    return list(check_region(region, RULE, [FIELD, "applications/4/total"], DatasetOptions()))


@pytest.mark.parametrize(
    ("body", "region"),
    [
        ("松塘县财政局", "松塘县"),
        ("松塘县人民政府办公室", "松塘县"),
        ("松塘县柳泉镇人民政府", "松塘县"),
        ("云岭市松塘区财政局", "云岭市松塘区"),
        ("云岭市松塘区人民政府", "云岭市"),
        ("松塘县人民政府", None),
        ("财政局", None),
    ],
)
def test_a_body_belongs_to_its_region(body: str, region: str | None) -> None:
    assert belongs_to(body) == region


def test_a_complete_region_that_adds_up_gives_nothing() -> None:
    bodies = {name: {FIELD: 2} for name in NAMES}
    assert checked({FIELD: 2 * len(NAMES)}, bodies) == []


def test_a_complete_region_that_does_not_add_up_is_a_warning() -> None:
    bodies = {name: {FIELD: 2} for name in NAMES}
    (finding,) = checked({FIELD: 50}, bodies)
    assert (finding.code, finding.severity.value) == ("region-sum", "warning")
    assert finding.difference == 50 - 2 * len(NAMES)
    assert finding.fields == (FIELD,)
    assert f"{FIELD} = 50" in finding.message
    assert f"{2 * len(NAMES)} in all" in finding.message


def test_a_region_with_few_bodies_is_information() -> None:
    bodies = {name: {FIELD: 2} for name in NAMES[:5]}
    (finding,) = checked({FIELD: 50}, bodies)
    assert (finding.code, finding.severity.value) == ("region-sum-incomplete", "info")
    assert "5 of its bodies" in finding.message
    assert f"{FIELD} 10 of 50" in finding.message


def test_many_bodies_without_the_core_departments_are_not_complete() -> None:
    bodies = {f"松塘县柳{number}镇人民政府": {FIELD: 2} for number in range(30)}
    assert [finding.severity.value for finding in checked({FIELD: 50}, bodies)] == ["info"]


@pytest.mark.parametrize("whole", [{FIELD: 50.0}, {}])
def test_a_figure_that_one_report_lacks_is_not_compared(whole: dict[str, float]) -> None:
    bodies: dict[str, dict[str, float]] = {name: {FIELD: 2} for name in NAMES}
    bodies[NAMES[3]] = {}
    assert checked(whole, bodies) == []


def test_renamed_departments_are_known() -> None:
    bodies = {name: {FIELD: 2} for name in NAMES if "教育" not in name} | {"松塘县教体局": {FIELD: 2}}
    assert checked({FIELD: 2 * len(NAMES)}, bodies) == []
