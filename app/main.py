"""The application: sides, middleware, health and figures put together."""

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext

import anyio
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.routing import iter_route_contexts
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Receive, Scope, Send

from app.accounts.access_tokens import AccessTokens
from app.api.application import create_api, create_sides, share_counts
from app.api.docs.pages import create_docs
from app.api.log.application import create_log
from app.archives import queries as archives
from app.audit import sealing
from app.backups.sets import newest_backup
from app.config import Secrets, Settings, Side, load_secrets, load_settings
from app.kit import migrations
from app.kit.clock import Clock, SystemClock
from app.kit.cores import leave_none
from app.kit.crypto import Sealer
from app.kit.database import POOL_SIZE, Database
from app.kit.errors import Conflict, InvalidTransition, NotFound
from app.kit.memory import share_one_arena
from app.kit.observing import Observed, configure_logging, is_within
from app.mail.attached import Cabinet
from app.transparency import sealing as transparency
from app.web import errors
from app.web.body_limits import BodyLimits
from app.web.choices import Chosen, Keeping
from app.web.cookie_names import PrefixedCookies
from app.web.headers import SecurityHeaders
from app.web.hosts import TrustedHosts
from app.web.i18n import Localised
from app.web.policy_reports import PolicyReports
from app.web.policy_reports import router as policy_reports_router
from app.web.public.routes import router as public_router
from app.web.request_limits import RequestLimits
from app.web.services import Services, build_services
from app.web.shared_pages import SharedPages
from app.web.staff import changed, proving
from app.web.staff.routes import router as staff_router
from app.web.static import router as static_router
from app.web.templating import Addresses, Pages

ROUTERS: dict[Side, APIRouter] = {Side.PUBLIC: public_router, Side.STAFF: staff_router}

health = APIRouter(include_in_schema=False)


@health.get("/healthz", name="healthz")
def alive() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@health.get("/readyz", name="readyz")
def ready(request: Request) -> Response:
    """The store answers and has a schema that this code works with."""
    state = request.app.state
    is_ready = state.database.ready() and migrations.serves(state.settings.database_url)
    return PlainTextResponse("ready\n" if is_ready else "not ready\n", status_code=200 if is_ready else 503)


@health.get("/metrics", name="metrics")
def metrics(request: Request) -> Response:
    """Figures for Prometheus; only for the networks of the settings, and never through a proxy."""
    peer = request.client.host if request.client else None
    proxied = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if proxied or not is_within(peer, request.app.state.settings.metrics_networks):
        raise NotFound
    figures, database, clock = request.app.state.services.figures, request.app.state.database, request.app.state.clock
    with database.reading() as session:
        waiting, unlogged = sealing.tail(session), transparency.waiting(session)
        archive = archives.last_checked_at(session)
    backup = newest_backup(request.app.state.settings.backups)
    figures.unsealed.set(waiting.number)
    figures.unsealed_seconds.set((clock.now() - waiting.oldest).total_seconds() if waiting.oldest else 0)
    figures.unlogged.set(unlogged.number)
    figures.unlogged_seconds.set((clock.now() - unlogged.oldest).total_seconds() if unlogged.oldest else 0)
    figures.backup_at.set(backup.timestamp() if backup else 0)
    figures.archive_at.set(archive.timestamp() if archive else 0)
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)


class UnderBasePath:
    """Serves everything under the base path, whether a proxy in front strips it or not."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self.app = app
        self.base_path = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            inside = path == self.base_path or path.startswith(self.base_path + "/")
            full = path if inside else self.base_path + path
            scope = {**scope, "root_path": self.base_path, "path": full or "/"}
        await self.app(scope, receive, send)


class AnswersHead:
    """Answers HEAD as GET without its body (RFC 9110 §9.3.2); the server leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)


def create() -> FastAPI:
    """The application as the settings describe it; what the server calls."""
    leave_none()  # again, where this is a process of several
    share_one_arena()
    configure_logging()
    settings = load_settings()
    database = Database(settings.database_url)
    app = build(settings, load_secrets(settings), database, SystemClock(), exchanges_counts=True)
    # What is there now stays to the end: looked through again and again, it would make the pauses of a rush longer.
    gc.collect()
    gc.freeze()
    return app


def build(
    settings: Settings, secrets: Secrets, database: Database, clock: Clock, *, exchanges_counts: bool = False
) -> FastAPI:
    """The application on these foundations; it closes the database when it ends.

    With `exchanges_counts` it tells other processes each second how often who tried what, and hears it from them.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # A request in a thread may hold one pooled connection: never more threads than connections.
        anyio.to_thread.current_default_thread_limiter().total_tokens = POOL_SIZE
        try:
            with services.shared.exchanging(clock) if exchanges_counts else nullcontext():
                yield
        finally:
            # Whatever else failed: what was taken is stored and answered before the store is left.
            try:
                services.intake.close()
            finally:
                database.close()

    app = FastAPI(
        title="Yanlu",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    services = build_services(settings, secrets, database, clock)
    app.state.settings, app.state.services = settings, services
    app.state.database, app.state.clock = database, clock
    app.state.pages = Pages(settings, _addresses(settings), services)
    app.state.policy_reports = PolicyReports(services.figures.registry)
    errors.install(app)
    app.add_exception_handler(proving.ProofDue, proving.ask)
    for late in (Conflict, InvalidTransition):
        app.add_exception_handler(late, changed.tell)
    for router in (
        *(router for side, router in ROUTERS.items() if side in settings.sides),
        health,
        static_router,
        policy_reports_router,
    ):
        app.router.routes.extend(router.routes)
    if {Side.API, Side.PUBLIC} & {*settings.sides}:
        app.mount("/api/v1/log", create_log(database, services.signer, services.log_keys[1:]))
    if Side.API in settings.sides:
        sealer = Sealer.of(secrets)
        cabinet = Cabinet(services.blobs, services.scanner)
        live = create_api(database, clock, services.intake, sealer=sealer, cabinet=cabinet)
        share_counts(live, services.shared)
        tokens = AccessTokens(secrets.signing)
        app.mount("/api/docs", create_docs(live))
        app.mount("/api/v1", create_sides(live, database, clock, settings.var_dir / "sandbox", tokens))
    _surround(app, settings, services)
    return app


def _surround(app: FastAPI, settings: Settings, services: Services) -> None:
    """What every request goes through on its way in; each line goes around those above it."""
    app.add_middleware(BodyLimits, base_path=settings.base_path)
    app.add_middleware(errors.LastResort)
    if settings.page_cache:
        app.add_middleware(SharedPages, clock=services.clock)
    app.add_middleware(RequestLimits, clock=services.clock, sharing=services.shared, base_path=settings.base_path)
    if settings.trusted_hosts:
        app.add_middleware(TrustedHosts, hosts=settings.trusted_hosts, base_path=settings.base_path)
    keeping = Keeping(settings.base_path, bool(settings.secure_cookies))
    app.add_middleware(Localised, keeping=keeping)
    app.add_middleware(Chosen, keeping=keeping)
    if settings.secure_cookies:
        app.add_middleware(PrefixedCookies)
    app.add_middleware(SecurityHeaders, over_tls=bool(settings.secure_cookies), base_path=settings.base_path)
    app.add_middleware(AnswersHead)
    app.add_middleware(Observed, figures=services.figures)
    if settings.base_path:
        app.add_middleware(UnderBasePath, base_path=settings.base_path)


def _addresses(settings: Settings) -> Addresses:
    """Every page's address; those of a side that is served elsewhere begin with that side's own address.

    Raises ValueError when two pages have one name: links to the one would lead to the other.
    """
    paths: dict[str, str] = {}
    elsewhere: dict[str, str] = {}
    origins = {Side.PUBLIC: settings.public_url, Side.STAFF: settings.staff_url.removesuffix("/staff")}
    for side, router in ROUTERS.items():
        for name, path in _routes(router):
            if paths.setdefault(name, path) != path:
                raise ValueError(f"{name} names {paths[name]} and {path}")
            if side not in settings.sides:
                elsewhere[name] = origins[side]
    paths |= dict(_routes(static_router))
    return Addresses(paths, elsewhere, settings.base_path)


def _routes(router: APIRouter) -> Sequence[tuple[str, str]]:
    return [(str(context.name), str(context.path)) for context in iter_route_contexts(router.routes)]
