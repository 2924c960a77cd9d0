from __future__ import annotations

import threading
import time

import cv2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.crew import Crew, ahead


@given(st.lists(st.integers(), max_size=30), st.integers(1, 5))
def test_map_gives_what_a_loop_gives(items: list[int], threads: int) -> None:
    with Crew(threads) as crew:
        assert crew.map(lambda item: item * 2, items) == [item * 2 for item in items]


def test_one_thread_does_all_on_the_callers() -> None:
    seen: list[int] = []
    with Crew(1) as crew:
        crew.map(lambda _: seen.append(threading.get_ident()), [1, 2, 3])
        crew.begin(lambda: seen.append(threading.get_ident())).result()
        crew.both(lambda: seen.append(threading.get_ident()), lambda: seen.append(threading.get_ident()))
    assert set(seen) == {threading.get_ident()}


def test_outside_of_its_context_the_caller_does_all() -> None:
    crew = Crew(4)
    assert set(crew.map(lambda _: threading.get_ident(), range(8))) == {threading.get_ident()}


def test_two_threads_work_side_by_side() -> None:
    both_here = threading.Barrier(2, timeout=10)
    with Crew(2) as crew:
        assert crew.both(both_here.wait, both_here.wait) in ((0, 1), (1, 0))


def test_jobs_within_jobs_within_jobs_end() -> None:
    with Crew(2) as crew:

        def tree(depth: int) -> int:
            return 1 if depth == 0 else sum(crew.map(tree, [depth - 1] * 3))

        jobs = [crew.begin(lambda: tree(4)) for _ in range(5)]
        assert [job.result(timeout=30) for job in jobs] == [81] * 5


def test_whoever_waits_takes_a_part_in_what_others_hand_out() -> None:
    both_here = threading.Barrier(2, timeout=10)

    def large() -> list[int]:
        small_done.wait(10)
        return crew.map(lambda _: both_here.wait(), range(2))

    small_done = threading.Event()
    with Crew(2) as crew:
        # One thread is done with its half at once and waits; the other half needs two threads.
        job = crew.begin(lambda: crew.both(small_done.set, large))
        assert sorted(job.result(timeout=30)[1]) == [0, 1]


def test_the_first_failure_in_order_is_raised_and_the_rest_is_left() -> None:
    done: list[int] = []

    def work(item: int) -> None:
        if item == 3:
            raise ValueError(f"item {item}")
        time.sleep(0.001)
        done.append(item)

    with Crew(3) as crew, pytest.raises(ValueError, match="item 3"):
        crew.map(work, range(1000))
    assert len(done) < 1000


def test_a_failed_job_fails_where_its_result_is_asked_for() -> None:
    for threads in (1, 2):
        with Crew(threads) as crew:
            job = crew.begin(lambda: 1 // 0)
            with pytest.raises(ZeroDivisionError):
                job.result()


def test_leaving_waits_for_what_has_begun_and_drops_the_rest() -> None:
    started, ended = threading.Event(), threading.Event()

    def slow() -> None:
        started.set()
        time.sleep(0.05)
        ended.set()

    with Crew(2) as crew:
        jobs = [crew.begin(slow) for _ in range(20)]
        started.wait(10)
    assert ended.is_set()
    assert any(job.cancelled() for job in jobs)


def test_opencv_gets_its_threads_back() -> None:
    before = cv2.getNumThreads()
    with Crew(2):
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == before


@given(st.integers(0, 10), st.integers(0, 4))
def test_ahead_begins_so_many_before_it_gives_the_first(count: int, further: int) -> None:
    begun: list[int] = []

    def begin(item: int) -> int:
        begun.append(item)
        return item

    for number, item in enumerate(ahead(begin, range(count), further)):
        assert item == number
        assert len(begun) == min(count, number + further + 1)
    assert begun == list(range(count))
