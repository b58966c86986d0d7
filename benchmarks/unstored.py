"""The service with one difference: what it takes in is stored nowhere. It shows what everything but storing costs.

`python -m benchmarks.unstored serve …` is `yanlu serve …`. Only for measuring: nothing of the service knows of it.
"""

import dataclasses
from concurrent.futures import Future

from fastapi import FastAPI

from app.cli import serving
from app.cli.main import run
from app.submissions.arriving import NewSubmission
from app.submissions.prepared import Preparer
from app.submissions.receipts import Receipt

FACTORY = "benchmarks.unstored:create"


class Unstored:
    """An intake that prepares everything as the service does, answers the right receipt and keeps nothing."""

    def __init__(self, preparer: Preparer) -> None:
        self._preparer = preparer

    @property
    def is_prompt(self) -> bool:
        return self._preparer.is_prompt

    def submit(self, submission: NewSubmission) -> "Future[Receipt]":
        answer: Future[Receipt] = Future()
        answer.set_result(self._preparer.lay_out(submission).receipt)
        return answer

    def close(self) -> None:
        """Nothing waits."""


def create() -> FastAPI:
    """What the server calls."""
    # Here and not above: a spawned process imports this module before it can answer its parent's question whether it
    # lives, and one that loads the whole application first is taken for dead and started again, for ever.
    from app.main import create as create_whole

    app = create_whole()
    services = app.state.services
    preparer = Preparer(services.vault, services.receipts, services.guard, owes_receipts=True)
    app.state.services = dataclasses.replace(services, intake=Unstored(preparer))
    return app


if __name__ == "__main__":
    serving.WEB = FACTORY
    run()
