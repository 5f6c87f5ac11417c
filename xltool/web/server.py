"""Running the page: a port of this machine, the browser, an orderly end."""

from __future__ import annotations

import errno
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from xltool.core.problems import InputError, Problem
from xltool.web.address import announce, show_running, withdraw
from xltool.web.app import create_app
from xltool.web.appwindow import open_window
from xltool.web.connection import impatient
from xltool.web.keys import ServerKeys
from xltool.web.limits import ServerLimits
from xltool.web.pages import Pages
from xltool.web.runfolder import RunFolder, remove_leftovers

HOME = "127.0.0.1"
_LONGEST_HEAD = 64 * 1024
_LOOK, _TICK = 1.0, 0.1
"""How often it is asked whether there are pages, and how often uvicorn asks whether to end; seconds."""
_PATIENCE = 3
"""Seconds that requests under way have when the server is stopped."""


def bind(port: int) -> socket.socket:
    """A listening socket on this machine only; port 0: any free one. Raises `InputError`."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        # Windows would let a second program listen on the same port
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOME, port))
    except OSError as error:
        sock.close()
        used = error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE))
        message = "已被别的程序占用" if used else "不能使用"
        raise InputError(
            Problem(f"端口 {port}", message, "换一个端口，或不写 --port", code="host")
        ) from None
    return sock


def _window(app: Starlette, server: _Server, keys: ServerKeys, host: str) -> Callable[[], bool]:
    """What shows a window; the server ends when the last one is closed."""

    def show() -> bool:
        return _show(keys, host, app.state.pages)

    app.state.show = show
    server.over = lambda: bool(app.state.pages.over(_LOOK))
    return show


def _opened(season: Path) -> Path:
    """Where a season's database stands. Raises `InputError` when it is none."""
    from xltool.season.store import reading

    with reading(season):
        return season.absolute()


def serve(
    port: int,
    *,
    browser: bool,
    say: Callable[[str], None],
    limits: ServerLimits | None = None,
    window: bool = False,
    season: Path | None = None,
) -> None:
    """Serve until interrupted. Raises `InputError` when the port is not to be had, or `season` is none.

    With `window` the page gets a window of its own, and the server ends some seconds after the last page is closed;
    when such a server is running already, it shows another window and this one is not needed.
    """
    if season is not None:
        season = _opened(season)
    elif window and show_running():
        say("已经在运行，又打开了一个窗口。")
        return
    sock = bind(port)
    host = f"{HOME}:{sock.getsockname()[1]}"
    keys = ServerKeys()
    remove_leftovers()
    run = RunFolder()
    limits = limits or ServerLimits()
    try:
        app = create_app(keys=keys, host=host, folder=run.path, limits=limits, season=season)
        server = _server(app, limits)
        show = _window(app, server, keys, host) if window else None
        server.ready = lambda: _ready(keys, host, browser=browser, say=say, show=show)
        server.run(sockets=[sock])
    except KeyboardInterrupt:
        pass  # the server has ended in order and says so this way
    finally:
        withdraw(keys.token)
        run.close()
        sock.close()
    say("已停止，临时文件已清除。")


def _server(app: Starlette, limits: ServerLimits) -> _Server:
    return _Server(
        uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=_PATIENCE,
            timeout_keep_alive=30,
            http=impatient(limits.head),
            h11_max_incomplete_event_size=_LONGEST_HEAD,
        )
    )


class _Server(uvicorn.Server):
    """Says when it can be asked."""

    ready: Callable[[], None]
    over: Callable[[], bool] | None = None
    """Whether nobody needs it any more, asked every `_LOOK` seconds."""

    async def on_tick(self, counter: int) -> bool:
        due = counter % int(_LOOK / _TICK) == 0
        ended = due and self.over is not None and self.over()
        return ended or await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self.ready()


def _show(keys: ServerKeys, host: str, pages: Pages) -> bool:
    """Show the page in a window of its own; a second one is for the browser that has the cookie."""
    return open_window(keys.again(host) if pages.opened else keys.address(host))


def _ready(
    keys: ServerKeys,
    host: str,
    *,
    browser: bool,
    say: Callable[[str], None],
    show: Callable[[], bool] | None,
) -> None:
    url = keys.address(host)
    say(f"本机页面：{url}")
    end = "关掉页面的窗口，几秒后自己停止" if show else "按 Ctrl+C 停止"
    say(f"只在这台电脑上、第一次打开它的浏览器里有效，文件不会离开这台电脑。{end}。")
    if not announce(f"http://{host}", keys.token):
        say("提示：没能写下本次地址，WPS 加载项找不到本机服务；网页不受影响。")
    if browser and not (show() if show else webbrowser.open(url)):
        say("没能自动打开浏览器，请把上面的地址复制到浏览器里。")
