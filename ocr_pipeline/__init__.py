"""Trustworthy figures out of scanned and garbled Chinese government reports.

>>> from ocr_pipeline import read
>>> report = read("fixtures/report_b_scan.pdf")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ocr_pipeline.pipeline import Reader, read

__all__ = ["Reader", "__version__", "read"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # The pipeline takes over a second to import; the command line must answer --help in a fraction of that.
    if name in ("Reader", "read"):
        import ocr_pipeline.pipeline as pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
