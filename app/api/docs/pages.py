"""The pages, as an application to be mounted at `/api/docs`. No key is needed, nothing comes from elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from app.api.code_words import TABLES
from app.api.docs.markdown import inline, sections
from app.api.docs.reference import groups
from app.api.docs.words import LABELS
from app.api.field_problems import FIELD_PROBLEMS
from app.api.languages import Language, preferred
from app.api.problems import PROBLEMS
from app.events.catalogue import KINDS

ROOT = Path(__file__).resolve().parents[3]
STYLES = (ROOT / "static/css/tokens.css", ROOT / "static/css/docs.css")
QUICKSTART: Mapping[Language, Path] = {
    "en": ROOT / "docs/department-api.md",
    "zh": ROOT / "docs/department-api.zh-CN.md",
}
PAGES = ("quickstart", "reference", "errors", "events", "codes")


def create_docs(api: FastAPI) -> Starlette:
    """The documentation of that application, told in its own words."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    docs = Starlette(
        routes=[
            Route("/", _begin),
            Route("/style.css", _style),
            Route("/{language}/{page}", _page),
        ]
    )
    docs.state.api, docs.state.environment = api, environment
    return docs


async def _begin(request: Request) -> Response:
    language = preferred(request.headers.get("accept-language"))
    return RedirectResponse(f"{_root(request)}/{language}/quickstart", 302, {"Vary": "Accept-Language"})


async def _style(request: Request) -> Response:
    text = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    return Response(text, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _page(request: Request) -> Response:
    language, page = request.path_params["language"], request.path_params["page"]
    if language not in QUICKSTART or page not in PAGES:
        raise HTTPException(404)
    root = _root(request)
    api_root = root.removesuffix("/docs") + "/v1"
    base = f"{request.url.scheme}://{request.url.netloc}{api_root}"
    words = {name: both.in_(language) for name, both in LABELS.items()}
    context = {
        "language": language,
        "html_language": "zh-CN" if language == "zh" else "en",
        "other": "en" if language == "zh" else "zh",
        "pages": PAGES,
        "page": page,
        "root": root,
        "api_root": api_root,
        "words": words,
        **_content(request.app.state.api, page, language, base),
    }
    template = request.app.state.environment.get_template(f"api/{page}.html")
    return HTMLResponse(template.render(context), headers={"Content-Language": context["html_language"]})


def _content(api: FastAPI, page: str, language: Language, base: str) -> dict[str, Any]:
    match page:
        case "quickstart":
            return {"sections": sections(QUICKSTART[language].read_text(encoding="utf-8"))}
        case "reference":
            return {"groups": groups(api.openapi(), language, base)}
        case "errors":
            kinds = [
                (code, kind.status, kind.title.in_(language), inline(kind.detail.in_(language)))
                for code, kind in PROBLEMS.items()
            ]
            fields = [(code, words.in_(language)) for code, words in FIELD_PROBLEMS.items()]
            return {"problems": kinds, "fields": fields}
        case "events":
            rows = [(code, kind.record, kind.zh if language == "zh" else kind.en) for code, kind in KINDS.items()]
            return {"events": rows}
    tables = {name: [(code, words.in_(language)) for code, words in table.items()] for name, table in TABLES.items()}
    return {"tables": tables}


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")
