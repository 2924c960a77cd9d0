"""What every process that a batch starts does first."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from multiprocessing import connection, parent_process
from pathlib import Path

import psutil

__all__ = ["be_a_child"]


def be_a_child() -> None:
    """End with the parent process, and before it where memory runs out."""
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    # Where memory runs out, the system should take a child and not the process that keeps the ledger.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def _end_with_parent() -> None:
    """Nobody takes what this process finds when its parent is gone, so it ends, and with it whatever it started."""
    parent = parent_process()
    if parent is None:
        return
    connection.wait([parent.sentinel])
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            child.kill()
    os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
