from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
import yaml

from ocr_pipeline.errors import WeightsError
from ocr_pipeline.text.engines.model_folder import prepare_folder, read_characters, recognition_config


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OCR_PIPELINE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "model.onnx"
    path.write_bytes(b"weights")
    return path


def test_the_folder_holds_weights_and_configuration_and_is_made_once(weights: Path) -> None:
    config = recognition_config("m", ("\u3000", "一", '"'))
    folder = prepare_folder(weights, config)
    assert (folder / "inference.onnx").read_bytes() == b"weights"
    assert yaml.safe_load((folder / "inference.yml").read_text(encoding="utf-8")) == config
    assert prepare_folder(weights, config) == folder
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]


def test_other_weights_get_another_folder(weights: Path) -> None:
    config = recognition_config("m", ("a",))
    first = prepare_folder(weights, config)
    weights.write_bytes(b"other weights")
    second = prepare_folder(weights, config)
    assert second != first
    assert (second / "inference.onnx").read_bytes() == b"other weights"


def test_a_cache_that_cannot_be_written_is_passed_by(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    occupied = weights.parent / "a-file"
    occupied.write_text("")
    monkeypatch.setenv("OCR_PIPELINE_CACHE", str(occupied))
    folder = prepare_folder(weights, recognition_config("m", ("a",)))
    assert (folder / "inference.onnx").read_bytes() == b"weights"


def test_links_forbidden_means_a_copy(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(source: object, target: object) -> None:
        raise OSError("not permitted")

    monkeypatch.setattr("os.symlink", forbidden)
    monkeypatch.setattr("os.link", forbidden)
    folder = prepare_folder(weights, recognition_config("m", ("a",)))
    assert not (folder / "inference.onnx").is_symlink()
    assert (folder / "inference.onnx").read_bytes() == b"weights"


def test_processes_that_start_together_share_one_folder(weights: Path) -> None:
    arguments = [(weights, recognition_config("m", ("a",)))] * 6
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        folders = pool.starmap(prepare_folder, arguments)
    assert len(set(folders)) == 1
    assert [entry.name for entry in folders[0].parent.iterdir()] == [folders[0].name]


def test_characters_keep_white_space_and_flags(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("\u3000\n一\n🇨🇳\n\u2028\n", encoding="utf-8")
    characters = read_characters(tmp_path / "unused.onnx", listed)
    assert characters == ("\u3000", "一", "🇨🇳", "\u2028")
    assert recognition_config("m", characters)["PostProcess"]["character_dict"] == list(characters)
    assert recognition_config("m", characters[:2])["PostProcess"]["character_dict"] == "\u3000一"


@pytest.mark.parametrize("content", ["", "\n", "一\n\n二\n"])
def test_a_list_with_holes_is_refused(tmp_path: Path, content: str) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text(content, encoding="utf-8")
    with pytest.raises(WeightsError, match="no list of characters"):
        read_characters(tmp_path / "unused.onnx", listed)
