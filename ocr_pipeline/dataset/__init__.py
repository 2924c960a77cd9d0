"""The reports of an archive as one dataset: Parquet files, a database over them, and checks between reports."""

from ocr_pipeline.dataset.build import DATASET_FOLDER, DatasetSummary, build_dataset
from ocr_pipeline.dataset.options import DatasetOptions

__all__ = ["DATASET_FOLDER", "DatasetOptions", "DatasetSummary", "build_dataset"]
