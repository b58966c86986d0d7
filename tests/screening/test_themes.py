"""Themes are named by people; what has a theme keeps it through renaming and merging."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.errors import Conflict, Unprocessable
from app.screening import editing, theme_proposals, themes, theming
from app.screening.editing import Wording
from app.screening.lifecycle import ThemeGroupState
from app.screening.models import SubmissionTheme, Suggestion, Theme, ThemeGroup
from app.screening.passages import Span
from app.screening.theme_proposals import Grouped, Placed
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

METHOD = "method-1"


def suggestion(world: World, theme: str, person: int = 1) -> uuid.UUID:
    submission_id = journey.accepted_submission(world, person=person)
    with world.database.writing() as session:
        wording = Wording("周末开放。", theme, None)
        return editing.gather(session, world.staff.editor, START, submission_id, [Span(0, 5)], wording).id


def group(world: World, size: int = 3, first: int = 10) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """A proposed group and its submissions."""
    ids = [journey.accepted_submission(world, person=first + place) for place in range(size)]
    here = world.consultation.id
    placed = [Placed(one, here, None, None, b"\x01") for one in ids]
    found = Grouped(here, {one: 0.5 + place / 10 for place, one in enumerate(ids)}, b"\x02", ("菜单",))
    with world.database.writing() as session:
        theme_proposals.keep(session, START, METHOD, placed, [found])
        return session.scalars(select(ThemeGroup.id).order_by(ThemeGroup.id.desc())).first() or uuid.UUID(int=0), ids


def named(world: World, name: str) -> uuid.UUID:
    with world.database.writing() as session:
        return theming.name_theme(session, world.staff.editor, START, world.consultation.id, name).id


def test_the_same_name_is_the_same_theme(world: World) -> None:
    first, second = suggestion(world, "助餐", 1), suggestion(world, " 助餐 ", 2)
    with world.database.reading() as session:
        assert session.get_one(Suggestion, first).theme_id == session.get_one(Suggestion, second).theme_id
        assert themes.names(session, world.consultation.id) == ["助餐"]


def test_two_who_name_the_same_theme_at_once_make_one(world: World) -> None:
    here, editor = world.consultation.id, world.staff.editor
    errors = written_at_once(
        world.database, [lambda s: theming.name_theme(s, editor, START, here, "助餐") for _ in range(2)]
    )
    assert all(isinstance(error, Conflict) for error in errors if error)
    with world.database.reading() as session:
        assert themes.names(session, here) == ["助餐"]


def test_a_named_group_proposes_its_theme_for_present_and_coming_submissions(world: World) -> None:
    group_id, ids = group(world)
    with world.database.writing() as session:
        assert themes.proposed(session, ids) == {}
        theming.name_group(session, world.staff.editor, START, group_id, "菜单公示")
    later = journey.accepted_submission(world, person=20)
    with world.database.writing() as session:
        theme_proposals.keep(session, START, METHOD, [Placed(later, world.consultation.id, group_id, 0.6, None)], [])
    with world.database.reading() as session:
        assert themes.proposed(session, [*ids, later]) == dict.fromkeys([*ids, later], "菜单公示")
        assert session.get_one(ThemeGroup, group_id).members == 4
        (row,) = themes.counted(session, world.consultation.id)
    assert (row.theme.name, row.suggestions, row.submissions) == ("菜单公示", 0, 4)


def test_a_group_is_decided_once(world: World) -> None:
    group_id, _ = group(world)
    editor = world.staff.editor
    with world.database.writing() as session:
        theming.dismiss_group(session, editor, START, group_id)
        assert themes.groups(session, world.consultation.id, ThemeGroupState.PROPOSED, 5) == []
    error = refused(world.database, lambda s: theming.dismiss_group(s, editor, START, group_id))
    assert (type(error), error.code) == (Conflict, "group_decided")
    with world.database.writing() as session:
        theming.name_group(session, editor, START, group_id, "还是主题")
    error = refused(world.database, lambda s: theming.name_group(s, editor, START, group_id, "另一个"))
    assert (type(error), error.code) == (Conflict, "group_decided")


def test_suggestions_follow_their_theme_and_stay_approved_as_they_are(world: World) -> None:
    suggestion_id, editor = suggestion(world, "助餐"), world.staff.editor
    other = named(world, "老年人用餐")
    with world.database.writing() as session:
        before = session.get_one(Suggestion, suggestion_id)
        theme_id, revision = before.theme_id, before.revision
        assert theme_id is not None
        theming.rename_theme(session, editor, START, theme_id, "社区助餐")
    with world.database.reading() as session:
        renamed = session.get_one(Suggestion, suggestion_id)
        assert (renamed.theme, renamed.revision) == ("社区助餐", revision)
    with world.database.writing() as session:
        theming.merge_themes(session, editor, START, theme_id, other)
    with world.database.reading() as session:
        merged = session.get_one(Suggestion, suggestion_id)
        assert (merged.theme, merged.theme_id) == ("老年人用餐", other)
        assert themes.names(session, world.consultation.id) == ["老年人用餐"]
    later = suggestion(world, "社区助餐", 2)
    with world.database.reading() as session:
        assert session.get_one(Suggestion, later).theme == "老年人用餐"


def test_names_are_needed_and_not_taken_twice(world: World) -> None:
    theme_id, other, editor = named(world, "助餐"), named(world, "菜单"), world.staff.editor
    acts: list[tuple[Callable[[Session], object], type[Exception]]] = [
        (lambda s: theming.rename_theme(s, editor, START, theme_id, " "), Unprocessable),
        (lambda s: theming.rename_theme(s, editor, START, theme_id, "长" * 101), Unprocessable),
        (lambda s: theming.rename_theme(s, editor, START, theme_id, "菜单"), Conflict),
        (lambda s: theming.merge_themes(s, editor, START, theme_id, theme_id), Conflict),
    ]
    for act, expected in acts:
        assert isinstance(refused(world.database, act), expected)
    with world.database.writing() as session:
        theming.merge_themes(session, editor, START, theme_id, other)
    error = refused(world.database, lambda s: theming.merge_themes(s, editor, START, other, theme_id))
    assert error.code == "theme_exists"


def test_what_was_looked_at_meanwhile_stays_as_it_is(world: World) -> None:
    group_id, (first, *_) = group(world)
    with world.database.writing() as session:
        theme_proposals.keep(session, START, METHOD, [Placed(first, world.consultation.id, None, None, b"x")], [])
    with world.database.reading() as session:
        row = session.get_one(SubmissionTheme, first)
        assert (row.group_id, row.vector) == (group_id, None)


@pytest.mark.parametrize("size", [1, 3])
def test_the_lists_of_themes_cost_the_same_however_long(sqlite_world: World, size: int) -> None:
    for place in range(size):
        group(sqlite_world, first=10 * (place + 1))
        named(sqlite_world, f"主题{place}")
    here = sqlite_world.consultation.id
    with sqlite_world.database.reading() as session, statements(sqlite_world.database) as sent:
        assert len(themes.counted(session, here)) == size
        found = themes.groups(session, here, ThemeGroupState.PROPOSED, 30)
    assert [len(row.examples) for row in found] == [3] * size
    assert len(sent) == 5


def test_a_theme_of_one_consultation_is_none_of_another(world: World) -> None:
    named(world, "助餐")
    with world.database.writing() as session:
        second = journey.another_consultation(session, world.staff, slug="second")
        theming.name_theme(session, world.staff.editor, START, second.id, "助餐")
        assert len(session.scalars(select(Theme)).all()) == 2
