"""`yanlu seed` and `yanlu counters`: a store full of invented submissions, whose lists and counts are right."""

from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from app.campaigns.models import Campaign
from app.cli.seeding import filling
from app.config import load_secrets, load_settings
from app.counters.models import CounterChange
from app.desk import mending
from app.desk import queries as desk
from app.desk.filters import Filters
from app.desk.views import View
from app.kit.database import Database
from app.permissions import operator
from app.submissions import search_index
from app.submissions.models import Submission, SubmissionKey
from tests.cli.conftest import Yanlu
from tests.support.app import SECRETS
from tests.support.journey import World
from tests.support.queues import LATER, reader


def test_a_seeded_store_has_something_in_most_lists_and_counts_that_are_right(
    yanlu: Yanlu, var_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANLU_ENVIRONMENT", "production")
    refused = yanlu("seed", "--submissions", "10")
    assert (refused.code, "--even-in-production" in refused.err) == (2, True)
    monkeypatch.setenv("YANLU_ENVIRONMENT", "demonstration")
    assert yanlu("migrate").code == 0
    assert yanlu("seed", "--submissions", "300").out.strip() == "300 submissions were added"
    assert "right; 0 changes wait" in yanlu("counters", "check").err
    database = Database(load_settings().database_url)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == search_index.count(session) == 300
        assert session.scalar(select(func.count()).select_from(Campaign)) == 0
        wrapped_by = session.scalars(select(SubmissionKey.key_id).distinct()).all()
        assert wrapped_by == [load_secrets(load_settings()).sealing_id]
    with database.writing() as session:
        session.execute(delete(CounterChange))
    database.close()


def test_wrong_counts_are_shown_and_put_right(yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_ENVIRONMENT", "demonstration")
    assert yanlu("migrate").code == 0
    assert yanlu("seed", "--submissions", "40", "--no-search").code == 0
    database = Database(load_settings().database_url)
    with database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM counters WHERE name = 'submissions.channel'")
        session.connection().exec_driver_sql("DELETE FROM postings WHERE list = 'clause'")
    database.close()
    wrong = yanlu("counters", "check")
    assert wrong.code == 1
    assert "list clause" in wrong.out
    assert "submissions.channel" in wrong.out
    assert "counts were put right" in yanlu("counters", "rebuild").out
    assert yanlu("counters", "check").code == 0


def test_seeding_fills_both_stores_alike(world: World) -> None:
    stored = sum(filling.fill(world.database, SECRETS, operator("tests"), LATER, 200, search=False))
    assert stored == 200
    assert sum(filling.fold(world.database)) > 200
    with world.database.reading() as session:
        assert not mending.list_differences(session)
        assert not mending.count_differences(session)
        counted = desk.counts(session, Filters(), reader(world, LATER))
        for view in (View.UNCLAIMED, View.RECEIVED, View.ACCEPTED, View.DONE, View.TO_GATHER, View.DUPLICATE):
            page = desk.rows(session, view, Filters(), None, reader(world, LATER))
            assert len(page.items) == min(counted[view], desk.PAGE_SIZE) > 0
