"""Each action is open to exactly the roles and scopes that the matrix names, and a refusal leaves everything as it was.

The table below is written out by hand: who may do what is decided here too, not copied from the code.
"""

import inspect
import pkgutil
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib import import_module
from types import ModuleType

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import app
from app.accounts import actions as accounts
from app.accounts.models import ApiKey, StaffUser
from app.alerts import actions as alerts
from app.calendars import actions as calendars
from app.calendars.lists import EnteredDay
from app.consultations import actions as consultations
from app.consultations import arranging, changing, importing, late_codes, messages, preparing, rounds, watching
from app.consultations.actions import Announcement, Opening, Rule
from app.consultations.lifecycle import ConsultationState
from app.departments import queries as directory
from app.documents import actions as documents
from app.documents.extraction import extract
from app.documents.models import DocumentVersion
from app.exports import actions as exports
from app.kit.errors import Forbidden, Unprocessable
from app.mail import actions as mails
from app.permissions import OFFICE_ROLES, Actor, ActorKind, Role, of_roles, of_scopes, operator
from app.publication import actions as publication
from app.rights import actions as rights
from app.screening import editing
from app.screening.editing import Wording
from app.screening.models import Suggestion
from app.screening.passages import Span
from app.submissions import attachments, batching, unlocking
from app.submissions.models import Submission
from tests.permissions import (
    account_acts,
    amendment_acts,
    archive_acts,
    assignment_acts,
    bundle_acts,
    campaign_acts,
    decision_acts,
    directory_acts,
    display_acts,
    entering_acts,
    export_acts,
    file_acts,
    further_acts,
    gathering_acts,
    hook_acts,
    incident_acts,
    mail_acts,
    office_acts,
    outcome_acts,
    paper_acts,
    preparing_acts,
    rights_acts,
    sounding_acts,
    team_acts,
)
from tests.permissions.conftest import Scene
from tests.support.dump import dump
from tests.support.journey import DRAFT, DRAFTING, PASSWORD, START

EDGES = {"web", "api", "cli", "worker", "main", "kit", "audit"}
SPANS = [Span(0, 5)]
WORDS = Wording("周末开放。", "助餐", None)
LATER = START + timedelta(hours=1)
PARTS = 4

ACTORS = {
    role.value: Actor(ActorKind.STAFF, f"a {role.value}", of_roles([role]), DRAFTING if role in OFFICE_ROLES else None)
    for role in Role
} | {
    "reading program": Actor(ActorKind.CLIENT, "reader", of_scopes(["assignments:read"]), DRAFTING),
    "writing program": Actor(ActorKind.CLIENT, "writer", of_scopes(["assignments:write"]), DRAFTING),
    "hooking program": Actor(ActorKind.CLIENT, "keeper", of_scopes(["webhooks:write"]), DRAFTING),
    "citizen": Actor(ActorKind.CITIZEN, "", frozenset()),
    "worker": Actor(ActorKind.WORKER, "", frozenset()),
}

Act = Callable[[Session, Actor, Scene], object]


def _revision(session: Session, model: type[Submission | Suggestion], record_id: uuid.UUID) -> int:
    return session.scalars(select(model.revision).where(model.id == record_id)).one()


def _on_suggestion(act: Callable[..., None], name: str, *words: object) -> Act:
    def run(session: Session, actor: Actor, scene: Scene) -> None:
        suggestion_id = getattr(scene, name)
        act(session, actor, LATER, suggestion_id, _revision(session, Suggestion, suggestion_id), *words)

    return run


def _someone(session: Session) -> uuid.UUID:
    return session.scalars(select(StaffUser.id).where(StaffUser.username == "auditor")).one()


def _prepare(session: Session, actor: Actor, scene: Scene) -> None:
    like = scene.world.consultation
    given = {name: getattr(like, name) for name in Announcement.__dataclass_fields__}
    consultations.prepare(session, actor, LATER, Announcement(**given | {"slug": "third"}))


def _open(session: Session, actor: Actor, scene: Scene) -> None:
    scene_consultation = session.merge(scene.world.consultation)
    scene_consultation.state = ConsultationState.DRAFT
    session.flush()
    consultations.open_consultation(session, actor, LATER, scene_consultation.slug, Opening())


def _unwatch(session: Session, actor: Actor, scene: Scene) -> None:
    watching.watch_word(session, ACTORS["manager"], LATER, "某词", "")
    session.flush()
    watching.unwatch_word(session, actor, LATER, "某词")


def _remove_day(session: Session, actor: Actor, scene: Scene) -> None:
    calendars.enter_days(session, ACTORS["manager"], LATER, [EnteredDay(date(2027, 1, 1), is_working=False)])
    session.flush()
    calendars.remove_day(session, actor, LATER, date(2027, 1, 1))


def _on_open(change: Callable[..., object], *words: object) -> Act:
    def run(session: Session, actor: Actor, scene: Scene) -> None:
        row = session.merge(scene.world.consultation)
        change(session, actor, LATER, row.slug, row.revision, *words, "起草单位更正。")

    return run


def _reschedule(session: Session, actor: Actor, scene: Scene) -> None:
    row = session.merge(scene.world.consultation)
    row.opens_at = LATER + timedelta(days=1)
    session.flush()
    changing.reschedule(session, actor, LATER, row.slug, row.revision, LATER + timedelta(days=2), "起草单位更正。")


def _resume(session: Session, actor: Actor, scene: Scene) -> None:
    row = session.merge(scene.world.consultation)
    changing.suspend(session, ACTORS["manager"], LATER, row.slug, row.revision, "起草单位更正。")
    changing.resume(session, actor, LATER, row.slug, row.revision, "起草单位更正。")


def _put_out(change: Callable[..., object], **named: object) -> Act:
    def run(session: Session, actor: Actor, scene: Scene) -> None:
        row = session.merge(scene.world.consultation)
        document = session.get_one(DocumentVersion, row.version_id).document_id
        found = extract(DRAFT, directory.directory(session))
        version = documents.add_version(session, ACTORS["manager"], LATER, document, "second.txt", DRAFT, found)
        session.flush()
        change(session, actor, LATER, row.slug, row.revision, version.id, "起草单位更正。", **named)

    return run


def _store_version(session: Session, actor: Actor, scene: Scene) -> None:
    found = extract(DRAFT, directory.directory(session))
    documents.store_version(session, actor, LATER, "draft.txt", DRAFT, found)


def _add_version(session: Session, actor: Actor, scene: Scene) -> None:
    version = session.get_one(DocumentVersion, scene.world.consultation.version_id)
    found = extract(DRAFT, directory.directory(session))
    documents.add_version(session, actor, LATER, version.document_id, "second.txt", DRAFT, found)


def _with_second(session: Session, scene: Scene) -> tuple[uuid.UUID, uuid.UUID]:
    """The ids of the draft's version and of a later one."""
    _add_version(session, operator("tests"), scene)
    draft = scene.world.consultation.version_id
    final = session.scalars(select(DocumentVersion.id).where(DocumentVersion.source_name == "second.txt")).one()
    return draft, final


def _ask_comparison(session: Session, actor: Actor, scene: Scene) -> None:
    documents.ask_comparison(session, actor, LATER, *_with_second(session, scene))


def _decide_anchor(session: Session, actor: Actor, scene: Scene) -> None:
    clause = scene.world.clauses[0].id
    documents.decide_anchor(session, actor, LATER, clause, _with_second(session, scene)[1], 1, None)


def _release(session: Session, actor: Actor, scene: Scene) -> None:
    pair = _with_second(session, scene)
    comparison = documents.ask_comparison(session, operator("tests"), LATER, *pair)
    confirmed = publication.Confirmation("函〔2026〕9号", START.date(), "测试联系人")
    of = scene.world.consultation.id
    publication.release_comparison(session, actor, LATER, of, comparison.id, comparison.made_at, confirmed)


def _withdraw_release(session: Session, actor: Actor, scene: Scene) -> None:
    _release(session, operator("tests"), scene)
    session.flush()
    publication.withdraw_release(session, actor, LATER, scene.world.consultation.id, "文本有误。")


def _import(session: Session, actor: Actor, scene: Scene) -> None:
    """The page says no closing day, so whoever may import is told that; nobody else learns anything of it."""
    try:
        importing.import_page(session, actor, LATER, "page.txt", DRAFT, importing.Choices())
    except Unprocessable:
        return


def _revoke_key(session: Session, actor: Actor, scene: Scene) -> object:
    key = session.scalars(select(ApiKey.id).where(ApiKey.client_id == scene.client)).one()
    accounts.revoke_key(session, actor, LATER, scene.client, key)
    return None


def _rotate(session: Session, actor: Actor, scene: Scene) -> None:
    accounts.rotate_key(session, actor, LATER, scene.client)


ADMINISTRATOR, MANAGER, SCREENER, EDITOR = {"administrator"}, {"manager"}, {"screener", "lead"}, {"editor"}
APPROVER, PUBLISHER, WRITER = {"approver"}, {"publisher"}, {"writing program", "officer", "office_head"}

WHO_MAY: dict[Callable[..., object], tuple[set[str], Act]] = {
    accounts.add_staff: (
        ADMINISTRATOR,
        lambda s, a, _: accounts.add_staff(s, a, LATER, "new", "新人", [], PASSWORD),
    ),
    accounts.disable_staff: (ADMINISTRATOR, lambda s, a, _: accounts.disable_staff(s, a, LATER, _someone(s))),
    accounts.reset_password: (
        ADMINISTRATOR,
        lambda s, a, _: accounts.reset_password(s, a, LATER, _someone(s), PASSWORD),
    ),
    accounts.sign_out: ({role.value for role in Role}, lambda s, a, _: accounts.sign_out(s, a, LATER, "token")),
    accounts.add_client: (
        ADMINISTRATOR,
        lambda s, a, _: accounts.add_client(s, a, LATER, DRAFTING, "another", ["assignments:read"]),
    ),
    accounts.rotate_key: (ADMINISTRATOR, _rotate),
    accounts.add_key: (
        ADMINISTRATOR,
        lambda s, a, scene: accounts.add_key(s, a, LATER, scene.client, ["assignments:read"]),
    ),
    accounts.revoke_key: (ADMINISTRATOR, _revoke_key),
    accounts.revoke_client: (
        ADMINISTRATOR,
        lambda s, a, scene: accounts.revoke_client(s, a, LATER, scene.client),
    ),
    **{action: (MANAGER, act) for action, act in directory_acts.ACTS.items()},
    documents.store_version: (MANAGER, _store_version),
    documents.add_version: (MANAGER, _add_version),
    documents.ask_comparison: (MANAGER, _ask_comparison),
    documents.decide_anchor: (EDITOR, _decide_anchor),
    consultations.prepare: (MANAGER, _prepare),
    consultations.open_consultation: (MANAGER, _open),
    unlocking.unlock: (incident_acts.UNLOCKS, incident_acts.unlock),
    alerts.settle: (display_acts.SWITCHES, incident_acts.settle),
    exports.freeze: (incident_acts.FREEZES, incident_acts.freeze),
    exports.lift: (incident_acts.FREEZES, incident_acts.lift),
    rights.grant: (MANAGER, rights_acts.grant),
    rights.refuse: (MANAGER, rights_acts.refuse),
    rights.view_contact: (MANAGER, rights_acts.view_contact),
    arranging.set_terms: (MANAGER, further_acts.set_terms),
    watching.watch_word: (MANAGER, lambda s, a, _: watching.watch_word(s, a, LATER, "某词", "用全称")),
    watching.unwatch_word: (MANAGER, _unwatch),
    calendars.enter_days: (
        MANAGER,
        lambda s, a, _: calendars.enter_days(s, a, LATER, [EnteredDay(date(2027, 1, 1), is_working=False)]),
    ),
    calendars.remove_day: (MANAGER, _remove_day),
    changing.reschedule: (MANAGER, _reschedule),
    changing.extend: (MANAGER, _on_open(changing.extend, LATER + timedelta(days=90))),
    changing.suspend: (MANAGER, _on_open(changing.suspend)),
    changing.resume: (MANAGER, _resume),
    changing.correct: (MANAGER, _put_out(changing.correct, substantive=False)),
    changing.replace: (MANAGER, _put_out(changing.replace)),
    changing.withdraw: (MANAGER, _on_open(changing.withdraw)),
    changing.close_consultation: (MANAGER, _on_open(changing.close_consultation)),
    consultations.set_rules: (
        MANAGER,
        lambda s, a, _: consultations.set_rules(s, a, LATER, [Rule("须知", "请写明条款。")]),
    ),
    late_codes.issue_code: (MANAGER, further_acts.issue),
    late_codes.revoke_code: (MANAGER, further_acts.revoke),
    rounds.second_round: (MANAGER, further_acts.begin_round),
    messages.retry_message: (MANAGER, further_acts.retry),
    messages.retry_given_up: (MANAGER, further_acts.retry_all),
    importing.import_page: (MANAGER, _import),
    importing.put_together: (MANAGER, preparing_acts.put_together),
    preparing.begin: (MANAGER, preparing_acts.begin),
    preparing.correct: (MANAGER, preparing_acts.on_begun(preparing.correct, preparing.removal("c0"))),
    preparing.look_at_doubts: (MANAGER, preparing_acts.on_begun(preparing.look_at_doubts, [0])),
    preparing.choose: (MANAGER, preparing_acts.on_begun(preparing.choose, {})),
    preparing.hand_over: (MANAGER, preparing_acts.on_begun(preparing.hand_over)),
    preparing.return_to_preparer: (MANAGER, preparing_acts.return_it),
    preparing.discard: (MANAGER, preparing_acts.on_begun(preparing.discard)),
    **account_acts.WHO_MAY,
    **assignment_acts.WHO_MAY,
    **campaign_acts.WHO_MAY,
    **display_acts.WHO_MAY,
    **export_acts.WHO_MAY,
    **archive_acts.WHO_MAY,
    **bundle_acts.WHO_MAY,
    **decision_acts.WHO_MAY,
    **team_acts.WHO_MAY,
    **office_acts.WHO_MAY,
    **gathering_acts.WHO_MAY,
    **hook_acts.WHO_MAY,
    **outcome_acts.WHO_MAY,
    **amendment_acts.WHO_MAY,
    **paper_acts.WHO_MAY,
    **sounding_acts.WHO_MAY,
    editing.gather: (EDITOR, lambda s, a, scene: editing.gather(s, a, LATER, scene.accepted, SPANS, WORDS)),
    editing.gather_into: (
        EDITOR,
        lambda s, a, scene: editing.gather_into(s, a, LATER, scene.accepted, SPANS, scene.editing),
    ),
    editing.edit: (EDITOR, _on_suggestion(editing.edit, "editing", WORDS)),
    editing.submit_for_approval: (EDITOR, _on_suggestion(editing.submit_for_approval, "editing")),
    editing.approve: (APPROVER, _on_suggestion(editing.approve, "awaiting")),
    editing.return_for_editing: (APPROVER, _on_suggestion(editing.return_for_editing, "awaiting", "请补充。")),
    publication.publish: (
        PUBLISHER,
        lambda s, a, scene: publication.publish(s, a, LATER, scene.approved, "周末开放。", ()),
    ),
    batching.keep_batch: (SCREENER | MANAGER, entering_acts.keep),
    batching.finish_batch: (SCREENER | MANAGER, entering_acts.finish),
    mails.keep_import: (SCREENER | MANAGER, mail_acts.keep_import),
    mails.finish_import: (SCREENER | MANAGER, mail_acts.finish_import),
    mails.keep_mail: (SCREENER | MANAGER, mail_acts.keep_mail),
    mails.settle: (SCREENER | MANAGER, mail_acts.settle),
    mails.set_aside: (SCREENER | MANAGER, mail_acts.set_aside),
    attachments.open_file: (SCREENER | EDITOR | APPROVER | PUBLISHER | {"referral_officer"}, file_acts.open_file),
    attachments.release_file: (PUBLISHER, file_acts.release),
    attachments.withdraw_file: (PUBLISHER, file_acts.withdraw),
    publication.release_comparison: (PUBLISHER, _release),
    publication.withdraw_release: (PUBLISHER, _withdraw_release),
    publication.retract: (
        PUBLISHER,
        lambda s, a, scene: publication.retract(s, a, LATER, scene.published, "暂不公开。"),
    ),
}


def _allowed(scene: Scene, actor: Actor, act: Act) -> bool:
    """Whether the actor may; what an allowed one did is rolled back, a refused one goes through a unit of work."""
    try:
        with scene.world.database.writing() as session:
            act(session, actor, scene)
            session.flush()
            session.rollback()
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("part", range(PARTS))
def test_every_action_is_open_to_its_roles_alone_and_a_refusal_changes_nothing(scene: Scene, part: int) -> None:
    before = dump(scene.world.database)
    for action, (expected, act) in list(WHO_MAY.items())[part::PARTS]:
        found = {name for name, actor in ACTORS.items() if _allowed(scene, actor, act)}
        assert found == expected, action.__qualname__
    assert dump(scene.world.database) == before


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(app.__path__, "app."):
        if found.name.split(".")[1] not in EDGES:
            yield import_module(found.name)


def test_the_table_has_every_action() -> None:
    actions = {
        function
        for module in _modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and list(inspect.signature(function).parameters)[:3] == ["session", "actor", "at"]
    }
    assert actions == set(WHO_MAY)
