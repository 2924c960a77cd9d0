"""What the page network sees of a page: maps of rulings, tables, headings, lines of text and seal ink.

The network is this project's own, trained on pages of its generator (``evaluation.page_net``, ``models/page_net``). Its
maps belong to the page, so this room stands below the stages, and both ``tables`` and ``layout`` read them.
"""

from ocr_pipeline.page_net.maps import MAPS, PageMaps, Viewer

__all__ = ["MAPS", "PageMaps", "Viewer"]
