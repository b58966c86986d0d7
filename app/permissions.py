"""Who may do what: the whole matrix on one page.

Staff hold roles, a department's client holds what its key is scoped to, the operator at the command line may do all.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Literal

from app.kit.errors import Forbidden, NotFound


class Permission(StrEnum):
    VIEW_DESK = "view_desk"
    KEEP_VIEWS = "keep_views"
    ENTER_SUBMISSIONS = "enter_submissions"
    SCREEN = "screen"
    REOPEN_DECISIONS = "reopen_decisions"
    HANDLE_REFERRALS = "handle_referrals"
    WRITE_REASONS = "write_reasons"
    ASK_SENDERS = "ask_senders"
    ALLOCATE_WORK = "allocate_work"
    DISCUSS_CASES = "discuss_cases"
    WRITE_CODING_RULES = "write_coding_rules"
    SETTLE_SECOND_LOOKS = "settle_second_looks"
    EDIT_SUGGESTIONS = "edit_suggestions"
    APPROVE_SUGGESTIONS = "approve_suggestions"
    ASSIGN = "assign"
    SUPERVISE_ASSIGNMENTS = "supervise_assignments"
    OPEN_FILES = "open_files"
    PUBLISH = "publish"
    TAKE_DOWN = "take_down"
    SWITCH_DISPLAY = "switch_display"
    MANAGE_CONSULTATIONS = "manage_consultations"
    READ_SOUNDINGS = "read_soundings"
    MANAGE_SOUNDINGS = "manage_soundings"
    EDIT_COLUMN_RULES = "edit_column_rules"
    MANAGE_DEPARTMENTS = "manage_departments"
    ANSWER_RIGHTS_REQUESTS = "answer_rights_requests"
    VIEW_ACCOUNTS = "view_accounts"
    MANAGE_STAFF = "manage_staff"
    GRANT_ROLES = "grant_roles"
    GUARD_ACCOUNTS = "guard_accounts"
    MANAGE_CLIENTS = "manage_clients"
    VIEW_AUDIT = "view_audit"
    EXPORT_AUDIT = "export_audit"
    UNLOCK_IDENTITY = "unlock_identity"
    INVESTIGATE_INCIDENTS = "investigate_incidents"
    FREEZE_EXPORTS = "freeze_exports"
    USE_OWN_SESSION = "use_own_session"
    READ_OWN_ASSIGNMENTS = "read_own_assignments"
    ANSWER_OWN_ASSIGNMENTS = "answer_own_assignments"
    ENTER_BY_CLIENT = "enter_by_client"
    USE_OWN_KEY = "use_own_key"
    CONFIRM_DISPOSITIONS = "confirm_dispositions"
    RELEASE_OUTCOMES = "release_outcomes"
    CONCLUDE = "conclude"
    PRINT_PAPERS = "print_papers"
    WRITE_PAPER_TEMPLATES = "write_paper_templates"
    KEEP_ANSWER_TEMPLATES = "keep_answer_templates"
    FINALISE_OWN_ANSWERS = "finalise_own_answers"
    SET_UP_OWN_OFFICE = "set_up_own_office"
    READ_OWN_EVENTS = "read_own_events"
    MANAGE_OWN_WEBHOOKS = "manage_own_webhooks"
    MANAGE_WEBHOOKS = "manage_webhooks"
    VIEW_FIGURES = "view_figures"
    EXPORT_DATA = "export_data"
    APPROVE_EXPORTS = "approve_exports"
    CARRY_BUNDLES = "carry_bundles"


class Role(StrEnum):
    SCREENER = "screener"
    LEAD = "lead"
    EDITOR = "editor"
    APPROVER = "approver"
    PUBLISHER = "publisher"
    REFERRAL_OFFICER = "referral_officer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDITOR = "auditor"
    OFFICER = "officer"
    OFFICE_HEAD = "office_head"


OFFICE_ROLES = frozenset({Role.OFFICER, Role.OFFICE_HEAD})
"""Roles of a department's own staff (经办, 部门审核): they hold in their department, and only its staff hold them."""


class ScopeKind(StrEnum):
    """What a role can be held in instead of everywhere: one consultation, or all that one department drafts."""

    CONSULTATION = "consultation"
    DEPARTMENT = "department"


P = Permission
MATRIX: dict[Role, frozenset[Permission]] = {
    Role.SCREENER: frozenset(
        {
            P.VIEW_DESK,
            P.KEEP_VIEWS,
            P.OPEN_FILES,
            P.ENTER_SUBMISSIONS,
            P.SCREEN,
            P.ASK_SENDERS,
            P.DISCUSS_CASES,
            P.TAKE_DOWN,
            P.SWITCH_DISPLAY,
            P.USE_OWN_SESSION,
        }
    ),
    Role.LEAD: frozenset(
        {
            P.VIEW_DESK,
            P.KEEP_VIEWS,
            P.OPEN_FILES,
            P.ENTER_SUBMISSIONS,
            P.SCREEN,
            P.ASK_SENDERS,
            P.REOPEN_DECISIONS,
            P.WRITE_REASONS,
            P.ALLOCATE_WORK,
            P.DISCUSS_CASES,
            P.WRITE_CODING_RULES,
            P.SETTLE_SECOND_LOOKS,
            P.VIEW_FIGURES,
            P.USE_OWN_SESSION,
        }
    ),
    Role.EDITOR: frozenset(
        {P.VIEW_DESK, P.KEEP_VIEWS, P.OPEN_FILES, P.EDIT_SUGGESTIONS, P.ASK_SENDERS, P.DISCUSS_CASES, P.USE_OWN_SESSION}
    ),
    Role.APPROVER: frozenset(
        {
            P.VIEW_DESK,
            P.KEEP_VIEWS,
            P.OPEN_FILES,
            P.APPROVE_SUGGESTIONS,
            P.ASSIGN,
            P.SUPERVISE_ASSIGNMENTS,
            P.DISCUSS_CASES,
            P.READ_SOUNDINGS,
            P.VIEW_FIGURES,
            P.USE_OWN_SESSION,
        }
    ),
    Role.PUBLISHER: frozenset(
        {
            P.VIEW_DESK,
            P.KEEP_VIEWS,
            P.OPEN_FILES,
            P.PUBLISH,
            P.TAKE_DOWN,
            P.SWITCH_DISPLAY,
            P.RELEASE_OUTCOMES,
            P.APPROVE_EXPORTS,
            P.PRINT_PAPERS,
            P.VIEW_FIGURES,
            P.USE_OWN_SESSION,
        }
    ),
    Role.REFERRAL_OFFICER: frozenset(
        {P.VIEW_DESK, P.KEEP_VIEWS, P.OPEN_FILES, P.HANDLE_REFERRALS, P.UNLOCK_IDENTITY, P.USE_OWN_SESSION}
    ),
    Role.MANAGER: frozenset(
        {
            P.VIEW_DESK,
            P.KEEP_VIEWS,
            P.ENTER_SUBMISSIONS,
            P.SWITCH_DISPLAY,
            P.MANAGE_CONSULTATIONS,
            P.READ_SOUNDINGS,
            P.MANAGE_SOUNDINGS,
            P.WRITE_REASONS,
            P.EDIT_COLUMN_RULES,
            P.MANAGE_DEPARTMENTS,
            P.ANSWER_RIGHTS_REQUESTS,
            P.UNLOCK_IDENTITY,
            P.SUPERVISE_ASSIGNMENTS,
            P.CONFIRM_DISPOSITIONS,
            P.CONCLUDE,
            P.EXPORT_DATA,
            P.PRINT_PAPERS,
            P.WRITE_PAPER_TEMPLATES,
            P.VIEW_FIGURES,
            P.USE_OWN_SESSION,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {P.VIEW_ACCOUNTS, P.MANAGE_STAFF, P.MANAGE_CLIENTS, P.MANAGE_WEBHOOKS, P.USE_OWN_SESSION}
    ),
    Role.SECURITY_ADMINISTRATOR: frozenset(
        {
            P.VIEW_ACCOUNTS,
            P.GRANT_ROLES,
            P.GUARD_ACCOUNTS,
            P.INVESTIGATE_INCIDENTS,
            P.FREEZE_EXPORTS,
            P.USE_OWN_SESSION,
        }
    ),
    Role.AUDITOR: frozenset({P.VIEW_AUDIT, P.EXPORT_AUDIT, P.INVESTIGATE_INCIDENTS, P.USE_OWN_SESSION}),
    Role.OFFICER: frozenset(
        {P.READ_OWN_ASSIGNMENTS, P.ANSWER_OWN_ASSIGNMENTS, P.KEEP_ANSWER_TEMPLATES, P.USE_OWN_SESSION}
    ),
    Role.OFFICE_HEAD: frozenset(
        {
            P.READ_OWN_ASSIGNMENTS,
            P.ANSWER_OWN_ASSIGNMENTS,
            P.KEEP_ANSWER_TEMPLATES,
            P.FINALISE_OWN_ANSWERS,
            P.CONFIRM_DISPOSITIONS,
            P.SET_UP_OWN_OFFICE,
            P.USE_OWN_SESSION,
        }
    ),
}
WITHOUT_LIMITS = frozenset({P.USE_OWN_SESSION})
"""What is about nobody but the person."""
WHOLE_COLUMN = frozenset(
    {
        P.EDIT_COLUMN_RULES,
        P.MANAGE_DEPARTMENTS,
        P.WRITE_REASONS,
        P.VIEW_ACCOUNTS,
        P.MANAGE_STAFF,
        P.GRANT_ROLES,
        P.GUARD_ACCOUNTS,
        P.MANAGE_CLIENTS,
        P.MANAGE_WEBHOOKS,
        P.VIEW_AUDIT,
        P.EXPORT_AUDIT,
        P.INVESTIGATE_INCIDENTS,
        P.FREEZE_EXPORTS,
    }
)
"""What touches every consultation, so that no role limited to some brings it along."""
CLIENT_SCOPES: dict[str, frozenset[Permission]] = {
    "assignments:read": frozenset({P.USE_OWN_KEY, P.READ_OWN_ASSIGNMENTS, P.READ_OWN_EVENTS}),
    "assignments:write": frozenset(
        {
            P.USE_OWN_KEY,
            P.READ_OWN_ASSIGNMENTS,
            P.READ_OWN_EVENTS,
            P.ANSWER_OWN_ASSIGNMENTS,
            P.FINALISE_OWN_ANSWERS,
        }
    ),
    "events:read": frozenset({P.USE_OWN_KEY, P.READ_OWN_EVENTS}),
    "webhooks:write": frozenset({P.USE_OWN_KEY, P.READ_OWN_EVENTS, P.MANAGE_OWN_WEBHOOKS}),
    "submissions:write": frozenset({P.USE_OWN_KEY, P.ENTER_BY_CLIENT}),
}
DEPARTMENT_SCOPES = tuple(scope for scope in CLIENT_SCOPES if scope != "submissions:write")
"""What a department's program holds unless it is limited; sending comments in is for trusted channels alone."""


class _Place(Enum):
    EVERYWHERE = "everywhere"


EVERYWHERE = _Place.EVERYWHERE
Everywhere = Literal[_Place.EVERYWHERE]


class ActorKind(StrEnum):
    STAFF = "staff"
    CLIENT = "client"
    OPERATOR = "operator"
    CITIZEN = "citizen"
    WORKER = "worker"


@dataclass(frozen=True)
class Actor:
    """Who acts, in which request. `id` is a record's id or, at the command line, the system account's name.

    `source` is the address that staff or a department's program acts from; it goes into the audit log and nowhere else.
    `limits` names the consultations in which a permission holds, for those that don't hold everywhere.
    """

    kind: ActorKind
    id: str
    permissions: frozenset[Permission]
    department_id: str | None = None
    request_id: str | None = None
    source: str | None = None
    limits: Mapping[Permission, frozenset[uuid.UUID]] = field(default_factory=dict)

    def may(self, permission: Permission) -> bool:
        """Whether the permission is held, be it in one consultation only."""
        return permission in self.permissions

    def may_within(self, permission: Permission, within: uuid.UUID | Everywhere) -> bool:
        """Whether the permission is held in that consultation, or in all of them."""
        if permission not in self.permissions:
            return False
        return permission not in self.limits or within in self.limits[permission]


def of_roles(roles: Iterable[Role]) -> frozenset[Permission]:
    return frozenset(permission for role in roles for permission in MATRIX[role])


def of_scoped(
    everywhere: Iterable[Role], scoped: Iterable[tuple[Role, frozenset[uuid.UUID]]]
) -> tuple[frozenset[Permission], dict[Permission, frozenset[uuid.UUID]]]:
    """What roles add up to that hold everywhere or in some consultations: the permissions, and the limits of some.

    What can't be done in one consultation alone comes with no role that is limited to some.
    """
    held, limits = of_roles(everywhere), dict[Permission, frozenset[uuid.UUID]]()
    for role, ids in scoped:
        for permission in MATRIX[role] - held - WITHOUT_LIMITS - WHOLE_COLUMN:
            limits[permission] = limits.get(permission, frozenset()) | ids
        held |= MATRIX[role] & WITHOUT_LIMITS
    return held | frozenset(limits), limits


def of_scopes(scopes: Iterable[str]) -> frozenset[Permission]:
    return frozenset(permission for scope in scopes for permission in CLIENT_SCOPES.get(scope, ()))


def operator(name: str) -> Actor:
    """Whoever runs commands on the server; the operating system has already decided that they may."""
    return Actor(ActorKind.OPERATOR, name, frozenset(Permission))


def require(actor: Actor, permission: Permission, *, within: uuid.UUID | Everywhere | None = None) -> None:
    """Raises Forbidden unless the actor may; the first line of every action.

    `within` is the consultation that the record is of, known once the record is: NotFound where the actor may do this
    in others only, so that nobody learns what is there. EVERYWHERE is for what touches all consultations: Forbidden.
    """
    if not actor.may(permission):
        raise Forbidden(permission=permission.value)
    if within is not None and not actor.may_within(permission, within):
        raise Forbidden(permission=permission.value) if within is EVERYWHERE else NotFound()
