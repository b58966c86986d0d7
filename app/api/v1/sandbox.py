"""A program's own sandbox: its clock, and a new beginning. For keys of the sandbox alone."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.api.authentication import Anybody
from app.api.receiving import DepartmentRoute
from app.api.sandbox import scenarios
from app.api.sandbox.places import FURTHEST, Sandboxes
from app.api.v1.responses import READ, WRITE_SANDBOX
from app.kit.errors import Forbidden, Unprocessable
from app.kit.http import Now, database_of

router = APIRouter(route_class=DepartmentRoute, tags=["sandbox"])


class SandboxState(BaseModel):
    """How the sandbox is now."""

    now: datetime = Field(description="What time it is in the sandbox.")
    ahead_seconds: int = Field(description="How far its clock is ahead of the real one.")


class ClockRequest(BaseModel):
    """What time it is to be in the sandbox."""

    model_config = ConfigDict(extra="forbid")

    at: AwareDatetime = Field(
        description="Not before the real time, and at most ten years ahead of it.", examples=["2026-06-02T01:00:00Z"]
    )


class ResetRequest(BaseModel):
    """Nothing needs to be said."""

    model_config = ConfigDict(extra="forbid")


@router.get("/sandbox", responses=READ, response_description="How it is", operation_id="get_sandbox")
def get_sandbox(request: Request, user: Anybody, now: Now) -> SandboxState:
    """What time it is in your sandbox."""
    _sandboxes(request)
    return _state(request, now)


@router.post(
    "/sandbox/clock", responses=WRITE_SANDBOX, response_description="How it is now", operation_id="move_sandbox_clock"
)
def move_clock(request: Request, user: Anybody, body: ClockRequest) -> SandboxState:
    """Moves the clock of your sandbox; what is due by then happens at once, such as reminders."""
    sandboxes = _sandboxes(request)
    real = request.app.state.accounts_clock.now()
    ahead = body.at - real
    if not timedelta(0) <= ahead <= FURTHEST:
        raise Unprocessable("clock_out_of_bounds")
    ahead = timedelta(seconds=int(ahead.total_seconds()))
    sandboxes.move(user.id, ahead)
    scenarios.catch_up(database_of(request), real + ahead)
    return SandboxState(now=real + ahead, ahead_seconds=int(ahead.total_seconds()))


@router.post(
    "/sandbox/reset", responses=WRITE_SANDBOX, response_description="How it is now", operation_id="reset_sandbox"
)
def reset(request: Request, user: Anybody, body: ResetRequest | None = None) -> SandboxState:
    """Begins anew: invented assignments as at first, the real time, nothing of what you did."""
    _sandboxes(request).reset(user.id)
    return SandboxState(now=request.app.state.accounts_clock.now(), ahead_seconds=0)


def _sandboxes(request: Request) -> Sandboxes:
    """Raises Forbidden for a live key."""
    found: Sandboxes | None = request.app.state.sandboxes
    if found is None:
        raise Forbidden("sandbox_only")
    return found


def _state(request: Request, now: datetime) -> SandboxState:
    ahead = now - request.app.state.accounts_clock.now()
    return SandboxState(now=now, ahead_seconds=round(ahead.total_seconds()))
