"""Every job by its name. A job runs in the transaction that finishes it, so that both are kept or lost together."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.bundles.outward import TOLD_OUTSIDE
from app.screening import campaign_portions
from app.worker import (
    amending,
    comparing,
    figuring,
    folding,
    grouping,
    housekeeping,
    indexing,
    matching,
    outcomes,
    reminding,
    retaining,
    telling,
    theming,
)

Work = Callable[[Session, datetime, dict[str, Any]], None]
Preparation = Callable[[Session, dict[str, Any]], dict[str, Any]]

JOBS: Mapping[str, Work] = {
    "housekeeping": housekeeping.forget,
    "lapse_questions": housekeeping.lapse_questions,
    "tell_affected": telling.tell_affected,
    "tell_second_round": telling.tell_second_round,
    "tell_release": outcomes.tell_release,
    "tell_results": outcomes.tell_results,
    "tell_decision": outcomes.tell_decision,
    "tell_closing": outcomes.tell_closing,
    "tell_closed": outcomes.tell_closed,
    "tell_repetitions": outcomes.tell_repetitions,
    "tell_reopening": outcomes.tell_reopening,
    "compare_versions": comparing.keep,
    "trace_version": comparing.keep_anchors,
    matching.JOB: matching.keep,
    theming.JOB: theming.keep,
    amending.JOB: amending.keep,
    indexing.JOB: indexing.index,
    folding.JOB: folding.fold,
    figuring.JOB: figuring.keep,
    grouping.JOB: grouping.sweep,
    reminding.JOB: reminding.keep,
    retaining.JOB: retaining.keep,
    campaign_portions.DECIDE_JOB: grouping.decide,
    campaign_portions.GATHER_JOB: grouping.gather,
}
INSIDE: Mapping[str, Work] = {name: work for name, work in JOBS.items() if name not in TOLD_OUTSIDE} | {
    "tell_closing": outcomes.pass_closing_on
}
"""On the inner side of two networks: whom to tell goes out in bundles, and the worker there owes the messages."""
BEFOREHAND: Mapping[str, Preparation] = {
    "compare_versions": comparing.work_out,
    "trace_version": comparing.seek_clauses,
    matching.JOB: matching.work_out,
    theming.JOB: theming.work_out,
    figuring.JOB: figuring.work_out,
    amending.JOB: amending.work_out,
}
"""What takes long and only reads: done before the job's transaction, which keeps other writers waiting, and its answer
added to the payload."""
RECURRING: Mapping[str, timedelta] = {
    "housekeeping": timedelta(minutes=10),
    "lapse_questions": timedelta(minutes=10),
    matching.JOB: timedelta(seconds=10),
    theming.JOB: timedelta(seconds=30),
    indexing.JOB: timedelta(seconds=5),
    folding.JOB: timedelta(seconds=5),
    figuring.JOB: timedelta(minutes=15),
    grouping.JOB: timedelta(seconds=10),
    reminding.JOB: timedelta(minutes=1),
    retaining.JOB: timedelta(days=1),
    amending.JOB: timedelta(seconds=30),
}
"""Jobs that promise themselves again when they are done, and how long after."""
DECIDED_INSIDE = frozenset({matching.JOB, theming.JOB, grouping.JOB, reminding.JOB, retaining.JOB, amending.JOB})
OUTSIDE: Mapping[str, timedelta] = {name: after for name, after in RECURRING.items() if name not in DECIDED_INSIDE}
"""On the outer side nobody screens, gathers or answers, so that nothing is worked out for it."""
