"""The application behind the page: its routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from xltool.web.desks import Desks, Refused
from xltool.web.guard import Guard
from xltool.web.jobs import Jobs
from xltool.web.keys import ServerKeys
from xltool.web.limits import ServerLimits
from xltool.web.pages import Pages
from xltool.web.routes import entry, form, recent, window
from xltool.web.routes.api import validate
from xltool.web.routes.desk import ROUTES

_STATIC = Path(__file__).parent / "static"
_FILES = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/drop.js": ("drop.js", "text/javascript"),
    "/entry.js": ("entry.js", "text/javascript"),
    "/figures.js": ("figures.js", "text/javascript"),
    "/forms.js": ("forms.js", "text/javascript"),
    "/here.js": ("here.js", "text/javascript"),
    "/recent.js": ("recent.js", "text/javascript"),
    "/page.js": ("page.js", "text/javascript"),
}
_SEASON_FILES = {
    "/": ("season.html", "text/html"),
    "/season.css": ("season.css", "text/css"),
    "/season.js": ("season.js", "text/javascript"),
    "/seasonunit.js": ("seasonunit.js", "text/javascript"),
}
"""With a season its page lies at the address, instead of the one for workbooks."""
_SWEEP = 20.0


def create_app(
    *,
    keys: ServerKeys,
    host: str,
    folder: Path,
    limits: ServerLimits | None = None,
    season: Path | None = None,
) -> Starlette:
    """The application for `host` (`127.0.0.1:port`), its files in `folder`, which the caller removes.

    With `season` it shows that one.
    """
    limits = limits or ServerLimits()
    jobs = Jobs(limits)
    desks = Desks(folder, limits, jobs)
    app = Starlette(
        routes=[
            *(Route(path, _static(*found)) for path, found in _pages(season).items()),
            Route("/api/validate", validate, methods=["POST"]),
            *ROUTES,
            *recent.ROUTES,
            *entry.ROUTES,
            *form.ROUTES,
            *window.ROUTES,
            *_season_routes(season),
        ],
        middleware=[Middleware(Guard, keys=keys, host=host)],
        exception_handlers={
            Refused: _refused,
            HTTPException: _not_found,
            Exception: _failed,
        },
        lifespan=lambda app: _life(jobs, desks),
    )
    app.state.desks = desks
    app.state.pages = Pages()
    app.state.show = None
    app.state.season = season
    return app


def _pages(season: Path | None) -> dict[str, tuple[str, str]]:
    return _FILES if season is None else {**_FILES, **_SEASON_FILES}


def _season_routes(season: Path | None) -> list[Route]:
    if season is None:
        return []
    from xltool.web.routes.season import ROUTES as SEASON  # needs what batches need

    return SEASON


def _static(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def file(request: Request) -> Response:
        return FileResponse(_STATIC / name, media_type=f"{kind}; charset=utf-8")

    return file


@asynccontextmanager
async def _life(jobs: Jobs, desks: Desks) -> AsyncIterator[None]:
    """From the start of the application to its end."""
    jobs.start()
    sweeping = asyncio.create_task(_sweep(desks))
    try:
        yield
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
        await desks.stop()
        await asyncio.to_thread(jobs.stop)


async def _sweep(desks: Desks) -> None:
    while True:
        await asyncio.sleep(min(_SWEEP, desks.limits.idle))
        await desks.sweep()


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    # what the client may still be sending is not wanted
    return JSONResponse({"error": error.message}, error.status, {"connection": "close"})


async def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = "不支持这种请求" if error.status_code == 405 else "没有这个地址"
    return JSONResponse({"error": message}, error.status_code)


async def _failed(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": f"程序出错：{type(error).__name__}: {error}"}, 500)
