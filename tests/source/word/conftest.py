"""Small DOCX files written by hand, so that each test says exactly what is in one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import pytest
from PIL import Image

from ocr_pipeline.document import Finding
from ocr_pipeline.flow import FlowBlock
from ocr_pipeline.source import SourceOptions
from ocr_pipeline.source.word.docx import read_docx

_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": _RELATIONSHIPS,
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)


def docx_bytes(
    body: str,
    *,
    parts: Mapping[str, str] | None = None,
    media: Mapping[str, bytes] | None = None,
    linked: Sequence[str] = (),
    left_out: Sequence[str] = (),
) -> bytes:
    """A DOCX of that body.

    ``parts`` are the contents of ``styles``, ``numbering``, ``footnotes`` and so on; ``media`` files get the relations
    m0, m1, ... in order, ``linked`` addresses l0, l1, ...
    """
    relations = []
    members: dict[str, bytes] = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _rels(
            [f'<Relationship Id="d" Type="{_RELATIONSHIPS}/officeDocument" Target="word/document.xml"/>']
        ),
        "word/document.xml": _root("document", f"<w:body>{body}<w:sectPr/></w:body>"),
    }
    for kind, content in (parts or {}).items():
        members[f"word/{kind}.xml"] = _root(kind, content)
        relations.append(f'<Relationship Id="{kind}" Type="{_RELATIONSHIPS}/{kind}" Target="{kind}.xml"/>')
    for number, (name, data) in enumerate((media or {}).items()):
        members[f"word/media/{name}"] = data
        relations.append(f'<Relationship Id="m{number}" Type="{_RELATIONSHIPS}/image" Target="media/{name}"/>')
    for number, address in enumerate(linked):
        relations.append(
            f'<Relationship Id="l{number}" Type="{_RELATIONSHIPS}/image" Target="{address}" TargetMode="External"/>'
        )
    members["word/_rels/document.xml.rels"] = _rels(relations)
    return zip_bytes({name: data for name, data in members.items() if name not in left_out})


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _root(kind: str, content: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{kind} {_NAMESPACES}>{content}</w:{kind}>'.encode()


def _rels(relations: Sequence[str]) -> bytes:
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{namespace}">{"".join(relations)}</Relationships>'.encode()


def png_bytes(width: int = 60, height: int = 40, corner: tuple[int, int, int] = (255, 0, 0)) -> bytes:
    """White with a coloured upper left quarter."""
    image = Image.new("RGB", (width, height), "white")
    image.paste(corner, (0, 0, width // 2, height // 2))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


Flow = tuple[Sequence[FlowBlock], tuple[Finding, ...]]


@pytest.fixture(scope="session")
def make_docx() -> Callable[..., bytes]:
    return docx_bytes


@pytest.fixture(scope="session")
def make_zip() -> Callable[[Mapping[str, bytes]], bytes]:
    return zip_bytes


@pytest.fixture(scope="session")
def make_png() -> Callable[..., bytes]:
    return png_bytes


@pytest.fixture(scope="session")
def read_body() -> Callable[..., Flow]:
    """Blocks and findings of a body written as XML; the arguments are those of ``docx_bytes``."""

    def read(body: str, **rest: object) -> Flow:
        return read_docx(docx_bytes(body, **rest), "r.docx", SourceOptions())  # type: ignore[arg-type]

    return read
