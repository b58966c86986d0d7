"""Refusals that must leave everything as it was."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.kit.database import Database
from app.kit.errors import DomainError
from tests.support.dump import dump


def refused(database: Database, act: Callable[[Session], object]) -> DomainError:
    """The refusal of the act, in a unit of work of its own; every row of every table is as it was before."""
    before = dump(database)
    with pytest.raises(DomainError) as error, database.writing() as session:
        act(session)
    assert dump(database) == before
    return error.value
