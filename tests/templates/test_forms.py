from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from ocr_pipeline.errors import TemplateError
from ocr_pipeline.resources import data_folder
from ocr_pipeline.templates import TemplateSet, check_template, describe, list_templates, load_template, load_templates

SOUND = {
    "format": 1,
    "id": "school-lunch",
    "name": "学校供餐情况表",
    "parts": [
        {
            "id": "meals",
            "blocks": [
                {
                    "corner": "项目",
                    "columns": [{"id": "pupils", "label": "学生"}, {"id": "staff", "label": "教职工"}],
                    "rows": [{"id": "lunch", "label": "午餐"}, {"id": "all", "label": "合计"}],
                }
            ],
        }
    ],
    "equations": [{"id": "e", "part": "meals", "sum": ["lunch/{who}"], "equals": ["all/{who}"]}],
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[object], Path]:
    def write(data: object) -> Path:
        path = tmp_path / "form.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("path", sorted((data_folder("configs") / "templates").glob("*.yaml")), ids=lambda p: p.stem)
def test_packaged_forms_are_sound(path: Path) -> None:
    assert check_template(path) == []


@pytest.mark.parametrize(
    ("form", "shapes"),
    [
        ("gov-disclosure-a", {"proactive": (18, 4), "applications": (26, 10), "disputes": (4, 15)}),
        ("gov-disclosure-b", {"proactive": (14, 4), "applications": (28, 10), "disputes": (4, 15)}),
    ],
)
def test_official_grids(templates: TemplateSet, form: str, shapes: dict[str, tuple[int, int]]) -> None:
    for part in templates.form(form).parts:
        assert part.grid_shape == shapes[part.id]
        covered = [
            (r, c)
            for cell in part.layout()
            for r in range(cell.row, cell.row + cell.row_span)
            for c in range(cell.column, cell.column + cell.column_span)
        ]
        rows, columns = part.grid_shape
        assert sorted(covered) == [(r, c) for r in range(rows) for c in range(columns)]
        assert {cell.field for cell in part.layout() if cell.field} == {spec.id for spec in part.fields}


def test_official_layout_of_table_three(templates: TemplateSet) -> None:
    cells = templates.form("gov-disclosure-a").part("applications").layout()
    at = {(cell.row, cell.column): cell for cell in cells}
    assert (at[0, 0].row_span, at[0, 0].column_span) == (3, 3)
    assert (at[0, 3].text, at[0, 3].column_span) == ("申请人情况", 7)
    assert (at[1, 4].text, at[1, 4].column_span) == ("法人或其他组织", 5)
    assert (at[5, 0].text, at[5, 0].row_span) == ("三、本年度办理结果", 20)
    assert at[7, 3].field == "applications/3.3.1/natural"


def test_field_types_and_units(templates: TemplateSet) -> None:
    specs = {spec.id: spec for form in templates.forms for part in form.parts for spec in part.fields}
    assert specs["proactive/license/items_change"].type == "change"
    assert specs["proactive/procurement/amount"].type == "amount"
    assert (specs["proactive/fees/amount"].type, specs["proactive/fees/amount"].unit) == ("amount", "万元")
    assert specs["disputes/litigation_after/total"].type == "count"


def test_another_form_needs_no_code(written: Callable[[object], Path]) -> None:
    path = written(SOUND)
    assert check_template(path) == []
    form = load_template(path)
    assert next(spec.id for spec in form.parts[0].fields) == "meals/lunch/pupils"
    assert "equation e (2)" in describe(form)
    assert [s.id for s in list_templates(load_templates(extra=[path]))][-1] == "school-lunch"


@pytest.mark.parametrize(
    ("change", "message", "remedy"),
    [
        (lambda d: d["parts"][0].update(tittle="x"), "tittle", "'title'"),
        (lambda d: d["parts"][0]["blocks"][0]["rows"][0].update(lable="x"), r"rows\[0\].lable", "'label'"),
        (lambda d: d["parts"][0]["blocks"][0]["rows"][0].update(id=3.1), "id", "quotes"),
        (lambda d: d.pop("name"), "name is missing", "add name"),
        (lambda d: d.update(format=2), "format", "README"),
        (lambda d: d.update(equations=d["equations"] * 2), "equation id used twice", ""),
    ],
)
def test_errors_name_key_and_remedy(
    written: Callable[[object], Path], change: Callable[[dict[str, object]], object], message: str, remedy: str
) -> None:
    data = yaml.safe_load(yaml.safe_dump(SOUND))
    change(data)
    with pytest.raises(TemplateError, match=message) as caught:
        load_template(written(data))
    assert remedy in caught.value.remedy
    assert caught.value.source is not None
    assert caught.value.source.endswith("form.yaml")


@pytest.mark.parametrize("content", ["a: [", "- 1\n- 2\n", ""])
def test_what_is_no_form(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TemplateError, match=r"broken\.yaml"):
        load_template(path)
    assert len(check_template(path)) == 1


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="cannot be read"):
        load_template(tmp_path / "none.yaml")
    with pytest.raises(TemplateError, match="no form"):
        load_templates(tmp_path)
    with pytest.raises(TemplateError, match="no such folder"):
        load_templates(tmp_path / "none")


def test_two_files_of_one_id_are_refused(written: Callable[[object], Path]) -> None:
    path = written(SOUND)
    with pytest.raises(TemplateError, match="used by another file"):
        load_templates(path.parent, extra=[path])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda b: b["rows"].append({"id": "lunch", "label": "早餐"}), "exists 2 times"),
        (lambda b: b["rows"].append({"id": "other", "label": "1.午 餐"}), "cannot be told apart"),
    ],
)
def test_check_finds(
    written: Callable[[object], Path], change: Callable[[dict[str, list[object]]], None], problem: str
) -> None:
    data = yaml.safe_load(yaml.safe_dump(SOUND))
    change(data["parts"][0]["blocks"][0])
    assert any(problem in line for line in check_template(written(data)))


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"sum": ["supper/{who}"], "equals": ["all/{who}"]}, "matches no field"),
        ({"sum": ["*/{who}"], "equals": ["all/{who}"]}, "more than once"),
        ({"sum": ["lunch/{a}"], "equals": ["all/{b}"]}, "no value of its names"),
    ],
)
def test_check_finds_bad_equations(written: Callable[[object], Path], terms: dict[str, object], problem: str) -> None:
    data = yaml.safe_load(yaml.safe_dump(SOUND))
    data["equations"] = [{"id": "e", "part": "meals", **terms}]
    assert any(problem in line for line in check_template(written(data)))


def test_unequal_widths_are_found(written: Callable[[object], Path]) -> None:
    data = yaml.safe_load(yaml.safe_dump(SOUND))
    block = yaml.safe_load(yaml.safe_dump(SOUND["parts"]))[0]["blocks"][0]  # type: ignore[index]
    block["columns"] = [{"id": "guests", "label": "来宾"}]
    data["parts"][0]["blocks"].append(block)
    assert any("columns wide" in line for line in check_template(written(data)))


def test_unknown_form_and_part_are_named(templates: TemplateSet) -> None:
    with pytest.raises(TemplateError, match="no form 'x'"):
        templates.form("x")
    with pytest.raises(TemplateError, match="no part 'x'"):
        templates.forms[0].part("x")
