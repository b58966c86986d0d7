"""Pages from templates. A template gets values and words; it can change nothing and asks the store for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.config import Settings
from app.kit.http import now_of
from app.kit.identifiers import in_groups
from app.web import i18n, labels, words
from app.web.i18n import LANGUAGES
from app.web.services import Services

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@dataclass(frozen=True)
class Site:
    """Whose column this is; all settings, each may be empty."""

    column_name: str
    owner: str
    footer: str


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
            "instant": words.instant,
            "short_instant": words.short_instant,
            "day": words.day,
            "label": labels.label,
            "why": labels.why,
            "grouped": in_groups,
            "paragraphs": paragraphs,
        }
        self.environment.globals |= {
            "url": addresses.url,
            "static": lambda plain: addresses.url("static", path=services.static.hashed(plain)),
            "site": Site(settings.column_name, settings.site_owner, settings.site_footer),
            "environment": settings.environment.value,
        }

    def html(self, request: Request, template: str, context: Mapping[str, Any]) -> str:
        language = i18n.language()
        other = "en" if language != "en" else "zh_CN"
        return self.environment.get_template(template).render(
            **context,
            lang=language,
            html_lang=LANGUAGES[language],
            other_lang_url=other_language_url(request, other),
            staff=getattr(request.state, "staff", None),
            now=now_of(request),
        )


def other_language_url(request: Request, language: str) -> str:
    """This address in the other language, where the address can be asked for again; else the home page."""
    if request.method not in ("GET", "HEAD"):
        return f"?lang={language}"
    asked = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return "?" + urlencode([*asked, ("lang", language)])


def page(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A whole page, rendered before the answer begins: what fails fails as an error page."""
    pages: Pages = request.app.state.pages
    return HTMLResponse(pages.html(request, template, context), status_code=status)


def address(request: Request, name: str, **values: object) -> str:
    pages: Pages = request.app.state.pages
    return pages.addresses.url(name, **values)


def paragraphs(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def until(value: datetime, now: datetime) -> int | None:
    """Whole days from now; None when it is over."""
    return (value - now).days if value > now else None
