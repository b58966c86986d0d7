"""What roles and scopes hold, and that they add up."""

import pytest

from app.permissions import CLIENT_SCOPES, MATRIX, OFFICE_ROLES, Permission, Role, of_roles, of_scopes, operator


@pytest.mark.parametrize("role", Role)
def test_a_role_signs_out_and_only_a_departments_own_do_what_departments_do(role: Role) -> None:
    assert Permission.USE_OWN_SESSION in MATRIX[role]
    answers = {Permission.READ_OWN_ASSIGNMENTS, Permission.ANSWER_OWN_ASSIGNMENTS}
    assert MATRIX[role] & answers == (answers if role in OFFICE_ROLES else set())
    assert role not in OFFICE_ROLES or Permission.VIEW_DESK not in MATRIX[role]


def test_every_permission_is_held_by_some_role_or_scope_or_by_whoever_runs_commands_alone() -> None:
    held = of_roles(Role) | of_scopes(CLIENT_SCOPES)
    assert frozenset(Permission) - held == {Permission.CARRY_BUNDLES}
    assert held <= frozenset(Permission)


def test_an_unknown_scope_opens_nothing() -> None:
    assert of_scopes(["assignments:everything"]) == frozenset()


def test_roles_add_up() -> None:
    both = of_roles([Role.EDITOR, Role.APPROVER])
    assert both == MATRIX[Role.EDITOR] | MATRIX[Role.APPROVER]


def test_the_operator_may_do_all() -> None:
    assert operator("root").permissions == frozenset(Permission)
