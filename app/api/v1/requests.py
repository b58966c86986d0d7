"""What a department's program sends."""

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from app.api.repeating import WriteBody
from app.assignments.actions import REASON_LIMIT as SEND_BACK_REASON_LIMIT
from app.assignments.lifecycle import AssignmentState
from app.dispositions.actions import REASON_LIMIT as ANSWER_REASON_LIMIT
from app.dispositions.kinds import DispositionKind

PAGE_LIMIT = 100
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
        max_length=SEND_BACK_REASON_LIMIT,
        description="Read by the staff who assign anew; never shown in public.",
        examples=["养老机构的消防审批由消防救援机构负责。"],
    )
    suggested_department: Annotated[str, Field(min_length=1, max_length=120), Plain] | None = Field(
        default=None,
        description="An id, or a name or a usual short form from the directory.",
        examples=["fire-and-rescue"],
    )


class AnswerRequest(WriteBody):
    """What the department answers. With `draft` it is kept and can be replaced; without, it is final."""

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


class ListQuery(BaseModel):
    """Which assignments, and how many of them. A parameter without a value counts as left out."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given

    state: AssignmentState | None = Field(default=None, description="Only assignments in this state.")
    cursor: str | None = Field(
        default=None, max_length=200, description="`next_cursor` of the page before; leave it out for the first page."
    )
    limit: int = Field(default=20, ge=1, le=PAGE_LIMIT, description="How many assignments a page has at most.")
