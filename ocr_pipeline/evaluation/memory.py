"""How much memory a process needs, counted from the outside: models, arenas and all."""

from __future__ import annotations

import re
import sys
from pathlib import Path

__all__ = ["peak_memory_mb"]

_STATUS = Path("/proc/self/status")


def peak_memory_mb() -> float | None:
    """Most memory this process ever held (resident), in 10^6 bytes; None where the system does not tell."""
    # On Linux the figure of getrusage survives exec: a child would report the peak of the parent that started it.
    if _STATUS.is_file() and (peak := re.search(r"^VmHWM:\s+(\d+) kB$", _STATUS.read_text(), re.MULTILINE)):
        return int(peak[1]) * 1024 / 1e6
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1e6 if sys.platform == "darwin" else used * 1024 / 1e6
