"""Makes the support fixtures known, and keeps the developer's own settings away from the tests."""

import os

import hypothesis
import pytest

from tests.support import compiled

pytest_plugins = ["tests.support.parts", "tests.support.databases", "tests.support.worlds"]


# The same examples in every run, and no limit of time: a busy machine is no reason to fail.
hypothesis.settings.register_profile("yanlu", derandomize=True, deadline=None)
hypothesis.settings.load_profile("yanlu")


def pytest_configure(config: pytest.Config) -> None:
    compiled.share()
    for name in [name for name in os.environ if name.startswith("YANLU_") and not name.startswith("YANLU_TEST_")]:
        del os.environ[name]
