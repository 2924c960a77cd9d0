"""Text with a line through it: an issuer took it back, mostly for another figure beside it."""

from __future__ import annotations

from collections.abc import Iterable

from ocr_pipeline.document import Finding, Severity

__all__ = ["struck_out_findings"]

_SHOWN = 5


def struck_out_findings(texts: Iterable[str]) -> tuple[Finding, ...]:
    """One finding on all that was left out for being struck out; none where nothing was.

    Args:
        texts: each piece of it; blank ones do not count.
    """
    pieces = [text.strip() for text in texts if text.strip()]
    if not pieces:
        return ()
    named = ", ".join(f"“{piece[:20]}”" for piece in pieces[:_SHOWN])
    more = f" and {len(pieces) - _SHOWN} more" if len(pieces) > _SHOWN else ""
    message = f"struck out in the document and left out here: {named}{more}"
    return (Finding(code="struck-out", severity=Severity.WARNING, message=message),)
