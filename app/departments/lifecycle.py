"""The life of a department in the directory, and of a name that waits for a decision. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class DepartmentState(StrEnum):
    """RETIRED: the body is no more; others may have taken over. MERGED: it went into exactly one other."""

    ACTIVE = "active"
    RETIRED = "retired"
    MERGED = "merged"


class DepartmentEvent(StrEnum):
    RETIRE = "retire"
    MERGE = "merge"
    REINSTATE = "reinstate"


LIFECYCLE: Lifecycle[DepartmentState, DepartmentEvent] = Lifecycle(
    {
        (DepartmentState.ACTIVE, DepartmentEvent.RETIRE): DepartmentState.RETIRED,
        (DepartmentState.ACTIVE, DepartmentEvent.MERGE): DepartmentState.MERGED,
        (DepartmentState.RETIRED, DepartmentEvent.REINSTATE): DepartmentState.ACTIVE,
        (DepartmentState.MERGED, DepartmentEvent.REINSTATE): DepartmentState.ACTIVE,
    }
)


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED_AS_NEW = "accepted_as_new"
    ACCEPTED_AS_ALIAS = "accepted_as_alias"
    REJECTED = "rejected"


class ProposalEvent(StrEnum):
    SEE_AGAIN = "see_again"
    ACCEPT_AS_NEW = "accept_as_new"
    ACCEPT_AS_ALIAS = "accept_as_alias"
    REJECT = "reject"
    RECONSIDER = "reconsider"


PROPOSALS: Lifecycle[ProposalState, ProposalEvent] = Lifecycle(
    {
        (ProposalState.OPEN, ProposalEvent.SEE_AGAIN): ProposalState.OPEN,
        # What was no unit stays none; an accepted name that is unknown again was taken out of the directory since.
        (ProposalState.REJECTED, ProposalEvent.SEE_AGAIN): ProposalState.REJECTED,
        (ProposalState.ACCEPTED_AS_NEW, ProposalEvent.SEE_AGAIN): ProposalState.OPEN,
        (ProposalState.ACCEPTED_AS_ALIAS, ProposalEvent.SEE_AGAIN): ProposalState.OPEN,
        (ProposalState.OPEN, ProposalEvent.ACCEPT_AS_NEW): ProposalState.ACCEPTED_AS_NEW,
        (ProposalState.OPEN, ProposalEvent.ACCEPT_AS_ALIAS): ProposalState.ACCEPTED_AS_ALIAS,
        (ProposalState.OPEN, ProposalEvent.REJECT): ProposalState.REJECTED,
        (ProposalState.REJECTED, ProposalEvent.RECONSIDER): ProposalState.OPEN,
    }
)
