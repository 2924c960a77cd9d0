"""The page network: a small U-Net of depthwise-separable convolutions with strips that look along rulings.

U-Net: Ronneberger, Fischer and Brox, MICCAI 2015. Depthwise-separable convolutions: Howard et al., "MobileNets", 2017.
Strips of 1 x n and n x 1: Hou et al., "Strip Pooling", CVPR 2020, here as convolutions beside the square one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from ocr_pipeline.evaluation.page_net.recipe import NetworkRecipe
from ocr_pipeline.page_net.maps import MAPS

__all__ = ["ExportedNet", "PageNet"]

_STRIPS_FROM = 2
"""Levels (1/2 of the input is 0) from which strips are worth their time."""


class _Separable(nn.Module):  # type: ignore[misc]
    """A depthwise convolution, with strips where ``strip`` is not 0, then 1 x 1; adds its input where it can."""

    def __init__(self, inputs: int, outputs: int, *, stride: int = 1, strip: int = 0) -> None:
        super().__init__()
        self.square = nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False)
        self.along: Any = None
        self.down: Any = None
        if strip:
            self.along = nn.Conv2d(inputs, inputs, (1, strip), 1, (0, strip // 2), groups=inputs, bias=False)
            self.down = nn.Conv2d(inputs, inputs, (strip, 1), 1, (strip // 2, 0), groups=inputs, bias=False)
        self.middle = nn.BatchNorm2d(inputs)
        self.mix = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.square(x)
        if self.along is not None:
            y = y + self.along(x) + self.down(x)
        y = self.norm(self.mix(functional.relu(self.middle(y))))
        return functional.relu(x + y if self.adds else y)


class PageNet(nn.Module):  # type: ignore[misc]
    """Ink (n x 3 x height x width, 0..1, sides multiples of 32) to logits (n x len(MAPS) x height / 2 x width / 2).

    The decoder ends at a quarter of the input and gives four pixels of every map for each of its own (Shi et al.,
    "Real-Time Single Image Super-Resolution", CVPR 2016): half of the time would go into its last level otherwise.
    """

    def __init__(self, recipe: NetworkRecipe) -> None:
        super().__init__()
        widths = recipe.widths
        strips = [recipe.strip if level >= _STRIPS_FROM else 0 for level in range(len(widths))]
        self.stem = nn.Sequential(nn.Conv2d(3, widths[0], 5, 2, 2, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU())
        self.levels = nn.ModuleList()
        self.steps = nn.ModuleList()
        for level, (width, count) in enumerate(zip(widths, recipe.blocks, strict=True)):
            if level:
                self.steps.append(_Separable(widths[level - 1], width, stride=2))
            self.levels.append(nn.Sequential(*(_Separable(width, width, strip=strips[level]) for _ in range(count))))
        self.narrow = nn.ModuleList()
        self.joins = nn.ModuleList()
        for level in range(len(widths) - 2, 0, -1):
            self.narrow.append(nn.Conv2d(widths[level + 1], widths[level], 1, bias=False))
            self.joins.append(_Separable(widths[level], widths[level], strip=recipe.strip))
        self.last = _Separable(widths[1], 2 * widths[1])
        self.head = nn.Conv2d(2 * widths[1], 4 * len(MAPS), 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits."""
        x = self.stem(x)
        kept = []
        for level, blocks in enumerate(self.levels):
            if level:
                x = self.steps[level - 1](x)
            x = blocks(x)
            kept.append(x)
        x = kept.pop()
        for narrow, join in zip(self.narrow, self.joins, strict=True):
            x = functional.interpolate(narrow(x), scale_factor=2.0, mode="bilinear", align_corners=False)
            x = join(x + kept.pop())
        return functional.pixel_shuffle(self.head(self.last(x)), 2)


class ExportedNet(nn.Module):  # type: ignore[misc]
    """The network from uint8 ink to uint8 maps, as it is exported."""

    def __init__(self, network: PageNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, ink: torch.Tensor) -> torch.Tensor:
        """The maps."""
        values = torch.sigmoid(self.network(ink.to(torch.float32) / 255.0))
        return (values * 255.0 + 0.5).to(torch.uint8)
