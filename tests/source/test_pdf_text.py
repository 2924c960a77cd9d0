"""Characters of PDF pages: each stands where its ink is, however the page is turned, cropped or scaled."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ocr_pipeline.source import open_source
from ocr_pipeline.text_layer import UNKNOWN, TextLayer

Write = Callable[[dict[int, bytes]], bytes]

FIGURE = b"BT /F 20 Tf 40 100 Td (8) Tj ET"


@pytest.fixture
def text_pdf(make_pdf: Write) -> Callable[..., bytes]:
    """A page with one font; ``names`` is the inside of the table that names the font's characters."""

    def text_pdf(content: bytes, page: bytes = b"/MediaBox [0 0 200 300]", names: bytes | None = None) -> bytes:
        head = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> "
        to_unicode = b"" if names is None else b"/ToUnicode 6 0 R"
        objects = {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: head + page + b" >>",
            4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica " + to_unicode + b" >>",
        }
        if names is not None:
            objects[6] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(names), names)
        return make_pdf(objects)

    return text_pdf


def layer_of(data: bytes) -> TextLayer | None:
    with open_source(data) as source:
        return source.pages[0].text_layer()


def said(data: bytes) -> str:
    layer = layer_of(data)
    return "" if layer is None else "".join(char.text for char in layer.chars)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "boxes",
    [b"/MediaBox [0 0 200 300]", b"/MediaBox [-50 -20 250 300] /CropBox [20 60 170 250]"],
    ids=["whole", "crop"],
)
def test_a_character_stands_where_its_ink_is(text_pdf: Callable[..., bytes], turn: int, boxes: bytes) -> None:
    data = text_pdf(FIGURE, boxes + b" /Rotate %d" % turn)
    with open_source(data) as source:
        page = source.pages[0]
        [char] = page.text_layer().chars  # type: ignore[union-attr]
        ink = page.render(144).min(axis=2) < 128
    rows, columns = np.nonzero(ink)
    box = char.box.scaled(2)
    assert box.left - 1 <= columns.min() <= columns.max() <= box.right + 1
    assert box.top - 1 <= rows.min() <= rows.max() <= box.bottom + 1
    assert box.area < 12 * (np.ptp(rows) + 1) * (np.ptp(columns) + 1)


def test_a_page_without_characters_has_no_layer(text_pdf: Callable[..., bytes]) -> None:
    assert layer_of(text_pdf(b"0 0 40 20 re f")) is None


def test_characters_off_the_page_are_left_out(text_pdf: Callable[..., bytes]) -> None:
    assert said(text_pdf(FIGURE + b" BT /F 20 Tf 400 100 Td (9) Tj ET")) == "8"
    assert said(text_pdf(FIGURE, b"/MediaBox [0 0 200 300] /CropBox [100 0 200 300]")) == ""


def test_blanks_are_gaps_before_the_next_character(text_pdf: Callable[..., bytes]) -> None:
    layer = layer_of(text_pdf(b"BT /F 20 Tf 40 100 Td (a b) Tj ET"))
    assert layer is not None
    assert [(char.text, char.gap) for char in layer.chars] == [("a", False), ("b", True)]


def test_text_that_is_not_painted_is_known_as_such(text_pdf: Callable[..., bytes]) -> None:
    layer = layer_of(text_pdf(FIGURE + b" BT 3 Tr /F 20 Tf 40 200 Td (9) Tj ET"))
    assert layer is not None
    assert {char.text: char.visible for char in layer.chars} == {"8": True, "9": False}


@pytest.mark.parametrize(
    ("behind", "text"),
    [
        (b"/F 12 Tf 8 Ts (23) Tj", "8²³"), (b"/F 12 Tf -5 Ts (2) Tj", "8₂"),
        (b"/F 12 Tf 8 Ts (2) Tj /F 20 Tf 0 Ts (4) Tj", "8²4"),
        (b"(2) Tj", "82"), (b"/F 16 Tf (2) Tj", "82"), (b"8 Ts (2) Tj", "82"), (b"/F 12 Tf 40 Ts (2) Tj", "82"),
        (b"/F 12 Tf 30 8 Td (2) Tj", "82"), (b"/F 12 Tf 8 Ts (a2) Tj", "8a2"),
    ],
)  # fmt: skip
def test_a_small_digit_above_or_below_the_line_is_none_of_the_figure(
    text_pdf: Callable[..., bytes], behind: bytes, text: str
) -> None:
    assert said(text_pdf(FIGURE.replace(b"ET", behind + b" ET"))) == text


@pytest.mark.parametrize(
    ("name", "text"), [(b"0038", "8"), (b"0036", "6"), (b"E008", UNKNOWN), (b"FFFE", UNKNOWN), (b"2F00", "一")]
)
def test_a_character_is_what_its_font_calls_it(text_pdf: Callable[..., bytes], name: bytes, text: str) -> None:
    names = b"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n1 beginbfchar\n<38> <%s>\nendbfchar" % name
    assert said(text_pdf(FIGURE, names=names)) == text


def test_only_a_page_without_a_covering_picture_is_drawn(
    text_pdf: Callable[..., bytes], make_scanned: Callable[..., bytes], make_jpeg: Callable[..., bytes]
) -> None:
    drawn = layer_of(text_pdf(FIGURE))
    assert drawn is not None
    assert drawn.drawn
    assert layer_of(make_scanned(make_jpeg())) is None


def test_a_drawn_page_is_rendered_without_its_text_again_and_again(text_pdf: Callable[..., bytes]) -> None:
    with open_source(text_pdf(b"0 0 40 20 re f " + FIGURE)) as source:
        page = source.pages[0]
        bare = page.render_without_text(144)
        whole = page.render(144)
        assert len(page.text_layer().chars) == 1  # type: ignore[union-attr]
    assert bare is not None
    assert bare.shape == whole.shape
    assert (bare[-40:, :80] == 0).all()
    assert (bare[:-40] == 255).all()
    assert (whole[:-40] == 0).any()


def test_a_scan_is_not_rendered_without_text(
    make_scanned: Callable[..., bytes], make_jpeg: Callable[..., bytes]
) -> None:
    with open_source(make_scanned(make_jpeg())) as source:
        assert source.pages[0].render_without_text(100) is None
