"""Words of alerts."""

from enum import StrEnum

from app.alerts.spikes import AlertKind
from app.web.i18n import N_

ALERT_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (AlertKind.VOLUME, N_("Far more comments than usual")),
    (AlertKind.CLAUSE, N_("Far more about one clause")),
    (AlertKind.CAMPAIGN, N_("Far more of the same content")),
    (AlertKind.HELD, N_("Far more that has to wait for display")),
)
