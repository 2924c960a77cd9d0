"""What the parts of the file share: where a value is explained, shown in the form, and marked on its page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ocr_pipeline.document import Value
from ocr_pipeline.report.explanation import Explainer
from ocr_pipeline.report.html.markup import Html
from ocr_pipeline.report.html.scenes import Scenes
from ocr_pipeline.report.model import Report
from ocr_pipeline.report.page_pictures import PagePictures
from ocr_pipeline.report.urgency import urgency_of

__all__ = ["Context", "crops_of"]


@dataclass(frozen=True)
class Context:
    """A report on its way into one file.

    Attributes:
        report: the report.
        explainer: of its values.
        scenes: its pages.
    """

    report: Report
    explainer: Explainer
    scenes: Scenes

    @classmethod
    def of(cls, report: Report, pictures: PagePictures) -> Context:
        """For a report with the pictures of its pages."""
        explainer = Explainer(report)
        return cls(report, explainer, Scenes(explainer.places, pictures))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {value.id: number for number, value in enumerate(self.report.values)}

    @cached_property
    def flagged(self) -> tuple[Value, ...]:
        """What a person should look at, worst first, in the order of the review queue."""
        return tuple(sorted(self.report.flagged, key=urgency_of, reverse=True))

    @cached_property
    def _flagged_ids(self) -> set[str]:
        return {value.id for value in self.flagged}

    def card(self, value: Value) -> str:
        """Id of the value's card; there is one if it is flagged."""
        return f"c-{self._numbers[value.id]}"

    def figure(self, value: Value) -> str:
        """Id of the value's figure in the form."""
        return f"f-{self._numbers[value.id]}"

    def mark(self, value: Value, number: int = 0) -> str:
        """Id of the value's mark on its page; a cell cut by a page break has a second one."""
        return f"p-{self._numbers[value.id]}" + (f"-{number}" if number else "")

    def leads_to(self, value: Value) -> str | None:
        """What a click on the figure shows: its card, or its place on the page; None where there is neither."""
        if value.id in self._flagged_ids:
            return f"#{self.card(value)}"
        places = self.scenes.places.of(value)
        on_picture = bool(places) and self.scenes.pictures.get(places[0].page) is not None
        return f"#{self.mark(value)}" if on_picture else None


def crops_of(scenes: Scenes, value: Value) -> dict[str, Html]:
    """The pieces of the page for a value, by what they show; of a cell cut by a page break, those of its last part."""
    words = {"cell": f"the cell of {value.id}", "row": f"the row of {value.id}", "table": "the table"}
    return {view.kind: scenes.crop(view, value.status, words[view.kind]) for view in scenes.views(value)}
