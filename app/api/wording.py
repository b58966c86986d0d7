"""What a problem's words are made of: one sentence in each language. Pure."""

from dataclasses import dataclass

from app.api.languages import Language


@dataclass(frozen=True)
class Words:
    """One sentence in both languages."""

    en: str
    zh: str

    def in_(self, language: Language) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True)
class ProblemKind:
    """`field` names the body's field that the problem is about, where it is about one."""

    status: int
    title: Words
    detail: Words
    field: str | None = None
