"""Words for webhooks: labels, refusals, and what the audit log says of them."""

from enum import StrEnum

from app.web.i18n import N_
from app.webhooks.lifecycle import DisabledBecause, EndpointState, MessageState, Outcome

HOOK_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (EndpointState.ENABLED, N_("In use")),
    (EndpointState.DISABLED, N_("Not in use")),
    (EndpointState.REMOVED, N_("Removed")),
    (DisabledBecause.BY_DEPARTMENT, N_("by the department")),
    (DisabledBecause.BY_STAFF, N_("by the column's staff")),
    (DisabledBecause.GONE, N_("the receiver said that it is gone (410)")),
    (DisabledBecause.FAILING, N_("no success for five days")),
    (MessageState.PENDING, N_("Waits to be sent")),
    (MessageState.DELIVERED, N_("Delivered to the receiver")),
    (MessageState.DEAD, N_("Given up after days")),
    (Outcome.ACCEPTED, N_("The receiver took it")),
    (Outcome.REFUSED, N_("Not accepted")),
    (Outcome.THROTTLED, N_("Asked to wait")),
    (Outcome.GONE, N_("Gone")),
    (Outcome.TIMED_OUT, N_("No answer within the time")),
    (Outcome.UNREACHABLE, N_("Not reachable")),
    (Outcome.FORBIDDEN_ADDRESS, N_("Address not allowed")),
)
HOOK_REFUSALS = {
    "no_such_webhook": N_("There is no such webhook."),
    "no_such_allowance": N_("There is no such range."),
    "ended_already": N_("This range was closed already."),
    "name_required": N_("Please say whose network it is."),
    "network_refused": N_(
        "This range can't be allowed. Give it like 10.20.0.0/16, no wider than /8; the machine itself, link-local and "
        "metadata addresses are never allowed."
    ),
    "authorities_unreadable": N_("The certificates can't be read. Paste certificates of authorities in PEM."),
    "disabled_by_staff": N_("The column's staff disabled this webhook."),
    "webhook_disabled": N_("The webhook is not in use."),
    "webhook_url_refused": N_("Nothing can be sent to this address."),
    "no_such_event_kind": N_("There is no such kind of event."),
    "too_many_webhooks": N_("A department has ten webhooks at most."),
    "contact_refused": N_("This is no e-mail address."),
    "description_too_long": N_("The description is too long."),
    "no_such_position": N_("There is no such position in the list of events."),
    "position_forgotten": N_("Events from before are no longer kept."),
}
HOOK_HISTORY = {
    "webhook.created": N_("Webhook made"),
    "webhook.changed": N_("Webhook changed"),
    "webhook.disabled": N_("Webhook disabled"),
    "webhook.enabled": N_("Webhook enabled"),
    "webhook.removed": N_("Webhook removed"),
    "webhook.secret_rotated": N_("Secret of a webhook renewed"),
    "webhook.secret_revealed": N_("Secret of a webhook looked at"),
    "webhook.tested": N_("Test message to a webhook"),
    "webhook.replayed": N_("Message to a webhook sent again"),
    "webhook.dead_replayed": N_("Messages to a webhook that were given up sent again"),
    "webhook.key_pair_made": N_("Key pair of a webhook made"),
    "webhook.stopped": N_("Webhook stopped by staff"),
    "webhook.resumed": N_("Webhook let go on by staff"),
    "webhook.network_allowed": N_("Range of addresses allowed for webhooks"),
    "webhook.network_closed": N_("Range of addresses for webhooks closed"),
}
HOOK_KINDS = {"webhook": N_("Webhook"), "webhook_allowance": N_("Range of addresses")}
HOOK_ERRORS = {
    "private": N_("A private address that is not allowed here"),
    "loopback": N_("The service's own machine"),
    "never": N_("An address that is never reached"),
    "own_database": N_("The service's own database"),
    "not_https": N_("Without TLS"),
    "no_address": N_("The name is unknown"),
    "certificate": N_("The certificate is not believed"),
    "tls": N_("TLS failed"),
    "connection_refused": N_("Nobody listens there"),
    "timed_out": N_("Too slow"),
}
