"""Who may ask: this machine's own page and programs that know the token, nobody else.

The server listens on 127.0.0.1 only, but every page in the browser can send requests there. So each request
must name this server as its host (a foreign name that was made to point here is refused) and must not come
from a foreign origin. Programs show the token in a header; the page lies in a folder of a secret name, and the
browser that opened it first shows a cookie that is bound to that folder.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xltool.web.exchange import Exchange
from xltool.web.keys import ServerKeys

TOKEN_HEADER = "x-xltool-token"
PAGE_HEADER = "x-xltool-page"
_SAFE = ("GET", "HEAD")
_DAYS = 7 * 24 * 3600
"""The cookie outlives the browser's windows, not the server; every load of the page renews it."""
_FILE_ORIGINS = ("null", "file://")
"""What a page that was loaded from a file, such as the WPS add-in, names as its origin."""
_FOREIGN = "拒绝来自其他网页的请求"

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

    def __init__(self, app: ASGIApp, *, keys: ServerKeys, host: str) -> None:
        self._app, self._keys, self._host = app, keys, host
        self._cookie = f"xltool-{host.rpartition(':')[2]}"
        self._folder = f"/{keys.page}"
        self._opened = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        from_file = headers.get("origin") in _FILE_ORIGINS
        in_folder = self._is_in_folder(scope)
        answer = self._stranger(scope, headers, from_file=from_file)
        if answer is None and in_folder:
            answer = self._page_refusal(scope, headers)
        elif answer is None and from_file and scope["method"] == "OPTIONS":
            # asks only what it may ask; it carries no token yet
            answer = Response(status_code=204, headers=_preflight())
        elif answer is None and not _same(headers.get(TOKEN_HEADER), self._keys.token):
            answer = _refused(scope, "口令不对或已失效：请用启动时显示的地址打开")
        if in_folder:
            scope = {**scope, "root_path": self._folder}
        start = in_folder and scope["path"] == f"{self._folder}/"

        def dress(message: Message) -> None:
            found = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                found.setdefault(name, value)
            if from_file and message["status"] != 403:
                found["access-control-allow-origin"] = headers["origin"]
                found["cross-origin-resource-policy"] = "cross-origin"
            if start and answer is None:
                found.append("set-cookie", self._set_cookie())

        exchange = Exchange(receive, send, dress)
        await (answer or self._app)(scope, exchange.receive, exchange.send)

    def _is_in_folder(self, scope: Scope) -> bool:
        first = scope["path"].split("/")[1:]
        return len(first) > 1 and _same(first[0], self._keys.page)

    def _stranger(self, scope: Scope, headers: Headers, *, from_file: bool) -> Response | None:
        """Why a request that names another host or origin is not answered, or None."""
        if headers.get("host") != self._host:
            return _refused(scope, "地址不对：只能用启动时显示的地址打开")
        origin = headers.get("origin")
        if from_file and not scope["path"].startswith("/api/"):
            return _refused(scope, _FOREIGN)
        if origin not in (None, f"http://{self._host}") and not from_file:
            return _refused(scope, _FOREIGN)
        return None

    def _page_refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Why a request for what lies in the page's folder is not answered, or None."""
        cookies = cookie_parser(headers.get("cookie", ""))
        if not _same(cookies.get(self._cookie), self._keys.cookie):
            return self._opening(scope, headers)
        if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return _refused(scope, _FOREIGN)
        if scope["method"] not in _SAFE and headers.get(PAGE_HEADER) != "1":
            return _refused(scope, _FOREIGN)
        return None

    def _opening(self, scope: Scope, headers: Headers) -> Response | None:
        """Let the browser in that comes first with the printed address."""
        given = QueryParams(scope["query_string"]).get("once")
        at_start = scope["method"] == "GET" and scope["path"] == f"{self._folder}/"
        if not at_start or not _same(given, self._keys.ticket):
            return _refused(scope, "口令不对或已失效：请用启动时显示的地址打开")
        if any(word in headers.get("user-agent", "") for word in ("MSIE ", "Trident/")):
            return _refused(scope, "不支持 IE：请把地址复制到 Edge、Chrome 里打开")
        if self._opened:
            return _refused(
                scope,
                "这个地址已经用过，只在第一次打开它的浏览器里有效。"
                "要换浏览器，请重新运行 xltool serve --no-browser，把新的地址复制过去",
            )
        self._opened = True
        return None

    def _set_cookie(self) -> str:
        bounds = f"Path={self._folder}/; Max-Age={_DAYS}; HttpOnly; SameSite=Strict"
        return f"{self._cookie}={self._keys.cookie}; {bounds}"


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
    if "/api/" in scope["path"]:
        return JSONResponse({"error": message}, 403, headers)
    page = (
        '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>打不开</title>'
        f"<h1>打不开</h1><p>{message}。</p></html>"
    )
    return HTMLResponse(page, 403, headers)
