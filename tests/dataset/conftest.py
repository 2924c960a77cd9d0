import shutil
from pathlib import Path

import pytest

from ocr_pipeline.dataset import build_dataset
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth
from ocr_pipeline.evaluation.synthetic.web import write_html
from ocr_pipeline.pipeline import Reader
from ocr_pipeline.report import Report
from tests.dataset.made_reports import age, save

FIXTURES = Path(__file__).parents[2] / "fixtures"
READ = ("report_a_clean", "report_a_fax", "report_b_scan", "report_mixed_seal")


@pytest.fixture(scope="session")
def read_reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The reports of the fixtures, read from web pages of them: the whole pipeline, but for pixels."""
    folder = tmp_path_factory.mktemp("pages")
    reader = Reader()
    reports = {}
    for name in READ:
        truth = ReportTruth.model_validate_json((FIXTURES / f"{name}.json").read_bytes())
        reports[name] = reader.read(write_html(SyntheticReport((), truth), folder / f"{name}.html"))
    return reports


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory, read_reports: dict[str, Report]) -> Path:
    folder = tmp_path_factory.mktemp("built")
    for name, report in read_reports.items():
        save(folder, report, f"{name}.json")
    age(folder)
    build_dataset(folder)
    return folder


@pytest.fixture
def built(tmp_path: Path, built_once: Path) -> Path:
    """The same with its dataset, of which nothing has to be made again."""
    return shutil.copytree(built_once, tmp_path / "built")


@pytest.fixture
def archive(tmp_path: Path, read_reports: dict[str, Report]) -> Path:
    """A folder as ``read --out`` leaves it."""
    for name, report in read_reports.items():
        save(tmp_path, report, f"{name}.json")
    return tmp_path
