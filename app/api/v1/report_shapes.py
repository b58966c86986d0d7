"""How the published disposition report is described; what is sent is its file, byte for byte."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.dispositions.kinds import DispositionKind


class ReportedClause(BaseModel):
    """One clause's counts; its words are empty for the draft as a whole."""

    label: str
    number: str
    heading: str
    submissions: int = Field(description="Those that chose the clause, be it among others.")
    points: dict[str, int] = Field(description="Suggestions on it by disposition; merged ones are left out.")


class ReportedOccupations(BaseModel):
    """Persons by occupation, as far as that may be told."""

    shown: dict[str, int] = Field(description="Occupation → persons.")
    hidden: list[str] = Field(description="Occupations of too few persons to be told.")
    hidden_sum: int = Field(description="How many persons those are together.")


class ReportedFigures(BaseModel):
    """What came in and what became of it: submissions (份) and the suggestions in them (条)."""

    slug: str
    title: str
    drafting_department: str
    opens_at: datetime
    closes_at: datetime
    submissions: int = Field(description="What people sent (份).")
    persons: int
    organisations: int
    unnumbered: int = Field(description="Submissions of which nobody's number or code is known.")
    lines: dict[str, int] = Field(
        description="What became of the submissions, each counted once: `gathered`, `nothing_to_gather`, `duplicate` …"
    )
    channels: dict[str, int] = Field(description="Submissions by channel, each counted once.")
    suggestions_made: int = Field(description="Suggestions that were ever made (条), with merged ones.")
    points: dict[str, int] = Field(description="Suggestions by disposition, and `merged`; each counted once.")
    clauses: list[ReportedClause]
    occupations: ReportedOccupations
    note: str = Field(description="The public note of the conclusion.")


class ReportedSuggestion(BaseModel):
    """One suggestion as everybody may read it."""

    number: int
    clause_label: str = Field(description="Empty for the draft as a whole.")
    clause_number: str
    clause_heading: str
    shown: bool = Field(description="False where its words were not published: then it has none.")
    text: str
    merged: int = Field(description="How many others were merged into it.")
    submissions: int
    persons: int
    proposers: list[str] = Field(description="Masked names.")
    disposition: DispositionKind
    reason: str
    department: str = Field(description="The lead department's name.")
    amended: list[str] = Field(description="The later wording of clauses that changed because of it.")


class Report(BaseModel):
    """The disposition report (意见办理情况报告) as it was published; an edition never changes."""

    format: str
    edition: int
    published_at: datetime
    reason: str = Field(description="Why there is another edition; empty for the first.")
    figures: ReportedFigures
    rows: list[ReportedSuggestion]
