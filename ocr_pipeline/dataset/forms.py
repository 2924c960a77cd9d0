"""The standard forms that travel with the program, loaded once."""

from __future__ import annotations

from functools import lru_cache

from ocr_pipeline.templates import TemplateSet, load_templates

__all__ = ["field_ids", "known_forms"]


@lru_cache(maxsize=1)
def known_forms() -> TemplateSet:
    """All of them.

    Raises:
        TemplateError: one does not hold together.
    """
    return load_templates()


@lru_cache(maxsize=1)
def field_ids() -> tuple[str, ...]:
    """Ids of the fields of all forms, each once, in the order of the forms."""
    forms = known_forms().forms
    return tuple(dict.fromkeys(spec.id for form in forms for part in form.parts for spec in part.fields))
