"""The checks over a whole dataset, from saved reports to rows of findings."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from ocr_pipeline.dataset import build_dataset
from ocr_pipeline.dataset.panel import load_rules
from ocr_pipeline.document import Status
from tests.dataset.made_reports import Figures, drawn_figures, made_report, save

BODY = "松塘县财政局"
CARRIED = {"applications/4/total": 8, "applications/2/total": 3}


def panel(folder: Path) -> list[dict[str, Any]]:
    build_dataset(folder)
    with duckdb.connect(str(folder / "archive.duckdb"), read_only=True) as database:
        found = database.sql("SELECT * FROM findings WHERE scope = 'panel' ORDER BY position")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def codes(folder: Path) -> list[tuple[str, str, float | None]]:
    return [(row["code"], row["report"], row["difference"]) for row in panel(folder)]


def consistent(body: str, years: range) -> dict[int, dict[str, float]]:
    """All figures of a body's years on form B, each year going on where the one before ended."""
    figures: dict[int, dict[str, float]] = {}
    for year in years:
        figures[year] = drawn_figures(year)
        if year - 1 in figures:
            before = figures[year - 1]
            for field in list(figures[year]):
                if field.startswith("applications/2/"):
                    figures[year][field] = before[field.replace("/2/", "/4/")]
            for row in ("rules", "normative"):
                own = {name: f"proactive/{row}/{name}" for name in ("issued", "repealed", "in_force")}
                figures[year][own["repealed"]] = 0
                figures[year][own["in_force"]] = before[own["in_force"]] + figures[year][own["issued"]]
    return figures


def test_years_that_go_on_where_the_last_ended_give_nothing(tmp_path: Path) -> None:
    for year, figures in consistent(BODY, range(2018, 2024)).items():
        save(tmp_path, made_report(BODY, year, figures))
    assert panel(tmp_path) == []


def test_a_broken_year_is_found_with_both_reports(tmp_path: Path) -> None:
    all_years = consistent(BODY, range(2020, 2024))
    all_years[2022]["applications/2/natural"] += 5
    for year, figures in all_years.items():
        save(tmp_path, made_report(BODY, year, figures))
    (row,) = panel(tmp_path)
    assert (row["code"], row["report"], row["other_report"]) == ("carried-over", f"{BODY}2022.json", f"{BODY}2021.json")
    assert (row["fields"], row["other_fields"]) == (["applications/2/natural"], ["applications/4/natural"])
    assert (row["body"], row["year"], row["difference"]) == (BODY, 2022, -5)


def test_forms_of_two_versions_share_what_they_share(tmp_path: Path) -> None:
    save(tmp_path, made_report(BODY, 2020, {"applications/4/total": 8}, form="A"))
    save(tmp_path, made_report(BODY, 2021, {"applications/2/total": 7, "proactive/rules/in_force": 9}, form="B"))
    assert codes(tmp_path) == [("carried-over", f"{BODY}2021.json", 1)]


@pytest.mark.parametrize("status", [Status.BLANK, Status.MISSING, Status.CONFLICT])
def test_a_flagged_figure_gives_no_alarm(tmp_path: Path, status: Status) -> None:
    figures: Figures = {"applications/4/total": status}
    save(tmp_path, made_report(BODY, 2022, figures))
    save(tmp_path, made_report(BODY, 2023, CARRIED))
    assert panel(tmp_path) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((BODY, 2021), (BODY, 2023)),
        ((BODY, 2023), (BODY, 2022)),
        ((BODY, 2022), ("松塘县民政局", 2023)),
        ((BODY, None), (BODY, 2023)),
    ],
)
def test_only_consecutive_years_of_one_body_are_checked(
    tmp_path: Path, first: tuple[str, int | None], second: tuple[str, int | None]
) -> None:
    save(tmp_path, made_report(*first, CARRIED, source="one.pdf"))
    save(tmp_path, made_report(*second, CARRIED if first[1] != 2023 else {"applications/4/total": 3}, source="two.pdf"))
    assert panel(tmp_path) == []


def test_two_reports_of_one_year_are_compared_with_each_other(tmp_path: Path) -> None:
    save(tmp_path, made_report(BODY, 2022, {"applications/4/total": 8}))
    save(tmp_path, made_report(BODY, 2023, {"applications/2/total": 8, "applications/1/total": 4}, source="a.pdf"))
    save(tmp_path, made_report(BODY, 2023, {"applications/2/total": 9, "applications/1/total": 4}, source="b.pdf"))
    # Which of both is right is not known, so the years are not checked with either.
    assert codes(tmp_path) == [("same-year-differs", "b.json", None)]


def test_one_source_under_two_names_is_one_report(tmp_path: Path) -> None:
    report = made_report(BODY, 2023, CARRIED)
    save(tmp_path, report, "a.json")
    save(tmp_path, report, "b.json")
    assert panel(tmp_path) == []


def test_a_region_is_compared_with_its_bodies(tmp_path: Path) -> None:
    field = "applications/1/total"
    core = [words[0] for words in load_rules().bodies.core]
    for name in core:
        save(tmp_path, made_report(f"松塘县{name}局", 2023, {field: 2}))
    save(tmp_path, made_report("松塘县人民政府", 2023, {field: 2 * len(core) + 1}))
    save(tmp_path, made_report("松塘县人民政府", 2022, {field: 500}))
    save(tmp_path, made_report("柳泉县人民政府", 2023, {field: 500}))
    assert codes(tmp_path) == [("region-sum", "松塘县人民政府2023.json", 1)]


def test_a_region_of_which_little_is_there_is_a_remark(tmp_path: Path) -> None:
    field = "applications/1/total"
    save(tmp_path, made_report("松塘县人民政府", 2023, {field: 10}))
    save(tmp_path, made_report("松塘县民政局", 2023, {field: 4}))
    (row,) = panel(tmp_path)
    assert (row["code"], row["severity"]) == ("region-sum-incomplete", "info")
    save(tmp_path, made_report("松塘县民政局", 2023, {field: 5}, source="again.pdf"))
    # Two reports of one body: neither counts.
    assert [row["code"] for row in panel(tmp_path)] == ["same-year-differs"]


def test_names_that_differ_in_one_character_are_pointed_out(tmp_path: Path) -> None:
    save(tmp_path, made_report("松塘县教育局", 2022, {"applications/4/total": 8}))
    save(tmp_path, made_report("松溏县教育局", 2023, {"applications/2/total": 5}))
    save(tmp_path, made_report("松塘县第一中学", 2022, {}))
    save(tmp_path, made_report("松塘县第二中学", 2023, {}))
    (row,) = panel(tmp_path)
    assert (row["code"], row["severity"]) == ("body-similar", "info")
    assert "松塘县教育局" in row["message"]
    assert "松溏县教育局" in row["message"]
    save(tmp_path, made_report("松塘县教育局", 2023, {"applications/2/total": 8}))
    assert panel(tmp_path) == []


def test_findings_follow_when_a_report_changes(tmp_path: Path) -> None:
    save(tmp_path, made_report(BODY, 2022, {"applications/4/total": 8}))
    save(tmp_path, made_report(BODY, 2023, {"applications/2/total": 5}))
    assert len(panel(tmp_path)) == 1
    save(tmp_path, made_report(BODY, 2023, {"applications/2/total": 8}))
    assert panel(tmp_path) == []
