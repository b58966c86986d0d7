"""The acts of a department's office on what is its own."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.assignments.lifecycle import AssignmentRole
from app.dispositions.kinds import DispositionKind
from app.offices import actions, answering
from app.offices.actions import Wording
from app.offices.checking import Said
from app.offices.editions import edition
from app.permissions import Actor
from tests.permissions.conftest import Scene
from tests.support.journey import START

Act = Callable[[Session, Actor, Scene], object]
LATER = START + timedelta(hours=1)
OFFICE = {"officer", "office_head"}
ANSWERS = OFFICE | {"writing program"}
WORDING = Wording("采纳", DispositionKind.ADOPTED, "已写入。", "")
SAID = Said(DispositionKind.ADOPTED, "", "", "", None, "")


def _withdraw(session: Session, actor: Actor, scene: Scene) -> None:
    made = actions.keep_template(session, scene.world.staff.office_head, LATER, WORDING)
    session.flush()
    actions.withdraw_template(session, actor, LATER, made)


def _finish(session: Session, actor: Actor, scene: Scene) -> None:
    made = actions.keep_workbook(session, scene.world.staff.officer, LATER, [])
    session.flush()
    row = session.get_one(actions.OfficeWorkbook, made)
    row.sent_by = actor.id
    actions.finish_workbook(session, actor, LATER, made, 0)


def _answer(session: Session, actor: Actor, scene: Scene) -> None:
    answering.answer(session, actor, LATER, scene.assignment, SAID, True, edition(AssignmentRole.LEAD, 0))


WHO_MAY: dict[Callable[..., object], tuple[set[str], Act]] = {
    actions.set_signed: ({"office_head"}, lambda s, a, _: actions.set_signed(s, a, LATER, True)),
    actions.set_two_step: ({"office_head"}, lambda s, a, _: actions.set_two_step(s, a, LATER, True)),
    actions.keep_template: (OFFICE, lambda s, a, _: actions.keep_template(s, a, LATER, WORDING)),
    actions.withdraw_template: (OFFICE, _withdraw),
    actions.keep_workbook: (ANSWERS, lambda s, a, _: actions.keep_workbook(s, a, LATER, [])),
    actions.finish_workbook: (ANSWERS, _finish),
    answering.answer: (ANSWERS, _answer),
}
