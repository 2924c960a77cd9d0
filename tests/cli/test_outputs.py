"""Where results go: one place for each input, known before any work is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.cli.outputs import plan, prepare_folder, write_text
from ocr_pipeline.errors import OutputError

FORMATS = ["json", "xlsx"]
NAMES = st.sampled_from(["a.pdf", "A.pdf", "a.png", "b.pdf", "x/a.pdf", "y/a.pdf", "x/b.tiff", "./a.pdf"])


@given(st.lists(NAMES, min_size=1))
def test_no_two_results_share_a_place_and_no_input_is_left_out(names: list[str]) -> None:
    jobs = plan([Path(name) for name in names], Path("out"), FORMATS)
    places = [str(job.folder / job.stem).casefold() for job in jobs]
    assert len(set(places)) == len(places)
    assert len({job.name.casefold() for job in jobs}) == len(jobs)
    assert {str(job.source) for job in jobs} == {str(Path(name)) for name in names}


def test_a_stem_of_its_own_lies_directly_in_the_folder() -> None:
    (job,) = plan([Path("deep/report.pdf")], Path("out"), FORMATS)
    assert (job.folder, job.stem) == (Path("out"), "report")


def test_a_shared_stem_gets_the_same_folder_in_a_later_run() -> None:
    first = plan([Path("x/a.pdf"), Path("y/a.pdf")], Path("out"), FORMATS)
    later = plan([Path("y/a.pdf"), Path("x/a.pdf")], Path("out"), FORMATS)
    assert {job.source: job.folder for job in first} == {job.source: job.folder for job in later}
    assert all(job.folder.parent == Path("out") and job.folder.name.startswith("a-") for job in first)


def test_a_result_never_replaces_an_input(tmp_path: Path) -> None:
    source = tmp_path / "a.json"
    source.write_text("{}")
    with pytest.raises(OutputError, match="would replace an input"):
        plan([source], tmp_path, FORMATS)


def test_a_folder_that_can_be_written_stays_as_it_was(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "deep" / "out")
    assert list((tmp_path / "deep" / "out").iterdir()) == []


def test_a_file_where_the_folder_belongs_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="cannot write there"):
        prepare_folder(tmp_path / "out" / "deeper")


def test_a_folder_that_lets_nobody_write_is_an_error() -> None:
    if not Path("/proc/self").is_dir():
        pytest.skip("needs a file system on which even root cannot write")
    with pytest.raises(OutputError, match="cannot write there"):
        prepare_folder(Path("/proc/self"))


def test_text_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    write_text(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(file, "\ud800")
    assert file.read_text() == "old"
    with pytest.raises(OutputError):
        write_text(tmp_path / "no" / "folder.json", "new")
