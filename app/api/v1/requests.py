"""What a department's program sends."""

import unicodedata
import uuid
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from app.api.repeating import WriteBody
from app.assignments.actions import REASON_LIMIT as ASSIGNMENT_REASON_LIMIT
from app.assignments.asking import ANSWER_WITHIN
from app.assignments.lifecycle import AssignmentState
from app.clarifications.asking import LONGEST, QUESTION_LIMIT, SHORTEST
from app.dispositions.actions import NUMBER_LIMIT, PERSON_LIMIT, WORDS_LIMIT
from app.dispositions.actions import REASON_LIMIT as ANSWER_REASON_LIMIT
from app.dispositions.kinds import DispositionKind
from app.kit.reasons import REASON_LIMIT

PAGE_LIMIT = 100
MOST_AT_ONCE = 100
EXPAND = r"^(progress_notes|sources)(,(progress_notes|sources))*$"
LINE_BREAKS_AND_TABS = "\n\r\t"


def _without_control_characters(text: str) -> str:
    if any(unicodedata.category(char) == "Cc" and char not in LINE_BREAKS_AND_TABS for char in text):
        raise PydanticCustomError("control_character", "control character")
    return text


Plain = AfterValidator(_without_control_characters)


class AcknowledgeRequest(WriteBody):
    """Nothing needs to be said; the body may be left out."""


class SendBackRequest(WriteBody):
    """Why the department isn't the one, and who is, if it knows."""

    reason: Annotated[str, Plain] = Field(
        min_length=1,
        max_length=ASSIGNMENT_REASON_LIMIT,
        description="Read by the staff who assign anew; never shown in public.",
        examples=["养老机构的消防审批由消防救援机构负责。"],
    )
    suggested_department: Annotated[str, Field(min_length=1, max_length=120), Plain] | None = Field(
        default=None,
        description="An id, or a name or a usual short form from the directory.",
        examples=["fire-and-rescue"],
    )


class BeginRequest(WriteBody):
    """Nothing needs to be said; the body may be left out."""


class ProgressRequest(WriteBody):
    """How far the department is."""

    text: Annotated[str, Plain] = Field(
        min_length=1,
        max_length=ASSIGNMENT_REASON_LIMIT,
        description="Read by the column's staff; never told to the sender.",
        examples=["已征求各市意见，预计下周形成答复。"],
    )


class TransferRequest(WriteBody):
    """Which department is to have it instead, and why."""

    to_department: Annotated[str, Field(min_length=1, max_length=120), Plain] = Field(
        description="An id, or a name or a usual short form from the directory.", examples=["market-regulation"]
    )
    reason: Annotated[str, Plain] = Field(
        min_length=1, max_length=ASSIGNMENT_REASON_LIMIT, examples=["后厨的监督检查由市场监管部门负责。"]
    )


class AskRequest(WriteBody):
    """What is to be asked of a sender of the suggestion."""

    question: Annotated[str, Plain] = Field(
        min_length=1,
        max_length=QUESTION_LIMIT,
        description="Read by one sender; personal data in it is covered.",
        examples=["请问您说的助餐点在哪个街道？"],
    )
    answer_within_days: int = Field(
        default=ANSWER_WITHIN.days,
        ge=SHORTEST.days,
        le=LONGEST.days,
        description="After so many days without an answer the clock goes on.",
    )


class CooperationRequest(WriteBody):
    """Which department is asked for its opinion, and what for."""

    to_department: Annotated[str, Field(min_length=1, max_length=120), Plain] = Field(
        description="An id, or a name or a usual short form from the directory.", examples=["finance"]
    )
    reason: Annotated[str, Plain] = Field(
        min_length=1, max_length=REASON_LIMIT, examples=["涉及经费安排，请提出意见。"]
    )


class _Answering(WriteBody):
    disposition: DispositionKind = Field(
        description="adopted 采纳 · partly_adopted 部分采纳 · not_adopted 未采纳 · already_provided 已有规定 · "
        "noted 留作参考 · out_of_scope 不属受理范围",
        examples=["partly_adopted"],
    )
    reason: Annotated[str, Plain] = Field(
        default="",
        max_length=ANSWER_REASON_LIMIT,
        description="For the people who made the suggestion, so in plain words. Required unless `adopted` or a draft.",
        examples=["延长服务时间的建议已写入；周末全天开放所需人员尚未落实，暂不写入。"],
    )
    draft: StrictBool = Field(default=False, description="True keeps the answer without giving it.")
    citizen_words: Annotated[str, Plain] = Field(
        default="",
        max_length=WORDS_LIMIT,
        description="What the person is told, where it isn't to be the official `reason`.",
        examples=["您提出的周末开放建议已写入第二条。"],
    )
    approver: Annotated[str, Plain] = Field(
        default="", max_length=PERSON_LIMIT, description="Who approved the final answer (批准人).", examples=["王某"]
    )
    dated_on: date | None = Field(
        default=None, description="The day on which it was approved; not a day to come.", examples=["2026-05-13"]
    )
    document_number: Annotated[str, Plain] = Field(
        default="", max_length=NUMBER_LIMIT, description="文号", examples=["民函〔2026〕12号"]
    )


class AnswerRequest(_Answering):
    """What the department answers. With `draft` it is kept and can be replaced; without, it is final."""

    scan: uuid.UUID | None = Field(
        default=None, description="The signed scan (签批件): the id of a file that lies with the assignment."
    )


class ManyAnswersRequest(_Answering):
    """One answer for several assignments: each gets it, or none does."""

    assignments: list[uuid.UUID] = Field(min_length=1, max_length=MOST_AT_ONCE, description="Their ids, each once.")


class PlainQuery(BaseModel):
    """A parameter without a value counts as left out; one that isn't known is refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given


class OneQuery(PlainQuery):
    """What to put in besides."""

    expand: Annotated[str, Field(pattern=EXPAND)] | None = Field(
        default=None, description="`progress_notes`, `sources`, separated by commas."
    )


class PageQuery(PlainQuery):
    """How much, and from where on."""

    cursor: str | None = Field(default=None, max_length=200, description="`next_cursor` of the page before.")
    limit: int = Field(default=20, ge=1, le=PAGE_LIMIT, description="How many a page has at most.")


class ListQuery(PlainQuery):
    """Which assignments, and how many of them."""

    state: AssignmentState | None = Field(default=None, description="Only assignments in this state.")
    consultation: str | None = Field(
        default=None, max_length=80, description="Only suggestions on the consultation with this `slug`."
    )
    due_before: AwareDatetime | None = Field(
        default=None, description="Only those whose time runs out before this instant; a stopped clock doesn't run."
    )
    updated_since: AwareDatetime | None = Field(
        default=None, description="Only those that changed at this instant or later (`updated_at`)."
    )
    expand: Annotated[str, Field(pattern=EXPAND)] | None = Field(
        default=None,
        description="What to put into each assignment besides, separated by commas: `progress_notes`, `sources`.",
        examples=["progress_notes,sources"],
    )
    cursor: str | None = Field(
        default=None, max_length=200, description="`next_cursor` of the page before; leave it out for the first page."
    )
    limit: int = Field(default=20, ge=1, le=PAGE_LIMIT, description="How many assignments a page has at most.")
