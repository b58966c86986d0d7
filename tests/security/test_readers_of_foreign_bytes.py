"""Every reader of foreign bytes answers or refuses, with proportional work; `make fuzz` asks longer and by coverage."""

import pytest
from hypothesis import HealthCheck, given, settings

from fuzz import planted
from fuzz.chance import inputs, survives
from fuzz.growing import grows_too_much
from fuzz.readers import readers

READERS = readers()


@pytest.mark.parametrize("name", READERS)
def test_whatever_comes_is_read_or_refused(name: str) -> None:
    reader = READERS[name]

    @settings(max_examples=40, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
    @given(inputs(reader))
    def tried(data: bytes) -> None:
        survives(reader, data)

    tried()


@pytest.mark.parametrize("name", READERS)
def test_a_longer_input_takes_proportionally_more_steps(name: str) -> None:
    assert grows_too_much(READERS[name]) == ""


@pytest.mark.parametrize("name", READERS)
def test_what_a_reader_knows_to_be_good_is_no_fault(name: str) -> None:
    for seed in READERS[name].seeds:
        survives(READERS[name], seed)


def test_a_planted_fault_is_found() -> None:
    (reader,) = planted.FOUND_BY_CHANCE.values()

    @settings(max_examples=300, database=None)
    @given(inputs(reader))
    def tried(data: bytes) -> None:
        survives(reader, data)

    with pytest.raises(ValueError, match="base 16"):
        tried()


def test_work_by_the_square_is_found() -> None:
    assert grows_too_much(planted.GROWS)
