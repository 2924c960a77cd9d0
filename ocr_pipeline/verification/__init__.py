"""Checks a report file, also one that people changed, against the forms it says it follows."""

from ocr_pipeline.verification.entries import Entry, Problem
from ocr_pipeline.verification.show import format_verification, verification_json
from ocr_pipeline.verification.verify import Verification, verify

__all__ = ["Entry", "Problem", "Verification", "format_verification", "verification_json", "verify"]
