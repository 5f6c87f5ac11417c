"""Clients that are slow on purpose do not keep the server from others for long."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.web.conftest import SMALL
from tests.web.running import TOKEN, Running, serving, until

HEAD = b"GET /api/about HTTP/1.1\r\nhost: %b\r\nx-xltool-token: %b\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("serve"), replace(SMALL, head=0.5)) as running:
        yield running


def connected(server: Running) -> socket.socket:
    host, port = server.host.split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def closed(sock: socket.socket) -> bool:
    """Whether the server ends the connection, by itself."""
    try:
        return sock.recv(1 << 16) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize("begin", [b"", b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nx: y"])
def test_half_a_head_is_not_waited_for(server: Running, begin: bytes) -> None:
    with connected(server) as sock:
        sock.sendall(begin)
        assert closed(sock)


def test_a_head_that_drips_in_is_not_waited_for(server: Running) -> None:
    with connected(server) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n")

        def refused() -> bool:
            try:
                sock.sendall(b"x: y\r\n")
                time.sleep(0.1)
                sock.sendall(b"z: y\r\n")
            except ConnectionError:
                return True
            return False

        assert until(refused)


def test_the_second_head_of_a_connection_is_not_waited_for_either(server: Running) -> None:
    with connected(server) as sock:
        sock.sendall(HEAD % (server.host.encode(), TOKEN.encode()) + b"\r\n")
        assert sock.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
        sock.sendall(b"GET /")
        until(lambda: closed(sock))


def test_many_of_them_hinder_nobody(server: Running) -> None:
    sockets = [connected(server) for _ in range(100)]
    try:
        for sock in sockets:
            sock.sendall(b"GET / HTTP/1.1\r\nx:")
        with server.client() as client:
            assert client.get("/api/about").status_code == 200
        assert all(closed(sock) for sock in sockets)
    finally:
        for sock in sockets:
            sock.close()


def test_a_head_without_end_is_cut_off(server: Running) -> None:
    with connected(server) as sock, pytest.raises(ConnectionError):
        for _ in range(1000):
            sock.sendall(b"x" * 4096)
            time.sleep(0.001)


def test_work_may_take_longer_than_a_head(server: Running, tmp_path: Path) -> None:
    """What is slow is the answer or the body here, and the connection stays."""
    with connected(server) as sock:
        host = server.host.encode()
        length = b"content-length: 20\r\n\r\n"
        sock.sendall(
            b"POST /api/validate?name=a.xlsx HTTP/1.1\r\nhost: " + host + b"\r\n"
            b"x-xltool-token: " + TOKEN.encode() + b"\r\n" + length
        )
        sock.sendall(b"x" * 10)
        time.sleep(0.8)
        sock.sendall(b"x" * 10)
        assert sock.recv(1 << 16).startswith(b"HTTP/1.1 422 ")
