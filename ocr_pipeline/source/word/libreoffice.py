"""Turns old Word documents into DOCX with LibreOffice: a profile of its own, a time limit, no macros, no network."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from ocr_pipeline.errors import DamagedSourceError, DependencyError, LimitExceededError

__all__ = ["INSTALL_LIBREOFFICE", "convert_to_docx", "find_libreoffice"]

INSTALL_LIBREOFFICE = (
    "install LibreOffice Writer (Debian, Ubuntu: apt-get install libreoffice-writer), or save the file as DOCX"
)
"""What to do where there is none."""

_PROGRAMS = ("soffice", "libreoffice")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}
</oor:items>
"""
_SETTING = (
    '<item oor:path="/org.openoffice.Office.Common/Security/Scripting">'
    '<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)
_SAFE = (
    ("MacroSecurityLevel", "3"),
    ("DisableMacrosExecution", "true"),
    ("DisableActiveContent", "true"),
    ("BlockUntrustedRefererLinks", "true"),
)


def find_libreoffice() -> str | None:
    """The program as found on the path; None where there is none."""
    return next((found for found in map(shutil.which, _PROGRAMS) if found), None)


def convert_to_docx(data: bytes, suffix: str, source: str, seconds: float) -> bytes:
    """The document as DOCX.

    Args:
        data: the whole file.
        suffix: with its dot; LibreOffice looks at it beside the content.
        source: what to call it in messages.
        seconds: time limit.

    Raises:
        DependencyError: LibreOffice, or its Writer, is not installed.
        LimitExceededError: it takes too long.
        DamagedSourceError: LibreOffice cannot read the document.
    """
    program = find_libreoffice()
    if program is None:
        raise DependencyError(
            "reading this kind of document needs LibreOffice", remedy=INSTALL_LIBREOFFICE, source=source
        )
    with tempfile.TemporaryDirectory(prefix="ocr-pipeline-", ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        # A name of its own: that of the document may be one that a command line takes for an option.
        given = work / f"document{suffix}"
        given.write_bytes(data)
        _write_profile(work / "profile")
        _run(_command(program, work, given), work, source, seconds)
        made = work / "out" / "document.docx"
        if made.is_file() and made.stat().st_size:
            return made.read_bytes()
    _check_writer(program, source)
    raise DamagedSourceError(
        "LibreOffice cannot read the document: it is cut off or corrupt",
        remedy="fetch the file again, or open it in Word and save it as DOCX",
        source=source,
    )


def _write_profile(profile: Path) -> None:
    items = "\n".join(_SETTING.format(name=name, value=value) for name, value in _SAFE)
    user = profile / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(items=items), encoding="utf-8")


def _command(program: str, work: Path, given: Path) -> list[str]:
    switches = ["--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
    profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
    return [program, profile, *switches, "--convert-to", "docx", "--outdir", str(work / "out"), str(given)]


def _run(command: list[str], work: Path, source: str, seconds: float) -> None:
    # A session of its own, since the program is a script that starts the real one: both have to go at the limit.
    process = subprocess.Popen(
        command,
        cwd=work,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise LimitExceededError(
            f"LibreOffice did not finish within {seconds:g} seconds",
            remedy="save the file as DOCX, or raise source.office_seconds",
            source=source,
        ) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program with all that it started, also where it has ended and left something behind."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _check_writer(program: str, source: str) -> None:
    """LibreOffice can be installed without its word processor, and says nothing about it."""
    folder = Path(program).resolve().parent
    if (folder / "bootstraprc").is_file() and not (folder / "libswlo.so").is_file():
        raise DependencyError("LibreOffice is installed without Writer", remedy=INSTALL_LIBREOFFICE, source=source)
