"""An installed wheel works from any folder, and what it stands on is there."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import os
import re
import site
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OPENCV = "4.10.0"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_carries_configurations_and_models(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("configs", "models"):
        mine = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        assert mine
        for path in mine:
            assert f"ocr_pipeline/_data/{path.relative_to(ROOT).as_posix()}" in names
    assert "ocr_pipeline/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "fixtures/"))]


@pytest.mark.slow
def test_the_installed_wheel_reads_a_report_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    python = _environment_with(wheel, tmp_path / "env")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    program = Path(python).with_name("ocr-pipeline")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [program, "read", ROOT / "fixtures" / "report_b_scan.pdf", "--out", "results", "--format", "json", "-q"],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(Path("results") / "report_b_scan.json")]
    report = json.loads((elsewhere / "results" / "report_b_scan.json").read_text(encoding="utf-8"))
    assert [value for value in report["values"] if value["status"] in ("verified", "read")]


def _environment_with(wheel: Path, folder: Path) -> str:
    """A new environment with the wheel; its dependencies are borrowed, so that nothing is downloaded again."""
    venv.create(folder, with_pip=True)
    scripts = sysconfig.get_path("scripts", "venv", vars={"base": str(folder)})
    python = str(Path(scripts) / ("python.exe" if os.name == "nt" else "python"))
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    # A .pth line adds a folder without reading the .pth files in it: an editable install of this checkout stays out.
    (Path(own) / "borrowed.pth").write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf-8")
    return python


def test_the_version_is_said_once() -> None:
    import ocr_pipeline

    try:
        installed = importlib.metadata.version("ocr-pipeline")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the package is not installed here")
    assert installed == ocr_pipeline.__version__


def test_every_import_is_of_a_declared_dependency() -> None:
    metadata = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = {_plain(name) for name in re.findall(r'^\s*(?:\w+ = \[)?"([A-Za-z0-9._-]+)', metadata, re.MULTILINE)}
    carriers = importlib.metadata.packages_distributions()
    for path in sorted((ROOT / "ocr_pipeline").rglob("*.py")):
        for name in _imported(path) - set(sys.stdlib_module_names) - {"ocr_pipeline"}:
            known = {_plain(carrier) for carrier in carriers.get(name, [name])}
            assert known & declared, f"{path.relative_to(ROOT)} imports {name}, which pyproject.toml does not declare"


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_every_build_of_opencv_is_of_one_version_and_loads() -> None:
    import cv2

    builds = ["opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"]
    versions = {}
    for build in builds:
        try:
            versions[build] = importlib.metadata.version(build)
        except importlib.metadata.PackageNotFoundError:  # noqa: PERF203
            continue
    # They write the same folder, so whichever came last is loaded: all must be the same.
    assert cv2.__version__ == OPENCV
    assert {version.rpartition(".")[0] for version in versions.values()} == {OPENCV}, versions


def test_the_pinned_opencv_is_what_the_remedies_name() -> None:
    from ocr_pipeline.cli.failures import OPENCV_REMEDY

    metadata = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    pinned = {
        line.split("==")[1].strip('", \n') for line in metadata.splitlines() if "opencv-" in line and "==" in line
    }
    (version,) = pinned
    assert version.startswith(OPENCV)
    assert f"opencv-contrib-python-headless=={version}" in OPENCV_REMEDY
    assert f"opencv-contrib-python-headless=={version}" in makefile
