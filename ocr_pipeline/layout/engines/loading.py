"""From the configuration to a region detector."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from ocr_pipeline.errors import ConfigurationError, DependencyError
from ocr_pipeline.layout.options import DEFAULT_OPTIONS, LayoutOptions
from ocr_pipeline.layout.regions import RegionDetector
from ocr_pipeline.page_net import Viewer
from ocr_pipeline.weights import resolve

__all__ = ["load_detector"]

_CATALOGUE = "lp://"
_PACKAGED = "layout_cdla"


def load_detector(
    options: LayoutOptions = DEFAULT_OPTIONS, models_folder: Path | None = None, *, viewer: Viewer | None = None
) -> RegionDetector:
    """The region detector that the options ask for, ready to look.

    Args:
        options: which model, its configuration and threads.
        models_folder: searched for the packaged model before the installed packages.
        viewer: the page network, which then speaks for some kinds of regions in the packaged model's stead; a model
            that the options name is left to itself.

    Raises:
        ConfigurationError: the model cannot be found, or is not one, or its configuration does not fit.
        DependencyError: LayoutParser's backend for a model of its catalogue is not installed.
        WeightsError: the packaged model is missing, altered or cannot be loaded.
    """
    wanted = options.detector
    if wanted.model is None:
        if wanted.config:
            raise ConfigurationError(
                "the packaged layout model takes no configuration",
                remedy="name a model in layout.detector.model or remove layout.detector.config",
            )
        # LayoutParser takes more than half a second to import.
        from ocr_pipeline.layout.engines.cdla import CdlaDetector

        packaged = CdlaDetector(resolve(_PACKAGED, models_folder), threads=wanted.threads)
        if viewer is None:
            return packaged
        from ocr_pipeline.layout.engines.page_net import PageNetDetector

        return PageNetDetector(viewer, packaged)
    if wanted.model.startswith(_CATALOGUE):
        return _from_catalogue(wanted.model, dict(wanted.config))
    return _from_class(wanted.model, dict(wanted.config))


def _from_catalogue(path: str, config: dict[str, Any]) -> RegionDetector:
    from layoutparser.models import AutoLayoutModel

    try:
        detector = AutoLayoutModel(path, **config)
    except ImportError as error:
        raise DependencyError(
            f"LayoutParser's backend for {path} is not installed",
            remedy="install detectron2, paddlepaddle or effdet, as the name of the model says",
        ) from error
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"LayoutParser refuses {path}: {error}") from error
    if detector is None:
        raise ConfigurationError(
            f"{path} names no backend of LayoutParser",
            remedy="write lp://detectron2/..., lp://paddledetection/... or lp://efficientdet/...",
        )
    return _checked(detector, path)


def _from_class(name: str, config: dict[str, Any]) -> RegionDetector:
    module_name, colon, attribute = name.partition(":")
    if not (module_name and colon and attribute):
        raise ConfigurationError(
            f"{name!r} names no layout model", remedy="write package.module:Class or lp://backend/dataset/model"
        )
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise ConfigurationError(
            f"the module of the layout model {name} cannot be imported: {error}",
            remedy="install the package that holds it, or put its folder on PYTHONPATH",
        ) from error
    factory = getattr(module, attribute, None)
    if not callable(factory):
        raise ConfigurationError(f"{module_name} has no class {attribute}")
    try:
        detector = factory(**config)
    except TypeError as error:
        raise ConfigurationError(f"the layout model {name} refuses its configuration: {error}") from error
    return _checked(detector, name)


def _checked(detector: object, name: str) -> RegionDetector:
    if not isinstance(detector, RegionDetector):
        raise ConfigurationError(
            f"the layout model {name} has no method detect(image)",
            remedy="derive it from layoutparser.models.base_layoutmodel.BaseLayoutModel",
        )
    return detector
