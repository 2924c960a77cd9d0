"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.errors import UsageError

if TYPE_CHECKING:
    from pydantic import ValidationError

    from ocr_pipeline.settings import Settings

__all__ = ["Commands", "add_settings", "add_verbosity", "formats_of", "out_of_range", "settings_of"]

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Commands = argparse._SubParsersAction


def add_verbosity(parser: argparse.ArgumentParser) -> None:
    """``-v`` and ``--quiet``."""
    parser.add_argument("-v", "--verbose", action="count", default=0, help="say more; twice: with tracebacks")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress, no messages but errors")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """``--config``, ``--set`` and ``--models-dir``."""
    group = parser.add_argument_group("settings")
    group.add_argument("--config", metavar="FILE", help="a YAML file of settings (docs/configuration.md)")
    group.add_argument(
        "--set", metavar="KEY=VALUE", dest="overrides", action="append", default=[], help="one setting; can be repeated"
    )
    group.add_argument("--models-dir", metavar="DIR", type=Path, help="a folder of model files, searched first")


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The settings that ``--config`` and ``--set`` ask for.

    Raises:
        ConfigurationError: see ``Settings.load``.
    """
    from ocr_pipeline.settings import Settings

    return Settings.load(arguments.config, arguments.overrides)


def out_of_range(error: ValidationError, **names: str) -> UsageError:
    """What to tell the user whose number a model of options refuses.

    Args:
        error: its first complaint is told.
        names: what an option is called, by field; where left out, as the field.
    """
    first = error.errors()[0]
    field = str(first["loc"][0])
    option = names.get(field, field).replace("_", "-")
    return UsageError(f"--{option} {first['input']}: {first['msg'][:1].lower()}{first['msg'][1:]}")


def formats_of(text: str) -> list[str]:
    """The formats of a report that a list names.

    Raises:
        UsageError: none, or one that does not exist.
    """
    from ocr_pipeline.report import EXPORTERS

    wanted = [part.strip().lower() for part in text.split(",") if part.strip()]
    for part in wanted or [text]:
        if part not in EXPORTERS:
            raise UsageError(f"--format: unknown format '{part}'", remedy=f"choose among {', '.join(EXPORTERS)}")
    return wanted
