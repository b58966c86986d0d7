"""Makes the support fixtures known, and keeps the developer's own settings away from the tests."""

import os

import pytest

pytest_plugins = ["tests.support.parts", "tests.support.databases", "tests.support.worlds"]


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("YANLU_") and not name.startswith("YANLU_TEST_")]:
        del os.environ[name]
