"""``ocr-pipeline templates``: the standard forms, as they are known and as files to be checked."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_verbosity
from ocr_pipeline.errors import TemplateError

__all__ = ["register", "run_check", "run_list", "run_show"]


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("templates", help="the standard forms: list, show, check")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    listing = actions.add_parser("list", help="every form with its parts", allow_abbrev=False)
    listing.set_defaults(run=run_list)

    showing = actions.add_parser("show", help="a form as a tree: labels, fields, equations", allow_abbrev=False)
    showing.add_argument("form", metavar="FORM", help="id of a form, as list shows it, or a YAML file")
    showing.set_defaults(run=run_show)

    checking = actions.add_parser("check", help="whether form files hold together", allow_abbrev=False)
    checking.add_argument("files", metavar="FILE", nargs="*", type=Path, help="form files; without any, the packaged")
    checking.set_defaults(run=run_check)
    for action in (listing, showing, checking):
        add_verbosity(action)


def run_list(_: argparse.Namespace) -> int:
    """One line a form.

    Raises:
        TemplateError: a packaged form does not hold together.
    """
    from ocr_pipeline.cli.columns import in_columns
    from ocr_pipeline.templates import list_templates, load_templates

    head = ("form", "parts", "fields", "equations", "name", "basis")
    forms = list_templates(load_templates())
    rows = [(f.id, ", ".join(f.parts), str(f.fields), str(f.equations), f.name, f.basis) for f in forms]
    print(in_columns([head, *rows]))
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """The labels, fields and equations of a form.

    Raises:
        TemplateError: there is no such form, or its file does not hold together.
    """
    from ocr_pipeline.templates import describe, load_template, load_templates

    file = Path(arguments.form)
    named = file.suffix not in (".yaml", ".yml")
    print(describe(load_templates().form(arguments.form) if named else load_template(file)))
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    """Say of every file whether it holds together, and what is wrong with it.

    Raises:
        TemplateError: a file does not.
    """
    from ocr_pipeline.resources import data_folder
    from ocr_pipeline.templates import check_template

    files = arguments.files or sorted((data_folder("configs") / "templates").glob("*.yaml"))
    bad = 0
    for file in files:
        problems = check_template(file)
        bad += bool(problems)
        for line in problems or ["ok"]:
            print(line if line.startswith(str(file)) else f"{file}: {line}")
    if bad:
        raise TemplateError(f"{bad} of {len(files)} form files do not hold together", remedy="correct what is listed")
    return 0
