"""Of a table of people nothing can be worked out that it doesn't show, also by whoever knows the rule and the total."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reporting.suppression import LEAST, protect

TABLES = st.dictionaries(st.integers(0, 30), st.integers(0, 40), min_size=2, max_size=19)


@given(TABLES)
def test_no_small_cell_is_shown_and_nothing_is_lost(cells: dict[int, int]) -> None:
    table = protect(cells)
    assert set(table.shown) | table.hidden == set(cells)
    assert not set(table.shown) & table.hidden
    assert sum(table.shown.values()) + table.hidden_sum == sum(cells.values())
    assert all(cells[cell] == count for cell, count in table.shown.items())
    assert all(count >= LEAST for count in table.shown.values()) or table.hidden_sum == 0


@given(TABLES)
def test_what_is_hidden_is_never_alone_nor_worked_out_from_the_total(cells: dict[int, int]) -> None:
    table = protect(cells)
    if table.hidden:
        assert len(table.hidden) >= 2
        assert table.hidden_sum >= LEAST or not table.shown


@pytest.mark.parametrize(("number", "most"), [(2, 14), (3, 12), (4, 7)])
def test_every_hidden_cell_could_have_another_value(number: int, most: int) -> None:
    """All tables of so many cells, grouped by what is published of them: the reader sees no more than the group."""
    alike = defaultdict(list)
    for values in product(range(most + 1), repeat=number):
        table = protect(dict(enumerate(values)))
        alike[tuple(sorted(table.shown.items())), table.hidden, table.hidden_sum].append(values)
    # At the largest values the tables with larger ones, which would publish the same, aren't enumerated.
    told = {key: tables for key, tables in alike.items() if key[2] <= most}
    for (_, hidden, hidden_sum), tables in told.items():
        for cell in hidden:
            assert len({values[cell] for values in tables}) > 1, (hidden_sum, tables)


def test_equal_cells_are_treated_alike() -> None:
    table = protect({"a": 2, "b": 9, "c": 7, "d": 7})
    assert table.hidden == {"a", "c", "d"}
    assert table.shown == {"b": 9}


def test_where_nobody_is_hidden_empty_cells_are_told() -> None:
    assert protect({"a": 0, "b": 9}).shown == {"a": 0, "b": 9}
