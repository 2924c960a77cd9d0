"""The review server in a process of its own, as the command starts it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path


class ServerProcess:
    """``ocr-pipeline review`` over a folder, in a process of its own, on a port that it keeps when it starts again."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self._command = [sys.executable, "-m", "ocr_pipeline", "review", str(folder), "--port", str(self.port)]
        self._command += arguments
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, and wait until it can be reached."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("http://")

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal, and wait until it is gone."""
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait(timeout=20)
        assert self._process.stdout is not None
        self._process.stdout.close()


def free_port() -> int:
    """A port on which nobody listens at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
