from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from layoutparser.elements import Layout, Rectangle, TextBlock

from ocr_pipeline.document import Region, RegionKind
from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout import DetectorOptions, LayoutOptions, beside_headings, detect_regions, with_tables
from ocr_pipeline.layout.options import DEFAULT_OPTIONS
from ocr_pipeline.layout.seals import find_seals, without_seal_ink

WHITE = np.full((2339, 1654), 255, np.uint8)


@dataclass
class FixedDetector:
    """Sees the same on every page."""

    blocks: list[tuple[str | int, float | None, tuple[float, float, float, float]]]

    def detect(self, image: np.ndarray) -> Layout:
        return Layout([TextBlock(Rectangle(*box), type=label, score=score) for label, score, box in self.blocks])


def _kinds(make, blocks, tables=(), options=DEFAULT_OPTIONS, color=None):
    page = make["image"](WHITE, color=color)
    return [(r.kind, r.box) for r in detect_regions(page, FixedDetector(blocks), tables=tables, options=options)]


def test_known_tables_win(make) -> None:
    table = Box(200, 500, 1400, 1500)
    blocks = [
        ("figure", 0.9, (195, 490, 1410, 1505)),
        ("table_caption", 0.9, (600, 510, 900, 550)),
        ("text", 0.9, (180, 480, 1420, 1900)),
        ("title", 0.8, (200, 300, 600, 340)),
    ]
    assert _kinds(make, blocks, [table]) == [
        (RegionKind.HEADING, Box(200, 300, 600, 340)),
        (RegionKind.TABLE, table),
    ]


def _framed(*boxes: Box) -> np.ndarray:
    """A page with the frames of tables on it."""
    gray = WHITE.copy()
    for box in boxes:
        cv2.rectangle(gray, (int(box.left), int(box.top)), (int(box.right) - 1, int(box.bottom) - 1), 0, 3)
    return gray


def _with_tables(make, seen, tables, gray=WHITE):
    regions = [Region(kind=kind, box=box, confidence=0.9) for kind, box in seen]
    return [(region.kind, region.box) for region in with_tables(make["image"](gray), regions, tables)]


def test_a_table_without_rulings_ends_where_the_detector_sees_it_end(make) -> None:
    area, heading = Box(300, 500, 1300, 900), Box(300, 440, 500, 470)
    seen = [(RegionKind.TABLE, area), (RegionKind.HEADING, heading)]
    assert _with_tables(make, seen, [Box(100, 505, 1500, 890)], _framed(area.expanded(-4))) == [
        (RegionKind.HEADING, heading),
        (RegionKind.TABLE, area.expanded(-2)),
    ]


def test_two_tables_that_were_found_as_one_are_two_regions(make) -> None:
    areas = [Box(300, 500, 1300, 900), Box(300, 1000, 1300, 1400)]
    seen = [(RegionKind.TABLE, area) for area in areas]
    found = _with_tables(make, seen, [Box(100, 505, 1500, 1390)], _framed(*areas))
    assert found == [(RegionKind.TABLE, area.expanded(2)) for area in areas]


def test_a_piece_that_is_ruled_is_part_of_the_table_about_it(make) -> None:
    piece, table = Region(kind=RegionKind.TABLE, box=Box(300, 500, 1300, 800)), Box(300, 480, 1300, 900)
    assert [r.box for r in with_tables(make["image"](WHITE), [piece], [table])] == [table]


def test_where_the_detector_sees_no_table_or_little_of_it_the_found_one_stands(make) -> None:
    found, elsewhere = Box(200, 500, 1400, 900), Box(200, 1500, 1400, 1900)
    seen = [(RegionKind.TABLE, Box(300, 520, 600, 640)), (RegionKind.FIGURE, Box(210, 510, 1390, 890))]
    seen += [(RegionKind.TABLE, elsewhere), (RegionKind.SEAL, Box(900, 700, 1200, 1000))]
    assert _with_tables(make, seen, [found]) == [
        (RegionKind.TABLE, found),
        (RegionKind.SEAL, Box(900, 700, 1200, 1000)),
        (RegionKind.TABLE, elsewhere),
    ]


def test_a_table_without_rulings_that_only_its_print_shows_ends_with_it(make) -> None:
    gray = WHITE.copy()
    gray[600:620, 300:1200] = gray[700:720, 300:1200] = 0
    assert _with_tables(make, [], [Box(-60, 560, 1700, 760)], gray) == [(RegionKind.TABLE, Box(300, 600, 1200, 720))]


def test_a_detectors_table_is_the_areas_inside_of_it(make) -> None:
    areas = [Box(300, 500, 1300, 900), Box(300, 950, 1300, 1400)]
    blocks = [("table", 0.9, (296, 496, 1304, 1404)), ("table", 0.8, (300, 1600, 1300, 1900))]
    found = detect_regions(make["image"](WHITE), FixedDetector(blocks), areas=areas)
    assert [region.box for region in found] == [*areas, Box(300, 1600, 1300, 1900)]


def test_of_two_opinions_the_surer_is_kept(make) -> None:
    blocks = [("figure_caption", 0.5, (272, 2081, 936, 2120)), ("title", 0.87, (274, 2081, 938, 2120))]
    assert _kinds(make, blocks) == [(RegionKind.HEADING, Box(274, 2081, 938, 2120))]


def test_doubtful_and_empty_boxes_are_dropped_and_others_clipped(make) -> None:
    blocks = [
        ("text", 0.1, (0, 0, 100, 100)),
        ("text", 0.9, (50, 50, 50, 90)),
        ("text", None, (-20, 10, 5000, 60)),
    ]
    assert _kinds(make, blocks) == [(RegionKind.TEXT, Box(0, 10, 1654, 60))]


def test_labels_of_another_model(make) -> None:
    labels = {"0": RegionKind.FIGURE, "Paragraph": RegionKind.TEXT, "stamp": None}
    options = LayoutOptions(detector=DetectorOptions(label_map=labels))
    blocks = [(0, 0.9, (0, 0, 100, 100)), ("paragraph", 0.9, (0, 200, 100, 300)), ("stamp", 0.9, (0, 400, 100, 500))]
    assert [kind for kind, _ in _kinds(make, blocks, options=options)] == [RegionKind.FIGURE, RegionKind.TEXT]


def test_an_unknown_label_is_refused(make) -> None:
    with pytest.raises(ConfigurationError, match=r"'stamp'.*label_map"):
        _kinds(make, [("stamp", 0.9, (0, 0, 100, 100))])


def _paper() -> np.ndarray:
    return np.full((2339, 1654, 3), 250, np.uint8)


def test_a_seal_is_found_also_over_print(make) -> None:
    color = _paper()
    for y in range(100, 2200, 60):
        cv2.putText(color, "0123456789" * 4, (150, y), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (20, 20, 20), 3)
    ink = _paper()
    cv2.circle(ink, (1000, 1500), 165, (210, 40, 50), 10)
    cv2.circle(ink, (1000, 1500), 40, (210, 40, 50), -1)
    color = np.minimum(color, ink)
    ((kind, box),) = _kinds(make, [("figure", 0.9, (830, 1330, 1170, 1670))], color=color)
    assert kind is RegionKind.SEAL
    assert box.iou(Box(830, 1330, 1170, 1670)) > 0.9


def test_a_detectors_seal_on_a_table_stays_unless_colour_shows_it(make) -> None:
    seal = ("seal", 0.9, (830, 1330, 1170, 1670))
    about = ("figure", 0.95, (820, 1320, 1180, 1700))
    table = Box(200, 1000, 1500, 2000)
    found = (RegionKind.SEAL, Box(830, 1330, 1170, 1670))
    assert _kinds(make, [seal], tables=[table]) == [(RegionKind.TABLE, table), found]
    assert _kinds(make, [seal, about]) == [found]
    assert _kinds(make, [seal], options=LayoutOptions(seals=False)) == []
    color = _paper()
    cv2.circle(color, (1000, 1500), 165, (210, 40, 50), 10)
    assert [kind for kind, _ in _kinds(make, [seal], color=color)] == [RegionKind.SEAL]


def test_red_letterheads_lines_and_blocks_are_no_seals() -> None:
    color = _paper()
    cv2.putText(color, "REPORT", (300, 300), cv2.FONT_HERSHEY_SIMPLEX, 6, (220, 20, 20), 20)
    cv2.rectangle(color, (200, 400), (1450, 410), (220, 20, 20), -1)
    cv2.rectangle(color, (300, 900), (700, 1300), (220, 20, 20), -1)
    cv2.rectangle(color, (900, 900), (1300, 1300), (220, 20, 20), 8)
    assert find_seals(color, 200.0) == []


def test_the_ink_of_seals_is_taken_off_and_the_print_under_it_stays(make) -> None:
    color = _paper()
    cv2.circle(color, (1000, 1500), 165, (235, 180, 180), 10)
    cv2.putText(color, "0123", (1100, 1520), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (40, 42, 40), 3)
    cv2.circle(color, (400, 600), 60, (235, 180, 180), 10)
    gray = np.asarray(cv2.cvtColor(color, cv2.COLOR_RGB2GRAY), np.uint8)
    page = make["image"](gray, color=color)
    bare = without_seal_ink(page, [Box(840, 1340, 1160, 1660)])
    left = bare[1300:1700, 800:1300]
    assert int(np.count_nonzero(left < 128)) > 0.8 * int(np.count_nonzero(gray[1300:1700, 800:1300] < 128))
    assert not np.any((left > 150) & (left < 240)), "nothing pale is left"
    assert np.array_equal(bare[:1000], gray[:1000])
    fax = make["image"](gray, color=np.repeat(gray[..., None], 3, axis=2))
    assert without_seal_ink(fax, [Box(840, 1340, 1160, 1660)]) is fax.gray


def test_rulings_that_run_over_a_heading_do_not_hide_it() -> None:
    first, second = Box(200, 300, 1400, 700), Box(200, 800, 1400, 1200)
    known = [Region(kind=RegionKind.TABLE, box=box) for box in (first, second)]
    between = Region(kind=RegionKind.HEADING, box=Box(300, 730, 900, 770))
    inside = Region(kind=RegionKind.HEADING, box=Box(300, 900, 900, 940))
    whole = Box.union_of((first, second))
    parts = beside_headings([whole], [*known, between, inside], 10)
    assert parts == [Box(200, 300, 1400, 720), Box(200, 780, 1400, 1200)]
    over = Box(200, 740, 1400, 1200)
    assert beside_headings([first, over], [*known, between], 10) == [first, Box(200, 780, 1400, 1200)]
    near = Box(200, 765, 1400, 1200)
    assert beside_headings([near], [*known, between], 10) == [near]
    assert beside_headings([whole], known, 10) == [whole]
