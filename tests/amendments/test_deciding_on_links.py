"""The drafting department's word on each link: one by one, kept on record, and nothing public before."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.amendments import actions, listing, queries
from app.amendments.lifecycle import Because, LinkState
from app.amendments.models import AmendmentLink
from app.audit import queries as audit
from app.desk import mending
from app.dispositions import actions as outcomes_actions
from app.dispositions.actions import Letter
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition
from app.kit.errors import Conflict, InvalidTransition, NotFound, Unprocessable
from app.publication import actions as publication
from tests.support import amending, outcomes
from tests.support.amending import CUTLERY, WEEKEND, head
from tests.support.journey import World
from tests.support.outcomes import LATER, LETTER
from tests.support.racing import written_at_once
from tests.support.refusals import refused


@pytest.fixture
def link_id(world: World) -> uuid.UUID:
    """A proposed link of a general suggestion."""
    amending.compared(world)
    amending.adopted(world, WEEKEND)
    amending.searched(world)
    return amending.only_link(world).id


def link(world: World, link_id: uuid.UUID) -> AmendmentLink:
    with world.database.reading() as session:
        return session.get_one(AmendmentLink, link_id)


def public(world: World) -> dict[str, listing.PublicChange]:
    with world.database.reading() as session:
        return listing.public_changes(session, world.consultation.id)


def texts(world: World, *, public_only: bool = False) -> dict[uuid.UUID, tuple[str, ...]]:
    with world.database.reading() as session:
        return queries.confirmed_texts(session, world.consultation.id, public_only=public_only)


def test_a_proposal_says_why_and_with_which_words(world: World, link_id: uuid.UUID) -> None:
    found = link(world, link_id)
    assert (found.state, found.because, found.words) == (LinkState.PROPOSED, Because.WORDS, ["节假日", "照常"])
    assert "节假日照常开放" in found.text
    assert texts(world) == {}
    assert amending.states(world) == {LinkState.PROPOSED: 1}


def test_the_head_confirms_with_a_remark_and_nothing_is_public_before_both_releases(
    world: World, link_id: uuid.UUID
) -> None:
    amending.confirmed(world, link_id, "已写入第一项。")
    kept = link(world, link_id)
    assert (kept.state, kept.remark, kept.decided_by, kept.letter_number) == (
        LinkState.CONFIRMED,
        "已写入第一项。",
        "head",
        None,
    )
    assert texts(world) == {kept.suggestion_id: (kept.text,)}
    assert texts(world, public_only=True) == {}
    assert public(world) == {}
    amending.made_public(world, kept.comparison_id)
    assert public(world) == {}, "its outcome hasn't been released"
    outcomes.released(world)
    (change,) = public(world).values()
    assert (change.n, change.words) == (1, (listing.PublicWords(WEEKEND, "已写入第一项。"),))
    assert texts(world, public_only=True) == texts(world)
    amending.withdrawn(world)
    assert public(world) == {}
    assert texts(world, public_only=True) == {}


def test_a_manager_records_the_departments_letter(world: World, link_id: uuid.UUID) -> None:
    def without(session: Session) -> object:
        return actions.confirm(session, world.staff.manager, LATER, link_id, 1)

    assert refused(world.database, without).code == "confirmation_required"
    with world.database.writing() as session:
        amending.confirm(session, world.staff.manager, link_id)
    kept = link(world, link_id)
    letter = Letter(kept.letter_number or "", kept.letter_dated_on or LETTER.dated_on, kept.letter_signed_by or "")
    assert letter == LETTER


def test_another_departments_head_finds_no_link(world: World, link_id: uuid.UUID) -> None:
    other = head("market-regulation")
    assert isinstance(refused(world.database, lambda s: amending.confirm(s, other, link_id)), NotFound)
    assert isinstance(refused(world.database, lambda s: actions.refuse(s, other, LATER, link_id, 1)), NotFound)
    with world.database.reading() as session:
        args = (world.consultation.id, LinkState.PROPOSED, None, 10)
        assert listing.for_department(session, "market-regulation", *args).items == []
        assert [one.link.id for one in listing.for_department(session, "civil-affairs", *args).items] == [link_id]


def test_what_was_refused_stays_refused_and_can_be_taken_up_again(world: World, link_id: uuid.UUID) -> None:
    with world.database.writing() as session:
        actions.refuse(session, head(), LATER, link_id, 1)
    amending.adopted(world, CUTLERY, person=1)
    amending.searched(world)
    assert link(world, link_id).state is LinkState.REFUSED
    assert isinstance(refused(world.database, lambda s: amending.confirm(s, head(), link_id)), InvalidTransition)
    with world.database.writing() as session:
        actions.undo(session, head(), LATER, link_id, 2, "看错了。")
    assert amending.states(world) == {LinkState.PROPOSED: 2}


def test_a_long_remark_is_refused(world: World, link_id: uuid.UUID) -> None:
    error = refused(world.database, lambda s: amending.confirm(s, head(), link_id, "长" * 301))
    assert isinstance(error, Unprocessable)
    amending.confirmed(world, link_id, "长" * 300)


def test_two_who_decide_at_once_are_told_apart(world: World, link_id: uuid.UUID) -> None:
    def confirm(session: Session) -> object:
        return actions.confirm(session, head(), LATER, link_id, 1)

    def refuse(session: Session) -> object:
        return actions.refuse(session, head(name="deputy"), LATER, link_id, 1)

    errors = written_at_once(world.database, [confirm, refuse])
    assert sorted(type(error) for error in errors if error) == [Conflict]
    assert sum(amending.states(world).values()) == 1


def test_two_who_link_the_same_by_hand_make_one_link(world: World, link_id: uuid.UUID) -> None:
    suggestion_id = amending.adopted(world, "请再想一想。", person=1)
    change = amending.changes(world)[0].id

    def add(session: Session) -> object:
        return actions.add(session, head(), LATER, world.consultation.id, suggestion_id, change)

    errors = written_at_once(world.database, [add, add])
    assert [type(error) for error in errors if error] == [Conflict]
    assert amending.states(world) == {LinkState.PROPOSED: 1, LinkState.CONFIRMED: 1}


def test_a_confirmed_link_is_undone_only_while_the_public_does_not_see_it(world: World, link_id: uuid.UUID) -> None:
    amending.confirmed(world, link_id)
    amending.made_public(world, link(world, link_id).comparison_id)

    def undo(session: Session, reason: str = "有误。") -> object:
        return actions.undo(session, head(), LATER, link_id, 2, reason)

    assert refused(world.database, undo).code == "amendment_public"
    amending.withdrawn(world)
    assert refused(world.database, lambda s: undo(s, " ")).code == "reason_required"
    with world.database.writing() as session:
        undo(session)
    kept = link(world, link_id)
    assert (kept.state, kept.shown, kept.decided_by) == (LinkState.PROPOSED, "", None)


def test_a_link_by_hand_is_confirmed_at_once(world: World, link_id: uuid.UUID) -> None:
    suggestion_id = amending.adopted(world, "请再想一想。", amending.clause(world, "（二）"), person=1)
    change = amending.changes(world)[0].id
    with world.database.reading() as session:
        basis = queries.basis_of(session, world.consultation.id)
        assert basis
        found = listing.candidates(session, world.consultation.id, basis, change, "（二）", 5)
    assert [one.suggestion_id for one in found] == [suggestion_id]

    def add(session: Session, suggestion: uuid.UUID = suggestion_id, change: str = change) -> object:
        return actions.add(session, head(), LATER, world.consultation.id, suggestion, change)

    assert refused(world.database, lambda s: add(s, change="0" * 32)).code == "no_such_change"
    assert refused(world.database, lambda s: add(s, suggestion=uuid.uuid4())).code == "no_such_suggestion"
    with world.database.writing() as session:
        add(session)
    assert refused(world.database, add).code == "linked_already"
    assert set(texts(world)) == {suggestion_id}


def test_what_was_not_adopted_is_neither_proposed_nor_linked(world: World, link_id: uuid.UUID) -> None:
    kinds = (DispositionKind.NOT_ADOPTED, DispositionKind.ALREADY_PROVIDED, DispositionKind.PARTLY_ADOPTED)
    not_adopted, provided, partly = (
        amending.adopted(world, WEEKEND, kind=kind, person=person) for person, kind in enumerate(kinds, 1)
    )
    amending.searched(world)
    assert {one.suggestion_id for one in amending.links(world)} == {link(world, link_id).suggestion_id, partly}
    change = amending.changes(world)[0].id
    for suggestion_id in (not_adopted, provided):

        def add(session: Session, suggestion: uuid.UUID = suggestion_id) -> object:
            return actions.add(session, head(), LATER, world.consultation.id, suggestion, change)

        assert refused(world.database, add).code == "not_adopted"


def test_decided_anew_as_not_adopted_the_link_goes_and_comes_back_only_to_be_confirmed_again(
    world: World, link_id: uuid.UUID
) -> None:
    amending.confirmed(world, link_id)
    kept = link(world, link_id)
    outcomes.released(world)
    amending.made_public(world, kept.comparison_id)
    assert len(public(world)) == 1
    decided_anew(world, kept.suggestion_id, DispositionKind.NOT_ADOPTED)
    outcomes.released(world)
    assert texts(world) == {}
    amending.searched(world)
    assert link(world, link_id).state is LinkState.WITHDRAWN
    assert public(world) == {}
    decided_anew(world, kept.suggestion_id, DispositionKind.ADOPTED)
    amending.searched(world)
    assert link(world, link_id).state is LinkState.PROPOSED
    with world.database.reading() as session:
        entries = audit.of_record(session, "suggestion", kept.suggestion_id)
        assert mending.count_differences(session) == {}
    names = [entry.action for entry in entries if entry.action.startswith("amendment.")]
    assert sorted(names) == ["amendment.confirmed", "amendment.renewed", "amendment.withdrawn"]


def decided_anew(world: World, suggestion_id: uuid.UUID, kind: DispositionKind) -> None:
    with world.database.writing() as session:
        disposition = session.get_one(Disposition, suggestion_id)
        outcomes_actions.revise(
            session, world.staff.manager, LATER, suggestion_id, disposition.revision, "需要重新研究。"
        )
        assignment_id = disposition.assignment_id
        assert assignment_id
    outcomes.answered_anew(world, assignment_id, kind, "经费不足。")
    with world.database.writing() as session:
        revision, next_day = session.get_one(Disposition, suggestion_id).revision, LATER + timedelta(days=1)
        outcomes_actions.confirm(session, world.staff.manager, next_day, suggestion_id, revision, LETTER)


def test_words_taken_back_from_the_public_are_not_shown_here_either(screened_world: World) -> None:
    screened = screened_world
    comparison_id = amending.compared(screened)
    suggestion_id = amending.adopted(screened, WEEKEND)
    with screened.database.writing() as session:
        publication.publish(session, screened.staff.publisher, LATER, suggestion_id, "公开的文字。", ())
    amending.searched(screened)
    amending.confirmed(screened, amending.only_link(screened).id)
    outcomes.released(screened)
    amending.made_public(screened, comparison_id)
    (change,) = public(screened).values()
    assert [one.text for one in change.words] == ["公开的文字。"]
    with screened.database.writing() as session:
        publication.retract(session, screened.staff.publisher, LATER, suggestion_id, "有误。")
    (change,) = public(screened).values()
    assert (change.n, change.words) == (1, ())


def test_personal_data_in_a_suggestions_words_is_masked(world: World) -> None:
    amending.compared(world)
    amending.adopted(world, "希望节假日也照常供餐，电话13900000000。")
    amending.searched(world)
    amending.confirmed(world, amending.only_link(world).id)
    assert "13900000000" not in amending.only_link(world).shown


def test_nothing_is_looked_for_twice_or_without_a_final_text(world: World) -> None:
    amending.adopted(world, WEEKEND, amending.clause(world, "（一）"))
    amending.searched(world)
    assert amending.links(world) == []
    amending.compared(world)
    amending.searched(world)
    first = amending.only_link(world)
    assert first.because is Because.CLAUSE_AND_WORDS
    amending.adopted(world, CUTLERY, person=1)
    amending.searched(world)
    assert [one.because for one in amending.links(world)] == [Because.CLAUSE_AND_WORDS, Because.WORDS]
