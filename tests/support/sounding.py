"""A letter to other organs, step by step through the real actions; the manager does it all."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.clock import beijing_day
from app.permissions import Actor
from app.soundings import actions, handling, replying
from app.soundings.actions import Letter
from app.soundings.lifecycle import Adoption
from app.soundings.models import OrganOpinion, SoundedOrgan, Sounding
from app.soundings.replying import Reply, Wording
from tests.support.journey import START, World

ORGANS = ("辽宁省财政厅", "外地某研究中心")
"""One of the directory, one that isn't in it."""
NUMBER = "辽民函〔2026〕12号"
TODAY = beijing_day(START)
DUE = TODAY + timedelta(days=10)


def letter(version_id: uuid.UUID, title: str = "关于征求意见的函", due_on: date = DUE, silence: bool = False) -> Letter:
    return Letter(title, version_id, due_on, NUMBER, TODAY, silence)


def drafted(
    world: World,
    names: Sequence[str] = ORGANS,
    *,
    at: datetime = START,
    silence: bool = False,
    due_on: date = DUE,
    title: str = "关于征求意见的函",
) -> uuid.UUID:
    """The id of a letter with its organs that is still to be sent."""
    with world.database.writing() as session:
        wanted = letter(world.consultation.version_id, title, due_on, silence)
        made = actions.draft(session, world.staff.manager, at, world.consultation.id, wanted)
        session.flush()
        if names:
            actions.invite(session, world.staff.manager, at, made.id, [], names)
        return made.id


def sent(
    world: World,
    names: Sequence[str] = ORGANS,
    *,
    at: datetime = START,
    silence: bool = False,
    due_on: date = DUE,
    title: str = "关于征求意见的函",
) -> uuid.UUID:
    """The id of a letter that went out."""
    made = drafted(world, names, at=at, silence=silence, due_on=due_on, title=title)
    with world.database.writing() as session:
        actions.send(session, world.staff.manager, at, made, session.get_one(Sounding, made).revision)
    return made


def organs(world: World, sounding_id: uuid.UUID) -> list[uuid.UUID]:
    """The ids of the letter's organs, in order."""
    with world.database.reading() as session:
        wanted = select(SoundedOrgan.id).where(SoundedOrgan.sounding_id == sounding_id)
        return list(session.scalars(wanted.order_by(SoundedOrgan.place)))


def replied(world: World, organ_id: uuid.UUID, opinions: Sequence[Wording] = (), *, at: datetime = START) -> None:
    """With these opinions, or without any."""
    with world.database.writing() as session:
        enter(session, world.staff.manager, organ_id, opinions, at)


def enter(
    session: Session, actor: Actor, organ_id: uuid.UUID, opinions: Sequence[Wording] = (), at: datetime = START
) -> list[uuid.UUID]:
    """The ids of the opinions."""
    revision = session.get_one(SoundedOrgan, organ_id).revision
    reply = Reply(bool(opinions), beijing_day(at), "财函〔2026〕3号", "测试签发人")
    replying.enter_reply(session, actor, at, organ_id, revision, reply)
    session.flush()
    ids = []
    for wording in opinions:
        ids.append(replying.enter_opinion(session, actor, at, organ_id, wording).id)
        session.flush()
    return ids


def handled(world: World, opinion_id: uuid.UUID, adoption: Adoption, reason: str = "") -> None:
    with world.database.writing() as session:
        revision = session.get_one(OrganOpinion, opinion_id).revision
        handling.handle(session, world.staff.manager, START, opinion_id, revision, adoption, reason)


def opinions_of(world: World, organ_id: uuid.UUID) -> list[uuid.UUID]:
    """In order, those that were taken out too."""
    with world.database.reading() as session:
        wanted = select(OrganOpinion.id).where(OrganOpinion.organ_id == organ_id)
        return list(session.scalars(wanted.order_by(OrganOpinion.place)))
