"""Words of the audit log: what was done, to which kind of record, and the groups in which an auditor looks."""

from collections.abc import Mapping

from app.audit.models import Result
from app.web.archive_words import ARCHIVE_HISTORY, ARCHIVE_KINDS
from app.web.bundle_words import BUNDLE_HISTORY, BUNDLE_KINDS
from app.web.export_words import EXPORT_HISTORY, EXPORT_KINDS
from app.web.hook_words import HOOK_HISTORY, HOOK_KINDS
from app.web.i18n import N_
from app.web.mail_words import MAIL_KINDS
from app.web.outcome_words import OUTCOME_KINDS
from app.web.paper_words import PAPER_KINDS
from app.web.sounding_words import SOUNDING_KINDS
from app.web.staff.history import ACTIONS

ACCOUNTS = {
    "staff.added": N_("Account added"),
    "staff.disabled": N_("Account disabled"),
    "staff.frozen": N_("Account stopped"),
    "staff.unfrozen": N_("Account let go on"),
    "staff.password_reset": N_("Password set anew by an administrator"),
    "staff.password_changed": N_("Password changed by its owner"),
    "staff.role_granted": N_("Role granted"),
    "staff.role_withdrawn": N_("Role withdrawn"),
    "staff.authenticator_set": N_("Authenticator set up"),
    "staff.authenticator_removed": N_("Authenticator removed"),
    "staff.passkey_added": N_("Passkey added"),
    "staff.passkey_removed": N_("Passkey removed"),
    "staff.passkey_renamed": N_("Passkey renamed"),
    "staff.recovery_codes_made": N_("Recovery codes made"),
    "staff.factors_reset": N_("Second factors reset"),
    "staff.identity_linked": N_("Account linked with the sign-in of another system"),
    "staff.identity_unlinked": N_("Link with the sign-in of another system removed"),
    "client.added": N_("Client of a department added"),
    "client.key_added": N_("Key of a client added"),
    "client.key_revoked": N_("Key of a client revoked"),
    "client.key_rotated": N_("Key of a client renewed"),
    "client.revoked": N_("Client revoked"),
}
SIGN_INS = {
    "staff.signed_in": N_("Signed in"),
    "staff.sign_in_failed": N_("Sign-in failed"),
    "staff.factor_failed": N_("Second factor failed"),
    "staff.proven": N_("Proved again who it is"),
    "staff.proof_failed": N_("Failed to prove again who it is"),
    "staff.signed_out": N_("Signed out"),
    "staff.session_ended": N_("Session ended"),
    "staff.sessions_ended": N_("Sessions ended"),
}
LOOKS = {
    "submission.identity_unlocked": N_("Identity looked at"),
    "rights_request.contact_viewed": N_("Contact looked at"),
}
TAKEN_OUT = {
    "export.made": N_("Exported"),
    "file.opened": N_("File saved by a person"),
    "audit.archived": N_("Part of the audit log archived"),
    "person_index.renewed": N_("Another key or hash for knowing people again"),
}
INCIDENTS = {
    "incident.frozen": N_("Exports or keys stopped"),
    "incident.lifted": N_("Exports or keys let go on"),
    "alert.settled": N_("Alert settled"),
}
REFUSALS = {
    "page.refused": N_("Refused a page"),
}
SETTINGS = {
    "calendar.entered": N_("Working days entered"),
    "calendar.removed": N_("Entered day removed"),
    "column_rules.set": N_("Column rules changed"),
    "consultation.terms_set": N_("Form and display decided"),
    "consultation.second_look_set": N_("Share of second looks set"),
    "guard_word.added": N_("Word that stops display added"),
    "guard_word.removed": N_("Word that stops display removed"),
    "watched_word.added": N_("Word to be watched added"),
    "watched_word.removed": N_("Word to be watched removed"),
    "reason.added": N_("Prepared reason added"),
    "reason.changed": N_("Prepared reason changed"),
    "reason.retired": N_("Prepared reason retired"),
    "coding_rules.written": N_("Coding rules written"),
    "display.reviewed_first": N_("Display switched to review first"),
    "display.at_once": N_("Display switched back to at once"),
    "office.set_up": N_("Office of a department set up"),
    "office.signing_set": N_("Approval in final answers of a department set"),
    "office.template_kept": N_("Answer template kept"),
    "office.template_withdrawn": N_("Answer template withdrawn"),
    **HOOK_HISTORY,
}
OTHERS = {
    **EXPORT_HISTORY,
    **ARCHIVE_HISTORY,
    **BUNDLE_HISTORY,
    "office.workbook_sent": N_("Workbook of a department looked through"),
    "office.workbook_carried_out": N_("Workbook of a department carried out"),
    "assignment.answered": N_("Answered by the department"),
    "assignment.answer_drafted": N_("Answer drafted by the department"),
    "assignment.acknowledged": N_("Acknowledged by the department"),
    "assignment.sent_back": N_("Sent back by the department"),
    "clause.anchor_confirmed": N_("Place of a clause confirmed"),
    "clause.anchor_corrected": N_("Place of a clause corrected"),
    "comparison.asked": N_("Comparison of two versions asked for"),
    "department.proposed": N_("Department proposed for the directory"),
    "department_name.accepted_as_alias": N_("Unknown name taken as another name"),
    "department_name.accepted_as_new": N_("Unknown name taken as a new department"),
    "department_name.reconsidered": N_("Unknown name taken up again"),
    "department_name.rejected": N_("Unknown name refused"),
    "departments.added": N_("Departments entered"),
    "departments.imported": N_("Directory imported"),
    "display.decided": N_("Display decided for several"),
    "document.stored": N_("Draft stored"),
    "document.version_added": N_("Version of a draft stored"),
    "preparation.begun": N_("Preparation begun"),
    "preparation.chosen": N_("Preparation: choices made"),
    "preparation.clause_reworded": N_("Preparation: clause reworded"),
    "preparation.clause_removed": N_("Preparation: clause removed"),
    "preparation.clause_merged": N_("Preparation: clauses merged"),
    "preparation.clause_split": N_("Preparation: clause split"),
    "preparation.clause_added": N_("Preparation: clause added"),
    "preparation.clause_undone": N_("Preparation: change of a clause undone"),
    "preparation.clause_units_looked_up": N_("Preparation: departments looked up anew"),
    "preparation.discarded": N_("Preparation discarded"),
    "preparation.doubts_looked_at": N_("Preparation: doubts looked at"),
    "preparation.handed_over": N_("Preparation handed to a second person"),
    "preparation.returned": N_("Preparation returned"),
    "quarantine.judged": N_("Quarantine decided for several"),
    "submission.rest_reopened": N_("What was left out taken up again"),
    "submission.rest_settled": N_("What was left out settled"),
    "suggestion.divided": N_("Suggestion divided"),
    "suggestion.divided_off": N_("Suggestion made by dividing another"),
    "suggestion.merged": N_("Another suggestion merged into it"),
    "suggestion.merged_away": N_("Suggestion merged into another"),
    "suggestion.passage_removed": N_("Passage taken out of a suggestion"),
    "theme.dismissed": N_("Proposed theme dismissed"),
    "theme.merged": N_("Theme merged into another"),
    "theme.named": N_("Theme named"),
    "theme.renamed": N_("Theme renamed"),
}
WORDS: Mapping[str, str] = ACTIONS | ACCOUNTS | SIGN_INS | LOOKS | TAKEN_OUT | INCIDENTS | REFUSALS | SETTINGS | OTHERS
GROUPS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "identities": (N_("Looks at identities"), LOOKS),
    "exports": (N_("What was taken out"), TAKEN_OUT),
    "sign-ins": (N_("Sign-ins"), SIGN_INS),
    "accounts": (N_("Accounts and keys"), ACCOUNTS),
    "settings": (N_("Settings"), SETTINGS),
    "incidents": (N_("Incidents"), INCIDENTS),
    "refusals": (N_("Refused pages"), REFUSALS),
}
"""Word in an address → what the auditor reads, and the actions it stands for."""
KINDS = {
    "page": N_("Page"),
    "submission": N_("Submission"),
    "submissions": N_("Submissions"),
    "suggestion": N_("Suggestion"),
    "assignment": N_("Assignment"),
    "consultation": N_("Consultation"),
    "staff": N_("Account"),
    "client": N_("Client of a department"),
    "department": N_("Department"),
    "directory": N_("Directory"),
    "document": N_("Draft"),
    "preparation": N_("Preparation"),
    "rights_request": N_("Request about personal data"),
    "referral": N_("Referral"),
    "campaign": N_("Same content"),
    "theme": N_("Theme"),
    "export": N_("Export"),
    "file": N_("File"),
    "freeze": N_("Stop"),
    "alert": N_("Alert"),
    "audit_segment": N_("Part of the audit log"),
    "store": N_("Store"),
    "clarification": N_("Question to a sender"),
    "late_code": N_("Late code"),
    "delivery": N_("Message"),
    **PAPER_KINDS,
    **EXPORT_KINDS,
    **ARCHIVE_KINDS,
    **BUNDLE_KINDS,
    **SOUNDING_KINDS,
    **HOOK_KINDS,
    **MAIL_KINDS,
    **OUTCOME_KINDS,
}
RESULTS = {Result.DONE: N_("Done"), Result.REFUSED: N_("Refused")}
