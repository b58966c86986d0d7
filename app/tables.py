"""All tables in one metadata, for Alembic."""

import app.accounts.models
import app.alerts.models
import app.amendments.models
import app.archives.models
import app.assignments.models
import app.audit.models
import app.bundles.models
import app.calendars.models
import app.campaigns.models
import app.captcha.models
import app.clarifications.models
import app.consultations.models
import app.counters.models
import app.deliveries.models
import app.departments.models
import app.dispositions.models
import app.documents.models
import app.events.models
import app.exports.models
import app.figures.models
import app.idempotency.models
import app.jobs.models
import app.kit.schema_marks
import app.mail.models
import app.offices.models
import app.papers.models
import app.publication.models
import app.records.models
import app.referrals.models
import app.reporting.models
import app.rights.models
import app.screening.models
import app.soundings.models
import app.submissions.models
import app.teamwork.models
import app.throttles.models
import app.transparency.models
import app.webhooks.models  # noqa: F401
from app.kit.database import Model

metadata = Model.metadata
STORES_OWN = "search_words"
"""What begins so is no model's: each store has an index of its own kind under that name (migration 0018)."""


def is_modelled(name: str | None, kind: str, parents: object) -> bool:
    """Whether Alembic is to compare it; `kind` and `parents` as in its `include_name`."""
    return kind != "table" or not str(name).startswith(STORES_OWN)


__all__ = ["is_modelled", "metadata"]
