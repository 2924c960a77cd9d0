"""Body and year of a report, from its title, its file name and its text."""

from ocr_pipeline.dataset.identity.identify import Identity, identify
from ocr_pipeline.dataset.identity.regions import BodyName, split_body

__all__ = ["BodyName", "Identity", "identify", "split_body"]
