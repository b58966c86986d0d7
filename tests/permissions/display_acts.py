"""The acts of those who decide what the public sees, and who may do each."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.permissions import Actor
from app.submissions import actions, switching
from app.submissions.guarding import Guard
from app.submissions.lifecycle import (
    DisplayEvent,
    DisplayState,
    EndedClass,
    HoldReason,
    ObjectionVerdict,
    QuarantineVerdict,
    SubmissionState,
)
from app.submissions.models import DisplayedComment, DisplayObjection, QuarantinedSubmission, Submission
from tests.permissions.conftest import Scene
from tests.support.journey import START

Act = Callable[[Session, Actor, Scene], object]
GUARD = Guard()
WHY = (EndedClass.PRIVACY, "含他人隐私")
DECIDES = {"screener", "publisher"}
SWITCHES = {"screener", "publisher", "manager"}


def _in(state: DisplayState, act: Act) -> Act:
    """The act on a comment whose display stands there."""

    def run(session: Session, actor: Actor, scene: Scene) -> None:
        session.get_one(DisplayedComment, scene.received).state = state
        act(session, actor, scene)

    return run


def _apart(act: Act) -> Act:
    """The act on a submission in quarantine."""

    def run(session: Session, actor: Actor, scene: Scene) -> None:
        session.get_one(Submission, scene.received).state = SubmissionState.QUARANTINED
        session.add(QuarantinedSubmission(submission_id=scene.received, reasons=["too_fast"], at=START))
        session.flush()
        act(session, actor, scene)

    return run


def _objected(session: Session, actor: Actor, scene: Scene) -> None:
    row = session.get_one(DisplayedComment, scene.received)
    row.state = DisplayState.TAKEN_DOWN
    session.add(
        DisplayObjection(
            submission_id=scene.received, consultation_id=scene.world.consultation.id, at=START, words="请恢复。"
        )
    )
    session.flush()
    verdict = ObjectionVerdict.UPHELD
    actions.answer_objection(session, actor, START, GUARD, scene.received, verdict, "已核对。")


WHO_MAY: dict[Callable[..., object], tuple[set[str], Act]] = {
    actions.show: (
        DECIDES,
        _in(DisplayState.WAITING, lambda s, a, scene: actions.show(s, a, START, scene.received)),
    ),
    actions.withhold: (
        DECIDES,
        _in(DisplayState.WAITING, lambda s, a, scene: actions.withhold(s, a, START, scene.received, *WHY)),
    ),
    actions.take_down: (DECIDES, lambda s, a, scene: actions.take_down(s, a, START, scene.received, *WHY)),
    actions.take_down_copies: (
        DECIDES,
        lambda s, a, scene: actions.take_down_copies(s, a, START, scene.received, *WHY),
    ),
    actions.restore: (
        DECIDES,
        _in(DisplayState.TAKEN_DOWN, lambda s, a, scene: actions.restore(s, a, START, scene.received, "误判。")),
    ),
    actions.decide_together: (
        DECIDES,
        lambda s, a, scene: actions.decide_together(
            s, a, START, [scene.received], DisplayEvent.TAKE_DOWN, EndedClass.COPY, "重复。"
        ),
    ),
    actions.answer_objection: (DECIDES, _objected),
    actions.release: (
        {"screener", "lead"},
        _apart(lambda s, a, scene: actions.release(s, a, START, GUARD, scene.received)),
    ),
    actions.discard: (
        {"screener", "lead"},
        _apart(lambda s, a, scene: actions.discard(s, a, START, scene.received, "程序所发。")),
    ),
    actions.judge_together: (
        {"screener", "lead"},
        _apart(
            lambda s, a, scene: actions.judge_together(s, a, START, GUARD, [scene.received], QuarantineVerdict.RELEASED)
        ),
    ),
    switching.switch_column: (SWITCHES, lambda s, a, _: switching.switch_column(s, a, START, True, "夜间。")),
    switching.switch_consultation: (
        SWITCHES,
        lambda s, a, scene: switching.switch_consultation(s, a, START, scene.world.consultation.id, True, "夜间。"),
    ),
    switching.add_guard_word: (
        {"manager"},
        lambda s, a, _: switching.add_guard_word(s, a, START, "某种广告", HoldReason.ADVERTISING, ""),
    ),
    switching.remove_guard_word: (
        {"manager"},
        lambda s, a, _: switching.remove_guard_word(s, a, START, "代开发票+#"),
    ),
}
