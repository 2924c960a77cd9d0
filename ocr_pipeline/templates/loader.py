"""Reads form files into frozen models, with errors that name the file, the key and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import BaseModel, ValidationError

from ocr_pipeline.errors import TemplateError
from ocr_pipeline.resources import data_folder
from ocr_pipeline.templates.blocks import Block, Node
from ocr_pipeline.templates.model import EquationRule, Form, NarrativeRule, Part, TemplateSet

__all__ = ["load_template", "load_templates"]

_MODELS: tuple[type[BaseModel], ...] = (Form, Part, Block, Node, EquationRule, NarrativeRule)
_KEYS = sorted({key for model in _MODELS for key in model.model_fields})
_MODEL_OF_KEY: dict[str, type[BaseModel]] = {
    "parts": Part,
    "blocks": Block,
    "columns": Node,
    "rows": Node,
    "children": Node,
    "equations": EquationRule,
    "narrative": NarrativeRule,
}


def load_templates(folder: Path | None = None, *, extra: Iterable[Path] = ()) -> TemplateSet:
    """All forms of a folder (the packaged ones when left out) and of further files, ordered by file name.

    Raises:
        TemplateError: a file is no valid form, there is none, or two have the same id.
    """
    folder = data_folder("configs") / "templates" if folder is None else folder
    if not folder.is_dir():
        raise TemplateError("no such folder of forms", source=folder, remedy="check the path")
    paths = [*sorted(folder.glob("*.yaml")), *extra]
    if not paths:
        raise TemplateError("no form in this folder", source=folder, remedy="put at least one *.yaml form into it")
    forms: dict[str, Form] = {}
    for path in paths:
        form = load_template(path)
        if form.id in forms:
            raise TemplateError(
                f"form id {form.id!r} is used by another file too",
                source=path,
                remedy="give this form an id of its own",
            )
        forms[form.id] = form
    return TemplateSet(forms=tuple(forms.values()))


def load_template(path: Path) -> Form:
    """One form file.

    Raises:
        TemplateError: it cannot be read, is not YAML, or a key is unknown, missing or wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"cannot be read: {error}", source=path, remedy="give a UTF-8 YAML file") from error
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise TemplateError(f"is not valid YAML: {_one_line(error)}", source=path, remedy="correct the YAML") from error
    if not isinstance(data, dict):
        raise TemplateError("holds no form", source=path, remedy="start from configs/templates/README.md")
    try:
        return Form.model_validate(data)
    except ValidationError as error:
        raise _explain(error, path) from error


def _explain(error: ValidationError, path: Path) -> TemplateError:
    first = error.errors()[0]
    place = _dotted(first["loc"])
    more = f" and {error.error_count() - 1} more" if error.error_count() > 1 else ""
    if first["type"] == "extra_forbidden":
        key = str(first["loc"][-1])
        here = _known_keys(first["loc"])
        near = difflib.get_close_matches(key, here, n=1) or difflib.get_close_matches(key, _KEYS, n=1)
        remedy = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(here)}"
        return TemplateError(f"unknown key {place}{more}", source=path, remedy=remedy)
    if first["type"] == "missing":
        return TemplateError(f"key {place} is missing{more}", source=path, remedy=f"add {place}")
    message = f"{place}: {first['msg']}{more}" if place else f"{first['msg']}{more}"
    remedy = "put ids in quotes" if first["type"] == "string_type" else "see configs/templates/README.md"
    return TemplateError(message, source=path, remedy=remedy)


def _known_keys(location: Sequence[int | str]) -> list[str]:
    model: type[BaseModel] = Form
    for step in location[:-1]:
        model = _MODEL_OF_KEY.get(str(step), model)
    return sorted(model.model_fields)


def _dotted(location: Sequence[int | str]) -> str:
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")


def _one_line(error: yaml.YAMLError) -> str:
    mark = cast(Any, getattr(error, "problem_mark", None))
    place = f"line {mark.line + 1}" if mark is not None else "unknown place"
    return f"{getattr(error, 'problem', None) or error} at {place}".replace("\n", " ")
