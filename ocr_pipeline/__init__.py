"""Trustworthy figures out of scanned and garbled Chinese government reports.

>>> from ocr_pipeline import read
>>> report = read("fixtures/report_b_scan.pdf")
>>> report.ok, len(report.values), len(report.flagged)
(True, 200, 0)

Each field of a form the document matches has a value, with its status and the evidence for it:

>>> value = report.value("applications/3.1/total")
>>> value.value, value.status.value, value.page
(3, 'verified', 1)

The same as pandas frames, one row a value or as the table stands on the page:

>>> report.to_frame().shape[0]
200
>>> report.tables[1].to_frame().shape
(28, 10)

``Reader`` is for several documents: it loads the models once.
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
