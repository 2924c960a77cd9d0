"""``ocr-pipeline models``: the weights, where they are and whether they are the right ones."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.cli.arguments import Commands, add_verbosity
from ocr_pipeline.errors import WeightsError

if TYPE_CHECKING:
    from ocr_pipeline.weights import ModelCheck

__all__ = ["register", "run"]


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("models", help="the model weights: where they are, whether they are right")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, summary in (("list", "every model and the package that carries it"), ("verify", "check every hash")):
        action = actions.add_parser(name, help=summary, description=f"{summary.capitalize()}.", allow_abbrev=False)
        action.add_argument("--models-dir", metavar="DIR", type=Path, help="a folder of model files, searched first")
        add_verbosity(action)
        action.set_defaults(run=run, action=name)


def run(arguments: argparse.Namespace) -> int:
    """List or verify.

    Raises:
        WeightsError: a model is missing or is not the expected one (``verify`` only).
    """
    from ocr_pipeline.cli.columns import in_columns
    from ocr_pipeline.weights import list_models, verify_models

    if arguments.action == "list":
        rows = [
            (e.name, e.role, f"{e.size / 1e6:.1f} MB", e.licence, _carrier(e.distribution, e.version))
            for e in list_models(arguments.models_dir)
        ]
        print(in_columns([("model", "role", "size", "licence", "package"), *rows]))
        return 0
    checks = verify_models(arguments.models_dir)
    print(in_columns([(c.entry.name, _state(c), str(c.path or c.problem)) for c in checks]))
    bad = [check.entry.name for check in checks if not check.ok]
    if bad:
        raise WeightsError(
            f"{len(bad)} of {len(checks)} models cannot be used: {', '.join(bad)}",
            remedy="the list above says how to get each",
        )
    return 0


def _state(check: ModelCheck) -> str:
    if check.problem is None:
        return "ok"
    return "not there" if check.ok else "WRONG"


def _carrier(distribution: str | None, version: str | None) -> str:
    return "models/ or your folder" if distribution is None else f"{distribution} {version or ''}".rstrip()
