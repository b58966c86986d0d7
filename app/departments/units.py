"""What the directory says of a unit, as values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.departments.lifecycle import DepartmentState


class Relationship(StrEnum):
    """To the column's government: chooses the wording and whether reminders may escalate."""

    SUBORDINATE = "subordinate"
    NOT_SUBORDINATE = "not_subordinate"


class HandingOver(StrEnum):
    """ASSIGN: 交办, to a body that takes instructions. CONSULT: 函商, by a letter that asks.

    A letter (函) is the form between bodies of which none is subordinate to the other: 党政机关公文处理工作条例
    (中办发〔2012〕14号) article 8.
    """

    ASSIGN = "assign"
    CONSULT = "consult"


WORDING: Mapping[Relationship, HandingOver] = {
    Relationship.SUBORDINATE: HandingOver.ASSIGN,
    Relationship.NOT_SUBORDINATE: HandingOver.CONSULT,
}
MAY_ESCALATE: Mapping[Relationship, bool] = {Relationship.SUBORDINATE: True, Relationship.NOT_SUBORDINATE: False}
"""Whether a reminder may go on to somebody above: nobody here is above a party organ, a central branch or a company."""


class Level(StrEnum):
    """What kind of body a unit is. STANDING_SCOPE units are shown, never assigned by themselves."""

    PROVINCE = "province"
    CITY = "city"
    CENTRAL_BRANCH = "central_branch"
    PARTY_ORGAN = "party_organ"
    MASS_ORGANISATION = "mass_organisation"
    ENTERPRISE = "enterprise"
    OTHER_PROVINCE = "other_province"
    STANDING_SCOPE = "standing_scope"


def is_assignable(level: Level, state: DepartmentState) -> bool:
    """Whether a suggestion may be handed to it: no scope of many bodies, and none that has ended."""
    return level is not Level.STANDING_SCOPE and state is DepartmentState.ACTIVE


@dataclass(frozen=True, slots=True)
class Department:
    """What a lookup answers. `short_name` is the form that documents print, with its leading 省."""

    id: str
    name: str
    short_name: str
    level: Level
    relationship: Relationship
    state: DepartmentState = DepartmentState.ACTIVE

    @property
    def assignable(self) -> bool:
        return is_assignable(self.level, self.state)


@dataclass(frozen=True, slots=True)
class FormerName:
    """What the same body was called before, from a day up to another; None unless sourced."""

    name: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """The body that took over, and the day from which on; None unless sourced."""

    successor_id: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One row of the directory. The first alias is the usual short form; dates are None unless `source` tells them.

    A merged entry has exactly one successor, a retired one none, one or several, an active one none.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    level: Level
    relationship: Relationship
    valid_from: date | None = None
    valid_until: date | None = None
    state: DepartmentState = DepartmentState.ACTIVE
    ended_reason: str | None = None
    successors: tuple[Succession, ...] = ()
    former_names: tuple[FormerName, ...] = ()
    source: str | None = None

    @property
    def department(self) -> Department:
        short_name = self.aliases[0] if self.aliases else self.name
        return Department(self.id, self.name, short_name, self.level, self.relationship, self.state)

    @property
    def written_forms(self) -> tuple[str, ...]:
        """Every form under which it may be found: name, aliases, former names."""
        return (self.name, *self.aliases, *(former.name for former in self.former_names))
