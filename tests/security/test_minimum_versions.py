"""No package with a known hole is installed or locked, and the comparison of versions is right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security import versions

OLDEST = [{"name": "Some_Package", "fixed": "1.10.0", "ids": ["X-1"]}]
numbers = st.lists(st.integers(0, 99), min_size=1, max_size=4)


def test_locked_and_installed_packages_are_new_enough() -> None:
    assert list(versions.check().findings) == []


COMPARED = [("1.9.9", True), ("1.10", False), ("1.10.0.post1", False), ("2", False)]


@pytest.mark.parametrize(("version", "is_old"), COMPARED)
def test_a_version_is_compared_by_its_numbers(version: str, is_old: bool) -> None:
    told = versions.too_old("lock", [("some-package", version), ("another", "0.1")], OLDEST)
    assert bool(told) is is_old
    assert all("X-1" in line for line in told)


@given(numbers, numbers)
def test_releases_are_ordered_as_their_numbers(one: list[int], other: list[int]) -> None:
    padded = [(parts + [0] * 4)[:4] for parts in (one, other)]
    first, second = (versions.release(".".join(map(str, parts))) for parts in (one, other))
    assert (first < second) is (padded[0] < padded[1])


def test_what_is_no_version_is_told() -> None:
    with pytest.raises(ValueError, match="not a version"):
        versions.release("latest")


def test_every_minimum_names_what_was_mended() -> None:
    entries = versions.minimums()
    assert len(entries) == len({versions.normal(str(entry["name"])) for entry in entries})
    assert all(entry["ids"] and versions.release(str(entry["fixed"])) for entry in entries)
