"""Every setting of a run: the options of all stages, from defaults, a YAML file and ``--set key.sub=value``.

An option is declared and explained once, in its stage's ``options.py``. This module only composes them, refuses what
nobody declared, and prints them all for ``docs/configuration.md``.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, Field, ValidationError

from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.layout.options import LayoutOptions
from ocr_pipeline.pages.options import PageOptions
from ocr_pipeline.report.options import ReportOptions
from ocr_pipeline.resources import data_folder
from ocr_pipeline.source.options import SourceOptions
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.text.options import TextOptions

__all__ = ["Settings", "reference_page"]


class Settings(FrozenModel):
    """The options of all stages, frozen."""

    source: SourceOptions = Field(SourceOptions(), description="Opening documents, and the limits set to them.")
    pages: PageOptions = Field(PageOptions(), description="Making page images upright, straight and clean.")
    layout: LayoutOptions = Field(LayoutOptions(), description="Finding regions, headings and the reading order.")
    text: TextOptions = Field(TextOptions(), description="Finding and reading lines of text.")
    tables: TableOptions = Field(TableOptions(), description="Finding grids and reading their cells.")
    templates: TemplateOptions = Field(TemplateOptions(), description="Matching tables with the standard forms.")
    report: ReportOptions = Field(ReportOptions(), description="The pictures of pages that reports carry.")

    @classmethod
    def load(cls, path: str | Path | None = None, overrides: Sequence[str] = ()) -> Settings:
        """Defaults, then a file, then single settings; the later wins.

        Args:
            path: a YAML file, or the bare name of a configuration that travels with the program (``default``).
            overrides: entries ``key.sub=value``; the value is read as YAML.

        Raises:
            ConfigurationError: no such file, no valid YAML, a key that does not exist, a value it cannot have.
        """
        values: dict[str, Any] = {}
        origins: dict[str, str] = {}
        if path is not None:
            file = _find(path)
            values = _read_yaml(file)
            _refuse_unknown(cls, values, origin=str(file))
            origins[""] = str(file)
        for entry in overrides:
            key, nested = _parse_override(entry)
            _refuse_unknown(cls, nested, origin=f"--set {entry}")
            _merge(values, nested)
            origins[key] = f"--set {entry}"
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise _explain(error, origins) from error

    def fingerprint(self) -> str:
        """SHA-256 (64 hexadecimal digits) of all settings in canonical JSON; equal settings have equal ones."""
        canonical = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


class _StrictLoader(yaml.SafeLoader):
    """YAML without the trap that of two equal keys the first is silently lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                line = node.value[position][0].start_mark.line + 1
                raise yaml.YAMLError(f"key '{key}' a second time in line {line}")
        return super().construct_mapping(node, deep=deep)


def _find(path: str | Path) -> Path:
    file = Path(path)
    if file.is_file():
        return file
    named = data_folder("configs") / f"{file}.yaml"
    if file.name == str(file) and not file.suffix and named.is_file():
        return named
    raise ConfigurationError(
        "no such configuration file",
        source=file,
        remedy=f"give a YAML file, or one of the names {', '.join(_names())}",
    )


def _names() -> list[str]:
    return sorted(file.stem for file in data_folder("configs").glob("*.yaml"))


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), _StrictLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(" ".join(str(error).split()), source=file) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigurationError("holds no 'key: value' entries at its top", source=file)
    return content


def _parse_override(entry: str) -> tuple[str, dict[str, Any]]:
    key, equals, text = entry.partition("=")
    key = key.strip()
    if not equals or not all(key.split(".")):
        raise ConfigurationError(f"--set {entry}: not of the form key.sub=value")
    try:
        value = yaml.safe_load(text) if text.strip() else ""
    except yaml.YAMLError:
        value = text
    *above, leaf = key.split(".")
    nested: dict[str, Any] = {leaf: value}
    for part in reversed(above):
        nested = {part: nested}
    return key, nested


def _merge(base: dict[str, Any], extra: Mapping[str, Any]) -> None:
    for key, value in extra.items():
        mine = base.get(key)
        if isinstance(value, dict) and isinstance(mine, dict):
            _merge(mine, value)
        else:
            base[key] = value


def _refuse_unknown(model: type[BaseModel], values: Mapping[Any, Any], *, origin: str, prefix: str = "") -> None:
    for key, value in values.items():
        field = model.model_fields.get(str(key))
        if field is None:
            raise ConfigurationError(
                f"unknown setting '{prefix}{key}'", source=origin, remedy=_nearest(f"{prefix}{key}")
            )
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and isinstance(value, Mapping):
            _refuse_unknown(inner, value, origin=origin, prefix=f"{prefix}{key}.")


def _nearest(key: str) -> str:
    known = [name for name, _ in _walk(Settings)] + list(Settings.model_fields)
    by_leaf = {name.rpartition(".")[2]: name for name in reversed(known)}
    hits = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
    if not hits:
        leaf = difflib.get_close_matches(key.rpartition(".")[2], by_leaf, n=1, cutoff=0.6)
        hits = [by_leaf[name] for name in leaf] or difflib.get_close_matches(key, known, n=1, cutoff=0.0)
    return f"did you mean '{hits[0]}'?"


def _explain(error: ValidationError, origins: Mapping[str, str]) -> ConfigurationError:
    problems = []
    for detail in error.errors(include_url=False):
        key = ".".join(str(part) for part in detail["loc"])
        fitting = [name for name in origins if not name or key == name or key.startswith(f"{name}.")]
        origin = origins[max(fitting, key=len)] if fitting else "settings"
        problems.append(f"{origin}: '{key}' is {detail['input']!r}: {detail['msg'][:1].lower()}{detail['msg'][1:]}")
    return ConfigurationError("; ".join(problems))


def _walk(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each setting with its JSON Schema (description, type, range), in the order of declaration."""
    schema = model.model_json_schema()
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _walk(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", schema["properties"][name]


def reference_page() -> str:
    """All settings with their defaults, ranges and explanations, as the Markdown of ``docs/configuration.md``."""
    defaults = Settings().model_dump(mode="json")
    lines = [_PREFACE]
    for room, field in Settings.model_fields.items():
        lines += [f"## {room}", "", str(field.description), "", *_HEAD]
        lines += [_row(key, schema, defaults) for key, schema in _walk(type(getattr(Settings(), room)), f"{room}.")]
        lines.append("")
    return "\n".join(lines)


_HEAD = ("| setting | default | values | what it does |", "| --- | --- | --- | --- |")
_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def _row(key: str, schema: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    default = functools.reduce(lambda values, part: values[part], key.split("."), defaults)
    description = " ".join(str(schema.get("description", "")).replace("|", "\\|").split())
    return f"| `{key}` | `{json.dumps(default, ensure_ascii=False)}` | {_values(schema)} | {description} |"


def _values(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_values(choice) for choice in schema["anyOf"])
    kind = {"integer": "whole number", "null": "nothing", "boolean": "`true`, `false`"}.get(
        schema.get("type", ""), schema.get("type", "any")
    )
    bounds = [f"{sign} {schema[name]:g}" for name, sign in _BOUNDS.items() if name in schema]
    return " ".join([kind, ", ".join(bounds)]).strip()


_PREFACE = """# Settings

Every setting, made from the declarations in the code (`make docs` writes this page anew). Give them in a YAML file,

    ocr-pipeline read report.pdf --config my.yaml

where `my.yaml` holds only what differs from the defaults,

    tables:
      max_cells: 5000

or one by one, with `--set tables.max_cells=5000`. The later wins: defaults, file, `--set`. A key that does not exist is
refused, with the nearest one that does. Configurations in `configs/` can be given by their bare name:
`--config default`. The report names the SHA-256 of all settings as its configuration.
"""
