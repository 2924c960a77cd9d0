"""Web pages in one file."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from ocr_pipeline.errors import DamagedSourceError, EmptySourceError
from ocr_pipeline.flow import FlowBlock, FlowPicture, FlowText
from ocr_pipeline.source import open_source
from tests.source.web.test_html import picture

BODY = "<html><head><meta charset=gb2312></head><body><p>政务公开年报</p>{}</body></html>"


def mht(images: str = "", *, html: str = BODY, last: bool = False) -> bytes:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "http://a.cn/zw/report.html"
    message["MIME-Version"] = "1.0"
    message.make_related()
    parts = [_page(html.format(images)), _picture()]
    for part in reversed(parts) if last else parts:
        message.attach(part)
    return message.as_bytes()


def _page(html: str) -> EmailMessage:
    part = EmailMessage()
    part.set_content(html.encode("gb18030"), "text", "html", cte="quoted-printable", params={"charset": "gb2312"})
    part["Content-Location"] = "http://a.cn/zw/report.html"
    return part


def _picture() -> EmailMessage:
    part = EmailMessage()
    part.set_content(picture(70), "image", "png", cte="base64")
    part["Content-Location"] = "http://a.cn/img/table.png"
    part["Content-ID"] = "<pic@a>"
    return part


def _flow(data: bytes) -> tuple[FlowBlock, ...]:
    with open_source(data) as source:
        assert source.kind == "mht"
        return source.flow or ()


@pytest.mark.parametrize("source", ["http://a.cn/img/table.png", "../img/table.png", "cid:pic@a", "/img/table%2Epng"])
def test_pictures_are_found_by_address_and_by_identifier(source: str) -> None:
    blocks = _flow(mht(f'<img src="{source}">'))
    assert [block.text for block in blocks if isinstance(block, FlowText)] == ["政务公开年报"]
    assert [block.data for block in blocks if isinstance(block, FlowPicture)] == [picture(70)]


def test_a_page_saved_as_a_single_message() -> None:
    part = _page(BODY.format(""))
    assert _flow(part.as_bytes()) == (FlowText("政务公开年报"),)


def test_a_frame_gives_way_to_what_it_frames() -> None:
    message = EmailMessage()
    message["MIME-Version"] = "1.0"
    message.make_related()
    for html in ("<html><frameset><frame src=a></frameset></html>", BODY.format("")):
        message.attach(_page(html))
    assert _flow(message.as_bytes()) == (FlowText("政务公开年报"),)


def test_cut_off_after_the_page_is_a_remark() -> None:
    data = mht('<img src="cid:pic@a">')
    with open_source(data[: data.index(b"image/png") + 150]) as source:
        assert "cut-off-source" in [finding.code for finding in source.findings]
        assert [block.text for block in source.flow or () if isinstance(block, FlowText)] == ["政务公开年报"]


def test_cut_off_within_the_page_is_an_error() -> None:
    data = mht(last=True)
    with pytest.raises(DamagedSourceError, match="cut off within the page"):
        open_source(data[: data.index(b"text/html") + 200])


def test_a_message_without_a_page_is_an_error() -> None:
    data = mht().replace(b"Content-Type: text/html", b"Content-Type: text/nothing")
    with pytest.raises(DamagedSourceError, match="no web page"):
        open_source(data)


def test_a_page_that_shows_nothing_is_an_error() -> None:
    with pytest.raises(EmptySourceError):
        open_source(mht(html="<html><body>{}</body></html>"))
