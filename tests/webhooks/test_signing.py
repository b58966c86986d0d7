"""What is signed here, the specification's own library believes, and the other way round."""

import base64
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from app.webhooks import signing
from app.webhooks.signing import Unfit
from tests.support.journey import START, RunningClock

KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()
BODY = b'{"type":"assignment.delivered"}'


def test_a_secret_has_the_form_and_the_length_of_the_specification() -> None:
    secret = signing.new_secret()
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    assert secret != signing.new_secret()


def test_the_specifications_example_is_signed_as_it_says() -> None:
    """The vector of the specification's own libraries."""
    key, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    signed = signing.headers(
        [key], "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330).astimezone(), body
    )
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=24, max_size=64), st.text(min_size=0, max_size=200))
def test_the_specifications_library_believes_it(key: bytes, text: str) -> None:
    secret, body = "whsec_" + base64.b64encode(key).decode(), f'"{text.encode().hex()}"'.encode()
    headers = signing.headers([OTHER, secret], "an id", RunningClock().now(), body)
    for one in (secret, OTHER):
        assert Webhook(one).verify(body, headers) == text.encode().hex()


def test_what_the_specifications_library_signs_is_believed() -> None:
    signature = Webhook(KEY).sign("an id", START, BODY.decode())
    received = {"webhook-id": "an id", "webhook-timestamp": str(int(START.timestamp())), "webhook-signature": signature}
    assert signing.verify(KEY, received, BODY, START) == "an id"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"webhook-id": "another"}, "wrong_signature"),
        ({"webhook-timestamp": str(int(START.timestamp()) + 1)}, "wrong_signature"),
        ({"webhook-timestamp": "soon"}, "bad_timestamp"),
        ({"webhook-timestamp": str(int((START - timedelta(minutes=6)).timestamp()))}, "stale_timestamp"),
        ({"webhook-timestamp": str(int((START + timedelta(minutes=6)).timestamp()))}, "stale_timestamp"),
        ({"webhook-signature": "v1,"}, "wrong_signature"),
        ({"webhook-signature": "v2," + "A" * 44}, "wrong_signature"),
        ({"webhook-signature": "签名"}, "wrong_signature"),
        ({"webhook-signature": None}, "missing_header"),
    ],
)
def test_whatever_is_altered_is_not_believed(changed: dict[str, str | None], code: str) -> None:
    whole = signing.headers([KEY], "an id", START, BODY) | changed
    received = {name: value for name, value in whole.items() if value is not None}
    with pytest.raises(Unfit, match=code):
        signing.verify(KEY, received, BODY, START)


def test_another_body_or_another_secret_is_not_believed() -> None:
    headers = signing.headers([KEY], "an id", START, BODY)
    for key, body in ((OTHER, BODY), (KEY, BODY + b" ")):
        with pytest.raises(Unfit, match="wrong_signature"):
            signing.verify(key, headers, body, START)


def test_the_id_stays_and_the_timestamp_is_new_at_each_attempt() -> None:
    first, second = (signing.headers([KEY], "an id", START + timedelta(hours=hour), BODY) for hour in (0, 2))
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 7200
