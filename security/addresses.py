"""What of a running instance takes something from whoever asks: the parameters of its pages, its paths, its forms.

The list is made of the routes themselves, so a page that takes something new is attacked without anybody adding it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from fastapi.routing import iter_route_contexts

from security.instance import Target

MADE_UP = "1"
CURSORS = ("after", "before")
"""Read as an instant and a UUID (app/kit/paging.py): anything else is 400 before the store is asked."""
FORMS: Mapping[str, str] = {
    "/receipts": "receipt_number=1&access_code=1",
    "/misuse": "id_number=1&words=1&name=1&mobile=1",
    "/staff/sign-in": "username=1&password=1&next=1",
    "/consultations/{slug}/comment": "name=1&id_number=1&mobile=1&title=1&text=1&captcha=1",
    "/consultations/{slug}/comment/late": "late_code=1",
}
"""What anybody may send without being signed in; without the tokens, which sqlmap leaves alone."""
INJECTED = "*"
"""Where sqlmap is to put its words in a path."""


@dataclass(frozen=True)
class Asked:
    """One request with `names`, its parameters; `body` is a form's, `cookie` whom it comes from."""

    path: str
    names: Sequence[str]
    cookie: str = ""
    body: str = ""

    def told(self, url: str) -> str:
        """As a proxy would have written it down (RFC 9112 §3)."""
        lines = [f"{'POST' if self.body else 'GET'} {self.path} HTTP/1.1", f"Host: {urlsplit(url).netloc}"]
        lines += [f"Cookie: {self.cookie}"] if self.cookie else []
        if self.body:
            kind = "Content-Type: application/x-www-form-urlencoded"
            lines += [f"Origin: {url}", kind, f"Content-Length: {len(self.body)}"]
        return "\n".join([*lines, "", self.body])


def asked(service: Target) -> tuple[list[Asked], int]:
    """Every page's parameters that somebody gets an answer of 200 with; and how many other parameters there are.

    A parameter without such an answer is refused before it is used: a made-up cursor, the number of a thing that is
    not there. Pages of a single record are left out: their address takes a UUID or is 404.
    """
    found, others = [], 0
    with httpx2.Client(base_url=service.url, timeout=60) as browser:
        for path, names in _pages(service.slug):
            cookie, taken = _taken(browser, service, path, names)
            others += len(names) - len(taken)
            if taken:
                found.append(Asked(f"{path}?{_query(taken, service.slug)}", taken, cookie))
    found += [Asked(f"/consultations/{service.slug}{INJECTED}", ("slug",))]
    for path, body in FORMS.items():
        names = [pair.partition("=")[0] for pair in body.split("&")]
        found.append(Asked(path.format(slug=service.slug), names, body=body))
    return found, others


def _pages(slug: str) -> Iterator[tuple[str, list[str]]]:
    """Address → parameters, of every page that takes some and stands for no single record."""
    from app.web.public.routes import router as public
    from app.web.staff.routes import router as staff

    for context in (one for side in (public, staff) for one in iter_route_contexts(side.routes)):
        names = _parameters(context.route)
        path = str(context.path).replace("{slug}", slug)
        if names and "{" not in path and "GET" in (context.methods or ()):
            yield path, names


def _parameters(route: Any) -> list[str]:
    dependant = getattr(route, "dependant", None)
    return [field.name for field in dependant.query_params] if dependant else []


def _taken(browser: httpx2.Client, service: Target, path: str, names: Sequence[str]) -> tuple[str, list[str]]:
    """Who gets most of these parameters answered, and which."""
    best: tuple[str, list[str]] = ("", [])
    tried = [name for name in names if name not in CURSORS]
    for cookie in (service.cookie, *service.others):
        headers = {"cookie": cookie}
        taken = [
            name for name in tried if browser.get(f"{path}?{_query([name], service.slug)}", headers=headers).is_success
        ]
        if len(taken) > len(best[1]):
            best = (cookie, taken)
        if len(taken) == len(tried):
            break
    return best


def _query(names: Sequence[str], slug: str) -> str:
    return urlencode({name: slug if name == "consultation" else MADE_UP for name in names})
