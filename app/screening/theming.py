"""Themes are proposed by the machine and named by people."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict, Unprocessable
from app.permissions import Actor, Permission, require
from app.screening import themes
from app.screening.lifecycle import ThemeGroupState
from app.screening.models import Theme


def name_theme(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, name: str) -> Theme:
    """A theme of that name; the one that there is already, if there is one. Raises Unprocessable without a name."""
    require(actor, Permission.EDIT_SUGGESTIONS)
    theme = themes.named(session, at, actor.id, consultation_id, _name(name))
    assert theme is not None, "it has a name"
    audit.record(session, actor, at, "theme.named", ("theme", theme.id), within=theme.consultation_id, name=theme.name)
    return theme


def name_group(session: Session, actor: Actor, at: datetime, group_id: uuid.UUID, name: str) -> Theme:
    """A proposed group becomes the theme of that name, new or known; its submissions have it proposed.

    Raises NotFound, Unprocessable without a name, Conflict (`group_decided`) once somebody named it.
    """
    require(actor, Permission.EDIT_SUGGESTIONS)
    group = themes.find_group(session, group_id)
    words = _name(name)
    if group.state is ThemeGroupState.NAMED:
        raise Conflict("group_decided")
    theme = themes.named(session, at, actor.id, group.consultation_id, words)
    assert theme is not None, "it has a name"
    group.state, group.decided_by, group.decided_at = ThemeGroupState.NAMED, actor.id, at
    themes.give_name(session, group, theme.id)
    audit.record(
        session,
        actor,
        at,
        "theme.named",
        ("theme", theme.id),
        within=theme.consultation_id,
        name=theme.name,
        group=str(group.id),
    )
    return theme


def dismiss_group(session: Session, actor: Actor, at: datetime, group_id: uuid.UUID) -> None:
    """The group is no theme. Raises NotFound, Conflict (`group_decided`) once somebody decided."""
    require(actor, Permission.EDIT_SUGGESTIONS)
    group = themes.find_group(session, group_id)
    if group.state is not ThemeGroupState.PROPOSED:
        raise Conflict("group_decided")
    group.state, group.decided_by, group.decided_at = ThemeGroupState.DISMISSED, actor.id, at
    audit.record(
        session,
        actor,
        at,
        "theme.dismissed",
        ("theme_group", group.id),
        within=group.consultation_id,
        words=group.words,
    )


def rename_theme(session: Session, actor: Actor, at: datetime, theme_id: uuid.UUID, name: str) -> None:
    """Raises NotFound, Unprocessable without a name, Conflict (`theme_exists`) where another goes by it."""
    require(actor, Permission.EDIT_SUGGESTIONS)
    theme = themes.find(session, theme_id)
    words = _name(name)
    known = themes.bearing(session, theme.consultation_id, words)
    if theme.merged_into_id is not None or (known is not None and known.id != theme.id):
        raise Conflict("theme_exists")
    before = theme.name
    themes.rename(session, theme, words)
    audit.record(
        session,
        actor,
        at,
        "theme.renamed",
        ("theme", theme.id),
        within=theme.consultation_id,
        before=before,
        name=words,
    )


def merge_themes(session: Session, actor: Actor, at: datetime, theme_id: uuid.UUID, into_id: uuid.UUID) -> None:
    """What had the one theme has the other. Raises NotFound, Conflict (`theme_exists`) unless both are in use here."""
    require(actor, Permission.EDIT_SUGGESTIONS)
    origin, target = themes.find(session, theme_id), themes.find(session, into_id)
    merged = origin.merged_into_id is not None or target.merged_into_id is not None
    if merged or origin.id == target.id or origin.consultation_id != target.consultation_id:
        raise Conflict("theme_exists")
    themes.move_all(session, origin, target)
    audit.record(
        session,
        actor,
        at,
        "theme.merged",
        ("theme", origin.id),
        within=origin.consultation_id,
        into=str(target.id),
        name=target.name,
    )


def _name(name: str) -> str:
    words = " ".join(name.split())
    if not words:
        raise Unprocessable("name_required")
    if len(words) > themes.LONGEST_NAME:
        raise Unprocessable("name_too_long", limit=themes.LONGEST_NAME)
    return words
