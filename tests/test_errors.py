from __future__ import annotations

import copy
import inspect
import pickle
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from ocr_pipeline import errors
from ocr_pipeline.errors import (
    DamagedSourceError,
    DependencyError,
    MissingExtraError,
    OcrPipelineError,
    PartialFailure,
    SourceNotFoundError,
    WeightsError,
)
from ocr_pipeline.resources import data_folder

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, OcrPipelineError)]
PLAIN = [c for c in CLASSES if "__init__" not in vars(c) or c is OcrPipelineError]


def _drawn_tree() -> dict[str, tuple[str | None, int]]:
    """Class name to parent and exit code, as the tree in the module's docstring draws it."""
    drawn: dict[str, tuple[str | None, int]] = {}
    path: list[tuple[int, str, int]] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^( {4}[ │├└─]*)([A-Z]\w+)\s+(\d+)?\s*\S", line)
        if match is None:
            continue
        depth, name = len(match[1]), match[2]
        while path and path[-1][0] >= depth:
            path.pop()
        parent = path[-1] if path else None
        code = int(match[3]) if match[3] else (parent[2] if parent else 0)
        drawn[name] = (parent[1] if parent else None, code)
        path.append((depth, name, code))
    return drawn


def test_the_drawn_tree_is_the_tree_of_classes_with_their_exit_codes() -> None:
    real = {c.__name__: (None if c is OcrPipelineError else c.__mro__[1].__name__, c.exit_code) for c in CLASSES}
    assert _drawn_tree() == real


def test_everything_is_exported_and_nothing_else() -> None:
    assert sorted(errors.__all__) == sorted(c.__name__ for c in CLASSES) == errors.__all__


@pytest.mark.parametrize("cls", CLASSES)
def test_each_class_has_a_remedy_and_a_code_that_is_not_taken_by_the_shell(cls: type[OcrPipelineError]) -> None:
    assert 1 <= cls.exit_code < 64
    assert cls.remedy
    assert not cls.remedy.endswith(".")
    assert (cls.__doc__ or "").strip()


def test_each_branch_has_a_code_of_its_own() -> None:
    codes = [c.exit_code for c in CLASSES if c is OcrPipelineError or OcrPipelineError in c.__bases__]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("source", "page", "expected"),
    [
        (None, None, "cut off (fetch it again)"),
        (None, 2, "page 3: cut off (fetch it again)"),
        ("a.pdf", None, "a.pdf: cut off (fetch it again)"),
        (Path("a.pdf"), 0, "a.pdf, page 1: cut off (fetch it again)"),
    ],
)
def test_message_names_the_place_and_the_remedy(source: str | Path | None, page: int | None, expected: str) -> None:
    assert str(DamagedSourceError("cut off", remedy="fetch it again", source=source, page=page)) == expected


def test_a_remedy_of_one_error_is_not_that_of_its_class() -> None:
    special = SourceNotFoundError("gone", remedy="look elsewhere")
    assert special.remedy == "look elsewhere"
    assert SourceNotFoundError("gone").remedy == SourceNotFoundError.remedy != "look elsewhere"


def test_a_missing_extra_is_named_with_the_command_that_installs_it() -> None:
    error = MissingExtraError("torch", "running on a GPU")
    assert str(error) == "running on a GPU needs the extra 'torch' (pip install 'ocr-pipeline[torch]')"
    assert error.exit_code == 5


def test_a_partial_failure_keeps_every_error() -> None:
    error = PartialFailure([WeightsError("a"), DamagedSourceError("b")], total=5)
    assert error.message == "2 of 5 documents failed"
    assert [type(e) for e in error.failures] == [WeightsError, DamagedSourceError]
    assert error.total == 5


def _same(a: OcrPipelineError, b: OcrPipelineError) -> None:
    assert type(a) is type(b)
    assert str(a) == str(b)
    assert a.args == b.args
    assert (a.message, a.remedy, a.source, a.page) == (b.message, b.remedy, b.source, b.page)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("cls", PLAIN)
def test_pickling_keeps_every_field(cls: type[OcrPipelineError], protocol: int) -> None:
    for error in (cls("m"), cls("m", remedy="r", source=Path("s.pdf"), page=4)):
        _same(pickle.loads(pickle.dumps(error, protocol)), error)


def test_pickling_keeps_errors_of_other_constructors() -> None:
    missing = MissingExtraError("ray", "many machines")
    _same(pickle.loads(pickle.dumps(missing)), missing)
    partial = PartialFailure([missing, DamagedSourceError("b", source="x", page=1)], total=3)
    again = pickle.loads(pickle.dumps(partial))
    _same(again, partial)
    assert again.total == 3
    for there, back in zip(partial.failures, again.failures, strict=True):
        _same(back, there)


def test_copies_are_equal_and_apart() -> None:
    error = DamagedSourceError("b", source="x", page=1)
    again = copy.copy(error)
    _same(again, error)
    again.source = "y"
    assert error.source == "x"


def test_an_error_of_another_process_arrives_whole() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool, pytest.raises(DependencyError) as caught:
        pool.submit(data_folder, "nowhere").result()
    assert (caught.value.exit_code, caught.value.remedy) == (5, "install the package again")
