"""Looks fields up in the forms, and decides which form each part of a file follows."""

from __future__ import annotations

from collections.abc import Iterable

from ocr_pipeline.errors import TemplateError
from ocr_pipeline.report.labels import FieldLabel
from ocr_pipeline.templates import Form, TemplateSet
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.model import FieldSpec
from ocr_pipeline.verification.entries import Entry, Problem

__all__ = ["KnownForms"]


class KnownForms:
    """The forms that files are checked against.

    Args:
        templates: the forms.
        assumed: id of the form of figures that do not name theirs.

    Raises:
        TemplateError: there is no form of that id.
    """

    def __init__(self, templates: TemplateSet, assumed: str | None = None) -> None:
        self._templates = templates
        self._assumed = None if assumed is None else templates.form(assumed).id
        self._specs = {
            (form.id, spec.id): spec for form in templates.forms for part in form.parts for spec in part.fields
        }

    def spec(self, form: str | None, field: str) -> FieldSpec | None:
        """The field as the form has it; None where it has none, or where no form is named and forms differ on it."""
        form = form or self._assumed
        if form is not None:
            return self._specs.get((form, field))
        found = [self._specs[f.id, field] for f in self._templates.forms if (f.id, field) in self._specs]
        return found[0] if found and len({spec.type for spec in found}) == 1 else None

    def kind(self, form: str | None, field: str) -> ValueType | None:
        """What the field holds; see ``spec``."""
        spec = self.spec(form, field)
        return None if spec is None else spec.type

    def label(self, form: str, field: str) -> FieldLabel | None:
        """What the form prints beside and above the field."""
        spec = self._specs.get((form, field))
        if spec is None:
            return None
        row, column = ((label for label in leaf.path if label) for leaf in (spec.row, spec.column))
        return FieldLabel(tuple(row), tuple(column))

    def parts(self, entries: Iterable[Entry], problems: list[Problem]) -> list[tuple[Form, str, list[Entry]]]:
        """The entries by form and part; what fits no form goes to ``problems``."""
        groups: dict[tuple[str | None, str], list[Entry]] = {}
        for entry in entries:
            groups.setdefault((entry.form or self._assumed, entry.id.split("/")[0]), []).append(entry)
        found = []
        for (name, part), members in groups.items():
            form = self._form(name, part, members, problems)
            if form is None:
                continue
            known = []
            for entry in members:
                if (form.id, entry.id) in self._specs:
                    known.append(entry)
                else:
                    problems.append(Problem(entry.place, f"{entry.id}: form {form.id} has no such field"))
            found.append((form, part, known))
        return found

    def _form(self, name: str | None, part: str, members: list[Entry], problems: list[Problem]) -> Form | None:
        where = members[0].place
        if name is not None:
            try:
                form = self._templates.form(name)
                form.part(part)
            except TemplateError as error:
                problems.append(Problem(where, f"{part}: {error.message}"))
                return None
            return form
        candidates = [f for f in self._templates.forms if all((f.id, entry.id) in self._specs for entry in members)]
        if not candidates:
            problems.append(Problem(where, f"{part}: no form has all of its fields; name the form with --form"))
            return None
        # Versions of a form may have a part in common, and then it does not matter which of them it is.
        same = {tuple(spec.id for spec in form.part(part).fields) for form in candidates}
        if len(same) > 1:
            names = ", ".join(form.id for form in candidates)
            problems.append(Problem(where, f"{part}: may follow {names}; name the form with --form"))
            return None
        return candidates[0]
