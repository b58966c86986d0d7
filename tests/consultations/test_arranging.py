"""What a consultation's form asks and what is displayed: who is asked is fixed once comments are taken."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.consultations import queries
from app.consultations.arranging import set_terms
from app.consultations.checks import subject_of
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation, ConsultationTerms
from app.consultations.rounds import NextRound, second_round
from app.consultations.terms import DisplayTerms, FormTerms
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import operator
from tests.support.dump import dump
from tests.support.journey import START, World

BEFORE = START - timedelta(days=1)
"""The window of the test's consultation begins an hour before START."""
ACTOR = operator("tests")


def decide(world: World, form: FormTerms, display: DisplayTerms = DisplayTerms(), at: Any = BEFORE) -> None:
    with world.database.writing() as session:
        set_terms(session, ACTOR, at, world.consultation.id, form, display)


def decided(world: World) -> tuple[FormTerms, DisplayTerms]:
    with world.database.reading() as session:
        return (
            queries.form_terms(session, world.consultation.id),
            queries.display_terms(session, world.consultation.id),
        )


def test_before_the_window_everything_can_be_decided_and_decided_anew(world: World) -> None:
    form = FormTerms(asks_id_number=False, asks_email=False, takes_organisations=True, keeps_days=730)
    display = DisplayTerms(shows_names=False, totals_while_open=True)
    decide(world, form, display)
    assert decided(world) == (form, display)
    decide(world, FormTerms())
    assert decided(world) == (FormTerms(), DisplayTerms())


def test_the_audit_says_what_changed(world: World) -> None:
    decide(world, FormTerms())
    decide(world, FormTerms(asks_email=False, keeps_days=30))
    with world.database.reading() as session:
        entries = audit.of_record(session, "consultation", world.consultation.id)
        details = [entry.detail for entry in entries if entry.action == "consultation.terms_set"]
    assert len(details) == 2
    assert {"changed": ["asks_email: True → False", "keeps_days: 365 → 30"]} in details


@pytest.mark.parametrize(
    "late",
    [
        {"asks_id_number": False},
        {"asks_email": False},
        {"takes_organisations": True},
        {"keeps_days": 366},
    ],
)
def test_what_was_promised_to_senders_stays_once_comments_are_taken(world: World, late: dict[str, Any]) -> None:
    before = dump(world.database)
    with pytest.raises(Conflict) as refused:
        decide(world, replace(decided(world)[0], **late), at=START)
    assert refused.value.code == "terms_fixed"
    assert refused.value.details == {"fields": next(iter(late))}
    assert dump(world.database) == before


def test_what_binds_nobody_can_be_decided_while_it_runs(world: World) -> None:
    form = FormTerms(checks_answers=False, takes_files=True, keeps_days=30)
    decide(world, form, DisplayTerms(shows_names=False), at=START)
    assert decided(world) == (form, DisplayTerms(shows_names=False))
    with pytest.raises(Conflict):
        decide(world, FormTerms(keeps_days=31), at=START)


def test_a_draft_consultation_is_free_whatever_its_opening_instant(world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Consultation, world.consultation.id).state = ConsultationState.DRAFT
    decide(world, FormTerms(asks_id_number=False), at=START)
    assert not decided(world)[0].asks_id_number


def test_the_switch_for_reviewing_first_is_left_as_it_stands(world: World) -> None:
    decide(world, FormTerms())
    with world.database.writing() as session:
        session.get_one(ConsultationTerms, world.consultation.id).reviews_first = True
    decide(world, FormTerms(), DisplayTerms(reviews_first=False, shows_names=False))
    assert decided(world)[1] == DisplayTerms(reviews_first=True, shows_names=False)


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_days_of_keeping_have_bounds(world: World, days: int) -> None:
    with pytest.raises(Unprocessable) as refused:
        decide(world, FormTerms(keeps_days=days))
    assert refused.value.code == "keeping_out_of_bounds"


def test_an_unknown_consultation_has_no_terms(world: World) -> None:
    def unknown(session: Session) -> None:
        set_terms(session, ACTOR, BEFORE, world.clauses[0].id, FormTerms(), DisplayTerms())

    with pytest.raises(NotFound), world.database.writing() as session:
        unknown(session)


def test_the_checks_before_the_opening_look_at_the_fields_that_will_be_asked(world: World) -> None:
    def fields() -> set[str]:
        with world.database.reading() as session:
            return set(subject_of(session, session.get_one(Consultation, world.consultation.id), START).form_fields)

    assert {"id_number", "email"} <= fields()
    decide(world, FormTerms(asks_id_number=False, asks_email=False))
    assert fields() == {"title", "name", "occupation", "phone", "comment"}


def test_a_further_round_asks_what_the_one_before_asked(world: World) -> None:
    form, display = FormTerms(asks_id_number=False, keeps_days=90), DisplayTerms(shows_names=False)
    decide(world, form, display)
    over = world.consultation.closes_at + timedelta(days=1)
    planned = NextRound(world.consultation.version_id, "公告", "请提出意见。", over, over + timedelta(days=30))
    with world.database.writing() as session:
        made = second_round(session, ACTOR, over, world.consultation.slug, planned)
        assert queries.form_terms(session, made.id) == form
        assert queries.display_terms(session, made.id) == display
