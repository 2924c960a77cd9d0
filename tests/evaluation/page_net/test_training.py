from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.errors import WeightsError
from ocr_pipeline.evaluation.page_net.__main__ import main
from ocr_pipeline.evaluation.page_net.recipe import load_recipe
from ocr_pipeline.page_net.maps import MAPS
from tests.evaluation.training.steps import NEEDS_TORCH, take_steps

pytestmark = NEEDS_TORCH

RECIPE = """
train: &data {seed: 3, pages: 4, faces: [bundled-serif], dpi: [150], profiles: {clean: 1}, clutter_share: 0}
held_out: *data
network: {widths: [8, 16, 24], blocks: [1, 1, 1], strip: 7}
training:
  steps: 50
  batch: 2
  crop: 256
  average: 0.5
  half: false
  threads: 1
  weights: {across: 1, upright: 1, rows: 1, columns: 1, table: 1, heading: 1, line: 1, seal: 1}
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Drawn, trained and exported by the commands of the model card, on a handful of pages."""
    return take_steps(main, RECIPE, "pages", tmp_path_factory.mktemp("page_net"))


def test_a_few_steps_lower_the_loss(trained) -> None:
    import torch

    from ocr_pipeline.evaluation.page_net.cache import StoredPages
    from ocr_pipeline.evaluation.page_net.crops import draw_batch
    from ocr_pipeline.evaluation.page_net.engines.export import load_network
    from ocr_pipeline.evaluation.page_net.engines.network import PageNet
    from ocr_pipeline.evaluation.page_net.engines.training import loss_of

    ink, maps = draw_batch(StoredPages(trained / "pages"), 4, 256, np.random.default_rng(1))
    torch.manual_seed(0)
    fresh = PageNet(load_recipe(trained / "recipe.yaml").network).eval()
    losses = []
    for network in (fresh, load_network(trained / "weights.pt")):
        with torch.no_grad():
            logits = network(torch.from_numpy(ink).float() / 255)
        assert logits.shape == (4, len(MAPS), 128, 128)
        losses.append(float(loss_of(logits, torch.from_numpy(maps).float()).sum()))
    assert losses[1] < 0.9 * losses[0]
    assert (trained / "training_log.csv").read_text(encoding="utf-8").splitlines()[-1].startswith("50,")


@pytest.mark.parametrize("size", [(32, 32), (320, 224), (256, 1184)])
def test_torch_and_onnx_see_the_same_at_any_size(trained, size) -> None:
    import onnxruntime
    import torch

    from ocr_pipeline.evaluation.page_net.engines.export import load_network
    from ocr_pipeline.evaluation.page_net.engines.network import ExportedNet

    ink = np.random.default_rng(size[0]).integers(0, 256, (1, 3, *size), dtype=np.uint8)
    session = onnxruntime.InferenceSession(str(trained / "page_net.onnx"), providers=["CPUExecutionProvider"])
    (seen,) = session.run(None, {"ink": ink})
    with torch.no_grad():
        expected = ExportedNet(load_network(trained / "weights.pt")).eval()(torch.from_numpy(ink)).numpy()
    assert seen.shape == (1, len(MAPS), size[0] // 2, size[1] // 2)
    assert np.abs(seen.astype(int) - expected).max() <= 1


def test_what_is_no_weights_is_refused(tmp_path) -> None:
    from ocr_pipeline.evaluation.page_net.engines.export import export

    (tmp_path / "weights.pt").write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="no trained page network"):
        export(tmp_path / "weights.pt", tmp_path / "page_net.onnx")
