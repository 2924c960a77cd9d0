"""Settings: what is unknown is refused by name, the later source wins, the fingerprint follows the values."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.resources import data_folder
from ocr_pipeline.settings import Settings, reference_page

DOCS = Path(__file__).resolve().parent.parent / "docs"


def _file(folder: Path, text: str) -> Path:
    path = folder / "my.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_declared_defaults_hold() -> None:
    assert Settings.load() == Settings()


def test_every_packaged_configuration_loads_by_its_bare_name() -> None:
    names = [file.stem for file in data_folder("configs").glob("*.yaml")]
    assert "default" in names
    for name in names:
        Settings.load(name)
    assert Settings.load("default") == Settings()


def test_the_later_source_wins(tmp_path: Path) -> None:
    file = _file(tmp_path, "tables:\n  max_cells: 5\n  max_gap: 0.1\n")
    settings = Settings.load(file, ["tables.max_cells=6", "tables.max_cells=7"])
    assert settings.tables.max_cells == 7
    assert settings.tables.max_gap == 0.1


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        ("tables:\n  max_cell: 5\n", "tables.max_cell", "tables.max_cells"),
        ("table:\n  max_cells: 5\n", "table", "tables"),
        ("max_cells: 5\n", "max_cells", "tables.max_cells"),
        ("tables:\n  1: 5\n", "tables.1", "tables"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_one(tmp_path: Path, text: str, key: str, nearest: str) -> None:
    file = _file(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        Settings.load(file)
    assert f"unknown setting '{key}'" in caught.value.message
    assert f"did you mean '{nearest}" in caught.value.remedy
    assert caught.value.source == str(file)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("tables.max_cell=5", "unknown setting 'tables.max_cell'"),
        ("tables.max_cells", "not of the form key.sub=value"),
        ("=5", "not of the form key.sub=value"),
        ("tables..max_cells=5", "not of the form key.sub=value"),
        ("tables.max_cells=-1", "--set tables.max_cells=-1: 'tables.max_cells' is -1"),
        ("tables.max_cells=many", "'tables.max_cells' is 'many'"),
        ("tables=5", "--set tables=5: 'tables' is 5"),
        ("tables.max_cells.deep=5", "'tables.max_cells'"),
    ],
)
def test_a_bad_override_is_named(entry: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.load(overrides=[entry])
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a\n- b\n", "holds no 'key: value' entries"),
        ("tables: [1\n", "expected"),
        ("tables:\n  max_cells: 5\n  max_cells: 6\n", "key 'max_cells' a second time in line 3"),
        ("tables:\n  max_cells: 0\n", "my.yaml: 'tables.max_cells' is 0"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.load(_file(tmp_path, text))
    assert words in str(caught.value)
    assert "my.yaml" in str(caught.value)


def test_a_bad_value_is_put_down_to_whoever_set_it(tmp_path: Path) -> None:
    file = _file(tmp_path, "tables:\n  max_cells: 0\n")
    with pytest.raises(ConfigurationError) as caught:
        Settings.load(file, ["tables.max_gap=9"])
    assert f"{file}: 'tables.max_cells'" in caught.value.message
    assert "--set tables.max_gap=9: 'tables.max_gap'" in caught.value.message


def test_a_file_that_is_not_there_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="default"):
        Settings.load(tmp_path / "nothing.yaml")
    with pytest.raises(ConfigurationError, match="no such configuration file"):
        Settings.load("nothing")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "my.yaml"
    file.write_bytes(b"\xff\xfe\x00tables")
    with pytest.raises(ConfigurationError, match=r"my\.yaml"):
        Settings.load(file)


@given(st.integers(min_value=1, max_value=10**9))
def test_the_fingerprint_is_that_of_the_values(cells: int) -> None:
    changed = Settings.load(overrides=[f"tables.max_cells={cells}"])
    assert changed.fingerprint() == Settings.model_validate_json(changed.model_dump_json()).fingerprint()
    assert len(changed.fingerprint()) == 64
    assert (changed.fingerprint() == Settings().fingerprint()) == (changed == Settings())


def test_the_page_of_settings_is_current() -> None:
    assert (DOCS / "configuration.md").read_text(encoding="utf-8") == reference_page(), "run: make docs"


def test_every_setting_is_explained() -> None:
    for line in reference_page().splitlines():
        if line.startswith("| `"):
            assert len(line.strip("| ").rpartition("|")[2].split()) >= 3, line
