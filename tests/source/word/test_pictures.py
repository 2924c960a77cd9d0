"""Embedded pictures: which, where, and how they are shown."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ocr_pipeline.errors import LimitExceededError
from ocr_pipeline.flow import FlowPicture, FlowText
from ocr_pipeline.source import SourceOptions
from ocr_pipeline.source.word.docx import read_docx

Read = Callable[..., Any]
Png = Callable[..., bytes]


def _drawing(
    relation: str = 'r:embed="m0"', *, crop: str = "", shape: str = "", height: int = 3_000_000, frame: str = "inline"
) -> str:
    return (
        f'<w:r><w:drawing><wp:{frame}><wp:extent cx="3000000" cy="{height}"/><a:graphic><a:graphicData><pic:pic>'
        f"<pic:blipFill><a:blip {relation}/>{crop}</pic:blipFill><pic:spPr>{shape}</pic:spPr>"
        f"</pic:pic></a:graphicData></a:graphic></wp:{frame}></w:drawing></w:r>"
    )


def _p(*runs: str) -> str:
    return "<w:p>" + "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def _pixels(picture: FlowPicture) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(io.BytesIO(picture.data)).convert("RGB"))


def _red_corner(pixels: np.ndarray[Any, Any]) -> str:
    """Which quarter of the picture is red."""
    height, width = pixels.shape[:2]
    middle = {
        "top left": (0.25, 0.25),
        "top right": (0.25, 0.75),
        "bottom left": (0.75, 0.25),
        "bottom right": (0.75, 0.75),
    }
    red = [name for name, (y, x) in middle.items() if tuple(pixels[int(y * height), int(x * width)]) == (255, 0, 0)]
    assert len(red) == 1
    return red[0]


def test_the_file_is_handed_on_as_embedded_each_time_it_is_shown(read_body: Read, make_png: Png) -> None:
    data = make_png()
    blocks, findings = read_body(_p("前") + _p(_drawing()) + _p("中") + _p(_drawing()), media={"image1.png": data})
    assert [block.text if isinstance(block, FlowText) else block.name for block in blocks] == [
        "前", "picture 1 (image1.png)", "中", "picture 2 (image1.png)"]  # fmt: skip
    assert blocks[1].data == data
    assert blocks[3].data is blocks[1].data
    assert findings == ()


def test_order_within_a_paragraph(read_body: Read, make_png: Png) -> None:
    media = {"a.png": make_png()}
    kinds = lambda run: [type(b).__name__[4:] for b in read_body(_p("前", run, "后"), media=media)[0]]  # noqa: E731
    assert kinds(_drawing()) == ["Text", "Picture", "Text"]
    assert kinds(_drawing(height=200_000)) == ["Text", "Picture"]
    assert kinds(_drawing(frame="anchor")) == ["Text", "Picture"]


def test_crop(read_body: Read, make_png: Png) -> None:
    crop = '<a:srcRect l="50000" t="25000" r="0" b="0"/>'
    (picture,), _ = read_body(_p(_drawing(crop=crop)), media={"a.png": make_png(60, 40)})
    pixels = _pixels(picture)
    assert pixels.shape == (30, 30, 3)
    assert pixels.min() == 255


@pytest.mark.parametrize(
    "crop",
    [
        '<a:srcRect/>', '<a:srcRect l="-20000" t="-1000"/>', '<a:srcRect l="60000" r="60000"/>',
        '<a:srcRect l="150" b="40"/>', '<a:srcRect l="wide"/>',
    ],
)  # fmt: skip
def test_a_crop_that_takes_nothing_or_all_leaves_the_picture_whole(read_body: Read, make_png: Png, crop: str) -> None:
    (picture,), _ = read_body(_p(_drawing(crop=crop)), media={"a.png": make_png(60, 40)})
    assert _pixels(picture).shape == (40, 60, 3)


@pytest.mark.parametrize(
    ("shape", "corner", "size"),
    [
        ('<a:xfrm rot="5400000"/>', "top right", (60, 40)),
        ('<a:xfrm rot="10800000"/>', "bottom right", (40, 60)),
        ('<a:xfrm rot="-5400000"/>', "bottom left", (60, 40)),
        ('<a:xfrm flipH="1"/>', "top right", (40, 60)),
        ('<a:xfrm flipV="1"/>', "bottom left", (40, 60)),
        ('<a:xfrm rot="5400000" flipV="1"/>', "top left", (60, 40)),
        ('<a:xfrm rot="21600000"/>', "top left", (40, 60)),
    ],
)
def test_turns_and_mirrors(read_body: Read, make_png: Png, shape: str, corner: str, size: tuple[int, int]) -> None:
    (picture,), _ = read_body(_p(_drawing(shape=shape)), media={"a.png": make_png(60, 40)})
    pixels = _pixels(picture)
    assert (_red_corner(pixels), pixels.shape[:2]) == (corner, size)


def test_a_slight_turn_bares_white(read_body: Read, make_png: Png) -> None:
    (picture,), _ = read_body(_p(_drawing(shape='<a:xfrm rot="300000"/>')), media={"a.png": make_png(60, 40)})
    pixels = _pixels(picture)
    assert pixels.shape[0] > 40
    assert pixels.shape[1] > 60
    assert tuple(pixels[0, -1]) == (255, 255, 255)


def test_legacy_pictures(read_body: Read, make_png: Png) -> None:
    shape = (
        '<w:r><w:pict><v:shape style="width:90pt;height:60pt;rotation:90">'
        '<v:imagedata r:id="m0" cropleft="32768f"/></v:shape></w:pict></w:r>'
    )
    (picture,), _ = read_body(_p(shape), media={"a.png": make_png(60, 40)})
    assert _pixels(picture).shape == (30, 40, 3)


def test_a_picture_fills_a_shape_or_stands_in_a_text_box(read_body: Read, make_png: Png) -> None:
    filled = (
        '<w:r><w:drawing><wp:inline><wps:wsp><wps:spPr><a:xfrm rot="5400000"/><a:blipFill><a:blip r:embed="m0"/>'
        "</a:blipFill></wps:spPr></wps:wsp></wp:inline></w:drawing></w:r>"
    )
    boxed = (
        "<w:r><w:drawing><wp:anchor><wps:wsp><wps:txbx><w:txbxContent>"
        f"{_p(_drawing())}</w:txbxContent></wps:txbx></wps:wsp></wp:anchor></w:drawing></w:r>"
    )
    media = {"a.png": make_png(60, 40)}
    assert [_pixels(block).shape for block in read_body(_p(filled), media=media)[0]] == [(60, 40, 3)]
    assert [_pixels(block).shape for block in read_body(_p(boxed), media=media)[0]] == [(40, 60, 3)]


def test_of_alternatives_one_is_read_and_a_readable_one(read_body: Read, make_png: Png) -> None:
    chart = "<w:r><w:drawing><wp:inline><a:graphic><c:chart/></a:graphic></wp:inline></w:drawing></w:r>"
    fallback = '<w:r><w:pict><v:shape><v:imagedata r:id="m0"/></v:shape></w:pict></w:r>'
    both = "<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"
    media = {"a.png": make_png()}
    for first in (chart, _drawing()):
        blocks, findings = read_body(_p(both.format(first, fallback)), media=media)
        assert (len(blocks), findings) == (1, ())


def _gif() -> bytes:
    buffer = io.BytesIO()
    Image.new("P", (30, 20)).save(buffer, "GIF")
    return buffer.getvalue()


def test_a_gif_is_packed_anew(read_body: Read) -> None:
    (picture,), _ = read_body(_p(_drawing()), media={"a.gif": _gif()})
    assert picture.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("run", "media", "code", "words"),
    [
        (_drawing('r:link="l0"'), b"", "linked-picture", "http://example.invalid/a.png"),
        (_drawing('r:embed="none"'), b"", "missing-picture", "no file"),
        (_drawing(), b"\x01\x00\x00\x00" + bytes(40), "unreadable-picture", "EMF"),
        (_drawing(), b"\xd7\xcd\xc6\x9a" + bytes(40), "unreadable-picture", "WMF"),
        (_drawing(), b"", "unreadable-picture", "nothing"),
        (_drawing(shape='<a:xfrm rot="5400000"/>'), b"\x89PNG\r\n\x1a\nrest", "damaged-picture", "picture 1"),
        ("<w:r><w:drawing><c:chart/></w:drawing></w:r>", b"", "unreadable-picture", "a chart"),
    ],
)
def test_what_cannot_be_read_is_reported_and_the_rest_stays(
    read_body: Read, run: str, media: bytes, code: str, words: str
) -> None:
    blocks, findings = read_body(_p("前", run), media={"a.bin": media}, linked=["http://example.invalid/a.png"])
    assert blocks == [FlowText("前")]
    assert [finding.code for finding in findings] == [code]
    assert words in findings[0].message


def test_a_missing_file_is_reported(read_body: Read) -> None:
    blocks, findings = read_body(_p("前", _drawing()), media={"a.png": b"x"}, left_out=["word/media/a.png"])
    assert (blocks, [finding.code for finding in findings]) == ([FlowText("前")], ["missing-picture"])


def test_too_many_pictures(make_docx: Callable[..., bytes], make_png: Png) -> None:
    data = make_docx(_p(_drawing()) * 3, media={"a.png": make_png()})
    with pytest.raises(LimitExceededError, match=r"more than 2 pictures.*max_pictures"):
        read_docx(data, "r.docx", SourceOptions(max_pictures=2))


def test_a_picture_too_large_is_not_decoded_to_be_turned(make_docx: Callable[..., bytes], make_png: Png) -> None:
    data = make_docx(_p(_drawing(shape='<a:xfrm rot="5400000"/>')), media={"a.png": make_png(60, 40)})
    blocks, findings = read_docx(data, "r.docx", SourceOptions(max_image_pixels=1000))
    assert not blocks
    assert "max_image_pixels" in findings[0].message
