"""A consultation that is over: commented on, answered, released, concluded, so that one sees the end of the way, too.

Its window lies in the past, what staff and departments did happened now. Everything is invented. It is begun once; what
an interrupted run left of it is finished by the next one.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.assignments import actions as assignments
from app.assignments.models import Assignment
from app.cli.demonstration.facts import Facts
from app.consultations import actions as consultations
from app.consultations import arranging
from app.consultations import queries as consultation_queries
from app.consultations.actions import Opening
from app.consultations.importing import Choices, import_page
from app.consultations.models import Consultation
from app.dispositions import actions as dispositions
from app.dispositions import releasing
from app.dispositions.actions import Letter
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition
from app.documents import queries as documents
from app.kit.clock import beijing_day, end_of_beijing_day
from app.kit.database import Database
from app.permissions import DEPARTMENT_SCOPES, Actor, ActorKind, Role, of_roles, of_scopes
from app.records import actions as records
from app.records import queries as record_queries
from app.reporting import actions as reporting
from app.screening import editing
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.screening.editing import Wording
from app.screening.models import Suggestion
from app.screening.passages import sentences
from app.submissions.intake import ChosenClause, Intake, NewSubmission
from app.submissions.lifecycle import Channel, ScreeningEvent
from app.submissions.models import Submission
from app.submissions.submitter import Identity
from app.submissions.vault import Vault

SLUG = "demo-reading-rooms"
LEAD = "culture-and-tourism"
"""The department that answers in it."""
BEGAN, ENDED = timedelta(days=60), timedelta(days=25)
NAMES = "赵钱孙李周吴郑王"
CLOSED = "来信反映的是公交线路，与本稿无关，请拨打12345。"


@dataclass(frozen=True)
class Point:
    """What some people asked for in clause number `clause`, how it was worded, and what became of it."""

    text: str
    clause: int
    comments: tuple[str, ...]
    kind: DispositionKind
    reason: str


POINTS = (
    Point(
        "图书室晚上和周末照常开放。",
        1,
        ("下班以后图书室已经关门了，希望晚上开到九点。", "孩子只有周末有空，周末请不要闭馆。", "建议周末也开放。"),
        DispositionKind.ADOPTED,
        "已写入第二条：每周开放不少于四十二小时，含晚间和周末。",
    ),
    Point(
        "配备大字本图书和有声读物。",
        2,
        ("我母亲看不清小字，希望有大字本和能听的书。", "建议配几台听书机，借回家也行。"),
        DispositionKind.PARTLY_ADOPTED,
        "大字本和有声读物已写入第三条；听书机外借因保管条件所限，先在馆内使用。",
    ),
    Point(
        "每个社区图书室配备专职管理员。",
        0,
        ("图书室经常没人管，建议每个社区配一名专职管理员。",),
        DispositionKind.NOT_ADOPTED,
        "现有编制和经费难以保障，由社区工作者和志愿者轮值，暂不作统一规定。",
    ),
)
FOREIGN = "十二路公交车改线以后去医院要换两次车，请改回来。"


def conclude_one(database: Database, intake: Intake, vault: Vault, actor: Actor, at: datetime, facts: Facts) -> None:
    """Brings it to its end, from wherever an earlier run left it."""
    with database.writing() as session:
        consultation = consultation_queries.find(session, SLUG) or _open(session, actor, at)
        if record_queries.conclusion(session, consultation.id) is not None:
            return
        clauses = [clause for clause in documents.clauses_of(session, consultation.version_id) if clause.text]
    chosen = [ChosenClause(clause.id, clause.text_hash) for clause in clauses]
    comments = [(text, chosen[point.clause]) for point in POINTS for text in point.comments]
    for number, (text, clause) in enumerate([*comments, (FOREIGN, None)]):
        intake.store(_submission(consultation, number, text, clause))
    with database.writing() as session:
        _work_through(_Desk(session, at, facts, vault), consultation, [clause.id for clause in clauses])


def _open(session: Session, actor: Actor, at: datetime) -> Consultation:
    text = resources.files("app.cli.demonstration").joinpath("concluded.txt").read_text(encoding="utf-8")
    closes_at = end_of_beijing_day(beijing_day(at - ENDED))
    choices = Choices(slug=SLUG, opens_at=at - BEGAN, closes_at=closes_at)
    made = import_page(session, actor, at, "concluded.txt", text, choices).consultation
    opening = Opening(short_window_reason="演示", override_reason="演示数据")
    consultations.open_consultation(session, actor, at, SLUG, opening)
    arranging.set_second_look_share(session, actor, at, made.id, 0)
    return made


def _submission(consultation: Consultation, number: int, text: str, clause: ChosenClause | None) -> NewSubmission:
    """The same one in every run, so that it is stored once."""
    return NewSubmission(
        token=uuid.uuid5(consultation.id, str(number)).hex,
        consultation_id=consultation.id,
        version_id=consultation.version_id,
        channel=Channel.WEB,
        received_at=consultation.opens_at + timedelta(days=number + 1),
        title=text[:12],
        comment=text,
        occupation="其他",
        clauses=[clause] if clause else [],
        identity=_identity(number),
        display=True,
        keep=(),
        challenge=None,
        request_id=None,
    )


def _identity(number: int) -> Identity:
    """Invented: no county has the area code; the check digit is that of GB 11643."""
    body = f"21999919600101{number:03}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    name = f"{NAMES[number % len(NAMES)]}演示"
    return Identity(name, body + "10X98765432"[total % 11], f"1390000{number:04}", f"reader{number}@example.com")


@dataclass(frozen=True)
class _Desk:
    """Who works on it, each with the demonstration's own account."""

    session: Session
    at: datetime
    facts: Facts
    vault: Vault

    def person(self, role: Role) -> Actor:
        username = next(account.username for account in self.facts.staff if account.role == role)
        user = accounts.user_named(self.session, username)
        assert user is not None
        return Actor(ActorKind.STAFF, str(user.id), of_roles([role]))

    def program(self) -> Actor:
        client = accounts.client_named(self.session, f"demonstration {LEAD}")
        assert client is not None
        return Actor(ActorKind.CLIENT, str(client.id), of_scopes(DEPARTMENT_SCOPES), LEAD)


def _work_through(desk: _Desk, consultation: Consultation, clauses: list[uuid.UUID]) -> None:
    """From the first decision to the conclusion."""
    session, at = desk.session, desk.at
    query = select(Submission).where(Submission.consultation_id == consultation.id)
    received = {row.comment: row for row in session.scalars(query)}
    for text, row in received.items():
        decision = Decision(ScreeningEvent.ACCEPT)
        if text == FOREIGN:
            decision = Decision(ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, CLOSED)
        decide(session, desk.person(Role.SCREENER), at, row.id, row.revision, decision)
    session.flush()
    for point in POINTS:
        sources = [received[text] for text in point.comments]
        _answer(desk, point, _gather(desk, point, sources, clauses[point.clause]))
    made = releasing.prepare_release(
        session, desk.person(Role.PUBLISHER), at, consultation.id, "办理结果", "起草单位已确认。"
    )
    session.flush()
    releasing.release_outcomes(session, desk.person(Role.PUBLISHER), at, made.id, made.revision, approver="分管领导")
    session.flush()
    records.publish_intake(session, desk.person(Role.PUBLISHER), at, consultation.id, "")
    session.flush()
    reporting.conclude(session, desk.person(Role.MANAGER), at, consultation.id, "感谢各位参与。", desk.vault)


def _gather(desk: _Desk, point: Point, sources: list[Submission], clause_id: uuid.UUID) -> Suggestion:
    """The approved suggestion of all who asked for it."""
    session, at, editor = desk.session, desk.at, desk.person(Role.EDITOR)
    first, *others = sources
    made = editing.gather(
        session, editor, at, first.id, sentences(first.comment), Wording(point.text, "图书室", clause_id)
    )
    session.flush()
    for other in others:
        editing.gather_into(session, editor, at, other.id, sentences(other.comment), made.id)
        session.flush()
    editing.submit_for_approval(session, editor, at, made.id, made.revision)
    session.flush()
    editing.approve(session, desk.person(Role.APPROVER), at, made.id, made.revision)
    session.flush()
    return made


def _answer(desk: _Desk, point: Point, suggestion: Suggestion) -> None:
    """Handed over, answered by the department's program, and confirmed on the strength of a letter."""
    session, at, program = desk.session, desk.at, desk.program()
    assignments.assign(session, desk.person(Role.APPROVER), at, suggestion.id, LEAD, [], {LEAD: "named_first"})
    session.flush()
    held = session.scalars(select(Assignment.id).where(Assignment.suggestion_id == suggestion.id)).one()
    dispositions.answer(session, program, at, held, point.kind, point.reason, False)
    session.flush()
    letter = Letter("文旅函〔2026〕6号", beijing_day(at), "处长")
    row = session.get_one(Disposition, suggestion.id)
    dispositions.confirm(session, desk.person(Role.MANAGER), at, suggestion.id, row.revision, letter)
    session.flush()
