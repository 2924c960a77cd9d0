"""Fonts of the system, by role; with none installed, the one that comes inside layoutparser's wheel serves alone.

Reports are typeset in a Chinese face and a Latin face for figures. Which ones exist differs between machines, so a
report is reproducible from its seed on machines with the same fonts (or with the fallback named in its style).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from ocr_pipeline.resources import bundled_font

__all__ = ["CHINESE_FACES", "FALLBACK", "FIGURE_FACES", "LATIN_FACES", "FontFile", "available", "font_file", "load"]

FALLBACK = "bundled-serif"

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)

# name: (file name, index of the simplified Chinese face in a collection); the bold file stands beside it.
CHINESE_FACES: dict[str, tuple[str, int]] = {
    "noto-serif": ("NotoSerifCJK-Regular.ttc", 2),
    "noto-serif-bold": ("NotoSerifCJK-Bold.ttc", 2),
    "noto-sans": ("NotoSansCJK-Regular.ttc", 2),
    "noto-sans-bold": ("NotoSansCJK-Bold.ttc", 2),
    "wqy-zenhei": ("wqy-zenhei.ttc", 0),
    "wqy-microhei": ("wqy-microhei.ttc", 0),
    "uming": ("uming.ttc", 0),
    "ukai": ("ukai.ttc", 0),
    "simsun": ("simsun.ttc", 0),
    "simhei": ("simhei.ttf", 0),
    "simfang": ("simfang.ttf", 0),
    "simkai": ("simkai.ttf", 0),
}
LATIN_FACES: dict[str, tuple[str, int]] = {
    "liberation-serif": ("LiberationSerif-Regular.ttf", 0),
    "liberation-sans": ("LiberationSans-Regular.ttf", 0),
    "liberation-mono": ("LiberationMono-Regular.ttf", 0),
    "nimbus-roman": ("NimbusRoman-Regular.otf", 0),
    "dejavu-sans": ("DejaVuSans.ttf", 0),
    "dejavu-serif": ("DejaVuSerif.ttf", 0),
    "dejavu-condensed": ("DejaVuSansCondensed.ttf", 0),
    "c059": ("C059-Roman.otf", 0),
    "times": ("times.ttf", 0),
    "arial": ("arial.ttf", 0),
}
# Of sheets of figures only: reports are drawn without them, so that more of these change no report.
FIGURE_FACES: dict[str, tuple[str, int]] = {
    "liberation-serif-bold": ("LiberationSerif-Bold.ttf", 0),
    "liberation-sans-bold": ("LiberationSans-Bold.ttf", 0),
    "liberation-narrow": ("LiberationSansNarrow-Regular.ttf", 0),
    "dejavu-mono": ("DejaVuSansMono.ttf", 0),
    "dejavu-light": ("DejaVuSans-ExtraLight.ttf", 0),
    "noto-mono": ("NotoSansMono-Regular.ttf", 0),
    "nimbus-sans": ("NimbusSans-Regular.otf", 0),
    "nimbus-sans-narrow": ("NimbusSansNarrow-Regular.otf", 0),
    "nimbus-mono": ("NimbusMonoPS-Regular.otf", 0),
    "palladio": ("P052-Roman.otf", 0),
    "palladio-bold": ("P052-Bold.otf", 0),
    "bookman-light": ("URWBookman-Light.otf", 0),
    "gothic-book": ("URWGothic-Book.otf", 0),
    "c059-italic": ("C059-Italic.otf", 0),
}


@dataclass(frozen=True, slots=True)
class FontFile:
    """One face in a font file."""

    path: Path
    index: int


@lru_cache(maxsize=1)
def _installed() -> dict[str, FontFile]:
    wanted: dict[str, list[tuple[str, int]]] = {}
    for name, (file, index) in (*CHINESE_FACES.items(), *LATIN_FACES.items(), *FIGURE_FACES.items()):
        wanted.setdefault(file.lower(), []).append((name, index))
    found: dict[str, FontFile] = {FALLBACK: FontFile(bundled_font(), 0)}
    for folder in _FOLDERS:
        root = Path(folder).expanduser()
        if not root.is_dir():
            continue
        for path in sorted(root.rglob("*")):
            for name, index in wanted.get(path.name.lower(), ()):
                found.setdefault(name, FontFile(path, index))
    return found


def available(names: dict[str, tuple[str, int]]) -> tuple[str, ...]:
    """Those of the names whose files are on this machine, in the order given."""
    return tuple(name for name in names if name in _installed())


def font_file(name: str) -> FontFile:
    """The file of a face; the bundled font where this machine lacks it."""
    return _installed().get(name) or _installed()[FALLBACK]


@lru_cache(maxsize=64)
def load(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A face at a size in pixels, with FreeType's own layout so that no optional library changes the result."""
    file = font_file(name)
    return ImageFont.truetype(str(file.path), size, index=file.index, layout_engine=ImageFont.Layout.BASIC)
