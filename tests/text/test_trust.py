"""A page with one table and its text layer, right or wrong in every way that is met."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Cell, Line, PageImage, Place, Reading, Table
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.text.options import LayerOptions
from ocr_pipeline.text.trust import Heard, hear_layer
from ocr_pipeline.text_layer import LAYER_ENGINE, UNKNOWN, LayerChar, TextLayer

LABELS = ("行政许可的处理决定数量", "行政处罚的处理决定数量", "行政强制的处理决定数量", "行政事业性收费金额")
FIGURES = (("12", "0", "345"), ("0", "67", "0"), ("8", "0", "90"), ("0", "1", "0"))
PROSE = "全年共收到政府信息公开申请二十件，其中自然人申请十八件。"
SCALE = 200 / 72


def readings(text: str, probability: float = 0.98, **others: float) -> tuple[Reading, ...]:
    found = {text: probability, **{name.strip("_"): p for name, p in others.items()}}
    return tuple(Reading(text=t, log_prob=math.log(p), engine="ocr") for t, p in found.items() if t)


@dataclass
class Scene:
    """What the pixels were read as, and what the layer says; the same to begin with."""

    seen: dict[tuple[int, int], Cell] = field(default_factory=dict)
    told: dict[tuple[int, int], str] = field(default_factory=dict)
    line: str = PROSE
    told_line: str = PROSE
    drawn: bool = True
    visible: bool = True
    shift: float = 0.0

    def __post_init__(self) -> None:
        for row, label in enumerate(LABELS):
            for column, text in enumerate((label, *FIGURES[row])):
                self.told[row, column] = text
                self.see(row, column, text)

    def see(self, row: int, column: int, text: str, **changes: object) -> None:
        box = self.box(row, column)
        given = {"readings": readings(text) if column else (), "ink": True, "confidence": 0.99, **changes}
        self.seen[row, column] = Cell.model_validate(
            {"row": row, "column": column, "text": text, "places": (Place(page=0, box=box),), **given}
        )

    @staticmethod
    def box(row: int, column: int) -> Box:
        left = 100 if column == 0 else 500 + 100 * column
        return Box(left, 300 + 50 * row, 600 if column == 0 else left + 100, 350 + 50 * row)

    def heard(self, **options: object) -> Heard:
        table = Table(id="p0t0", rows=4, columns=4, cells=tuple(self.seen.values()), places=(Place(page=0, box=AREA),))
        line = Line(text=self.line, box=Box(100, 100, 100 + 30 * len(PROSE), 140))
        chars = self.set(self.told_line, Box(100, 100, 1000, 140), 30)
        for place, text in self.told.items():
            chars += self.set(text, self.box(*place).translated(self.shift, 0), 30)
        pixels = np.full((1000, 1100), 255, np.uint8)
        to_source = Transform.scaling(1 / SCALE)
        page = PageImage(0, np.dstack([pixels] * 3), pixels, 200, to_source, (1100 / SCALE, 1000 / SCALE))
        layer = TextLayer(tuple(chars), self.drawn)
        return hear_layer(layer, page, [line], [table], LayerOptions.model_validate(options))

    def set(self, text: str, box: Box, size: float) -> list[LayerChar]:
        size = min(size, box.width / max(1, len(text)))
        place = Box(box.left, box.top + 5, box.left + size, box.bottom - 5)
        return [LayerChar(c, place.translated(i * size, 0).scaled(1 / SCALE), self.visible) for i, c in enumerate(text)]


AREA = Box(100, 300, 900, 500)


def cell_of(heard: Heard, row: int, column: int) -> Cell:
    return next(c for c in heard.tables[0].cells if (c.row, c.column) == (row, column))


def witnesses(heard: Heard) -> dict[tuple[int, int], str]:
    return {(c.row, c.column): w.text for c in heard.tables[0].cells for w in c.witnesses if w.engine == LAYER_ENGINE}


def codes(heard: Heard) -> list[str]:
    return [finding.code for finding in heard.findings]


def test_a_layer_that_is_right_is_a_witness_of_every_figure() -> None:
    scene = Scene()
    heard = scene.heard()
    assert heard.agreement is not None
    assert (heard.agreement.words, heard.agreement.figures) == (1.0, 1.0)
    assert witnesses(heard) == {(r, c): FIGURES[r][c - 1] for r in range(4) for c in (1, 2, 3)}
    assert all(math.exp(w.log_prob) > 0.95 for c in heard.tables[0].cells for w in c.witnesses)
    assert not heard.findings


def test_no_layer_and_a_layer_that_is_not_wanted_change_nothing() -> None:
    for heard in (
        Scene().heard(use=False),
        hear_layer(None, PageImage(0, *(np.zeros((9, 9), np.uint8),) * 2, 200, Transform.identity(), (9, 9)), [], []),
    ):
        assert heard.agreement is None
        assert not heard.findings
    assert not witnesses(Scene().heard(use=False))


def digits_renamed(scene: Scene) -> None:
    turn = str.maketrans("0123456789", "3895217046")
    scene.told = {place: text.translate(turn) for place, text in scene.told.items()}


def shifted_by_a_cell(scene: Scene) -> None:
    scene.shift = 100


def private_characters(scene: Scene) -> None:
    scene.told = {place: "".join(chr(0xE000 + ord(c) % 256) for c in text) for place, text in scene.told.items()}


def unnamed_figures(scene: Scene) -> None:
    scene.told = {p: t if p[1] == 0 else UNKNOWN * len(t) for p, t in scene.told.items()}


def mojibake(scene: Scene) -> None:
    scene.told = {p: t.encode("gb18030").decode("latin-1") for p, t in scene.told.items()}
    scene.told_line = PROSE.encode("gb18030").decode("latin-1")


def other_text(scene: Scene) -> None:
    rows = {p: LABELS[(p[0] + 1) % 4] if p[1] == 0 else FIGURES[(p[0] + 1) % 4][p[1] - 1] for p in scene.told}
    scene.told = rows


@pytest.mark.parametrize("drawn", [True, False])
@pytest.mark.parametrize(
    "fault", [digits_renamed, shifted_by_a_cell, private_characters, unnamed_figures, mojibake, other_text]
)
def test_a_wrong_layer_is_left_out_and_said_to_be_wrong(fault: Callable[[Scene], None], drawn: bool) -> None:
    scene = Scene(drawn=drawn)
    fault(scene)
    heard = scene.heard()
    assert codes(heard) == ["text-layer-wrong"]
    assert heard.tables[0].cells == tuple(scene.seen.values())
    assert heard.lines[0].text == scene.line


def test_zeros_that_agree_prove_nothing() -> None:
    scene = Scene()
    for row, column in ((0, 1), (0, 3), (1, 2), (2, 1), (2, 3), (3, 2)):
        scene.told[row, column] = "0"
    heard = scene.heard()
    assert heard.agreement is not None
    assert heard.agreement.figures < 0.1
    assert not witnesses(heard)


def test_invisible_text_of_a_drawn_page_is_not_heard_and_over_a_scan_it_is() -> None:
    assert not witnesses(Scene(visible=False).heard())
    assert len(witnesses(Scene(visible=False, drawn=False).heard())) == 12


def test_one_figure_that_differs_is_a_finding_and_never_a_value() -> None:
    scene = Scene()
    scene.told[0, 3] = "346"
    heard = scene.heard()
    assert codes(heard) == ["text-layer-disagrees"]
    assert "'346'" in heard.findings[0].message
    box = heard.findings[0].box
    assert box is not None
    assert box.as_tuple() == pytest.approx(Scene.box(0, 3).scaled(1 / SCALE).as_tuple(), abs=0.01)
    cell = cell_of(heard, 0, 3)
    assert (cell.text, cell.readings) == ("345", scene.seen[0, 3].readings)
    assert witnesses(heard)[0, 3] == "346"


def test_text_where_the_page_shows_nothing_is_a_finding() -> None:
    scene = Scene()
    scene.see(3, 1, "", ink=False, readings=())
    heard = scene.heard(heard_agreement=0.8)
    assert codes(heard) == ["text-layer-disagrees"]
    assert cell_of(heard, 3, 1).text == ""


def test_a_doubtful_figure_is_settled_by_a_trusted_layer_among_its_own_readings() -> None:
    scene = Scene()
    scene.see(2, 1, "3", readings=readings("3", 0.5, _8=0.4), confidence=0.6)
    cell = cell_of(scene.heard(), 2, 1)
    assert cell.text == "8"
    assert cell.readings[0].text == "8"
    assert math.exp(cell.readings[0].log_prob) > 0.95
    assert cell.witnesses[-1].text == "8"


def test_a_doubtful_figure_takes_nothing_that_its_ink_was_not_read_as() -> None:
    scene = Scene()
    scene.see(2, 1, "3", readings=readings("3", 0.5, _6=0.4), confidence=0.6)
    heard = scene.heard()
    assert cell_of(heard, 2, 1).readings == scene.seen[2, 1].readings
    assert codes(heard) == ["text-layer-disagrees"]


def test_a_sure_figure_is_not_settled_against_its_reading() -> None:
    scene = Scene()
    scene.see(2, 1, "3", readings=readings("3", 0.95, _8=0.04))
    scene.see(0, 1, "12", readings=readings("12", 0.99))
    heard = scene.heard(trusted_agreement=0.5, heard_agreement=0.5)
    assert cell_of(heard, 2, 1).text == "3"
    assert cell_of(heard, 2, 1).readings == scene.seen[2, 1].readings


def test_a_layer_over_a_scan_settles_nothing_and_gives_no_words() -> None:
    scene = Scene(drawn=False, line=PROSE.replace("自", "白"))
    scene.see(2, 1, "3", readings=readings("3", 0.5, _8=0.4), confidence=0.6)
    heard = scene.heard()
    assert cell_of(heard, 2, 1).text == "3"
    assert heard.lines[0].text == scene.line


def test_a_trusted_layer_gives_the_exact_words() -> None:
    scene = Scene(line=PROSE.replace("，", ",").replace("自", "白"))
    scene.see(0, 0, "行政许可的处理决定数重")
    heard = scene.heard(trusted_agreement=0.95)
    assert heard.lines[0].text == PROSE
    assert cell_of(heard, 0, 0).text == LABELS[0]


def test_figures_within_words_stay_as_they_were_seen() -> None:
    scene = Scene(line=PROSE.replace("二十", "20"), told_line=PROSE.replace("二十", "26"))
    assert scene.heard(trusted_agreement=0.9).lines[0].text == scene.line


def test_a_line_that_the_layer_says_otherwise_stays_as_it_was_seen() -> None:
    scene = Scene(told_line="本报告由办公室编制")
    assert scene.heard(trusted_agreement=0.5, heard_agreement=0.5).lines[0].text == PROSE


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(1, 3)), st.text("0123456789/", max_size=3)))
def test_whatever_the_layer_says_a_sure_figure_keeps_its_reading(told: dict[tuple[int, int], str]) -> None:
    scene = Scene()
    scene.told.update(told)
    heard = scene.heard()
    for place, cell in scene.seen.items():
        after = cell_of(heard, *place)
        assert (after.text, after.readings) == (cell.text, cell.readings)
        for witness in after.witnesses:
            assert witness.text == scene.told[place]


@pytest.mark.parametrize(
    ("seen", "told", "text"), [("一", "—", "—"), ("_", "-", "-"), ("", "/", "/"), ("丨", "/", "/")]
)
def test_a_trusted_layer_knows_the_marks_for_no_value(seen: str, told: str, text: str) -> None:
    scene = Scene()
    scene.see(2, 2, seen, readings=())
    scene.told[2, 2] = told
    heard = scene.heard()
    assert cell_of(heard, 2, 2).text == text
    assert not heard.findings


def test_a_mark_is_no_reason_to_doubt_a_figure_in_silence() -> None:
    scene = Scene()
    scene.see(3, 2, "1")
    scene.told[3, 2] = "/"
    heard = scene.heard(heard_agreement=0.8, trusted_agreement=0.8)
    assert cell_of(heard, 3, 2).text == "1"
    assert witnesses(heard)[3, 2] == "/"
    assert codes(heard) == ["text-layer-disagrees"]
