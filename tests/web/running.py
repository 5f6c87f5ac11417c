"""The server as it really runs, on a real port: in a thread with limits of one's own, or as its own process."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.support.terminal import ROOT
from xltool.web.app import create_app
from xltool.web.keys import ServerKeys
from xltool.web.limits import ServerLimits
from xltool.web.server import _server, bind

TOKEN = "t0ken-of-the-tests"
FOLDER, TICKET, COOKIE = "f0lder-of-the-page", "t1cket-of-the-tests", "c00kie-of-the-tests"
DESK = "/api/desks/" + "d" * 16
_PATIENCE = 30.0


@dataclass(frozen=True)
class Running:
    """A server under test."""

    host: str
    folder: Path
    keys: ServerKeys = field(default_factory=lambda: ServerKeys(TOKEN, FOLDER, TICKET, COOKIE))

    @property
    def token(self) -> str:
        """What programs show."""
        return self.keys.token

    @property
    def url(self) -> str:
        """The address that opens the page, once."""
        return self.keys.address(self.host)

    @property
    def page(self) -> str:
        """The address that the browser shows from then on."""
        return f"http://{self.host}/{self.keys.page}/"

    @property
    def cookie(self) -> dict[str, str]:
        """What a browser shows that has opened the page."""
        return {f"xltool-{self.host.split(':')[1]}": self.keys.cookie}

    @property
    def files(self) -> list[str]:
        """Every file that the server holds on disk."""
        walked = os.walk(self.folder)  # unlike rglob it takes folders that go while it looks
        paths = (Path(folder, file) for folder, _, files in walked for file in files)
        return [path.relative_to(self.folder).as_posix() for path in paths]

    def client(self, **headers: str) -> httpx.Client:
        """A program that knows the token."""
        headers = {"x-xltool-token": self.token, **headers}
        return httpx.Client(base_url=f"http://{self.host}", headers=headers, timeout=_PATIENCE)

    @contextmanager
    def page_client(self) -> Iterator[httpx.Client]:
        """A browser that has opened the page."""
        headers = {"x-xltool-page": "1"}
        with httpx.Client(
            base_url=self.page, cookies=self.cookie, headers=headers, timeout=_PATIENCE
        ) as client:
            assert client.get("").status_code == 200
            yield client

    def raw(self, head: str, *pieces: bytes) -> str:
        """The answer to a request of which everything is written by hand, as far as it comes."""
        with socket.create_connection(self.host.split(":"), timeout=_PATIENCE) as sock:  # type: ignore[arg-type]
            try:
                sock.sendall(head.replace("\n", "\r\n").encode())
                for piece in pieces:
                    sock.sendall(piece)
            except ConnectionError:
                pass  # the server has said no and closed
            answer = b""
            try:
                while piece := sock.recv(65536):
                    answer += piece
            except (ConnectionError, TimeoutError):
                pass
        return answer.decode("utf-8", "replace")

    def count_sent(self, head: str, piece: bytes, most: int) -> int:
        """How often `piece` could be sent before the server closed the connection."""
        with socket.create_connection(self.host.split(":"), timeout=_PATIENCE) as sock:  # type: ignore[arg-type]
            sock.sendall(head.replace("\n", "\r\n").encode())
            for n in range(most):
                try:
                    sock.sendall(piece)
                except ConnectionError:
                    return n
        return most


def until(check: Callable[[], Any]) -> Any:
    """The value of `check` as soon as it is true."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if value := check():
            return value
        time.sleep(0.03)
    raise AssertionError("never came true")


def finished(client: httpx.Client, desk: str = DESK) -> list[dict[str, Any]]:
    """The uploads of a desk when all of them have been worked on."""

    def done() -> list[dict[str, Any]] | None:
        uploads: list[dict[str, Any]] = client.get(desk).json()["uploads"]
        return uploads if all(u["state"] in ("done", "failed") for u in uploads) else None

    found: list[dict[str, Any]] = until(done)
    return found


def put(client: httpx.Client, name: str, data: bytes, desk: str = DESK) -> str:
    """Upload a file; its id."""
    answer = client.post(f"{desk}/uploads", params={"name": name}, content=data)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@contextmanager
def serving(
    folder: Path, limits: ServerLimits | None = None, season: Path | None = None
) -> Iterator[Running]:
    """A server in a thread, its files in `folder`; with `season` it shows that one."""
    folder.mkdir(exist_ok=True)
    sock = bind(0)
    host = f"127.0.0.1:{sock.getsockname()[1]}"
    found = Running(host, folder)
    limits = limits or ServerLimits()
    app = create_app(keys=found.keys, host=host, folder=folder, limits=limits, season=season)
    server = _server(app, limits)
    ready = threading.Event()
    server.ready = ready.set
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    try:
        assert ready.wait(_PATIENCE)
        yield found
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        assert not thread.is_alive(), "the server does not stop"


@contextmanager
def process(folder: Path, *options: str, module: str = "xltool") -> Iterator[subprocess.Popen[str]]:
    """`xltool serve` as its own process, all its temporary files in `folder`."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(folder)),
        "XLTOOL_ADDRESS": str(folder / "serve.json"),
    }
    running = subprocess.Popen(
        [sys.executable, "-m", module, "serve", "--no-browser", *options],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def opened(running: subprocess.Popen[str], folder: Path) -> Running:
    """The server that a process has announced on its standard output."""
    assert running.stdout
    line = running.stdout.readline()
    form = r"本机页面：http://(127\.0\.0\.1:\d+)/([\w-]{40,})/\?once=([\w-]{40,})\s*"
    found = re.fullmatch(form, line)
    assert found, line
    until((folder / "serve.json").exists)
    token = json.loads((folder / "serve.json").read_text(encoding="utf-8"))["token"]
    return Running(found[1], folder, ServerKeys(token, found[2], found[3], "nobody knows"))
