"""Words for what can't be done with identities, exports and keys."""

from app.web.i18n import N_

INCIDENT_REFUSALS = {
    "identity_erased": N_("There is nothing to see: the person had their data erased."),
    "exports_frozen": N_(
        "Exports are stopped while an incident is looked into. Please ask the security administrator."
    ),
    "frozen_already": N_("This is stopped already."),
    "not_frozen": N_("This isn't stopped."),
}
