"""How often a receipt may be asked for with a wrong access code, so that nobody guesses one."""

from datetime import datetime, timedelta

from app.kit.throttle import Sharing, Throttle

SPAN = timedelta(minutes=10)
MOST_FOR_A_NUMBER = 10
MOST_OF_A_CLIENT = 30
"""More than for one number: behind one address of a mobile network or an office are many people."""
LONGEST_KEY = 20


class ReceiptTries:
    """Wrong tries by receipt number and by client, within SPAN; of all processes where they share their counts.

    Whoever knows somebody's number can keep it shut for SPAN; a browser that has opened it goes on reading.
    """

    def __init__(self, sharing: Sharing | None = None) -> None:
        self._of_number = Throttle(MOST_FOR_A_NUMBER, SPAN, "receipt-number", sharing)
        self._of_client = Throttle(MOST_OF_A_CLIENT, SPAN, "receipt-client", sharing)

    def free_at(self, client: str, number: str, now: datetime) -> datetime | None:
        """When both may try again; None when they may now."""
        ends = (self._of_client.free_at(client, now), self._of_number.free_at(number[:LONGEST_KEY], now))
        return max((end for end in ends if end is not None), default=None)

    def note(self, client: str, number: str, now: datetime) -> None:
        self._of_client.note(client, now)
        if number:
            self._of_number.note(number[:LONGEST_KEY], now)
