from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.errors import ConfigurationError, WeightsError
from ocr_pipeline.evaluation.figure_net.__main__ import main
from ocr_pipeline.evaluation.figure_net.cache import StoredCrops
from ocr_pipeline.evaluation.figure_net.recipe import load_recipe
from tests.evaluation.training.steps import NEEDS_TORCH, take_steps

pytestmark = NEEDS_TORCH

RECIPE = """
train: &data {seed: 3, sheets: 1, chinese_faces: [bundled-serif], latin_faces: [], dpi: [200], profiles: {clean: 1}}
held_out: *data
network: {widths: [4, 8, 8, 8, 16]}
training: {steps: 40, batch: 16, average: 0.5}
further:
  sheets: {<<: *data, seed: 8, worn_share: 1, mended_share: 1, own_faces: 1, bars: false}
  training: {steps: 4, batch: 16, average: 0.5, seed: 1}
"""
STEPS = ("render", "train", "further", "export")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Drawn, trained and exported by the commands of the model card, on one sheet."""
    return take_steps(main, RECIPE, "crops", tmp_path_factory.mktemp("figure_net"), STEPS)


def test_a_few_steps_lower_the_loss(trained) -> None:
    import torch

    from ocr_pipeline.evaluation.figure_net.batches import batches
    from ocr_pipeline.evaluation.figure_net.engines.export import load_network
    from ocr_pipeline.evaluation.figure_net.engines.network import FigureNet
    from ocr_pipeline.evaluation.figure_net.engines.training import loss_of

    ((ink, widths, texts),) = batches(StoredCrops(trained / "crops"), 32, 1, seed=9)
    torch.manual_seed(0)
    fresh = FigureNet(load_recipe(trained / "recipe.yaml").network).eval()
    losses = []
    for network in (fresh, load_network(trained / "weights.pt")):
        with torch.no_grad():
            losses.append(float(loss_of(network(torch.from_numpy(ink).float() / 255), widths, texts)))
    assert losses[1] < 0.9 * losses[0]
    assert (trained / "training_log.csv").read_text(encoding="utf-8").splitlines()[-1].startswith("40,")


def test_further_training_goes_on_from_the_first(trained) -> None:
    from ocr_pipeline.evaluation.figure_net.engines.export import load_network
    from ocr_pipeline.evaluation.figure_net.engines.network import FigureNet

    first, then = (
        dict(load_network(path / "weights.pt").named_parameters()) for path in (trained, trained / "further")
    )
    fresh = dict(FigureNet(load_recipe(trained / "recipe.yaml").network).named_parameters())

    def apart(one, other) -> float:
        return sum(float((one[name] - other[name]).detach().square().sum()) for name in one)

    assert 0 < apart(first, then) < 0.1 * apart(first, fresh)
    # The crops of the first training are among those of the second.
    assert len(StoredCrops(trained / "crops", trained / "crops" / "further")) > len(StoredCrops(trained / "crops"))


def test_a_recipe_without_further_training_ends_with_the_first(trained, tmp_path) -> None:
    (tmp_path / "recipe.yaml").write_text(RECIPE.split("further:")[0], encoding="utf-8")
    arguments = ["--recipe", str(tmp_path / "recipe.yaml"), "--crops", str(trained / "crops"), "--out", str(trained)]
    assert main(["further", *arguments]) == ConfigurationError.exit_code


@pytest.mark.parametrize("shape", [(1, 16), (5, 60), (2, 448)])
def test_torch_and_onnx_read_the_same_at_any_size(trained, shape) -> None:
    import onnxruntime
    import torch

    from ocr_pipeline.evaluation.figure_net.engines.export import load_network
    from ocr_pipeline.evaluation.figure_net.engines.network import ExportedReader

    ink = np.random.default_rng(shape[1]).integers(0, 256, (shape[0], 1, 32, shape[1]), dtype=np.uint8)
    session = onnxruntime.InferenceSession(str(trained / "figure_net.onnx"), providers=["CPUExecutionProvider"])
    with torch.no_grad():
        expected = ExportedReader(load_network(trained / "further" / "weights.pt"))(torch.from_numpy(ink)).numpy()
    (found,) = session.run(None, {"ink": ink})
    assert found.shape == (shape[0], shape[1] // 4, expected.shape[2])
    assert np.allclose(found, expected, atol=1e-4)


def test_other_weights_are_refused(trained, tmp_path) -> None:
    from ocr_pipeline.evaluation.figure_net.engines.export import load_network

    with pytest.raises(WeightsError):
        load_network(trained / "figure_net.onnx")
    assert main(["export", "--out", str(tmp_path)]) == WeightsError.exit_code
