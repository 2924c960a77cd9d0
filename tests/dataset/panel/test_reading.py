from itertools import permutations

import pytest

from ocr_pipeline.dataset.panel import ReadYears
from ocr_pipeline.report import Report
from tests.dataset.made_reports import made_report

BODY = "松塘县财政局"
YEARS = [
    made_report(BODY, 2021, {"applications/4/total": 8}),
    made_report(BODY, 2022, {"applications/2/total": 8, "applications/4/total": 3}),
    made_report(BODY, 2023, {"applications/2/total": 5}),
]


@pytest.mark.parametrize("reports", permutations(YEARS))
def test_years_are_checked_in_whatever_order_they_were_read(reports: tuple[Report, ...]) -> None:
    years = ReadYears()
    for report in reports:
        years.add(report)
    (finding,) = years.findings()
    assert (finding.code, finding.difference) == ("carried-over", -2)
    assert (finding.key.document, finding.other_report) == (f"{BODY}2023.pdf", f"{BODY}2022.pdf")


def test_reports_of_nobody_knows_whom_are_not_checked() -> None:
    years = ReadYears()
    for year in (2022, 2023):
        years.add(
            made_report(None, year, {"applications/2/total": year, "applications/4/total": 0}, source=f"{year}.pdf")
        )
    assert years.findings() == ()


def test_one_report_has_no_other_year() -> None:
    years = ReadYears()
    years.add(YEARS[0])
    assert years.findings() == ()
