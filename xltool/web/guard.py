"""Who may ask: this machine's own page and programs that know the token, nobody else.

The server listens on 127.0.0.1 only, but every page in the browser can send requests there. So each request
must name this server as its host (a foreign name that was made to point here is refused), must show the
token (in a cookie, which foreign pages cannot send, or in a header), and must not come from a foreign origin.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xltool.web.exchange import Exchange

TOKEN_HEADER = "x-xltool-token"
PAGE_HEADER = "x-xltool-page"
_SAFE = ("GET", "HEAD")
_FILE_ORIGINS = ("null", "file://")
"""What a page that was loaded from a file, such as the WPS add-in, names as its origin."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, *, token: str, host: str) -> None:
        self._app, self._token, self._host = app, token, host
        self._cookie = f"xltool-{host.rpartition(':')[2]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        from_file = headers.get("origin") in _FILE_ORIGINS
        opening = self._is_opening(scope)
        answer = self._refusal(scope, headers, from_file=from_file, opening=opening)
        if answer is None and from_file and scope["method"] == "OPTIONS":
            answer = Response(status_code=204, headers=_preflight())

        def dress(message: Message) -> None:
            found = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                found.setdefault(name, value)
            if from_file and answer is None:
                found["access-control-allow-origin"] = headers["origin"]
                found["cross-origin-resource-policy"] = "cross-origin"
            if opening and answer is None:
                found.append("set-cookie", self._set_cookie())

        exchange = Exchange(receive, send, dress)
        await (answer or self._app)(scope, exchange.receive, exchange.send)

    def _is_opening(self, scope: Scope) -> bool:
        """Whether this is the address that was printed at the start."""
        given = QueryParams(scope["query_string"]).get("token", "")
        first = scope["path"] == "/" and scope["method"] in _SAFE
        return first and secrets.compare_digest(given.encode(), self._token.encode())

    def _refusal(
        self, scope: Scope, headers: Headers, *, from_file: bool, opening: bool
    ) -> Response | None:
        """Why a request is not answered, or None."""
        if headers.get("host") != self._host:
            return _refused(scope, "地址不对：只能用启动时显示的地址打开")
        origin = headers.get("origin")
        if origin not in (None, f"http://{self._host}") and not from_file:
            return _refused(scope, "拒绝来自其他网页的请求")
        if from_file and not scope["path"].startswith("/api/"):
            return _refused(scope, "拒绝来自其他网页的请求")
        if from_file and scope["method"] == "OPTIONS":
            return None  # asks only what it may ask; it carries no token yet
        if opening or _same(headers.get(TOKEN_HEADER), self._token):
            return None
        known = not from_file and _same(self._own_cookie(headers), self._token)
        if not known:
            return _refused(scope, "口令不对或已失效：请用启动时显示的地址打开")
        if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return _refused(scope, "拒绝来自其他网页的请求")
        if scope["method"] not in _SAFE and headers.get(PAGE_HEADER) != "1":
            return _refused(scope, "拒绝来自其他网页的请求")
        return None

    def _own_cookie(self, headers: Headers) -> str | None:
        return cookie_parser(headers.get("cookie", "")).get(self._cookie)

    def _set_cookie(self) -> str:
        return f"{self._cookie}={self._token}; Path=/; HttpOnly; SameSite=Strict"


def _same(given: str | None, token: str) -> bool:
    return given is not None and secrets.compare_digest(given.encode(), token.encode())


def _preflight() -> dict[str, str]:
    return {
        "access-control-allow-origin": "null",
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": f"content-type, {TOKEN_HEADER}",
        "access-control-allow-private-network": "true",
        "access-control-max-age": "600",
    }


def _refused(scope: Scope, message: str) -> Response:
    headers = {"connection": "close"}
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": message}, 403, headers)
    page = (
        '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>打不开</title>'
        f"<h1>打不开</h1><p>{message}。</p></html>"
    )
    return HTMLResponse(page, 403, headers)
