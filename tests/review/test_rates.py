from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.review import rates
from ocr_pipeline.review.rates import Rate


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.floats(1, 600), st.integers(1, 10), st.lists(st.tuples(st.floats(0, 30), st.sampled_from("ab")), max_size=60))
def test_nobody_gets_more_than_their_share_and_waiting_as_told_helps(
    per_minute: float, burst: int, steps: list[tuple[float, str]]
) -> None:
    clock = _Clock()
    rate = Rate(per_minute, burst, clock)
    granted = {"a": 0, "b": 0}
    for pause, who in steps:
        clock.now += pause
        wait = rate.take(who)
        granted[who] += wait == 0
        assert granted[who] <= burst + clock.now * per_minute / 60 + 1e-6
        if wait:
            assert rate.exhausted(who)
            clock.now += wait + 1e-6
            assert not rate.exhausted(who)


def test_addresses_are_not_remembered_without_end() -> None:
    rate = Rate(1, 1)
    for number in range(rates._ADDRESSES + 50):
        rate.take(str(number))
    assert len(rate._buckets) == rates._ADDRESSES
