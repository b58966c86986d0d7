"""The form of an answer as it was sent: read, and given back as it was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Answer
from app.kit.clock import beijing_day
from app.kit.errors import Unprocessable
from app.kit.forms import Form
from app.offices.checking import Said
from app.offices.models import AnswerTemplate

FIELDS = ("kind", "reason", "citizen_words", "approver", "dated_on", "document_number")


@dataclass(frozen=True)
class AnswerForm:
    """The values of the form's fields."""

    kind: str = ""
    reason: str = ""
    citizen_words: str = ""
    approver: str = ""
    dated_on: str = ""
    document_number: str = ""

    def said(self) -> Said:
        """Raises Unprocessable for what is no disposition or no day."""
        if self.kind not in set(DispositionKind):
            raise Unprocessable("disposition_required")
        texts = (self.reason.strip(), self.citizen_words.strip(), self.approver.strip())
        return Said(DispositionKind(self.kind), *texts, _day(self.dated_on), self.document_number.strip())

    def pairs(self) -> Sequence[tuple[str, str]]:
        """For carrying it over a look at what it does."""
        return [(name, getattr(self, name)) for name in FIELDS]


def sent_form(form: Form) -> AnswerForm:
    return AnswerForm(**{name: form.get(name, "").replace("\r\n", "\n") for name in FIELDS})


def of_answer(answer: Answer) -> AnswerForm:
    """As it was drafted, or given before it was returned."""
    return AnswerForm(
        kind=answer.kind.value,
        reason=answer.reason,
        citizen_words=answer.citizen_words,
        approver=answer.approver,
        dated_on=answer.dated_on.isoformat() if answer.dated_on else "",
        document_number=answer.document_number,
    )


def of_template(template: AnswerTemplate, now: datetime) -> AnswerForm:
    return AnswerForm(
        kind=template.kind.value,
        reason=template.reason,
        citizen_words=template.citizen_words,
        dated_on=beijing_day(now).isoformat(),
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Unprocessable("answer_day_form") from error
