"""Messages to whoever is on duty here: that there is something to be seen to, and nothing of what it is about."""

from collections.abc import Callable, Mapping

from app.deliveries.messages import Letter
from app.deliveries.models import Delivery
from app.kit.catalogues import translations

LANGUAGE = "zh_CN"
Write = Callable[[Delivery, str], Letter]


def urgent_referral(delivery: Delivery, staff_url: str) -> Letter:
    """Who opens the page has to sign in and be allowed to; the case's id opens nothing by itself."""
    lines = [
        _("Something urgent was referred and waits for somebody to take it on."),
        _("This message says nothing of what it is about. Please sign in:"),
        f"{staff_url}/referrals/{delivery.about_id}",
    ]
    return Letter(_("Urgent: a referral waits for you"), "\n".join(lines))


ALERTS: Mapping[str, Write] = {"urgent_referral": urgent_referral}


def _(message: str) -> str:
    return translations(LANGUAGE).gettext(message)
