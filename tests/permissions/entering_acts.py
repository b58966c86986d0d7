"""The acts on files of comments that staff enter."""

import uuid

from sqlalchemy.orm import Session

from app.kit.crypto import Sealer
from app.permissions import Actor, Permission
from app.submissions import batching
from app.submissions.batching import BatchKeeper, NewBatch
from tests.permissions.conftest import Scene
from tests.support.journey import START

KEEPER = BatchKeeper(Sealer({"k": b"k" * 32}, "k"), b"i" * 32)
ROWS = [{"channel": "letter", "day": "2026-05-11", "comment": "建议延长送餐时间。"}]


def keep(session: Session, actor: Actor, scene: Scene) -> uuid.UUID:
    return batching.keep_batch(session, actor, START, KEEPER, NewBatch(scene.world.consultation.id, ROWS))


def finish(session: Session, actor: Actor, scene: Scene) -> None:
    """Of a batch of one's own; whoever may not enter has none."""
    maker = Actor(actor.kind, actor.id, actor.permissions | {Permission.ENTER_SUBMISSIONS})
    batching.finish_batch(session, actor, START, keep(session, maker, scene), 1)
