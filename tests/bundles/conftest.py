from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bundling import Sides, apart


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sides(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sides]:
    """Both sides on one kind of store, and the other."""
    world, url = (request.getfixturevalue(f"{request.param}_{what}") for what in ("world", "url"))
    with apart(world, url, tmp_path) as made:
        yield made
