"""The public pages of the outer side, as a person at a browser has them."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.testclient import TestClient

from app.config import Network, Secrets
from app.main import build
from app.submissions.receipts import Receipt
from tests.support.app import settings
from tests.support.bundling import Sides
from tests.support.journey import StoppedClock

OUTER = Secrets(signing=b"R" * 32, sealing={"outside": b"S" * 32}, sealing_id="outside", index=b"I" * 32)


@contextmanager
def outer_site(sides: Sides, clock: StoppedClock) -> Iterator[TestClient]:
    app = build(settings(network=Network.OUTER), OUTER, sides.outer.database, clock)
    with TestClient(app, follow_redirects=True) as client:
        yield client


def receipt_page(client: TestClient, receipt: Receipt) -> str:
    client.cookies.clear()
    entered = {"receipt_number": receipt.number, "access_code": receipt.access_code}
    answer = client.post("/receipts", data=entered)
    assert answer.status_code == 200, answer.text
    return answer.text
