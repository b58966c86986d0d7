"""Words for what can't be done with identities, exports and keys."""

from app.web.i18n import N_

INCIDENT_REFUSALS = {
    "identity_erased": N_("There is nothing to see: the person had their data erased."),
    "exports_frozen": N_(
        "Exports are stopped while an incident is looked into. Please ask the security administrator."
    ),
    "export_too_large": N_(
        "That would be more than 200,000 entries. Please choose a shorter period, or use the command on the server."
    ),
    "no_such_alert": N_("There is no such alert."),
    "settled_already": N_("The alert was settled already."),
    "frozen_already": N_("This is stopped already."),
    "not_frozen": N_("This isn't stopped."),
}
