"""The picture and the sound of a challenge."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.captcha.challenge import Challenge
from app.captcha.networks import network_of
from app.captcha.rendering import TooOften
from app.captcha.speaking import Language
from app.captcha.turns import Busy
from app.kit.crypto import Unreadable
from app.kit.errors import NotFound, Unavailable
from app.kit.http import Now
from app.web.services import Services, Svc

router = APIRouter(include_in_schema=False)


@router.get("/captcha/{token}.png", name="captcha_picture")
def picture(request: Request, token: str, services: Svc, now: Now) -> Response:
    network = _network(request)
    made = _made(services, token, now, lambda it: services.captcha.renderings.picture(it, network, now))
    return Response(made, media_type="image/png")


@router.get("/captcha/{token}/{language}.wav", name="captcha_sound")
def sound(request: Request, token: str, language: Language, services: Svc, now: Now) -> Response:
    """The recording, whole or the part that a player asks for (RFC 9110 §14: one range of bytes)."""
    network = _network(request)
    made = _made(services, token, now, lambda it: services.captcha.renderings.sound(it, language, network, now))
    return _ranged(made, request.headers.get("range", ""))


def _network(request: Request) -> str:
    return network_of(request.client.host if request.client else None)


def _made(services: Services, token: str, now: Now, make: Callable[[Challenge], bytes]) -> bytes:
    """What was made. A failure is ours: the form then offers to wait for a person instead."""
    try:
        return make(services.captcha.challenges.read(token, now))
    except Unreadable as error:
        raise NotFound("no_such_challenge") from error
    except (Busy, TooOften) as error:
        raise Unavailable from error
    except Exception as error:
        services.captcha.note_broken("rendering", error, now)
        raise Unavailable from error


def _ranged(data: bytes, asked: str) -> Response:
    first, _dash, last = asked.removeprefix("bytes=").partition("-")
    if not (asked.startswith("bytes=") and first.isdecimal() and (last.isdecimal() or not last)):
        return Response(data, media_type="audio/wav", headers={"Accept-Ranges": "bytes"})
    start, end = int(first), min(int(last) if last else len(data) - 1, len(data) - 1)
    if start > end:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(data)}"})
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {start}-{end}/{len(data)}"}
    return Response(data[start : end + 1], 206, headers, media_type="audio/wav")
