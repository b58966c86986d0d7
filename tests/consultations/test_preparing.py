"""From uploaded files to a consultation: corrections, choices, handing over, and back; on both stores."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.consultations import actions, preparations, preparing
from app.consultations.actions import Opening
from app.consultations.lifecycle import ConsultationState, DisplayRegime, LegalNature
from app.consultations.models import Consultation, Preparation, PreparationText
from app.consultations.preparation import PreparationState, TextPart
from app.consultations.preparing import Correction
from app.consultations.queries import rules
from app.documents.corrections import Wording
from app.documents.models import DocumentVersion
from app.documents.queries import clauses_of
from app.kit.errors import InvalidTransition
from tests.support.journey import START, World
from tests.support.preparing import PAGE, begun, handed_over, now, read_page, second_manager
from tests.support.refusals import refused

LATER = START + timedelta(hours=1)


def correct(world: World, preparation: Preparation, correction: Correction) -> Preparation:
    with world.database.writing() as session:
        revision = session.get_one(Preparation, preparation.id).revision
        preparing.correct(session, world.staff.manager, LATER, preparation.id, revision, correction)
    return now(world.database, preparation.id)


def key_of(preparation: Preparation, number: str) -> str:
    rows = preparations.reviewed(preparation).clauses
    return next(row.key for row in rows if row.clause.number == number)


def test_what_was_read_is_kept_and_nothing_is_public(world: World) -> None:
    preparation = begun(world)
    reviewed = preparations.reviewed(preparation)
    assert preparation.state is PreparationState.IN_PROGRESS
    assert len(reviewed.clauses) > 20
    assert preparation.found["holds"] == ["draft", "notice", "explanation"]
    assert preparation.choices["drafting_department"] == "housing-and-urban-rural-development"
    assert preparation.choices["closes_at"] == "2027-01-01T00:00"
    with world.database.reading() as session:
        kept = session.scalars(select(PreparationText)).one()
        assert (kept.part, kept.source_name, kept.text) == (TextPart.DRAFT, "page.txt", PAGE)
        assert session.scalars(select(Consultation)).one().id == world.consultation.id


def test_files_of_their_own_go_before_what_the_page_holds(world: World) -> None:
    lines = (
        "关于征求意见的公告",
        "发布时间：2026年5月8日",
        "请于2026年6月30日前提出。",
        "一、可以来信。",
        "电子邮箱：a@example.cn。",
    )
    notice = "\n".join(lines)
    with world.database.reading() as session:
        read = read_page(session, PAGE, notice=notice, explanation="起草说明\n一、为什么要写。")
    assert read.values["notice_title"] == "关于征求意见的公告"
    assert "一、可以来信。" in read.values["notice"]
    assert read.values["closes_at"] == "2026-07-01T00:00"
    assert read.values["contact_email"] == "a@example.cn"
    assert (read.values["explanation_title"], read.values["explanation"]) == ("起草说明", "一、为什么要写。")


def test_a_correction_is_laid_over_what_was_read_and_told_in_the_audit_trail(world: World) -> None:
    before = begun(world)
    wording = Wording("一", "总的要求", "先易后难。", ())
    after = correct(world, before, preparing.rewording("c0", wording))
    assert after.found == before.found
    assert after.revision > before.revision
    assert preparations.reviewed(after).rows[0].clause.heading == "总的要求"
    with world.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "preparation.clause_reworded")).one()
        assert entry.detail == {"clause": "一"}


def test_whoever_saw_an_older_state_is_told_so_and_changes_nothing(world: World) -> None:
    before = begun(world)
    correct(world, before, preparing.removal("c0"))
    manager = world.staff.manager

    def again(session: Session) -> None:
        preparing.correct(session, manager, LATER, before.id, before.revision, preparing.removal("c1"))

    assert refused(world.database, again).code == "changed_meanwhile"


def test_a_correction_that_makes_no_clause_changes_nothing(world: World) -> None:
    before = begun(world)
    manager = world.staff.manager

    def wrong(session: Session) -> None:
        correction = preparing.rewording("c0", Wording("", "", None))
        preparing.correct(session, manager, LATER, before.id, before.revision, correction)

    assert refused(world.database, wrong).code == "number_required"


def test_doubts_are_looked_at_once(world: World) -> None:
    before = begun(world)
    doubts = len(preparations.reviewed(before).read.doubts)
    assert doubts == 1
    with world.database.writing() as session:
        preparing.look_at_doubts(session, world.staff.manager, LATER, before.id, before.revision, [0, 0])
    after = now(world.database, before.id)
    assert len(preparations.reviewed(after).open_doubts()) == 0

    def unknown(session: Session) -> None:
        preparing.look_at_doubts(session, world.staff.manager, LATER, after.id, after.revision, [doubts])

    assert refused(world.database, unknown).code == "no_such_doubt"


def test_choices_are_kept_and_wrong_ones_are_not(world: World) -> None:
    before = begun(world)
    with world.database.writing() as session:
        values = {"slug": "walking", "legal_nature": "major_decision", "title": "步行\0方案"}
        preparing.choose(session, world.staff.manager, LATER, before.id, before.revision, values)
    after = now(world.database, before.id)
    assert (after.title, after.choices["slug"]) == ("步行方案", "walking")

    def wrong(session: Session) -> None:
        preparing.choose(session, world.staff.manager, LATER, after.id, after.revision, {"kind": "letter"})

    def taken(session: Session) -> None:
        values = {"slug": world.consultation.slug}
        preparing.choose(session, world.staff.manager, LATER, after.id, after.revision, values)

    assert refused(world.database, wrong).code == "choices_incomplete"
    assert refused(world.database, taken).code == "slug_taken"


def test_handing_over_makes_the_consultation_from_what_was_corrected(world: World) -> None:
    before = begun(world)
    after = correct(world, before, preparing.rewording("c0", Wording("一", "总的要求", "先易后难。", ())))
    with world.database.writing() as session:
        made = preparing.hand_over(session, world.staff.manager, LATER, after.id, after.revision)
    with world.database.reading() as session:
        consultation = session.get_one(Consultation, made.id)
        version = session.get_one(DocumentVersion, consultation.version_id)
        clauses = clauses_of(session, version.id)
        assert consultation.state is ConsultationState.DRAFT
        assert consultation.display_regime is DisplayRegime.INSTANT
        assert consultation.legal_nature is LegalNature.NORMATIVE_DOCUMENT
        assert consultation.opens_at == LATER
        assert consultation.prepared_by == world.staff.manager.id
        assert (clauses[0].heading, clauses[0].text) == ("总的要求", "先易后难。")
        assert (version.text, version.source_name) == (PAGE, "page.txt")
        assert any(unit.department_id for clause in clauses for unit in clause.units)
        assert next(rule.heading for rule in rules(session, consultation.id)) == "栏目说明"


def test_after_handing_over_nothing_changes_any_more(world: World) -> None:
    given = handed_over(world)
    manager = world.staff.manager
    for act in (
        lambda s: preparing.correct(s, manager, LATER, given.id, given.revision, preparing.removal("c0")),
        lambda s: preparing.look_at_doubts(s, manager, LATER, given.id, given.revision, [0]),
        lambda s: preparing.choose(s, manager, LATER, given.id, given.revision, {}),
        lambda s: preparing.hand_over(s, manager, LATER, given.id, given.revision),
        lambda s: preparing.discard(s, manager, LATER, given.id, given.revision),
    ):
        assert isinstance(refused(world.database, act), InvalidTransition)


def test_the_second_person_opens_it(world: World) -> None:
    given = handed_over(world)
    with world.database.reading() as session:
        slug = preparations.slug(session, given)
        assert slug is not None

    def own(session: Session) -> None:
        actions.open_consultation(session, world.staff.manager, LATER, slug, Opening())

    assert refused(world.database, own).code == "own_preparation"
    with world.database.writing() as session:
        actions.open_consultation(session, second_manager(world), LATER, slug, Opening())
    with world.database.reading() as session:
        assert preparations.unfinished(session) == []

    def back(session: Session) -> None:
        preparing.return_to_preparer(session, second_manager(world), LATER, given.id, given.revision, "晚了")

    assert refused(world.database, back).code == "opened_already"


def test_what_is_returned_can_not_be_opened_until_it_is_handed_over_again(world: World) -> None:
    given = handed_over(world)
    second = second_manager(world)
    with world.database.writing() as session:
        preparing.return_to_preparer(session, second, LATER, given.id, given.revision, "标题有误")
    returned = now(world.database, given.id)
    assert (returned.state, returned.remark) == (PreparationState.IN_PROGRESS, "标题有误")
    with world.database.reading() as session:
        first = session.get_one(Consultation, given.consultation_id)

    def opening(session: Session) -> None:
        actions.open_consultation(session, second, LATER, first.slug, Opening())

    assert refused(world.database, opening).code == "returned_to_preparer"
    mended = correct(world, returned, preparing.removal(key_of(returned, "一")))
    with world.database.writing() as session:
        preparing.hand_over(session, world.staff.manager, LATER, mended.id, mended.revision)
    with world.database.writing() as session:
        actions.open_consultation(session, second, LATER, first.slug, Opening())
    with world.database.reading() as session:
        again = session.get_one(Consultation, first.id)
        assert (again.slug, again.state) == (first.slug, ConsultationState.OPENED)
        assert again.version_id != first.version_id
        assert "一" not in {clause.label for clause in clauses_of(session, again.version_id)}


def test_a_text_that_did_not_change_makes_no_further_version(world: World) -> None:
    given = handed_over(world)
    with world.database.writing() as session:
        preparing.return_to_preparer(session, second_manager(world), LATER, given.id, given.revision, "电话有误")
    returned = now(world.database, given.id)
    with world.database.writing() as session:
        values = {"contact_phone": "024-00001111"}
        preparing.choose(session, world.staff.manager, LATER, returned.id, returned.revision, values)
    chosen = now(world.database, given.id)
    with world.database.writing() as session:
        before = session.get_one(Consultation, given.consultation_id).version_id
        consultation = preparing.hand_over(session, world.staff.manager, LATER, chosen.id, chosen.revision)
        assert (consultation.version_id, consultation.contact_phone) == (before, "024-00001111")


def test_returning_asks_for_a_remark(world: World) -> None:
    given = handed_over(world)

    def silent(session: Session) -> None:
        preparing.return_to_preparer(session, second_manager(world), LATER, given.id, given.revision, " ")

    assert refused(world.database, silent).code == "remark_required"


def test_a_draft_without_clauses_is_not_handed_over(world: World) -> None:
    text = "关于几件小事的说明\n\n没有编号的一段话。"
    before = begun(world, text)
    with world.database.writing() as session:
        values = {
            "title": "关于几件小事的说明",
            "issuing_body": "省民政厅",
            "drafting_department": "civil-affairs",
            "closes_at": "2026-12-31T00:00",
        }
        preparing.choose(session, world.staff.manager, LATER, before.id, before.revision, values)
    chosen = now(world.database, before.id)

    def empty(session: Session) -> None:
        preparing.hand_over(session, world.staff.manager, LATER, chosen.id, chosen.revision)

    assert refused(world.database, empty).code == "no_clauses"
    added = correct(world, chosen, preparing.addition("", Wording("一", "", "没有编号的一段话。")))
    with world.database.writing() as session:
        preparing.hand_over(session, world.staff.manager, LATER, added.id, added.revision)


def test_what_is_discarded_is_not_listed_any_more(world: World) -> None:
    before = begun(world)
    with world.database.reading() as session:
        assert [listed.preparation.id for listed in preparations.unfinished(session)] == [before.id]
    with world.database.writing() as session:
        preparing.discard(session, world.staff.manager, LATER, before.id, before.revision)
    with world.database.reading() as session:
        assert preparations.unfinished(session) == []
    with pytest.raises(InvalidTransition):
        correct(world, before, preparing.removal("c0"))


def test_a_preparation_that_is_not_there(world: World) -> None:
    def nowhere(session: Session) -> None:
        preparing.discard(session, world.staff.manager, LATER, uuid.uuid4(), 1)

    assert refused(world.database, nowhere).code == "no_such_preparation"
