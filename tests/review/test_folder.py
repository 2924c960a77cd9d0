from __future__ import annotations

from pathlib import Path

import pytest

from ocr_pipeline.review.folder import find_reports, page_picture, within


def _touch(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"{}")


def test_reports_of_read_and_of_batch_are_found(tmp_path: Path) -> None:
    _touch(tmp_path, "a.json", "b-1234/b.json", "documents/abc-b/report.json", "notes.txt")
    assert {found.path for found in find_reports(tmp_path)} == {
        "a.json",
        "b-1234/b.json",
        "documents/abc-b/report.json",
    }


@pytest.mark.parametrize(
    "name",
    [
        ".review/x.json",
        "corrections/x.json",
        "uploads/x.json",
        "dataset/x.json",
        "a.pages/x.json",
        "work/x.json",
        ".x.json",
    ],
)
def test_folders_of_other_things_are_left_out(tmp_path: Path, name: str) -> None:
    _touch(tmp_path, name)
    assert list(find_reports(tmp_path)) == []


def test_a_stamp_changes_with_the_file_and_the_key_does_not(tmp_path: Path) -> None:
    _touch(tmp_path, "a.json")
    (before,) = find_reports(tmp_path)
    (tmp_path / "a.json").write_bytes(b"{ }")
    (after,) = find_reports(tmp_path)
    assert before.key == after.key
    assert before.stamp != after.stamp


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    _touch(outside, "secret.json", "pages/001.png")
    _touch(inside, "a.json")
    (inside / "link.json").symlink_to(outside / "secret.json")
    (inside / "folder").symlink_to(outside, target_is_directory=True)
    (inside / "pages").symlink_to(outside / "pages", target_is_directory=True)
    assert [found.path for found in find_reports(inside)] == ["a.json"]
    assert page_picture(inside, "a.json", 0) is None
    assert within(inside, inside / ".." / "out" / "secret.json") is None
    assert within(inside, inside / "a.json") == (inside / "a.json").resolve()


def test_a_loop_of_links_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    within(tmp_path, tmp_path / "a")  # whatever it says, it says it
    _touch(tmp_path, "x.json")
    assert [found.path for found in find_reports(tmp_path)] == ["x.json"]


def test_page_pictures_beside_both_kinds_of_reports(tmp_path: Path) -> None:
    _touch(tmp_path, "a.json", "a.pages/002.webp", "documents/x/report.json", "documents/x/pages/001.png")
    assert page_picture(tmp_path, "a.json", 1) == tmp_path / "a.pages" / "002.webp"
    assert page_picture(tmp_path, "a.json", 0) is None
    assert page_picture(tmp_path, "documents/x/report.json", 0) == tmp_path / "documents" / "x" / "pages" / "001.png"
