"""Words about outcomes and conclusions: states, what is missing, what was done, and why something is refused."""

from collections.abc import Mapping
from enum import StrEnum

from app.dispositions.lifecycle import DispositionState, ReleaseState
from app.records.gate import Missing
from app.records.stages import ConclusionKind, ResultStage
from app.web.i18n import N_

OUTCOME_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (DispositionState.ANSWERED, N_("Waiting for confirmation")),
    (DispositionState.RETURNED, N_("Returned for another answer")),
    (DispositionState.CONFIRMED, N_("Confirmed, not released")),
    (DispositionState.SUBMITTED, N_("In a release")),
    (DispositionState.RELEASED, N_("Released to people")),
    (ReleaseState.PREPARED, N_("Waiting for approval")),
    (ReleaseState.RELEASED, N_("Released to people")),
    (ReleaseState.WITHDRAWN, N_("Release given up")),
    (ResultStage.INTAKE, N_("Intake figures")),
    (ResultStage.ADOPTION, N_("Adoption figures")),
    (ConclusionKind.COMPLETED, N_("Concluded")),
    (ConclusionKind.TERMINATED, N_("Ended without a decision")),
    (ConclusionKind.SHELVED, N_("Not issued for now")),
)
MISSING: Mapping[Missing, str] = {
    Missing.WINDOW: N_("Comments are still taken"),
    Missing.LATE_CODES: N_("Late codes that can still be used"),
    Missing.UNSCREENED: N_("Comments that nobody has decided on"),
    Missing.QUARANTINED: N_("Comments in quarantine"),
    Missing.SECOND_LOOK: N_("Rejected comments that wait for a second look"),
    Missing.TO_GATHER: N_("Accepted comments of which something is not yet gathered"),
    Missing.TO_APPROVE: N_("Suggestions being edited or waiting for approval"),
    Missing.TO_ASSIGN: N_("Suggestions that no department has"),
    Missing.SENT_BACK: N_("Suggestions that were sent back"),
    Missing.UNANSWERED: N_("Suggestions that the departments work on"),
    Missing.TO_CONFIRM: N_("Answers that wait for confirmation"),
    Missing.TO_RELEASE: N_("Confirmed outcomes that are not released"),
    Missing.IN_RELEASE: N_("Outcomes in a release that waits for approval"),
}
OUTCOME_HISTORY = {
    "disposition.confirmed": N_("Answer confirmed by the drafting department"),
    "disposition.returned": N_("Answer returned by the drafting department"),
    "disposition.revised": N_("Reopened after its release"),
    "outcomes.prepared": N_("Release of outcomes prepared"),
    "outcomes.taken_out": N_("Left out of the release"),
    "outcomes.withdrawn": N_("Release of outcomes given up"),
    "outcomes.released": N_("Outcomes released"),
    "answer.file_added": N_("File laid with the answer"),
    "answer.file_removed": N_("File taken back from the draft answer"),
    "results.intake_published": N_("What came in was published"),
    "consultation.concluded": N_("Concluded"),
    "consultation.ended": N_("Ended without an outcome"),
    "consultation.replies_set": N_("Way of replying set"),
}
OUTCOME_KINDS = {"outcome_release": N_("Release of outcomes")}
OUTCOME_REFUSALS = {
    "own_answer": N_("You gave this answer yourself; somebody else has to confirm it."),
    "own_confirmation": N_("You confirmed something in this release yourself; somebody else has to release it."),
    "nothing_to_release": N_("Nothing lies in the outbox of this consultation."),
    "nothing_chosen": N_("Choose at least one."),
    "no_such_disposition": N_("There is no such answer, or it isn't for you to decide on."),
    "no_such_release": N_("There is no such release."),
    "title_required": N_("Please enter a title."),
    "basis_required": N_("Please say on what basis it is released."),
    "too_many_files": N_("No more files can be laid with this answer."),
    "window_open": N_("Comments are still taken. This is possible once the window has ended."),
    "no_results_yet": N_("Nothing has been published about the results yet."),
    "reported_already": N_("This has been published already."),
    "not_all_answered": N_("Not everything is answered yet; the page says what is missing."),
    "concluded_already": N_("This consultation has been concluded already."),
    "no_such_end": N_("Please choose how it ends."),
}
