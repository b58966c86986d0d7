"""Pages from templates. A template gets values and words; it can change nothing and asks the store for nothing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.routing import Match

from app.config import Settings
from app.kit.clock import BEIJING
from app.kit.fragments import read_fragment
from app.kit.http import now_of
from app.kit.identifiers import in_groups
from app.web import choices, i18n, labels, words
from app.web.compression import accepts_gzip, holds_no_secret, smaller
from app.web.i18n import LANGUAGES
from app.web.services import Services
from app.web.shared_pages import is_to_be_kept

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@dataclass(frozen=True)
class Site:
    """Whose column this is; all settings, each but the column's name may be empty.

    `header` and `footer_piece` are the checked HTML of the larger site.
    """

    column_name: str
    owner: str
    operator: str
    contact: str
    code: str
    icp_record: str
    police_record: str
    mistakes_url: str
    footer: str
    header: Markup
    footer_piece: Markup

    @property
    def police_url(self) -> str:
        """The look-up of the public security record, by the digits of its number."""
        return f"https://beian.mps.gov.cn/#/query/webSearch?code={''.join(re.findall('[0-9]+', self.police_record))}"


def _site(settings: Settings) -> Site:
    return Site(
        column_name=settings.column_name,
        owner=settings.site_owner,
        operator=settings.site_operator,
        contact=settings.site_contact,
        code=settings.site_code,
        icp_record=settings.icp_record,
        police_record=settings.police_record,
        mistakes_url=settings.mistakes_url,
        footer=settings.site_footer,
        header=read_fragment("YANLU_HEADER_FILE", settings.header_file),
        footer_piece=read_fragment("YANLU_FOOTER_FILE", settings.footer_file),
    )


@dataclass
class Addresses:
    """Route name → address. Addresses of a side that this listener doesn't serve lead to where it is served."""

    paths: Mapping[str, str]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    base_path: str = ""

    def url(self, name: str, **values: object) -> str:
        """The path of a route under the base path; values that are no part of the path become its query."""
        path = self.paths[name]
        query = {}
        for key, value in values.items():
            for mark in (f"{{{key}}}", f"{{{key}:path}}"):
                if mark in path:
                    path = path.replace(mark, quote(str(value), safe="/" if ":path" in mark else ""))
                    break
            else:
                query[key] = value
        asked = {key: value for key, value in query.items() if value not in (None, "")}
        return self.elsewhere.get(name, self.base_path) + path + (f"?{urlencode(asked, doseq=True)}" if asked else "")


class Pages:
    """The templates of one application."""

    def __init__(self, settings: Settings, addresses: Addresses, services: Services) -> None:
        self.addresses = addresses
        self.environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
        )
        self.environment.install_gettext_callables(  # type: ignore[attr-defined]
            i18n.gettext, i18n.ngettext, newstyle=True
        )
        self.environment.filters |= {
            "instant": timed(words.instant),
            "short_instant": timed(words.short_instant),
            "clock": timed(words.clock),
            "day": timed(words.day),
            "tongue": tongue,
            "label": labels.label,
            "why": labels.why,
            "grouped": in_groups,
            "paragraphs": paragraphs,
        }
        self.environment.globals |= {
            "url": addresses.url,
            "static": lambda plain: addresses.url("static", path=services.static.hashed(plain)),
            "site": _site(settings),
            "environment": settings.environment.value,
        }

    def html(self, request: Request, template: str, context: Mapping[str, Any]) -> str:
        language = i18n.language()
        return self.environment.get_template(template).render(
            **context,
            lang=language,
            html_lang=LANGUAGES[language],
            here_with=lambda **choice: self.here_with(request, **choice),
            care=choices.chosen(choices.CARE) == "on",
            size=choices.chosen(choices.SIZE),
            single_keys=choices.chosen(choices.KEYS),
            staff=getattr(request.state, "staff", None),
            now=now_of(request),
        )

    def here_with(self, request: Request, **choice: str) -> str:
        """This address with another choice of the reader's; the start page where it can't be asked for again."""
        if not _has_page(request):
            return self.addresses.url("home", **choice)
        asked = [(key, value) for key, value in request.query_params.multi_items() if key not in choice]
        return "?" + urlencode([*asked, *choice.items()])


def _has_page(request: Request) -> bool:
    """Whether this address can be asked for again: what only a form is sent to can't."""
    if request.method in ("GET", "HEAD"):
        return True
    scope = {**request.scope, "method": "GET"}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)


def page(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A whole page, rendered before the answer begins: what fails fails as an error page.

    Compressed where the browser takes it and `compression` finds no secret that its length could tell.
    """
    pages: Pages = request.app.state.pages
    html = pages.html(request, template, context)
    headers = {"Vary": "Accept-Encoding"}
    takes_gzip = accepts_gzip(request.headers.get("accept-encoding", ""))
    if takes_gzip and holds_no_secret(request) and not is_to_be_kept(request):
        compressed = smaller(html.encode())
        if compressed is not None:
            return HTMLResponse(compressed, status_code=status, headers=headers | {"Content-Encoding": "gzip"})
    return HTMLResponse(html, status_code=status, headers=headers)


def address(request: Request, name: str, **values: object) -> str:
    pages: Pages = request.app.state.pages
    return pages.addresses.url(name, **values)


def paragraphs(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


IDEOGRAPH = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def tongue(text: str) -> str:
    """The language that words of unknown origin are marked with: Chinese as soon as one ideograph stands in them."""
    return "zh-CN" if IDEOGRAPH.search(text) else "en"


def timed(say: Callable[[Any], str]) -> Callable[[date], Markup]:
    """The same words inside `<time>`: programs read the instant with its offset from UTC."""

    def in_element(value: date) -> Markup:
        exact = value.astimezone(BEIJING) if isinstance(value, datetime) else value
        return Markup('<time datetime="{}">{}</time>').format(exact.isoformat(), say(value))

    return in_element


def until(value: datetime, now: datetime) -> int | None:
    """Whole days from now; None when it is over."""
    return (value - now).days if value > now else None
