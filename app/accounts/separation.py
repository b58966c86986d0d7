"""Three administrators who watch each other (三员分立): system, security and audit. Pure.

Source: GB/T 22239-2019, 8.1.5 (security management centre: system, audit and security management). Who makes accounts
grants no roles, who grants roles makes no accounts, who reads the log does neither; none of them works on the desk.
"""

from collections.abc import Iterable

from app.permissions import Role

THREE = frozenset({Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})


def clash(roles: Iterable[Role]) -> bool:
    """Whether one account must not hold these together."""
    held = frozenset(roles)
    return len(held & THREE) > 1 or bool(held & THREE and held - THREE)


def can_be_scoped(role: Role) -> bool:
    """The three watch over the whole service."""
    return role not in THREE
