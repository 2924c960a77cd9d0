"""What the pages of an OFD refer to by number: fonts, pictures, drawing parameters, composite objects."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field

from ocr_pipeline.source.ofd.package import Element, OfdPackage, child, children, text_of

__all__ = ["Resources"]


@dataclass
class Resources:
    """By their identifiers; fonts and pictures as names of files in the package.

    Attributes:
        fonts: only those whose font program is in the package.
        missing: pictures whose file is not in the package.
    """

    fonts: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, Element] = field(default_factory=dict)
    composites: dict[str, Element] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def add(self, package: OfdPackage, file: str, bases: Sequence[str]) -> None:
        """Take in a resource file.

        Raises:
            DamagedSourceError: it is missing or broken.
        """
        root = package.xml(file)
        here = posixpath.dirname(file)
        inner = posixpath.normpath(posixpath.join(here, root.get("BaseLoc") or ""))
        folders = (inner, here, *bases)
        for font in _in(root, "Fonts", "Font"):
            program = package.find(text_of(child(font, "FontFile")) or "?", *folders)
            if program is not None:
                self.fonts[font.get("ID") or ""] = program
        for media in _in(root, "MultiMedias", "MultiMedia"):
            location = text_of(child(media, "MediaFile"))
            found = package.find(location, *folders)
            if found is not None:
                self.pictures[media.get("ID") or ""] = found
            elif (media.get("Type") or "Image").lower() == "image":
                self.missing.append(location)
        for parameter in _in(root, "DrawParams", "DrawParam"):
            self.parameters[parameter.get("ID") or ""] = parameter
        for composite in _in(root, "CompositeGraphicUnits", "CompositeGraphicUnit"):
            self.composites[composite.get("ID") or ""] = composite


def _in(root: Element, group: str, name: str) -> Sequence[Element]:
    return [inner for outer in children(root, group) for inner in children(outer, name)]
