"""Any exception as one of this program's errors, and an error as one line on standard error."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from ocr_pipeline.errors import DependencyError, OcrPipelineError

__all__ = ["OPENCV_REMEDY", "tell", "translate"]

OPENCV_REMEDY = (
    "pip install --force-reinstall --no-deps opencv-contrib-python-headless==4.10.0.84 puts the build in place that "
    "needs no system library"
)

_SYSTEM_LIBRARIES = ("libGL", "libgthread", "libglib", "libX", "libxcb", "libSM", "libICE")


def translate(error: Exception, *, source: Path | None = None) -> OcrPipelineError:
    """This program's error for any exception; its own pass through.

    What is no error of this program's is an oversight of its authors: exit code 1, with the class named.

    Args:
        error: what was caught.
        source: the document it came from, for an error that does not say.
    """
    if isinstance(error, OcrPipelineError):
        if error.source is None and source is not None:
            error.source = str(source)
        return error
    text = " ".join(str(error).split())
    if isinstance(error, ImportError):
        if error.name == "cv2" or any(library in text for library in _SYSTEM_LIBRARIES):
            return DependencyError(f"OpenCV cannot be loaded: {text}", remedy=OPENCV_REMEDY, source=source)
        return DependencyError(f"a module cannot be imported: {text}", source=source)
    return OcrPipelineError(
        f"unexpected {type(error).__name__}: {text}",
        remedy="run again with -vv and report what it shows",
        source=source,
    )


def tell(error: Exception, *, source: Path | None = None, verbose: int = 0) -> OcrPipelineError:
    """Print one line about an error on standard error, after the traceback when ``verbose`` is 2 or more."""
    translated = translate(error, source=source)
    if verbose > 1:
        traceback.print_exception(error, file=sys.stderr)
    print(f"ocr-pipeline: {' '.join(str(translated).split())}", file=sys.stderr)
    return translated
