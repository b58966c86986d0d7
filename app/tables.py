"""All tables in one metadata, for Alembic."""

import app.accounts.models
import app.assignments.models
import app.audit.models
import app.calendars.models
import app.captcha.models
import app.consultations.models
import app.deliveries.models
import app.departments.models
import app.dispositions.models
import app.documents.models
import app.idempotency.models
import app.jobs.models
import app.publication.models
import app.rights.models
import app.screening.models
import app.submissions.models
import app.teamwork.models  # noqa: F401
from app.kit.database import Model

metadata = Model.metadata

__all__ = ["metadata"]
