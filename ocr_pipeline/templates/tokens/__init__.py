"""Token streams of text dumps, aligned with the known forms."""

from ocr_pipeline.templates.tokens.extracting import extract_tokens

__all__ = ["extract_tokens"]
