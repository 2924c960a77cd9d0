from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ocr_pipeline.evaluation.measurement import LayoutScores, TableScores, write_measurement
from ocr_pipeline.evaluation.page_net.measures import Counts
from ocr_pipeline.evaluation.plots.__main__ import main
from ocr_pipeline.evaluation.plots.bars import Bar, Group, Key, Part, bar_plot
from ocr_pipeline.evaluation.result import DocumentScore, FieldCounts, summarize
from ocr_pipeline.evaluation.teds import TableSimilarity

SVG = "{http://www.w3.org/2000/svg}"


def _document(profile: str, part: str = "report", **counts: int) -> DocumentScore:
    return DocumentScore(file=profile, part=part, profile=profile, form="A", fields=FieldCounts(**counts))


def _texts(path: Path) -> list[str]:
    return [element.text or "" for element in ElementTree.parse(path).iter(f"{SVG}text")]


def _bars(path: Path) -> list[tuple[str, float]]:
    """Colour and width of the bars; the squares of the legend and the ground are none."""
    rects = [element.attrib for element in ElementTree.parse(path).iter(f"{SVG}rect")]
    return [(r["fill"], float(r["width"])) for r in rects if r["height"] == "17"]


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """One measurement of each kind, the values in two files."""
    write_measurement(summarize([_document("scan", right=100), _document("fax", right=40)]), tmp_path / "first.json")
    write_measurement(summarize([_document("fax", right=40, flagged=10, absent=9, wrong=1)]), tmp_path / "second.json")
    tables = [("full", "ocr_pipeline", TableSimilarity(0.9, 0.95)), ("full", "SLANet-plus", TableSimilarity(0.7, 0.8))]
    write_measurement(TableScores.of(tables), tmp_path / "tables.json")
    counts = {
        ("tables", "CDLA alone", "all"): Counts(1, 2, 1, 2),
        ("tables", "handed out", "all"): Counts(2, 2, 2, 2),
        ("tables", "network's area", "all"): Counts(1, 2, 1, 2),
        ("headings", "handed out", "all"): Counts(3, 4, 3, 4),
        ("cells", "chosen", "all"): Counts(1, 1, 1, 1),
    }
    write_measurement(LayoutScores.of(counts), tmp_path / "measures.json")
    return tmp_path


def test_all_plots_are_drawn_from_saved_measurements(measured: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--values", str(measured / "first.json"), str(measured / "second.json")]
    files += ["--tables", str(measured / "tables.json"), "--layout", str(measured / "measures.json")]
    out = measured / "docs"
    assert main([*files, "--out", str(out)]) == 0
    assert capsys.readouterr().out.split() == [str(out / f"{name}.svg") for name in ("values", "tables", "layout")]
    values, tables, layout = (_texts(out / f"{name}.svg") for name in ("values", "tables", "layout"))
    assert "80.00 % of 100 right, 1 wrong" in values
    assert "100.00 % of 100 right, 0 wrong" in values
    assert values.index("fax") < values.index("scan")
    assert "0.900, structure 0.950" in tables
    assert [text for text in layout if text in ("100.0", "50.0", "75.0", "Tables", "Headings")] == [
        "Tables",
        "100.0",
        "50.0",
        "Headings",
        "75.0",
    ]


def test_bars_are_as_long_as_their_numbers(measured: Path) -> None:
    assert main(["--values", str(measured / "second.json"), "--out", str(measured)]) == 0
    widths = dict(_bars(measured / "values.svg"))
    assert widths["#56b4e9"] == pytest.approx(4 * widths["#e69f00"] * 40 / 40, rel=0.02)
    assert widths["#000000"] > 0
    assert len(widths) == 4


def test_what_there_is_at_all_is_seen_and_what_there_is_not_is_not() -> None:
    key = Key("#123456", "a thing")
    tiny = Bar((Part(key, 0.99999, 1.0), Part(Key("#654321", "nothing"), 0.5, 0.5)), "words")
    svg = bar_plot("A <title>", [Group("label", (tiny,))], "axis")
    root = ElementTree.fromstring(svg)
    shown = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == "#123456" and r.get("height") == "17"]
    assert [float(r.get("width", 0)) for r in shown] == [1.5]
    assert 'fill="#654321" x' not in svg
    assert re.search("A &lt;title&gt;", svg)


def test_a_long_legend_and_the_plot_keep_out_of_each_others_way() -> None:
    keys = [Key(f"#00000{n}", "what this colour stands for, at length") for n in range(4)]
    bars = tuple(Bar((Part(key, 0, 0.5),), "") for key in keys)
    root = ElementTree.fromstring(bar_plot("title", [Group("label", bars)], "axis"))
    rects = [r.attrib for r in root.iter(f"{SVG}rect")]
    legend = [float(r["y"]) for r in rects if r["height"] == "12"]
    plotted = [float(r["y"]) for r in rects if r["height"] == "17"]
    assert len(legend) == 4
    assert len(set(legend)) > 1
    assert max(legend) + 12 < min(plotted)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "nothing to draw"),
        (["--layout", "absent.json"], 3, "no such measurement"),
        (["--layout", "first.json"], 3, "no LayoutScores"),
    ],
)
def test_mistakes_are_said(
    measured: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(measured)
    assert main(arguments) == code
    assert words in capsys.readouterr().err
