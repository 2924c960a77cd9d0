"""The reader of figures: a small stack of convolutions, read from left to right.

Convolutions with connectionist temporal classification and no recurrence, after Borisyuk et al., "Rosetta", KDD 2018.
"""

from __future__ import annotations

import torch
from torch import nn

from ocr_pipeline.evaluation.figure_net.recipe import NetworkRecipe
from ocr_pipeline.text.figure_intake import SYMBOLS

__all__ = ["ExportedReader", "FigureNet"]


def _step(inputs: int, outputs: int, size: tuple[int, int], stride: tuple[int, int]) -> nn.Sequential:
    padding = (size[0] // 2, size[1] // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class _Residual(nn.Module):  # type: ignore[misc]
    def __init__(self, width: int, size: tuple[int, int]) -> None:
        super().__init__()
        padding = (size[0] // 2, size[1] // 2)
        self.body = nn.Sequential(
            _step(width, width, size, (1, 1)),
            nn.Conv2d(width, width, size, 1, padding, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.body(x))


class FigureNet(nn.Module):  # type: ignore[misc]
    """Ink (n x 1 x 32 x width, 0..1, width a multiple of 4) to logits (n x width / 4 x len(SYMBOLS))."""

    def __init__(self, recipe: NetworkRecipe) -> None:
        super().__init__()
        a, b, c, d, e = recipe.widths
        self.body = nn.Sequential(
            _step(1, a, (5, 5), (2, 2)),
            _step(a, b, (3, 3), (2, 1)),
            _Residual(b, (3, 3)),
            _step(b, c, (3, 3), (2, 2)),
            _Residual(c, (3, 3)),
            _step(c, d, (3, 3), (2, 1)),
            nn.Conv2d(d, e, (2, 1), bias=False),
            nn.BatchNorm2d(e),
            nn.ReLU(inplace=True),
            _Residual(e, (1, 5)),
            _Residual(e, (1, 5)),
        )
        self.head = nn.Linear(e, len(SYMBOLS))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits."""
        return self.head(self.body(x).squeeze(2).transpose(1, 2))


class ExportedReader(nn.Module):  # type: ignore[misc]
    """The network from uint8 ink to probabilities, as it is exported."""

    def __init__(self, network: FigureNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, ink: torch.Tensor) -> torch.Tensor:
        """Probabilities, n x width / 4 x len(SYMBOLS)."""
        return torch.softmax(self.network(ink.to(torch.float32) / 255.0), dim=2)
