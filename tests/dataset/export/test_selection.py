import pytest

from ocr_pipeline.dataset.export import Selection, years_of
from ocr_pipeline.document import Status
from ocr_pipeline.errors import UsageError


@pytest.mark.parametrize(
    ("texts", "years"),
    [
        ([], ()),
        (["2023"], (2023,)),
        (["2021-2023"], (2021, 2022, 2023)),
        (["2019, 2021-2022", "2019"], (2019, 2021, 2022)),
    ],
)
def test_years_and_ranges(texts: list[str], years: tuple[int, ...]) -> None:
    assert years_of(texts) == years


@pytest.mark.parametrize("text", ["23", "2023-2021", "2021–2023", "", "2021-", "all"])
def test_what_is_no_year_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no year"):
        years_of([text])


def test_a_table_is_not_asked_for_columns_that_it_lacks() -> None:
    selection = Selection(bodies=("松塘县*",), fields=("a/*", "b"), statuses=(Status.READ,))
    where, parameters = selection.where("values")
    assert where == '("body" GLOB ?) AND ("id" GLOB ? OR "id" GLOB ?) AND ("status" = ?)'
    assert parameters == ["松塘县*", "a/*", "b", "read"]
    assert selection.where("documents") == ('("body" GLOB ?)', ["松塘县*"])
    assert Selection().where("values") == ("true", [])


def test_a_selection_can_be_read() -> None:
    selection = Selection(bodies=("松塘县*",), years=(2021, 2022), statuses=(Status.READ,))
    assert str(selection) == "body 松塘县*, year 2021 or 2022, status read"
    assert str(Selection()) == "everything"
