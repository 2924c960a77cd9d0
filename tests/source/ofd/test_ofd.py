"""OFD pages: where things are painted, which characters they carry, and what is refused."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFont

from ocr_pipeline.document import Severity
from ocr_pipeline.errors import (
    DamagedSourceError,
    EmptySourceError,
    EncryptedSourceError,
    LimitExceededError,
    SourceError,
)
from ocr_pipeline.evaluation.synthetic.ofd import ofd_bytes
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.resources import bundled_font
from ocr_pipeline.source import SourceOptions, open_source
from ocr_pipeline.source.ofd.faces import with_glyph_numbers
from ocr_pipeline.source.ofd.path_data import contours
from tests.source.ofd.conftest import document, entry, one_page, packed, page, resources

DPI = 254.0  # ten pixels a millimetre
LINE = (
    '<ofd:PathObject Boundary="10 20 40 10" LineWidth="1"><ofd:AbbreviatedData>M 0 5 L 40 5</ofd:AbbreviatedData>'
    "</ofd:PathObject>"
)
FILLED = (
    '<ofd:PathObject Boundary="10 10 20 10" Stroke="false" Fill="true"><ofd:FillColor Value="255 0 0"/>'
    "<ofd:AbbreviatedData>M 0 0 L 20 0 L 20 10 L 0 10 C</ofd:AbbreviatedData></ofd:PathObject>"
)


def text(code: str, attributes: str = "", inside: str = "") -> str:
    return f'<ofd:TextObject Boundary="10 10 60 10" Font="2" Size="8" {attributes}>{inside}{code}</ofd:TextObject>'


def code(content: str, steps: str = 'DeltaX="g 9 8"') -> str:
    return f'<ofd:TextCode X="0" Y="8" {steps}>{content}</ofd:TextCode>'


def rendered(data: bytes) -> NDArray[np.uint8]:
    with open_source(data) as source:
        return source.pages[0].render(DPI)


def ink(pixels: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(pixels.min(axis=2) < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def png(side: int, color: tuple[int, int, int] = (0, 0, 255)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), color).save(buffer, "PNG")
    return buffer.getvalue()


PICTURES = resources('<ofd:MultiMedias><ofd:MultiMedia ID="9" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile>'
                     "</ofd:MultiMedia></ofd:MultiMedias>")  # fmt: skip
COMMON = "<ofd:DocumentRes>Res.xml</ofd:DocumentRes>"
PICTURE = '<ofd:ImageObject ResourceID="9" Boundary="0 0 100 50" CTM="50 0 0 25 10 5"/>'


def test_the_size_is_in_points() -> None:
    with open_source(one_page(LINE)) as source:
        (only,) = source.pages
        assert (source.kind, only.unit, only.native_dpi) == ("ofd", "pt", None)
        assert (only.width, only.height) == pytest.approx((100 * 72 / 25.4, 50 * 72 / 25.4))
        assert only.render(DPI).shape == (500, 1000, 3)


def test_lines_stand_where_they_belong() -> None:
    assert ink(rendered(one_page(LINE))) == pytest.approx((95, 245, 505, 255), abs=1)


def test_areas_have_their_colour_and_later_ones_cover_earlier_ones() -> None:
    pixels = rendered(one_page(LINE.replace("10 20 40 10", "10 10 40 10") + FILLED))
    assert pixels[150, 200].tolist() == [255, 0, 0]
    assert pixels[150, 400].tolist() == [0, 0, 0]


@given(st.floats(-80, 80), st.floats(0.5, 2.0))
def test_a_matrix_moves_what_it_should(angle: float, scale: float) -> None:
    a, b = scale * math.cos(math.radians(angle)), scale * math.sin(math.radians(angle))
    turned = LINE.replace('LineWidth="1"', f'LineWidth="1" CTM="{a} {b} {-b} {a} 0 0"').replace("40 5", "10 5")
    turned = turned.replace("10 20 40 10", "50 25 1 1")
    x, y = 50 + 5 * a - 5 * b, 25 + 5 * b + 5 * a  # the middle of the line
    if 2 < x < 98 and 2 < y < 48:
        assert rendered(one_page(turned))[int(y * 10), int(x * 10)].max() < 128


def test_characters_stand_on_their_places_and_in_the_layer() -> None:
    data = one_page(text(code("口口 1", 'DeltaX="g 2 12 4"')))
    left, top, right, bottom = ink(rendered(data))
    assert left == pytest.approx(100, abs=15)
    assert 400 < right < 450
    assert 105 < top < bottom < 195
    with open_source(data) as source:
        layer = source.pages[0].text_layer()
    assert layer is not None
    assert layer.drawn
    assert [(char.text, char.gap) for char in layer.chars] == [("口", True), ("口", False), ("1", True)]
    lefts = [char.box.left * 25.4 / 72 for char in layer.chars]
    assert lefts == pytest.approx([10, 22, 38])


def test_steps_of_every_form_are_the_same() -> None:
    forms = ['DeltaX="8 8 8"', 'DeltaX="g 3 8"', 'DeltaX="8 g 2 8"', 'DeltaX="8"', ""]
    shown = [rendered(one_page(text(code("一口一口", steps)))) for steps in forms]
    assert all(np.array_equal(shown[0], other) for other in shown[1:])
    down = ink(rendered(one_page(text(code("口口", 'DeltaY="8"')).replace("10 10 60", "10 0 60"))))
    assert down[3] - down[1] > 130


@pytest.mark.parametrize(
    ("attributes", "inside"),
    [
        ('Alpha="0"', ""),
        ('Fill="false"', ""),
        ("", '<ofd:FillColor Value="0 0 0" Alpha="0"/>'),
        ('Visible="false"', ""),
    ],
)
def test_text_that_is_not_painted(attributes: str, inside: str) -> None:
    data = one_page(
        text(code("口"), attributes, inside) + PICTURE, common=COMMON, **{"Res.xml": PICTURES, "Res__a.png": png(500)}
    )
    with open_source(data) as source:
        layer = source.pages[0].text_layer()
        assert layer is None or [(c.text, c.visible) for c in layer.chars] == [("口", False)]
        assert (layer is None) == ("Visible" in attributes)
        assert not (source.pages[0].render(DPI) == 0).all(axis=2).any()


def test_a_picture_fills_its_place_and_gives_its_resolution() -> None:
    data = one_page(PICTURE, common=COMMON, **{"Res.xml": PICTURES, "Res__a.png": png(500)})
    pixels = rendered(data)
    blue = np.nonzero((pixels == (0, 0, 255)).all(axis=2))
    assert (blue[1].min(), blue[0].min(), blue[1].max(), blue[0].max()) == pytest.approx((100, 50, 599, 299), abs=1)
    with open_source(data) as source:
        assert source.pages[0].native_dpi is None  # a quarter of the page
        assert source.pages[0].text_layer() is None
    whole = one_page(PICTURE.replace("50 0 0 25 10 5", "100 0 0 50 0 0"), common=COMMON,
                            **{"Res.xml": PICTURES, "Res__a.png": png(500)})  # fmt: skip
    with open_source(whole) as source:
        assert source.pages[0].native_dpi == pytest.approx(500 / 50 * 25.4)
        assert source.pages[0].render_without_text(DPI) is None


def test_templates_lie_below_and_above() -> None:
    templates = '<ofd:TemplatePage ID="7" BaseLoc="T/Content.xml"/>'
    for order, color in (("Background", [255, 0, 0]), ("Foreground", [0, 0, 0])):
        files = {
            "OFD.xml": entry("Doc_0/Document.xml"),
            "Doc_0/Document.xml": document("P/Content.xml", common=templates),
            "Doc_0/P/Content.xml": page(FILLED, f'<ofd:Template TemplateID="7" ZOrder="{order}"/>'),
            "Doc_0/T/Content.xml": page(LINE.replace("10 20 40 10", "10 10 40 10")),
        }
        assert rendered(packed(files))[150, 200].tolist() == color


def test_composite_objects_and_inherited_drawing_parameters() -> None:
    body = (
        '<ofd:DrawParams><ofd:DrawParam ID="1" LineWidth="2"><ofd:StrokeColor Value="0 255 0"/></ofd:DrawParam>'
        '<ofd:DrawParam ID="2" Relative="1"/></ofd:DrawParams><ofd:CompositeGraphicUnits>'
        f'<ofd:CompositeGraphicUnit ID="5"><ofd:Content><ofd:PageBlock>{LINE.replace(" LineWidth=", " X=")}'
        "</ofd:PageBlock></ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    objects = '<ofd:CompositeObject ResourceID="5" Boundary="5 5 90 40" DrawParam="2"/>'
    pixels = rendered(one_page(objects, common=COMMON, **{"Res.xml": resources(body)}))
    assert pixels[300, 400].tolist() == [0, 255, 0]
    rows = np.nonzero(pixels[:, 400].min(axis=1) < 128)[0]
    assert len(rows) == pytest.approx(20, abs=2)


def test_pages_of_several_documents_follow_each_other() -> None:
    files: dict[str, str | bytes] = {"OFD.xml": entry("A/Document.xml", "/B/Document.xml")}
    for name, box in (("A", "0 0 10 20"), ("B", "0 0 30 40")):
        files[f"{name}/Document.xml"] = document("P.xml", "/" + name + "/P.xml", box=box)
        files[f"{name}/P.xml"] = page("")
    with open_source(packed(files)) as source:
        assert [round(p.width * 25.4 / 72) for p in source.pages] == [10, 10, 30, 30]
        assert [p.index for p in source.pages] == [0, 1, 2, 3]


def test_glyphs_by_number_are_drawn_whatever_character_is_claimed() -> None:
    program = bundled_font().read_bytes()
    numbered = with_glyph_numbers(program)
    assert numbered is not None
    six = next(n for n in range(1, 200) if _mask(numbered, chr(0xF0000 + n)) == _mask(program, "6"))
    fonts = resources('<ofd:Fonts><ofd:Font ID="2"><ofd:FontFile>f.otf</ofd:FontFile></ofd:Font></ofd:Fonts>')
    transform = f'<ofd:CGTransform CodePosition="0" GlyphCount="1"><ofd:Glyphs>{six}</ofd:Glyphs></ofd:CGTransform>'
    files: dict[str, str | bytes] = {"Res.xml": fonts, "Res__f.otf": program}
    lying = rendered(one_page(text(code("9"), inside=transform), common=COMMON, **files))
    honest = rendered(one_page(text(code("6")), common=COMMON, **files))
    assert np.array_equal(lying, honest)


def _mask(program: bytes, char: str) -> bytes:
    font = ImageFont.truetype(io.BytesIO(program), 32, layout_engine=ImageFont.Layout.BASIC)
    mask = font.getmask(char)
    return bytes(str(mask.size), "ascii") + bytes(mask)


@given(st.lists(st.sampled_from([*"SMLQBAC", "1", "-2.5", "1e9", "x", ""]), max_size=30))
def test_any_outline_is_read_or_left(tokens: list[str]) -> None:
    for outline in contours(" ".join(tokens)):
        assert len(outline) > 1
        assert all(math.isfinite(x) and math.isfinite(y) for x, y in outline)


def test_curves() -> None:
    (quarter,) = contours("M 10 0 A 10 10 0 0 1 0 10")
    assert all(math.hypot(x, y) == pytest.approx(10) for x, y in quarter)
    (curve,) = contours("M 0 0 B 0 10 10 10 10 0")
    assert curve[8] == pytest.approx((5, 7.5))
    assert curve[-1] == pytest.approx((10, 0))


@pytest.fixture(scope="module")
def report() -> SyntheticReport:
    return draw_report(7, content=ContentOptions(parts=("disputes",), prose=False))


def test_a_generated_report_has_its_text_and_its_ink_where_the_truth_says(report: SyntheticReport) -> None:
    truth = report.truth
    with open_source(ofd_bytes(report)) as source:
        assert len(source.pages) == len(truth.pages)
        first = truth.pages[0]
        pixels = source.pages[0].render(first.dpi)
        layer = source.pages[0].text_layer()
    assert pixels.shape[:2] == pytest.approx((first.height, first.width), abs=1)
    pieces = [p for t in truth.grids for c in t.cells for p in c.pieces if p.page == 0]
    lines = [line for piece in pieces for line in piece.lines]
    assert layer is not None
    said = "".join(char.text for char in layer.chars)
    assert said == "".join("".join(line.text for line in [*first.lines, *lines]).split())
    for line in lines:
        rows, columns = line.box.slices()
        assert pixels[rows, columns].min() < 160, line.text


def test_pages_as_pictures(report: SyntheticReport) -> None:
    with open_source(ofd_bytes(report, pictured=[0])) as source:
        first = source.pages[0]
        dpi = report.truth.pages[0].image_dpi
        assert first.native_dpi == pytest.approx(dpi, rel=0.01)
        shown = first.render(dpi).astype(float)
        assert np.abs(shown - report.pages[0]).mean() < 3


BROKEN: dict[str, tuple[bytes, type[SourceError], str]] = {
    "cut": (one_page(LINE)[:-40], DamagedSourceError, "table of contents"),
    "wrong xml": (packed({"OFD.xml": "<ofd:OFD>"}), DamagedSourceError, "OFD.xml is not well-formed"),
    "no document": (
        packed({"OFD.xml": entry("Doc_0/Document.xml")}),
        DamagedSourceError,
        "Doc_0/Document.xml is missing",
    ),
    "no resources": (one_page(LINE, common=COMMON), DamagedSourceError, "Res.xml is missing"),
    "no pages": (
        packed({"OFD.xml": entry("D.xml"), "D.xml": document()}),
        EmptySourceError,
        "no pages",
    ),
    "encrypted": (
        packed({"OFD.xml": entry("D.xml"), "Encryptions.xml": "<a/>"}),
        EncryptedSourceError,
        "encrypted for certain readers",
    ),
    "password": (
        one_page(LINE).replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
        EncryptedSourceError,
        "--password",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_opened_says_why(case: str) -> None:
    data, error, words = BROKEN[case]
    with pytest.raises(error, match=words):
        open_source(data)


def test_absurd_sizes() -> None:
    with pytest.raises(LimitExceededError, match="max_members"):
        open_source(one_page(LINE), options=SourceOptions(max_members=2))
    two = packed({"OFD.xml": entry("D.xml"), "D.xml": document("a", "b")})
    with pytest.raises(LimitExceededError, match="max_pages"):
        open_source(two, options=SourceOptions(max_pages=1))
    huge = packed({"OFD.xml": entry("D.xml"), "D.xml": document("P.xml", box="0 0 9000 9000"), "P.xml": page("")})
    with open_source(huge) as source, pytest.raises(LimitExceededError, match="max_page_points"):
        _ = source.pages[0].width
    bomb = one_page(PICTURE, common=COMMON, **{"Res.xml": PICTURES, "Res__a.png": png(500)})
    limits = SourceOptions(max_image_pixels=1000)
    with open_source(bomb, options=limits) as source, pytest.raises(LimitExceededError, match="250,000 pixels"):
        source.pages[0].render(DPI)


def test_a_broken_page_costs_only_itself() -> None:
    files = {
        "OFD.xml": entry("D.xml"),
        "D.xml": document("missing.xml", "bad.xml", "good.xml"),
        "bad.xml": "<a",
        "good.xml": page(LINE),
    }
    with open_source(packed(files)) as source:
        for index in (0, 1):
            with pytest.raises(DamagedSourceError) as caught:
                _ = source.pages[index].width
            assert caught.value.page == index
        assert source.pages[2].render(DPI).min() < 128


def test_a_picture_that_is_not_there_is_a_remark_and_a_broken_one_fails_its_page(tmp_path: Path) -> None:
    with open_source(one_page(PICTURE, common=COMMON, **{"Res.xml": PICTURES})) as source:
        assert [(f.code, f.severity) for f in source.findings] == [("absent-pictures", Severity.WARNING)]
    broken = one_page(PICTURE, common=COMMON, **{"Res.xml": PICTURES, "Res__a.png": b"\x97JB2\r\n\x1a\n"})
    with open_source(broken) as source, pytest.raises(DamagedSourceError, match="picture on the page"):
        source.pages[0].render(DPI)
    small = PICTURE.replace("50 0 0 25 10 5", "5 0 0 5 10 5")
    with open_source(one_page(small, common=COMMON, **{"Res.xml": PICTURES, "Res__a.png": b"x"})) as source:
        assert source.pages[0].render(DPI).min() == 255


def test_entities_are_not_resolved() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + entry("D.xml").replace("D.xml", "&x;")
    with pytest.raises(DamagedSourceError):
        open_source(packed({"OFD.xml": bomb}))
