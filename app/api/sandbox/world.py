"""What a new sandbox holds: one consultation, and suggestions in the hands of the program's own department.

Everybody and everything is invented; all of it goes the way that comments go in the service, by the same actions.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import actions as assignments
from app.consultations import actions as consultations
from app.consultations.actions import Announcement, Opening
from app.consultations.lifecycle import Kind, LegalNature
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.departments.actions import add_departments
from app.departments.directory import DirectoryEntry, load_seed
from app.departments.models import Department
from app.documents.actions import store_version
from app.documents.extraction import extract
from app.events import numbering
from app.events.models import EventReader
from app.events.queries import last_position
from app.kit.database import Database
from app.permissions import operator
from app.screening import editing
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.screening.models import Suggestion
from app.screening.passages import sentences
from app.submissions.intake import DirectIntake, NewSubmission
from app.submissions.lifecycle import Channel, ScreeningEvent
from app.submissions.models import Submission
from app.submissions.submitter import Identity
from app.webhooks import ledger as webhooks

SLUG = "sandbox-neighbourhood-parks"
PREPARER, EDITOR, APPROVER = operator("sandbox"), operator("sandbox-editor"), operator("sandbox-approver")
WINDOW = timedelta(days=30)
TEXT = """关于完善社区小公园管理的若干措施

（征求意见稿）

为方便居民就近休憩，制定本措施。（演示数据，与真实文件无关）

一、建设

（一）在空闲地块建设小公园，步行十分钟可以到达。

（二）小公园应当设置座椅、照明和无障碍通道。

二、管理

（三）小公园每日开放，开放时间在门口公布。
"""
POINTS = (
    ("座椅", "建议在小公园增设带靠背的座椅，方便老年人起身。"),
    ("照明", "建议夜间照明延长到二十二点。"),
    ("通道", "建议入口处坡道加装扶手。"),
    ("开放时间", "建议夏季提前到五点半开放。"),
    ("绿化", "建议增加遮阴树木。"),
    ("卫生", "建议增设分类垃圾桶并每日清运。"),
    ("饮水", "建议设置直饮水点。"),
    ("活动", "建议划出儿童活动的场地。"),
)


def fill(database: Database, intake: DirectIntake, at: datetime, department: tuple[str, str]) -> None:
    """Makes the consultation and hands all suggestions over to the department (id, name), the last two beside a lead.

    The window has just ended, as it has when departments are given what was said.
    """
    began = at - timedelta(days=1)
    with database.writing() as session:
        _directory(session, began, department)
        consultation = _consultation(session, began, department[0])
    for number, (theme, words) in enumerate(POINTS):
        minute = began + timedelta(minutes=number)
        receipt = intake.store(_comment(consultation, number, words, minute))
        with database.writing() as session:
            suggestion_id = _suggestion(session, receipt.number, theme, words, minute)
            lead, cooperating = _hands(session, department[0], number)
            reasons = dict.fromkeys([lead, *cooperating], "general_opinion")
            assignments.assign(session, APPROVER, minute, suggestion_id, lead, cooperating, reasons)
    with database.writing() as session:
        numbering.number(session)
        session.add(EventReader(name=webhooks.READER, position=last_position(session)))


def _directory(session: Session, at: datetime, department: tuple[str, str]) -> None:
    entries: Sequence[DirectoryEntry] = load_seed()
    add_departments(session, PREPARER, at, entries)
    session.flush()
    department_id, name = department
    if session.get(Department, department_id) is None:
        last = entries[-1]
        same = session.scalar(select(Department.name).where(Department.name == name))
        session.add(
            Department(
                id=department_id,
                position=len(entries) + 1,
                name=name if same is None else f"{name}（沙箱）",
                level=last.level if last.level != "standing_scope" else entries[0].level,
                relationship=entries[0].relationship,
            )
        )
        session.flush()


def _consultation(session: Session, at: datetime, department_id: str) -> Consultation:
    found = extract(TEXT, departments.directory(session))
    version = store_version(session, PREPARER, at, "draft.txt", TEXT, found)
    announcement = Announcement(
        slug=SLUG,
        title=found.title or "征求意见稿",
        kind=Kind.GOVERNMENT_DOCUMENT,
        legal_nature=LegalNature.NORMATIVE_DOCUMENT,
        drafting_department_id=department_id,
        version_id=version.id,
        issuing_body="演示单位",
        published_on=at.date(),
        notice_title="公开征求意见（演示）",
        notice="本次征集为沙箱演示数据。",
        explanation_title="起草说明（演示）",
        explanation="沙箱演示数据。",
        contact_phone=None,
        contact_email=None,
        deadline_as_printed=None,
        opens_at=at - timedelta(hours=1),
        closes_at=at + WINDOW,
    )
    made = consultations.prepare(session, PREPARER, at, announcement)
    consultations.open_consultation(session, APPROVER, at, SLUG, Opening())
    return made


def _comment(consultation: Consultation, number: int, words: str, at: datetime) -> NewSubmission:
    return NewSubmission(
        token=uuid.uuid4().hex,
        consultation_id=consultation.id,
        version_id=consultation.version_id,
        channel=Channel.WEB,
        received_at=at,
        title="关于小公园的意见",
        comment=words,
        occupation="其他",
        clauses=(),
        identity=Identity(name="测试甲", id_number=None, phone=f"1390000{number:04}", email=None),
        display=False,
        keep=(),
        challenge=None,
        request_id=None,
    )


def _suggestion(session: Session, receipt_number: str, theme: str, words: str, at: datetime) -> uuid.UUID:
    row = session.scalars(select(Submission).where(Submission.receipt_number == receipt_number)).one()
    decide(session, PREPARER, at, row.id, row.revision, Decision(ScreeningEvent.ACCEPT))
    made = editing.gather(session, EDITOR, at, row.id, sentences(words), editing.Wording(words, theme, None))
    session.flush()
    editing.submit_for_approval(session, EDITOR, at, made.id, made.revision)
    session.flush()
    editing.approve(session, APPROVER, at, made.id, session.get_one(Suggestion, made.id).revision)
    session.flush()
    return made.id


def _hands(session: Session, department_id: str, number: int) -> tuple[str, list[str]]:
    """Of the last two it is a cooperating department; another one leads."""
    if number < len(POINTS) - 2:
        return department_id, []
    other = next(row.id for row in departments.assignable(session) if row.id != department_id)
    return other, [department_id]
