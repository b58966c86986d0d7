"""The picture and the sound of a challenge."""

from fastapi import APIRouter
from fastapi.responses import Response

from app.captcha import rendering
from app.kit.crypto import Unreadable
from app.kit.errors import NotFound
from app.kit.http import Now
from app.web.services import Services, Svc

router = APIRouter(include_in_schema=False)


@router.get("/captcha/{token}.png", name="captcha_picture")
def picture(token: str, services: Svc, now: Now) -> Response:
    return Response(rendering.picture(_digits(services, token, now)), media_type="image/png")


@router.get("/captcha/{token}.wav", name="captcha_sound")
def sound(token: str, services: Svc, now: Now) -> Response:
    return Response(rendering.sound(_digits(services, token, now)), media_type="audio/wav")


def _digits(services: Services, token: str, now: Now) -> str:
    try:
        return services.challenges.read(token, now).digits
    except Unreadable as error:
        raise NotFound("no_such_challenge") from error
