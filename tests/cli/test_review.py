from __future__ import annotations

import builtins
import contextlib
import io
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.cli import main
from ocr_pipeline.cli.review import TOKEN_VARIABLE

uvicorn = pytest.importorskip("uvicorn", reason="the extra 'review' is not installed")


class Caught:
    """What would have been served."""

    app: Any = None
    sockets: Any = None


@pytest.fixture
def caught(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Caught]]:
    """The server that does not serve: the application is looked at instead."""

    class Server:
        def __init__(self, config: Any) -> None:
            Caught.app = config.app

        def run(self, sockets: Any) -> None:
            Caught.sockets = sockets
            for listener in sockets:
                listener.close()
            Caught.app.state.desk.close()

    monkeypatch.setattr(uvicorn, "Server", Server)
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    yield Caught
    Caught.app = None


def _needs_token(caught: type[Caught]) -> bool:
    return bool(caught.app.state.keeper.needs_token)


def test_it_listens_to_this_machine_without_a_token(
    caught: type[Caught], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", str(tmp_path), "--port", "0"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("http://127.0.0.1:")
    assert "token" not in said.err
    assert not _needs_token(caught)


def test_answers_are_not_held_back(caught: type[Caught], tmp_path: Path) -> None:
    assert main(["review", str(tmp_path), "--port", "0", "-q"]) == 0
    (listener,) = caught.sockets
    assert listener.proto == socket.IPPROTO_TCP


def test_for_others_it_makes_up_a_token_and_prints_it(
    caught: type[Caught], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", str(tmp_path), "--port", "0", "--host", "0.0.0.0"]) == 0  # noqa: S104 - what it is about
    said = capsys.readouterr()
    token = said.err.split("token: ")[1].split()[0]
    assert len(token) >= 24
    assert token not in said.out
    assert caught.app.state.keeper.knows(token)


def test_a_token_of_ones_own_comes_from_the_environment(
    caught: type[Caught], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "a token of my very own")
    assert main(["review", str(tmp_path), "--port", "0", "--host", "0.0.0.0"]) == 0  # noqa: S104
    assert "my very own" not in "".join(capsys.readouterr())
    assert caught.app.state.keeper.knows("a token of my very own")
    monkeypatch.setenv(TOKEN_VARIABLE, "short")
    assert main(["review", str(tmp_path)]) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{}/nowhere"], 3, "no such folder"),
        (["{}", "--port", "70000"], 2, "65535"),
        (["{}", "--host", "192.0.2.1", "--port", "0"], 2, "--host"),
        (["{}", "--limit", "no_such=1"], 2, "max_upload_bytes"),
        (["{}", "--limit", "max_upload_bytes=1"], 2, "greater than"),
        (["{}", "--set", "text.no=1"], 2, "text.no"),
    ],
)
def test_what_cannot_be_served_is_said_at_once(
    caught: type[Caught],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    assert main(["review", *[part.format(tmp_path) for part in arguments]]) == code
    assert words in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(caught: type[Caught], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        assert main(["review", str(tmp_path), "--port", port]) == 2
    assert "--port" in capsys.readouterr().err


def test_without_the_extra_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "fastapi":
            raise ImportError("no fastapi", name="fastapi")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert main(["review", str(tmp_path)]) == 5
    assert "pip install 'ocr-pipeline[review]'" in capsys.readouterr().err


def test_limits_and_uploads_reach_the_server(caught: type[Caught], tmp_path: Path) -> None:
    arguments = ["review", str(tmp_path), "--port", "0", "-q", "--no-uploads", "--limit", "max_upload_bytes=4096"]
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(arguments) == 0
    assert caught.app.state.desk.options.max_upload_bytes == 4096
    assert caught.app.state.desk.jobs is None
