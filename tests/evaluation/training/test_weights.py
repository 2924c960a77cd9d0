from __future__ import annotations

from pathlib import Path

import pytest

from ocr_pipeline.errors import OutputError, WeightsError
from ocr_pipeline.evaluation.figure_net.recipe import NetworkRecipe
from tests.evaluation.training.steps import NEEDS_TORCH

pytestmark = NEEDS_TORCH

RECIPE = NetworkRecipe(widths=(1, 2, 3, 4, 5))


def small_network(outputs: int = 3):
    import torch

    class Small(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = torch.nn.Linear(4, outputs)

        def forward(self, ink):
            return self.layer(ink.to(torch.float32))

    return Small().eval()


def test_what_is_stored_is_loaded_again(tmp_path) -> None:
    import torch

    from ocr_pipeline.evaluation.training.engines.weights import load_weights, store

    network = small_network()
    store(tmp_path, network, RECIPE, ("step", "loss"), [(1, 0.5), (2, 0.25)])
    assert (tmp_path / "training_log.csv").read_text(encoding="utf-8") == "step,loss\n1,0.5\n2,0.25\n"
    recipes = []
    loaded = load_weights(tmp_path / "weights.pt", lambda recipe: recipes.append(recipe) or small_network(), "small")
    assert recipes == [RECIPE.model_dump()]
    assert torch.equal(loaded.layer.weight, network.layer.weight)
    assert not loaded.training


def test_weights_of_another_network_and_no_weights_are_refused(tmp_path) -> None:
    from ocr_pipeline.evaluation.training.engines.weights import load_weights, store

    store(tmp_path, small_network(), RECIPE, (), [])
    with pytest.raises(WeightsError, match="no trained small network"):
        load_weights(tmp_path / "weights.pt", lambda recipe: small_network(outputs=2), "small network")
    (tmp_path / "weights.pt").write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="no trained small network"):
        load_weights(tmp_path / "weights.pt", lambda recipe: small_network(), "small network")


def test_a_folder_that_cannot_be_made_is_told(tmp_path) -> None:
    from ocr_pipeline.evaluation.training.engines.weights import store

    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot write into"):
        store(tmp_path / "file" / "out", small_network(), RECIPE, (), [])


def test_the_file_tells_nothing_of_the_machine_that_made_it(tmp_path) -> None:
    import torch

    from ocr_pipeline.evaluation.training.engines.weights import write_onnx

    count = torch.export.Dim("count", min=1, max=64)
    example = torch.zeros(2, 4, dtype=torch.uint8)
    path = write_onnx(small_network(), example, tmp_path / "net.onnx", dynamic_shapes={"ink": {0: count}}, output="out")
    content = path.read_bytes()
    assert b"linear" in content.lower() or b"gemm" in content.lower()
    for told in (str(Path(__file__).parents[3]), str(tmp_path), "site-packages"):
        assert told.encode() not in content
