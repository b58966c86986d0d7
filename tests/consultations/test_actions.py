"""Preparing a call for comments, and the column's rules; its life is in test_changes.py."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.consultations import actions, queries
from app.consultations.actions import Announcement, Rule
from app.consultations.lifecycle import (
    ConsultationState,
    DisplayRegime,
    Kind,
    LegalNature,
)
from app.consultations.models import Consultation
from app.kit.errors import Conflict, NotFound, Unprocessable
from tests.support.journey import DRAFTING, SLUG, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused


@pytest.fixture
def announcement(world: World) -> Announcement:
    return Announcement(
        slug="second",
        title="某某办法（征求意见稿）",
        kind=Kind.GOVERNMENT_DOCUMENT,
        legal_nature=LegalNature.NORMATIVE_DOCUMENT,
        drafting_department_id=DRAFTING,
        version_id=world.consultation.version_id,
        issuing_body="辽宁省民政厅",
        published_on=date(2026, 5, 11),
        notice_title="公告",
        notice="请提出意见。",
        explanation_title="说明",
        explanation="为方便老年人用餐。",
        contact_phone=None,
        contact_email=None,
        deadline_as_printed=None,
        opens_at=START,
        closes_at=START + timedelta(days=30),
    )


def prepare(world: World, session: Session, announcement: Announcement) -> Consultation:
    return actions.prepare(session, world.staff.manager, START, announcement)


def found(session: Session, slug: str) -> Consultation:
    consultation = queries.find(session, slug)
    assert consultation is not None
    return consultation


@pytest.mark.parametrize("kind", Kind)
def test_the_display_regime_follows_from_the_kind(world: World, announcement: Announcement, kind: Kind) -> None:
    with world.database.writing() as session:
        made = prepare(world, session, replace(announcement, kind=kind))
    instant = kind is Kind.GOVERNMENT_DOCUMENT
    assert made.display_regime is (DisplayRegime.INSTANT if instant else DisplayRegime.SCREENED)


def test_what_is_prepared_is_kept_whole_and_nobody_outside_sees_it(world: World, announcement: Announcement) -> None:
    with world.database.writing() as session:
        made_id = prepare(world, session, announcement).id
    with world.database.reading() as session:
        kept = found(session, "second")
        assert {name: getattr(kept, name) for name in vars(announcement)} == vars(announcement)
        assert kept.state is ConsultationState.DRAFT
        assert [row.slug for row in queries.public_consultations(session)] == [SLUG]
        assert {row.slug for row in queries.all_consultations(session)} == {SLUG, "second"}
        with pytest.raises(NotFound):
            queries.public_consultation(session, "second")
        (entry,) = audit.of_record(session, "consultation", made_id)
    assert (entry.action, entry.actor_id) == ("consultation.prepared", world.staff.manager.id)


def test_a_slug_is_given_once(world: World, announcement: Announcement) -> None:
    error = refused(world.database, lambda s: prepare(world, s, replace(announcement, slug=SLUG)))
    assert (type(error), error.code, error.details) == (Conflict, "slug_taken", {"slug": SLUG})


def test_a_slug_that_two_people_take_at_once_is_given_once(world: World, announcement: Announcement) -> None:
    errors = written_at_once(world.database, [lambda s: prepare(world, s, announcement)] * 2)
    assert [type(error) for error in errors if error] == [Conflict]


@pytest.mark.parametrize("length", [timedelta(0), timedelta(microseconds=-1)])
def test_a_window_does_not_end_before_it_begins(world: World, announcement: Announcement, length: timedelta) -> None:
    wrong = replace(announcement, closes_at=announcement.opens_at + length)
    error = refused(world.database, lambda s: prepare(world, s, wrong))
    assert (type(error), error.code) == (Unprocessable, "window_ends_before_it_begins")


def set_rules(world: World, session: Session, *texts: str, own: bool = False) -> None:
    rules = [Rule(f"第{place}节", text) for place, text in enumerate(texts)]
    of = world.consultation.id if own else None
    actions.set_rules(session, world.staff.manager, START, rules, of)


def read_rules(world: World, session: Session, *, own: bool = True) -> list[str]:
    return [rule.text for rule in queries.rules(session, world.consultation.id if own else None)]


def test_a_consultations_rules_come_before_the_columns(world: World) -> None:
    with world.database.writing() as session:
        set_rules(world, session, "栏目一", "栏目二")
        assert read_rules(world, session) == ["栏目一", "栏目二"]
        set_rules(world, session, "本稿", own=True)
        assert read_rules(world, session) == ["本稿"]
        assert read_rules(world, session, own=False) == ["栏目一", "栏目二"]


def test_setting_rules_replaces_those_of_the_same_place_alone(world: World) -> None:
    with world.database.writing() as session:
        set_rules(world, session, "栏目一", "栏目二")
        set_rules(world, session, "本稿", own=True)
    with world.database.writing() as session:
        set_rules(world, session, " 栏目新 ", " \n", "末")
    with world.database.reading() as session:
        assert read_rules(world, session, own=False) == ["栏目新", "末"]
        assert read_rules(world, session) == ["本稿"]


@pytest.mark.parametrize("rules", [[], [Rule("", "正文")], [Rule("标题", " \n")]])
def test_rules_are_replaced_by_rules_only(world: World, rules: list[Rule]) -> None:
    with world.database.writing() as session:
        set_rules(world, session, "栏目一")
    error = refused(world.database, lambda s: actions.set_rules(s, world.staff.manager, START, rules))
    assert (type(error), error.code) == (Unprocessable, "rules_required")


def test_of_two_sets_of_rules_at_once_one_stands_whole(world: World) -> None:
    with world.database.writing() as session:
        set_rules(world, session, "旧一", "旧二")
    errors = written_at_once(
        world.database,
        [lambda s: set_rules(world, s, "甲一", "甲二"), lambda s: set_rules(world, s, "乙一", "乙二")],
    )
    assert None in errors
    with world.database.reading() as session:
        assert read_rules(world, session) in (["甲一", "甲二"], ["乙一", "乙二"])
