"""Messages to whoever is on duty, here or at a department's receiver: that there is something to be seen to."""

from collections.abc import Callable, Mapping

from app.deliveries.messages import Letter
from app.deliveries.models import Delivery
from app.kit.catalogues import N_, translations
from app.webhooks.guard import target_of
from app.webhooks.lifecycle import DisabledBecause
from app.webhooks.models import WebhookEndpoint

LANGUAGE = "zh_CN"
BECAUSE: Mapping[DisabledBecause, str] = {
    DisabledBecause.GONE: N_("The receiver answered that it is gone (410)."),
    DisabledBecause.FAILING: N_("It took no message for five days."),
}
Write = Callable[[Delivery, str], Letter]


def urgent_referral(delivery: Delivery, staff_url: str) -> Letter:
    """Who opens the page has to sign in and be allowed to; the case's id opens nothing by itself."""
    lines = [
        _("Something urgent was referred and waits for somebody to take it on."),
        _("This message says nothing of what it is about. Please sign in:"),
        f"{staff_url}/referrals/{delivery.about_id}",
    ]
    return Letter(_("Urgent: a referral waits for you"), "\n".join(lines))


def webhook_disabled(endpoint: WebhookEndpoint, because: DisabledBecause) -> Letter:
    """To the contact that the department named; of the address only the host is told."""
    host = target_of(endpoint.url).host
    lines = [
        _("Nothing is sent any more to your department's webhook at %(host)s.") % {"host": host},
        _(BECAUSE[because]),
        _("What waits for it is kept. What happens meanwhile stands in the feed of events."),
        _("Once the receiver works again, your program enables the webhook through the interface:"),
        f"POST /api/v1/webhooks/{endpoint.id}/enable",
    ]
    return Letter(_("Webhook disabled: %(host)s") % {"host": host}, "\n".join(lines))


ALERTS: Mapping[str, Write] = {"urgent_referral": urgent_referral}


def _(message: str) -> str:
    return translations(LANGUAGE).gettext(message)
