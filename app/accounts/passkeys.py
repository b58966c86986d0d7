"""Passkeys: what a browser is asked for, and what it answered (Web Authentication Level 3).

A passkey is kept on a device that finds the person by itself (resident key) and checks who holds it by a PIN, a finger
or a face (user verification), so it stands for both factors. Nothing is asked about the device's maker.

The library is loaded where it is used: a process that takes comments has seven MiB less to hold.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

TIMEOUT = 120_000
"""Milliseconds."""
LONGEST_ANSWER = 16 * 1024


@dataclass(frozen=True)
class Place:
    """The site as authenticators know it: `rp_id` is its host, `origin` what the browser says it is on."""

    rp_id: str
    origin: str
    name: str


@dataclass(frozen=True)
class NewPasskey:
    credential_id: bytes
    public_key: bytes
    sign_count: int


def place_of(staff_url: str, name: str) -> Place:
    parts = urlsplit(staff_url)
    return Place(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", name)


def to_create(
    place: Place, challenge: bytes, user_id: bytes, username: str, display_name: str, known: list[bytes]
) -> str:
    """Options of `navigator.credentials.create`, as JSON. Devices that have one of the known already are left out."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_registration_options(
        rp_id=place.rp_id,
        rp_name=place.name,
        user_id=user_id,
        user_name=username,
        user_display_name=display_name,
        challenge=challenge,
        timeout=TIMEOUT,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return webauthn.options_to_json(options)


def to_get(place: Place, challenge: bytes) -> str:
    """Options of `navigator.credentials.get`, as JSON; the device offers whatever passkeys it has for this site."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=place.rp_id,
        challenge=challenge,
        timeout=TIMEOUT,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def created(place: Place, challenge: bytes, answer: str) -> NewPasskey | None:
    """The new passkey; None when the answer is none to this challenge."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        made = webauthn.verify_registration_response(
            credential=answer[:LONGEST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def credential_of(answer: str) -> bytes | None:
    """Which credential an answer says it is of."""
    from webauthn.helpers import base64url_to_bytes

    try:
        return base64url_to_bytes(json.loads(answer[:LONGEST_ANSWER])["rawId"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def shown(place: Place, challenge: bytes, answer: str, public_key: bytes, sign_count: int) -> int | None:
    """The new count of signatures; None when the answer isn't by that key to this challenge."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = webauthn.verify_authentication_response(
            credential=answer[:LONGEST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return found.new_sign_count
