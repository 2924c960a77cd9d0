"""The commands beside ``read``: what they print, and their exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ocr_pipeline.cli import diagnosis, main
from ocr_pipeline.cli.columns import in_columns
from ocr_pipeline.evaluation import bench as bench_module
from ocr_pipeline.evaluation.bench import BenchOptions, BenchResult, SideTiming
from ocr_pipeline.resources import data_folder

FORMS = data_folder("configs") / "templates"


def test_templates_are_listed_with_what_they_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["templates", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(list(FORMS.glob("*.yaml")))
    assert all("proactive, applications, disputes" in line for line in lines[1:])


def test_a_template_is_shown_by_its_id_or_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["templates", "show", "gov-disclosure-b"]) == 0
    by_id = capsys.readouterr().out
    assert "行政规范性文件" in by_id
    assert main(["templates", "show", str(FORMS / "gov-disclosure-b.yaml")]) == 0
    assert capsys.readouterr().out == by_id
    assert main(["templates", "show", "no-such-form"]) == 2
    assert "gov-disclosure-b" in capsys.readouterr().err


def test_templates_are_checked_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["templates", "check"]) == 0
    assert capsys.readouterr().out.count(": ok") == len(list(FORMS.glob("*.yaml")))
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text("format: 1\nid: mine\nname: mine\npart: []\n", encoding="utf-8")
    shutil.copy(FORMS / "gov-disclosure-a.yaml", good)
    assert main(["templates", "check", str(bad), str(good)]) == 2
    output = capsys.readouterr()
    assert "bad.yaml" in output.out
    assert "good.yaml: ok" in output.out
    assert "1 of 2" in output.err


def test_models_are_listed_and_verified(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    assert "text-recognition" in capsys.readouterr().out
    assert main(["models", "verify"]) == 0
    assert "WRONG" not in capsys.readouterr().out


def test_an_altered_model_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "layout_cdla.onnx").write_bytes(b"not a model")
    assert main(["models", "verify", "--models-dir", str(tmp_path)]) == 5
    output = capsys.readouterr()
    assert "layout_cdla" in output.err
    assert output.out.count("WRONG") == 1


def test_doctor_finds_this_installation_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("python", "cores", "cv2", "onnxruntime", "layout_cdla", "fonts"))
    assert "MISSING" not in shown


def test_doctor_names_what_is_missing_and_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(diagnosis, "_LOADED", {"no_such_library": "print(m)", "os": "m._exit(3)"})
    assert main(["doctor", "-q"]) == 5
    output = capsys.readouterr()
    assert "No module named 'no_such_library'" in output.out
    assert "crashes while loading (3)" in output.out
    assert "cores" not in output.out
    assert "needed and missing: no_such_library, os" in output.err


def test_doctor_can_do_without_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(diagnosis, "_LOADED", {})
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    (place,) = [number for number, line in enumerate(lines) if "libreoffice" in line.split()]
    assert lines[place].split()[0] == "-"
    assert "libreoffice-writer" in lines[place + 1]
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    assert main(["doctor"]) == 0
    assert str(program) in capsys.readouterr().out


def test_what_synth_draws_evaluate_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "made"
    assert main(["synth", "--out", str(folder), "--count", "1", "--profile", "clean", "--form", "B"]) == 0
    (document,) = capsys.readouterr().out.splitlines()
    assert Path(document).read_bytes().startswith(b"%PDF")
    (tmp_path / "nothing").mkdir()
    figures = tmp_path / "figures.json"
    assert main(["evaluate", str(folder), str(tmp_path / "nothing"), "--out", str(figures)]) == 0
    assert "clean" in capsys.readouterr().out
    assert json.loads(figures.read_text(encoding="utf-8"))["total"]["fields"]["right"] == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["synth", "--out", "x", "--count", "0"], 2),
        (["synth", "--out", "x", "--profile", "flood"], 2),
        (["synth", "--out", "x", "--form", "C"], 2),
        (["evaluate", "no-such-folder"], 3),
        (["bench", "no-such-file.pdf"], 3),
        (["bench", "no-such-file.pdf", "--repetitions", "0"], 2),
        (["bench", "no-such-file.pdf", "--dpi", "-5"], 2),
        (["models", "list", "--models-dir", "no-such-folder"], 5),
    ],
)
def test_a_wrong_call_is_one_line(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_bench_prints_the_ratio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[BenchOptions] = []

    def scripted(source: Path, options: BenchOptions, *, progress: object = None) -> BenchResult:
        asked.append(options)
        side = SideTiming(seconds=(1.0,), load_seconds=0.0, peak_memory_mb=None)
        slow = SideTiming(seconds=(4.0,), load_seconds=0.0, peak_memory_mb=None)
        return BenchResult(source=source.name, pages=1, dpi=options.dpi, reader=side, baseline=slow)

    monkeypatch.setattr(bench_module, "bench", scripted)
    figures = tmp_path / "bench.json"
    call = ["bench", "a.pdf", "--repetitions", "2", "--set", "tables.max_cells=9", "--out", str(figures)]
    assert main(call) == 0
    assert "ratio 0.25" in capsys.readouterr().out
    assert json.loads(figures.read_text(encoding="utf-8"))["pages"] == 1
    (options,) = asked
    assert options.repetitions == 2
    assert options.settings is not None
    assert options.settings["tables"]["max_cells"] == 9


def test_columns_line_up_with_chinese_in_them() -> None:
    assert in_columns([("总计", "1", "x"), ("a", "22", "y")]) == "总计  1   x\na     22  y"
    assert in_columns([]) == ""
