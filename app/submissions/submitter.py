"""Who wrote, in plain. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Organisation:
    """A name and a 统一社会信用代码, as entered and not verified."""

    name: str
    credit_code: str

    def __repr__(self) -> str:
        return "Organisation(…)"


@dataclass(frozen=True)
class Guardian:
    """Who consented for a child under 14 (个人信息保护法 §31)."""

    name: str
    relation: str
    phone: str

    def __repr__(self) -> str:
        return "Guardian(…)"


@dataclass(frozen=True)
class Identity:
    """Who wrote, in plain; lives only while a request needs it and appears in no log.

    None stands for what was not asked. Where an organisation wrote, `name` is its contact's and there is no ID number.
    `subject` is a provider's own name for a person who signed in there; it is counted by and not kept.
    """

    name: str
    id_number: str | None
    phone: str
    email: str | None
    organisation: Organisation | None = None
    guardian: Guardian | None = None
    subject: str | None = None

    def __repr__(self) -> str:
        return "Identity(…)"

    def values(self) -> dict[str, str | None]:
        """Every field, each under the name of the column in which it is sealed."""
        organisation, guardian = self.organisation, self.guardian
        return {
            "name": self.name,
            "id_number": self.id_number,
            "phone": self.phone,
            "email": self.email,
            "organisation_name": organisation.name if organisation else None,
            "credit_code": organisation.credit_code if organisation else None,
            "guardian_name": guardian.name if guardian else None,
            "guardian_relation": guardian.relation if guardian else None,
            "guardian_phone": guardian.phone if guardian else None,
        }
