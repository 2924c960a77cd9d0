from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from ocr_pipeline.errors import ConfigurationError, OutputError
from ocr_pipeline.evaluation.synthetic.damage import Damage, damage
from ocr_pipeline.evaluation.synthetic.generate import generate
from ocr_pipeline.evaluation.synthetic.options import ContentOptions, FormChoice
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import ReportStyle, draw_style
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth
from ocr_pipeline.evaluation.synthetic.write import write_images, write_pdf
from ocr_pipeline.evaluation.truth import load_truth


@pytest.fixture(scope="module")
def report() -> SyntheticReport:
    return draw_report(4, style=ReportStyle(dpi=100))


def test_a_pdf_has_the_pages_at_their_size_and_is_the_same_every_time(report: SyntheticReport, tmp_path: Path) -> None:
    path = write_pdf(report, tmp_path / "new" / "a.pdf")
    with pypdfium2.PdfDocument(path) as document:
        assert len(document) == len(report.pages)
        width, height = document[0].get_size()
        assert (width, height) == pytest.approx((210 / 25.4 * 72, 297 / 25.4 * 72), abs=1)
        picture = next(document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])).get_bitmap().to_numpy()
    assert picture.shape[:2] == report.pages[0].shape[:2]
    gray = picture.reshape(*picture.shape[:2], -1).mean(axis=2)
    assert np.abs(gray - report.pages[0].mean(axis=2)).mean() < 2
    assert path.read_bytes() == write_pdf(report, tmp_path / "b.pdf").read_bytes()


def test_a_fax_is_stored_with_one_bit_a_pixel(report: SyntheticReport, tmp_path: Path) -> None:
    fax = damage(report, Damage(fax=True), 1)
    assert write_pdf(fax, tmp_path / "fax.pdf").stat().st_size < 200_000
    (path,) = write_images(fax, tmp_path / "fax.tif")
    with Image.open(path) as image:
        assert image.mode == "1"
        assert getattr(image, "n_frames", 1) == len(fax.pages)
        assert np.array_equal(np.asarray(image) * np.uint8(255), fax.pages[0][..., 0])


def test_pictures_are_numbered_when_there_are_several(report: SyntheticReport, tmp_path: Path) -> None:
    paths = write_images(report, tmp_path / "page.png")
    assert [path.name for path in paths] == [f"page-{i + 1}.png" for i in range(len(report.pages))]
    with Image.open(paths[0]) as image:
        assert np.array_equal(np.asarray(image.convert("RGB")), report.pages[0])


def test_what_cannot_be_written_is_said(report: SyntheticReport, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        write_pdf(report, tmp_path / "file" / "a.pdf")
    with pytest.raises(OutputError, match="cannot write"):
        write_images(report, tmp_path / "a.docx")


def test_a_generated_folder_is_ground_truth_for_evaluation(tmp_path: Path) -> None:
    def draw(seed: int, form: FormChoice) -> SyntheticReport:
        content = ContentOptions(scale="tiny", parts=("disputes",))
        return draw_report(seed, form=form, content=content, style=draw_style(seed))

    entries = list(generate(tmp_path, 2, seed=3, profiles=("clean", "seal+lowres"), forms=("B",), draw=draw))
    assert [entry.profile for entry in entries] == ["clean", "seal+lowres"] * 2
    assert json.loads((tmp_path / "manifest.json").read_text()) == [entry.model_dump() for entry in entries]
    truths = load_truth(tmp_path)
    assert len(truths) == 4
    for entry, truth in zip(entries, truths, strict=True):
        exact = ReportTruth.model_validate_json((tmp_path / "gt" / entry.gt).read_text(encoding="utf-8"))
        assert truth.path.is_file()
        assert truth.fields == exact.fields
        assert [table.html for table in truth.tables] == list(exact.tables)


def test_an_unknown_profile_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no damage profile"):
        list(generate(tmp_path / "out", 1, profiles=("clean", "torn")))
    assert not (tmp_path / "out").exists()
