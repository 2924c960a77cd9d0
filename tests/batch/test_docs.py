"""docs/batch.md and docs/cli.md name what there is."""

from __future__ import annotations

import argparse
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ocr_pipeline.batch.ledger import Ledger
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.task import State
from ocr_pipeline.cli import batch

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "batch.md").read_text(encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    batch.register(parser.add_subparsers())
    return parser.parse_args(["batch", "in"])


def test_every_option_is_explained() -> None:
    (section,) = re.findall(
        r"^## batch$(.*?)(?=^## |\Z)", (DOCS / "cli.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    known = set(re.findall(r"`--([a-z-]+)", section)) | {"config", "set", "models-dir", "verbose", "quiet"}
    given = {name.replace("_", "-") for name in vars(arguments())} - {"run", "inputs", "overrides"}
    assert given <= known


def test_the_command_has_the_defaults_of_the_options() -> None:
    given = vars(arguments())
    defaults = BatchOptions()
    assert given.pop("memory") == defaults.memory_mb
    assert (given.pop("format"),) == defaults.formats
    for name, value in defaults.model_dump().items():
        if name in given:
            assert given[name] == value, name


def test_every_state_and_every_column_is_explained(tmp_path: Path) -> None:
    assert [state for state in State if f"`{state.value}`" not in GUIDE] == []
    with Ledger(tmp_path / "ledger.sqlite"), closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            (row,) = re.findall(rf"^\| `{table}` \|(.*)\|$", GUIDE, re.MULTILINE)
            columns = [name for _, name, *_ in database.execute(f"PRAGMA table_info({table})")]
            # Those that stand for themselves in several tables, and those of no use to a person.
            left_out = {"id", "first", "token", "category", "message", "remedy"}
            assert [name for name in columns if f"`{name}`" not in row and name not in left_out] == []


@pytest.mark.parametrize("reason", ["Stalled", "TimeLimit", "MemoryLimit", "Crash", "Killed"])
def test_what_ends_a_worker_is_explained(reason: str) -> None:
    engines = Path(batch.__file__).parents[1] / "batch" / "engines"
    code = "".join(path.read_text("utf-8") for path in engines.glob("*.py"))
    assert f'"{reason}"' in code
    assert f"`{reason}`" in GUIDE
