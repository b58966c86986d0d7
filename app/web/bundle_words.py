"""Words of the audit log on what crossed between two networks."""

from app.web.i18n import N_

BUNDLE_HISTORY = {
    "bundle.exported": N_("Bundle for the other network made"),
    "bundle.given_out": N_("Bundle for the other network given out"),
    "bundle.begun": N_("Taking in of a bundle begun"),
    "bundle.imported": N_("Bundle of the other network taken in"),
    "bundle.forgotten": N_("Kept file of a bundle removed"),
    "submission.carried_in": N_("Comment came from the other network"),
}
BUNDLE_REFUSALS = {
    "codes_stay_inside": N_(
        "The form stands on the other network, to which codes don't get. Please enter what comes late yourselves."
    ),
}
BUNDLE_KINDS = {"bundle": N_("Bundle between two networks")}
