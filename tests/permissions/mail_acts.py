"""The acts on mails that came in."""

import uuid

from sqlalchemy.orm import Session

from app.kit.identifiers import new_id
from app.mail import actions
from app.mail.actions import NewMail, Settled
from app.mail.lifecycle import MailEvent, MailReason, MailSource
from app.mail.models import Mail
from app.permissions import Actor, Permission
from tests.permissions.conftest import Scene
from tests.support.journey import START


def keep_import(session: Session, actor: Actor, scene: Scene) -> uuid.UUID:
    import_id = new_id()
    actions.keep_import(session, actor, START, import_id, "a" * 64, 1)
    return import_id


def finish_import(session: Session, actor: Actor, scene: Scene) -> None:
    """Of an import of one's own; whoever may not enter has none."""
    actions.finish_import(session, actor, START, keep_import(session, _entering(actor), scene))


def keep_mail(session: Session, actor: Actor, scene: Scene) -> uuid.UUID:
    mail_id = new_id()
    new = NewMail(mail_id, MailSource.FILE, START, 1, mail_id.hex, None, "a" * 64, b"sealed")
    actions.keep_mail(session, actor, START, new)
    session.flush()
    return mail_id


def settle(session: Session, actor: Actor, scene: Scene) -> None:
    mail_id = keep_mail(session, _entering(actor), scene)
    asked = Settled(MailEvent.ASK, MailReason.NO_CONSULTATION)
    actions.settle(session, actor, START, mail_id, session.get_one(Mail, mail_id).revision, asked)


def set_aside(session: Session, actor: Actor, scene: Scene) -> None:
    mail_id = keep_mail(session, _entering(actor), scene)
    asked = Settled(MailEvent.ASK, MailReason.NO_CONSULTATION)
    actions.settle(session, _entering(actor), START, mail_id, session.get_one(Mail, mail_id).revision, asked)
    session.flush()
    actions.set_aside(session, actor, START, mail_id, session.get_one(Mail, mail_id).revision, "属于广告")


def _entering(actor: Actor) -> Actor:
    return Actor(actor.kind, actor.id, actor.permissions | {Permission.ENTER_SUBMISSIONS})
