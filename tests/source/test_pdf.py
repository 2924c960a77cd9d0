"""PDFs: sizes, resolution, and every way to be broken."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ocr_pipeline.errors import (
    DamagedSourceError,
    EmptySourceError,
    EncryptedSourceError,
    LimitExceededError,
)
from ocr_pipeline.source import SourceOptions, open_source

Make = Callable[..., bytes]


def test_drawn_page_has_no_resolution_of_its_own(make_drawn: Make) -> None:
    with open_source(make_drawn()) as source:
        page = source.pages[1]
        assert (len(source.pages), page.index, page.unit) == (2, 1, "pt")
        assert (page.width, page.height, page.native_dpi) == (200, 300, None)
        raster = page.render(144)
    assert raster.shape == (600, 400, 3)
    assert raster[599, 0].tolist() == [0, 0, 0]
    assert raster[599 - 40, 0].tolist() == [255, 255, 255]


def test_what_was_filled_in_into_fields_is_seen(make_pdf: Make) -> None:
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /F 4 /P 3 0 R /DA (/F 20 Tf 0 g) /Rect [20 50 100 80]%s >>"
    )

    def page(entered: bytes) -> bytes:
        return make_pdf(
            {
                1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /DA (/F 12 Tf 0 g)"
                b" /DR << /Font << /F 4 0 R >> >> >> >>",
                2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Annots [5 0 R] >>",
                4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
                5: field % entered,
            }
        )

    def ink(data: bytes) -> int:
        with open_source(data) as source:
            return int(np.count_nonzero(source.pages[0].render(72)[20:50, 20:100].min(axis=2) < 128))

    assert ink(page(b" /V (456)")) > 50
    assert ink(page(b"")) == 0


def test_page_rotation_is_applied(make_drawn: Make) -> None:
    with open_source(make_drawn(entries=b"/Rotate 90")) as source:
        page = source.pages[0]
        assert (page.width, page.height) == (300, 200)
        raster = page.render(72)
    assert raster.shape == (200, 300, 3)
    # Turned clockwise, the mark in the lower left corner comes to the upper left, standing.
    assert (raster[:40, :20] == 0).all()
    assert (raster[45:, 25:] == 255).all()


@pytest.mark.parametrize("strips", [1, 3])
def test_resolution_of_a_scan_also_in_strips(make_scanned: Make, make_jpeg: Make, strips: int) -> None:
    data = make_scanned(make_jpeg(400, 600 // strips), strips=strips, pixels=(400, 600 // strips))
    with open_source(data) as source:
        page = source.pages[0]
        assert page.native_dpi == pytest.approx(200, abs=0.1)
        assert page.render(page.native_dpi).shape == (600, 400, 3)


def test_raster_stays_below_the_pixel_limit(make_drawn: Make) -> None:
    options = SourceOptions(max_raster_pixels=60_000)
    with open_source(make_drawn(), options=options) as source:
        raster = source.pages[0].render(600)
    assert raster.shape[0] * raster.shape[1] <= 61_000
    assert raster.shape[0] / raster.shape[1] == pytest.approx(1.5, abs=0.01)


def test_encrypted(make_encrypted: Make) -> None:
    right, wrong = "open sesame", "no"
    data = make_encrypted(right.encode())
    with pytest.raises(EncryptedSourceError, match="needs a password"):
        open_source(data)
    with pytest.raises(EncryptedSourceError, match="password is wrong"):
        open_source(data, password=wrong)
    with open_source(data, password=right) as source:
        assert (source.pages[0].render(72)[-20:, :40] == 0).all()


def test_no_pages(make_drawn: Make) -> None:
    with pytest.raises(EmptySourceError, match="no pages"):
        open_source(make_drawn(pages=0))


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_cut_off_inside_the_content(make_drawn: Make, share: float) -> None:
    data = make_drawn()
    with pytest.raises(DamagedSourceError, match="cut off"):
        open_source(data[: int(len(data) * share)], name="report.pdf")


def test_cut_off_after_the_content_is_a_warning(make_drawn: Make) -> None:
    data = make_drawn()
    with open_source(data[: data.rfind(b"startxref")]) as source:
        assert [finding.code for finding in source.findings] == ["cut-off-source"]
        assert [page.render(72).shape for page in source.pages] == [(300, 200, 3)] * 2


def test_cut_off_second_revision_is_not_taken_for_whole(make_drawn: Make) -> None:
    data = make_drawn() + b"4 0 obj\n<< /Type /Page /Parent 2 0 R /Cont"
    with pytest.raises(DamagedSourceError, match="cut off"):
        open_source(data)


def test_junk_after_the_end_does_not_matter(make_drawn: Make) -> None:
    with open_source(make_drawn() + b"\0" * 3000 + b"<script>") as source:
        assert source.findings == ()


def test_picture_cut_off_inside_a_whole_pdf(make_scanned: Make, make_jpeg: Make) -> None:
    jpeg = make_jpeg()
    with open_source(make_scanned(jpeg[: len(jpeg) // 2])) as source:
        with pytest.raises(DamagedSourceError, match="picture on the page is cut off") as caught:
            source.pages[0].render(200)
        assert caught.value.page == 0


def test_picture_without_end_mark_is_whole(make_scanned: Make, make_jpeg: Make) -> None:
    with open_source(make_scanned(make_jpeg()[:-2])) as source:
        assert source.pages[0].render(200).shape == (600, 400, 3)


def test_broken_page_leaves_the_others_alone(make_drawn: Make) -> None:
    data = make_drawn(pages=3).replace(b"[4 0 R 5 0 R 6 0 R]", b"[4 0 R 9 0 R 6 0 R]")
    with open_source(data, name="r.pdf") as source:
        assert source.pages[0].render(72).shape == (300, 200, 3)
        with pytest.raises(DamagedSourceError, match="page 2") as caught:
            source.pages[1].render(72)
        assert caught.value.page == 1
        assert source.pages[2].render(72).shape == (300, 200, 3)


def test_absurd_page_is_refused_before_rendering(make_drawn: Make) -> None:
    with open_source(make_drawn(size=(9000, 9000))) as source:
        with pytest.raises(LimitExceededError, match="9,000 x 9,000 points") as caught:
            source.pages[0].render(200)
        assert caught.value.page == 0


def test_picture_bomb_is_refused(make_bomb: Make) -> None:
    with (
        open_source(make_bomb(60_000)) as source,
        pytest.raises(LimitExceededError, match="3,600,000,000 pixels"),
    ):
        source.pages[0].render(10)


def test_too_many_pages(make_drawn: Make) -> None:
    with pytest.raises(LimitExceededError, match="3 pages, and at most 2"):
        open_source(make_drawn(pages=3), options=SourceOptions(max_pages=2))


def test_closed_twice_is_no_error(make_drawn: Make) -> None:
    source = open_source(make_drawn())
    source.close()
    source.close()
