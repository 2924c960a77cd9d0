"""Wishes of many callers meet in batches, and nobody notices but by the time it takes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.batch.gathering import Gatherer
from tests.fakes.named_models import NamedModels

CALLS = st.lists(st.tuples(st.lists(st.text("ab", max_size=3), max_size=9), st.booleans()), min_size=1, max_size=6)


class Held(NamedModels):
    """Begins when it is told to, so that what comes meanwhile has to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.go = Event()

    def run(self, wishes: Sequence[str]) -> Sequence[str]:
        self.go.wait(10)
        return super().run(wishes)


def gathered(models: NamedModels, tokens: list[list[str]]) -> Gatherer[str, str]:
    return Gatherer(models, before=lambda batch: tokens.append(list(batch)), after=lambda: None)


@settings(deadline=None, max_examples=50)
@given(CALLS)
def test_each_call_gets_its_results_and_batches_keep_their_bounds(calls: list[tuple[list[str], bool]]) -> None:
    models, tokens = Held(), []  # type: ignore[var-annotated]
    gatherer = gathered(models, tokens)
    with ThreadPoolExecutor(len(calls)) as threads:
        asked = [
            threads.submit(gatherer.ask, wishes, str(number), alone=alone)
            for number, (wishes, alone) in enumerate(calls)
        ]
        models.go.set()
        for (wishes, _), results in zip(calls, asked, strict=True):
            assert results.result(10) == [f"read {wish}" for wish in wishes]
    for batch in models.batches:
        assert len({len(wish) for wish in batch}) == 1
        assert len(batch) <= 4
    lonely = {str(number) for number, (_, alone) in enumerate(calls) if alone}
    assert all(len(batch) == 1 for batch in tokens if lonely & set(batch))
    assert sorted(wish for batch in models.batches for wish in batch) == sorted(
        w for wishes, _ in calls for w in wishes
    )


def test_what_waits_while_a_batch_is_done_makes_the_next_one() -> None:
    models, tokens = Held(), []  # type: ignore[var-annotated]
    gatherer = gathered(models, tokens)
    with ThreadPoolExecutor(9) as threads:
        asked = [threads.submit(gatherer.ask, ["first"], "0")]
        while not tokens:
            pass
        asked += [threads.submit(gatherer.ask, [f"ab{number}"], str(number)) for number in range(1, 9)]
        while gatherer.waiting < 8:
            pass
        models.go.set()
        assert [call.result(10) for call in asked][1:] == [[f"read ab{number}"] for number in range(1, 9)]
    assert [len(batch) for batch in models.batches] == [1, 4, 4]


def test_an_error_is_raised_for_the_call_that_it_concerns() -> None:
    models, tokens = Held(), []  # type: ignore[var-annotated]
    gatherer = gathered(models, tokens)
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(gatherer.ask, ["x"], "first")
        while not tokens:
            pass
        good = threads.submit(gatherer.ask, ["models-fine!"], "good")
        while gatherer.waiting < 1:
            pass
        bad = threads.submit(gatherer.ask, ["models-error"], "bad")
        while gatherer.waiting < 2:
            pass
        models.go.set()
        assert good.result(10) == ["read models-fine!"]
        assert first.result(10) == ["read x"]
        with pytest.raises(ZeroDivisionError):
            bad.result(10)
    assert ("models-fine!", "models-error") in models.batches  # they were in one batch at first
    assert gatherer.ask(["later"], "later") == ["read later"]
