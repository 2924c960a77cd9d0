"""What holds for every test."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import HealthCheck, settings

# Hypothesis takes time by the clock on the wall: on a busy machine its limits fail tests in which nothing is wrong.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Look for examples in the package only.

    A module whose import fails is skipped where examples are looked for, as that of an extra that is not installed is,
    and stays half imported: a file of tests would then count as one without any, instead of failing.
    """
    found = yield
    return [collector for collector in found if not isinstance(collector, DoctestModule)]
