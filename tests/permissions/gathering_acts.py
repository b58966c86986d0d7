"""The acts of editors who regroup passages, settle what is left and name themes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.permissions import Actor
from app.screening import regrouping, theming
from app.screening.editing import Wording, gather
from app.screening.models import Suggestion, SuggestionPassage, Theme, ThemeGroup
from app.screening.passages import Span
from tests.permissions.conftest import Scene
from tests.support.journey import COMMENT, START

EDITORS = {"editor"}


def _suggestion(session: Session, scene: Scene) -> Suggestion:
    return session.get_one(Suggestion, scene.editing)


def _two_passages(session: Session, scene: Scene) -> Suggestion:
    """The suggestion that is being edited, with a second passage."""
    editor = scene.world.staff.editor
    other = gather(session, editor, START, scene.accepted, [Span(12, len(COMMENT))], Wording("菜单。", "", None))
    held = session.scalars(select(SuggestionPassage).where(SuggestionPassage.suggestion_id == other.id)).one()
    suggestion = _suggestion(session, scene)
    session.add(SuggestionPassage(suggestion_id=suggestion.id, passage_id=held.passage_id))
    session.flush()
    return suggestion


def _passage(session: Session, suggestion: Suggestion) -> SuggestionPassage:
    return session.scalars(
        select(SuggestionPassage).where(SuggestionPassage.suggestion_id == suggestion.id).limit(1)
    ).one()


def remove_passage(session: Session, actor: Actor, scene: Scene) -> None:
    suggestion = _two_passages(session, scene)
    held = _passage(session, suggestion).passage_id
    regrouping.remove_passage(session, actor, START, suggestion.id, suggestion.revision, held)


def split(session: Session, actor: Actor, scene: Scene) -> None:
    suggestion = _two_passages(session, scene)
    held = _passage(session, suggestion).passage_id
    regrouping.split(session, actor, START, suggestion.id, suggestion.revision, [held], "另说一点。")


def merge(session: Session, actor: Actor, scene: Scene) -> None:
    editor = scene.world.staff.editor
    other = gather(session, editor, START, scene.accepted, [Span(0, 5)], Wording("周末。", "", None))
    session.flush()
    suggestion = _suggestion(session, scene)
    regrouping.merge(session, actor, START, (other.id, other.revision), (suggestion.id, suggestion.revision))


def settle_rest(session: Session, actor: Actor, scene: Scene) -> None:
    regrouping.settle_rest(session, actor, START, scene.accepted, 1, "客套话。")


def reopen_rest(session: Session, actor: Actor, scene: Scene) -> None:
    regrouping.settle_rest(session, scene.world.staff.editor, START, scene.accepted, 1, "客套话。")
    regrouping.reopen_rest(session, actor, START, scene.accepted)


def _theme(session: Session, scene: Scene, name: str) -> Theme:
    return theming.name_theme(session, scene.world.staff.editor, START, scene.world.consultation.id, name)


def _group(session: Session, scene: Scene) -> ThemeGroup:
    group = ThemeGroup(
        consultation_id=scene.world.consultation.id, words=["菜单"], members=3, centre=b"", method="m", found_at=START
    )
    session.add(group)
    session.flush()
    return group


def name_theme(session: Session, actor: Actor, scene: Scene) -> None:
    theming.name_theme(session, actor, START, scene.world.consultation.id, "助餐")


def name_group(session: Session, actor: Actor, scene: Scene) -> None:
    theming.name_group(session, actor, START, _group(session, scene).id, "助餐")


def dismiss_group(session: Session, actor: Actor, scene: Scene) -> None:
    theming.dismiss_group(session, actor, START, _group(session, scene).id)


def rename_theme(session: Session, actor: Actor, scene: Scene) -> None:
    theming.rename_theme(session, actor, START, _theme(session, scene, "助餐").id, "用餐")


def merge_themes(session: Session, actor: Actor, scene: Scene) -> None:
    pair = [_theme(session, scene, name) for name in ("助餐", "用餐")]
    theming.merge_themes(session, actor, START, pair[0].id, pair[1].id)


WHO_MAY = {
    regrouping.remove_passage: (EDITORS, remove_passage),
    regrouping.split: (EDITORS, split),
    regrouping.merge: (EDITORS, merge),
    regrouping.settle_rest: (EDITORS, settle_rest),
    regrouping.reopen_rest: (EDITORS, reopen_rest),
    theming.name_theme: (EDITORS, name_theme),
    theming.name_group: (EDITORS, name_group),
    theming.dismiss_group: (EDITORS, dismiss_group),
    theming.rename_theme: (EDITORS, rename_theme),
    theming.merge_themes: (EDITORS, merge_themes),
}
