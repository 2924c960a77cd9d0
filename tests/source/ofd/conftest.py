"""Small OFD files written by hand, so that each test can say exactly what is wrong with one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def entry(*roots: str) -> str:
    bodies = "".join(f"<ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>" for root in roots)
    return f"<ofd:OFD {SPACE}>{bodies}</ofd:OFD>"


def document(*pages: str, common: str = "", box: str = "0 0 100 50") -> str:
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="{page}"/>' for n, page in enumerate(pages))
    return (
        f"<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea>"
        f"{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    )


def page(objects: str, before: str = "") -> str:
    return f"<ofd:Page {SPACE}>{before}<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"


def resources(body: str) -> str:
    return f'<ofd:Res {SPACE} BaseLoc="Res">{body}</ofd:Res>'


def packed(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def one_page(objects: str, *, common: str = "", **more: str | bytes) -> bytes:
    """A page of 100 x 50 mm; more files by their name below ``Doc_0``, with two underscores for a slash."""
    files: dict[str, str | bytes] = {
        "OFD.xml": entry("Doc_0/Document.xml"),
        "Doc_0/Document.xml": document("P/Content.xml", common=common),
        "Doc_0/P/Content.xml": page(objects),
    }
    files.update({f"Doc_0/{name.replace('__', '/')}": content for name, content in more.items()})
    return packed(files)
