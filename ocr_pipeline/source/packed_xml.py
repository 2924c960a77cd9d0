"""Files of XML inside packed documents (DOCX, OFD): within the limit, and with nothing outside them looked at."""

from __future__ import annotations

from typing import Any

from lxml import etree

from ocr_pipeline.errors import LimitExceededError
from ocr_pipeline.source.options import SourceOptions

__all__ = ["check_size", "parse"]


def check_size(size: int, name: str, options: SourceOptions, source: str) -> None:
    """Refuse a file that is too large before it is inflated.

    Args:
        size: bytes when inflated.
        name: of the file inside the package.
        options: limits.
        source: what to call the document in messages.

    Raises:
        LimitExceededError: it is larger than ``SourceOptions.max_xml_bytes``.
    """
    if size > options.max_xml_bytes:
        raise LimitExceededError(
            f"{name} has {size:,} bytes, and at most {options.max_xml_bytes:,} are allowed",
            remedy="split the document, or raise source.max_xml_bytes",
            source=source,
        )


def parse(data: bytes) -> Any:
    """The root element (``lxml.etree._Element``); entities are not resolved and nothing outside is looked at.

    Raises:
        ValueError: it is not well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed: {error}") from error
