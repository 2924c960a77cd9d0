"""Many documents: finding the work, keeping a ledger of it, doing it in isolation, and resuming it."""

from ocr_pipeline.batch.options import BatchOptions

__all__ = ["BatchOptions"]
