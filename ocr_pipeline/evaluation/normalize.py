"""What two texts may differ in and still count as the same, for every metric of this folder.

Removed: white space and invisible format characters (a line break in a cell or a paragraph is typesetting).
Folded: full-width forms of ASCII to ASCII (（ and (, ， and ,), since print does not tell them apart in many fonts.
Kept: everything else. NFKC is not used because it also makes ① equal to 1 and ㎡ to m2, which are reading errors.
"""

from __future__ import annotations

import unicodedata

__all__ = ["normalize"]

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def normalize(text: str) -> str:
    """The text as it is compared.

    >>> normalize("（一） 予以\\n公开，①")
    '(一)予以公开,①'
    """
    kept = (c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")
    return "".join(kept).translate(_WIDTH)
