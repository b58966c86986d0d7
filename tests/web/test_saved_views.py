"""Saved views: a list under a name and an address of its own, shared by a lead, renamed and deleted."""

import re

import pytest
from sqlalchemy import select

from app.desk.filters import Filters
from app.desk.queries import rows
from app.desk.views import View
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Role
from app.teamwork import saved_views
from app.teamwork.models import SavedView
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import START, StoppedClock, World
from tests.support.queues import put, reader

NAME = "街道食堂"


def test_a_list_is_saved_opened_shared_renamed_and_deleted(sqlite_world: World) -> None:
    world = sqlite_world
    put(world, View.UNCLAIMED, 1)
    clause = str(world.clauses[1].id)
    place = f"/staff/views?view=unclaimed&consultation={world.consultation.slug}&clause={clause}"
    with serving(world.database, StoppedClock()) as client:
        lead = signed_in(client, Role.LEAD)
        assert place.replace("&", "&amp;") in lead.get(place.replace("views", "queue", 1)).text
        assert press(lead, place, "/save", name=f"  {NAME} ").status_code == 303
        listed = lead.get("/staff/views").text
        own = re.search(r"/staff/views/[0-9a-f-]{36}", listed)
        assert own is not None
        opened = lead.get(own[0])
        assert opened.status_code == 303
        assert "view=unclaimed" in opened.headers["location"]
        assert f"clause={clause}" in opened.headers["location"]
        assert lead.get(opened.headers["location"]).status_code == 200
        screener = signed_in(client, Role.SCREENER)
        assert screener.get(own[0]).status_code == 404
        lead = signed_in(client, Role.LEAD)
        assert press(lead, "/staff/views", "/share", shared="yes").status_code == 303
        assert press(lead, "/staff/views", "/rename", name="食堂与送餐").status_code == 303
        screener = signed_in(client, Role.SCREENER)
        assert "食堂与送餐" in words(screener.get("/staff/views").text)
        assert "/rename" not in screener.get("/staff/views").text
        assert screener.get(own[0]).status_code == 303
        lead = signed_in(client, Role.LEAD)
        assert press(lead, "/staff/views", "/delete").status_code == 303
        assert lead.get(own[0]).status_code == 404


def test_names_are_given_once_by_each_person_and_only_so_many(world: World) -> None:
    lead, screener = world.staff.lead, world.staff.screener
    with world.database.writing() as session:
        saved = saved_views.save_view(session, lead, START, NAME, "mine", {"channel": "web"})
        saved_views.save_view(session, screener, START, NAME, "mine", {})
        with pytest.raises(Conflict, match="view_name_taken"):
            saved_views.save_view(session, lead, START, f" {NAME} ", "mine", {})
        for name, refusal in (("", "name_required"), ("长" * 41, "view_name_too_long")):
            with pytest.raises(Unprocessable, match=refusal):
                saved_views.save_view(session, lead, START, name, "mine", {})
        with pytest.raises(NotFound):
            saved_views.rename_view(session, screener, START, saved.id, "别的")
        saved_views.rename_view(session, lead, START, saved.id, NAME)
        for number in range(saved_views.MOST_OF_ONE_PERSON - 1):
            saved_views.save_view(session, lead, START, str(number), "mine", {})
        with pytest.raises(Unprocessable, match="too_many_views"):
            saved_views.save_view(session, lead, START, "还有", "mine", {})
    with world.database.reading() as session:
        kept = session.scalars(select(SavedView).where(SavedView.id == saved.id)).one()
        assert (kept.view, kept.narrowed, kept.is_shared) == ("mine", {"channel": "web"}, False)
        assert [one.owner for one in saved_views.seen_by(session, screener.id)] == [screener.id]


def _save(world: World, names: list[str]) -> None:
    with world.database.writing() as session:
        for name in names:
            saved_views.save_view(session, world.staff.lead, START, name, "mine", {})


def test_the_list_of_saved_views_costs_the_same_for_three_as_for_one(sqlite_world: World) -> None:
    world, costs = sqlite_world, []
    with serving(world.database, StoppedClock()) as client:
        lead = signed_in(client, Role.LEAD)
        for names in (["一"], ["二", "三"]):
            _save(world, names)
            with statements(world.database) as sent:
                assert lead.get("/staff/views").status_code == 200
            costs.append(len(sent))
    assert costs[0] == costs[1]
    with world.database.reading() as session:
        assert not rows(session, View.MINE, Filters(), None, reader(world)).items
