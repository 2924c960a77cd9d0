"""The same part twice: what both copies say stays good, what they differ on does not."""

from ocr_pipeline.document import Status, Value
from ocr_pipeline.templates.copies import Copy, against_copies


def value(field: str, number: float | None, status: Status = Status.READ) -> Value:
    raw = "" if number is None else str(number)
    return Value(id=field, value=number, raw=raw, status=status, confidence=0.9)


HERE = (value("a", 1), value("b", 2), value("c", 3), value("d", None, Status.MISSING))


def statuses(*copies: Copy) -> list[str]:
    values, _ = against_copies("part", HERE, copies)
    assert [v.value for v in values] == [v.value for v in HERE]
    return [v.status.value for v in values]


def test_a_copy_that_agrees_changes_nothing() -> None:
    copy = Copy(("t2",), (value("a", 1), value("b", None, Status.MISSING), value("d", 4)))
    assert against_copies("part", HERE, [copy])[0] == HERE


def test_a_copy_with_another_figure_leaves_only_what_it_confirms() -> None:
    copy = Copy(("t2", "t3"), (value("a", 1), value("b", 7), value("c", None, Status.MISSING)))
    assert statuses(copy) == ["read", "conflict", "conflict", "missing"]
    values, found = against_copies("part", HERE, [copy])
    assert [(f.table, f.fields) for f in found] == [("t2", ("b",)), ("t3", ("b",))]
    assert [e.detail for v in values for e in v.evidence] == [
        "the copy in t2, t3 reads '7'",
        "the copy in t2, t3 does not confirm it",
    ]


def test_a_figure_that_is_not_sure_contradicts_nobody() -> None:
    assert statuses(Copy(("t2",), (value("b", 7, Status.CONFLICT),))) == ["read", "read", "read", "missing"]


def test_each_of_several_copies_counts() -> None:
    copies = [Copy(("t2",), (value("a", 1), value("b", 7))), Copy(("t3",), (value("a", 9), value("c", 3)))]
    assert statuses(*copies) == ["conflict", "conflict", "conflict", "missing"]


def test_a_copy_that_prints_mostly_other_figures_is_another_table_even_if_none_is_good() -> None:
    other = [value(field, 10.0 + n, Status.CONFLICT) for n, field in enumerate("abc")]
    assert statuses(Copy(("t2",), tuple(other))) == ["conflict", "conflict", "conflict", "missing"]
    assert statuses(Copy(("t2",), (*other[:2], value("c", 3)))) == ["read", "read", "read", "missing"]
