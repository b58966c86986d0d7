"""What is about to be put out for comment, as the checks see it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from app.consultations.lifecycle import LegalNature
from app.consultations.places import Part, PlacedText

FIELD_LABELS = {
    "title": "标题",
    "name": "姓名",
    "id_number": "身份证",
    "occupation": "职业",
    "phone": "联系电话",
    "email": "邮箱",
    "comment": "意见",
}
"""The column's form without its captcha, in its order, as the column prints it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A consultation before it opens, stored or not yet. Texts are as they will be shown, one paragraph a line.

    `at` is the instant of the check. `attachments` are the names of what is there (the draft's title and the
    explanation's among them); `attachments_named` are those that the notice listed where the list was taken off it.
    `form_fields` are names of the form's fields; `rules` is the text of the column's rules shown beside the form.
    """

    nature: LegalNature
    published_on: date | None
    opens_at: datetime
    closes_at: datetime
    at: datetime
    notice: str
    draft: str
    explanation: str
    deadline_as_printed: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    attachments: tuple[str, ...] = ()
    attachments_named: tuple[str, ...] = ()
    form_fields: tuple[str, ...] = tuple(FIELD_LABELS)
    rules: str = ""

    def text(self, part: Part) -> str:
        """The text that places of that part's warnings point into; of the form its labels, one a line."""
        texts = {
            Part.NOTICE: self.notice,
            Part.DRAFT: self.draft,
            Part.EXPLANATION: self.explanation,
            Part.FORM: "\n".join(FIELD_LABELS.get(name, name) for name in self.form_fields),
            Part.CONTACTS: "\n".join(filter(None, (self.contact_phone, self.contact_email))),
        }
        return texts[part]

    def placed(self, part: Part) -> PlacedText:
        return PlacedText(part, self.text(part))
