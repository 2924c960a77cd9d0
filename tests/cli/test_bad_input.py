"""Bad input through the whole program: each kind its own message and exit code, and nothing left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.cli import main
from ocr_pipeline.evaluation.synthetic.fonts import FALLBACK, font_file
from tests.source.conftest import drawn_pdf, encrypted_pdf

BEFORE_ANY_MODEL: dict[str, tuple[str, Callable[[], bytes] | None, int, str]] = {
    "not there": ("nothing.pdf", None, 3, "no such file"),
    "no document": ("noise.pdf", lambda: np.random.default_rng(7).bytes(5_000), 3, "give a PDF, OFD or Word document"),
    "empty": ("empty.pdf", lambda: b"", 3, "empty"),
    "cut off": ("cut.pdf", lambda: drawn_pdf()[:120], 3, "cut off"),
    "encrypted": ("locked.pdf", lambda: encrypted_pdf(b"open"), 3, "--password"),
    "no pages": ("none.pdf", lambda: drawn_pdf(pages=0), 3, "no pages"),
    "absurd page": ("huge.pdf", lambda: drawn_pdf(size=(200_000, 300)), 3, "at most 5,000 are allowed"),
}


@pytest.mark.parametrize("case", list(BEFORE_ANY_MODEL))
def test_each_kind_has_its_message_and_its_code(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, content, code, words = BEFORE_ANY_MODEL[case]
    if content is not None:
        (tmp_path / name).write_bytes(content())
    assert main(["read", str(tmp_path / name), "--out", str(tmp_path / "out")]) == code
    _one_line(capsys, words)
    assert list((tmp_path / "out").iterdir()) == []


def test_the_messages_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages = set()
    for name, content, _, _ in BEFORE_ANY_MODEL.values():
        if content is not None:
            (tmp_path / name).write_bytes(content())
        main(["read", str(tmp_path / name), "--out", str(tmp_path / "out")])
        messages.add(capsys.readouterr().err.replace(str(tmp_path / name), "FILE"))
    assert len(messages) == len(BEFORE_ANY_MODEL)


@pytest.mark.slow
def test_a_picture_without_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _picture(tmp_path / "blank.png", "")
    assert main(["read", str(tmp_path / "blank.png"), "--out", str(tmp_path / "out")]) == 4
    _one_line(capsys, "no text")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.slow
def test_the_right_password_opens_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "locked.pdf").write_bytes(encrypted_pdf(b"open"))
    arguments = ["read", str(tmp_path / "locked.pdf"), "--out", str(tmp_path / "out"), "--password"]
    assert main([*arguments, "wrong"]) == 3
    _one_line(capsys, "--password")
    assert main([*arguments, "open"]) == 4  # it opens, and holds a rectangle but no text
    _one_line(capsys, "no text")


@pytest.mark.slow
def test_a_report_of_no_known_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _picture(tmp_path / "letter.png", "关于召开会议的通知")
    arguments = ["read", str(tmp_path / "letter.png"), "--out", str(tmp_path / "out"), "--format", "json", "-q"]
    assert main([*arguments, "--require-form"]) == 4
    _one_line(capsys, "no table matches a known form")
    assert list((tmp_path / "out").iterdir()) == []
    assert main(arguments) == 0
    assert (tmp_path / "out" / "letter.json").is_file()


def _one_line(capsys: pytest.CaptureFixture[str], words: str) -> None:
    output = capsys.readouterr()
    assert output.out == ""
    (line,) = output.err.splitlines()
    assert words in line


def _picture(path: Path, text: str) -> None:
    page = Image.fromarray(np.full((1100, 800, 3), 255, np.uint8))
    if text:
        font = ImageFont.truetype(str(font_file(FALLBACK).path), 44, index=font_file(FALLBACK).index)
        ImageDraw.Draw(page).text((120, 200), text, fill=(0, 0, 0), font=font)
    page.save(path, dpi=(100, 100))
