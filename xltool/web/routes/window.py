"""Routes about the windows that show the page: what they say of themselves, and another one when it is asked for."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltool.web.desks import Refused
from xltool.web.pages import STATES, Pages

_LONGEST = 64


async def here(request: Request) -> Response:
    """`POST /api/here?page=…&state=…`: a page is there, rests, or is closed."""
    pages: Pages = request.app.state.pages
    page, state = request.query_params.get("page", ""), request.query_params.get("state", "")
    known = next((one for one in STATES if one == state), None)
    if known is None or not 0 < len(page) <= _LONGEST:
        raise Refused(400, "请求不对：page、state")
    pages.tell(page, known)
    return Response(status_code=204)


async def window(request: Request) -> Response:
    """`POST /api/window`: show the page once more. Only a server that opened a window of its own does."""
    show = request.app.state.show
    if show is None:
        raise Refused(409, "这个服务不是用窗口打开的")
    if not await asyncio.to_thread(show):
        raise Refused(500, "没能打开窗口")
    return Response(status_code=204)


ROUTES = [
    Route("/api/here", here, methods=["POST"]),
    Route("/api/window", window, methods=["POST"]),
]
