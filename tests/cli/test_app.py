"""The program as a whole: help, light start, exit codes, closed pipes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ocr_pipeline import errors
from ocr_pipeline.cli import app, failures, main

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("read", "batch", "evaluate", "bench", "synth", "templates", "models", "doctor")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(re.search(rf"^    {command}\s", shown, re.MULTILINE) for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert f"ocr-pipeline {command}" in capsys.readouterr().out


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    import ocr_pipeline

    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"ocr-pipeline {ocr_pipeline.__version__}"


@pytest.mark.parametrize("arguments", [[], ["rea"], ["--format"]])
def test_a_wrong_call_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == errors.UsageError.exit_code
    assert "--help" in capsys.readouterr().err


def test_help_imports_nothing_heavy() -> None:
    # Counted instead of timed: a busy machine is slow, but it imports no more than a quiet one.
    heavy = {"numpy", "pydantic", "cv2", "pandas", "paddleocr", "onnxruntime", "torch", "yaml", "PIL", "tqdm", "scipy"}
    code = (
        "import sys; from ocr_pipeline.cli import main; main(['--help']); main(['read', '--help']);"
        f"sys.stderr.write(' '.join(sorted({heavy!r} & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr == ""


def test_the_package_is_a_command_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ocr_pipeline", "read", "no-such-file.pdf", "--format", "none"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "unknown format 'none'" in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_closed_pipe_is_no_traceback(unbuffered: str) -> None:
    code = "import sys; from ocr_pipeline.cli import main; input(); sys.exit(main(['models', 'list']))"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(b"\n")  # only now may it write: the reader is gone
        process.stdin.close()
        message = process.stderr.read()
    assert process.returncode == app.OUTPUT_CLOSED
    assert message == b""


def test_every_option_of_read_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    main(["read", "--help"])
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert options - set(re.findall(r"--[a-z][a-z-]+", page)) == set()
    assert all(f"`{command}" in page for command in COMMANDS)


def _documented() -> dict[str, int]:
    page = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    return {name: int(code) for code, name in re.findall(r"^\| (\d+) \| `(\w+)` \|", page, re.MULTILINE)}


def _tree(cls: type[errors.OcrPipelineError]) -> dict[str, int]:
    found = {cls.__name__: cls.exit_code}
    for child in cls.__subclasses__():
        found |= _tree(child)
    return found


def test_the_exit_codes_are_documented() -> None:
    tree = {name: code for name, code in _tree(errors.OcrPipelineError).items() if name in errors.__all__}
    assert set(tree) == set(errors.__all__)
    assert _documented() == tree


def test_the_codes_of_the_shell_are_documented() -> None:
    page = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    for code in (app.INTERRUPTED, app.OUTPUT_CLOSED):
        assert re.search(rf"^\| {code} \|", page, re.MULTILINE)


@pytest.mark.parametrize(
    ("error", "cls", "words"),
    [
        (ImportError("libGL.so.1: cannot open shared object file"), errors.DependencyError, "opencv-contrib-python"),
        (ImportError("No module named 'cv2'", name="cv2"), errors.DependencyError, "opencv-contrib-python"),
        (ImportError("No module named 'yaml'", name="yaml"), errors.DependencyError, "doctor"),
        (ValueError("two\nlines"), errors.OcrPipelineError, "unexpected ValueError: two lines"),
        (errors.NoTextError("no text"), errors.NoTextError, "no text"),
    ],
)
def test_any_exception_has_a_class_and_a_remedy(error: Exception, cls: type[Exception], words: str) -> None:
    translated = failures.translate(error)
    assert type(translated) is cls
    assert words in str(translated)
