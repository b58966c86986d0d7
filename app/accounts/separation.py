"""Three administrators who watch each other (三员分立): system, security and audit. Pure.

Source: GB/T 22239-2019, 8.1.5 (security management centre: system, audit and security management). Who makes accounts
grants no roles, who grants roles makes no accounts, who reads the log does neither; none of them works on the desk.
Besides: who works in a department answers for it, and neither sees the desk nor decides there.
"""

from collections.abc import Iterable

from app.permissions import OFFICE_ROLES, Role

THREE = frozenset({Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})


def clash(roles: Iterable[Role]) -> bool:
    """Whether one account must not hold these together."""
    held = frozenset(roles)
    return len(held & THREE) > 1 or any(held & kind and held - kind for kind in (THREE, OFFICE_ROLES))


def can_be_scoped(role: Role) -> bool:
    """The three watch over the whole service; a department's own roles hold in that department."""
    return role not in THREE | OFFICE_ROLES


def fits(role: Role, department_id: str | None) -> bool:
    """A department's own staff hold its roles and no others; nobody else holds them."""
    return (role in OFFICE_ROLES) == (department_id is not None)
