"""However a folder came to hold its reports, its dataset is that of a folder that held them from the start."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.dataset import DatasetOptions, build_dataset
from tests.dataset.made_reports import age, made_report, save
from tests.dataset.test_build import files

NAMES = st.sampled_from(("a.json", "b.json", "sub/a.json", "z.json"))
FIGURES = st.dictionaries(
    st.sampled_from(("applications/1/total", "applications/2/total", "applications/4/total")), st.integers(0, 3)
)
BODIES = st.sampled_from(("松塘县财政局", "松塘县人民政府"))
REPORTS = st.none() | st.tuples(BODIES, st.integers(2020, 2023), FIGURES)
STEPS = st.lists(st.tuples(NAMES, REPORTS, st.booleans()), min_size=1, max_size=6)
OPTIONS = DatasetOptions(row_group=1024)


@settings(max_examples=6)
@given(STEPS)
def test_any_history_gives_the_dataset_of_its_end(
    steps: list[tuple[str, tuple[str, int, dict[str, int]] | None, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        lived, fresh = Path(place, "lived"), Path(place, "fresh")
        lived.mkdir()
        fresh.mkdir()
        held: dict[str, tuple[str, int, dict[str, int]]] = {}
        for name, report, build in steps:
            if report is None:
                (lived / name).unlink(missing_ok=True)
                held.pop(name, None)
            else:
                held[name] = report
                save(lived, made_report(*report), name)
            if build:
                build_dataset(lived, options=OPTIONS)
                age(lived)
        build_dataset(lived, options=OPTIONS)
        for name, report in held.items():
            save(fresh, made_report(*report), name)
        build_dataset(fresh, options=OPTIONS)
        assert files(lived) == files(fresh)
