"""The tree of sections, built heading by heading in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ocr_pipeline.document import Section

__all__ = ["OpenSection", "SectionTree"]


@dataclass
class OpenSection:
    """A section that may still grow. ``page`` is where it begins, None in a flow."""

    level: int
    title: str
    page: int | None = None
    paragraphs: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    children: list[OpenSection] = field(default_factory=list)

    def freeze(self) -> Section:
        """The section with all below it."""
        return Section(
            level=self.level,
            title=self.title,
            page=self.page,
            text="\n".join(self.paragraphs),
            tables=tuple(self.tables),
            children=tuple(child.freeze() for child in self.children),
        )


class SectionTree:
    """Sections as their headings open them. What comes before the first is a section of level 0 without a title."""

    def __init__(self, page: int | None = None) -> None:
        """A tree without sections.

        Args:
            page: where the document begins, None in a flow.
        """
        self._path = [OpenSection(level=0, title="", page=page)]

    @property
    def here(self) -> OpenSection:
        """Where text and tables go now."""
        return self._path[-1]

    def above(self) -> Iterator[OpenSection]:
        """The sections that are open now, outermost first."""
        return iter(self._path[1:])

    def open(self, level: int, title: str, page: int | None = None) -> None:
        """Begin a section below the nearest one of a lower level.

        Args:
            level: from 1.
            title: text of the heading.
            page: where the heading stands, None in a flow.
        """
        while len(self._path) > 1 and self._path[-1].level >= level:
            self._path.pop()
        section = OpenSection(level=level, title=title, page=page)
        self.here.children.append(section)
        self._path.append(section)

    def sections(self) -> tuple[Section, ...]:
        """All of them; the untitled one only where something came before the first heading."""
        root = self._path[0]
        whole = root.freeze()
        preamble = whole.model_copy(update={"children": ()})
        return (preamble, *whole.children) if root.paragraphs or root.tables else whole.children
