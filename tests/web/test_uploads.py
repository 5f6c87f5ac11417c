"""Uploads that go wrong: refused early, in clear words, and nothing of them is left."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress

import httpx
import pytest

from tests.reporting.books import SGB, filled
from tests.test_bad_books import compound
from tests.web.running import DESK, TOKEN, Running, finished, put, until
from xltool.web.limits import MB
from xltool.web.names import safe_name

HEAD = "\nx-xltool-token: " + TOKEN + "\n"


def test_a_file_that_says_it_is_too_large_is_refused_before_it_comes(server: Running) -> None:
    head = f"POST {DESK}/uploads?name=a.xlsx HTTP/1.1\nhost: {server.host}{HEAD}"
    answer = server.raw(f"{head}content-length: {200 * MB}\n\n")
    assert answer.startswith("HTTP/1.1 413")
    assert "文件超过 2 MB" in answer
    assert not server.files


def test_a_file_that_does_not_say_how_large_it_is_is_cut_off(server: Running) -> None:
    head = f"POST {DESK}/uploads?name=a.xlsx HTTP/1.1\nhost: {server.host}{HEAD}"
    piece = b"%x\r\n" % MB + b"x" * MB + b"\r\n"
    answer = server.raw(f"{head}transfer-encoding: chunked\n\n", *[piece] * 40)
    assert answer.startswith("HTTP/1.1 413")
    assert not server.files


def test_a_client_that_never_ends_is_hung_up_on(server: Running) -> None:
    head = f"POST {DESK}/uploads?name=a.xlsx HTTP/1.1\nhost: {server.host}{HEAD}"
    piece = b"%x\r\n" % MB + b"x" * MB + b"\r\n"
    sent = server.count_sent(f"{head}transfer-encoding: chunked\n\n", piece, 200)
    assert sent < 120
    assert not server.files


def test_a_refused_file_leaves_room_for_others(server: Running, client: httpx.Client) -> None:
    for _ in range(4):
        refused = client.post(f"{DESK}/uploads?name=a.xlsx", content=iter([b"x" * MB] * 3))
        assert refused.status_code == 413
    put(client, "a.xlsx", b"x" * MB)
    assert not client.delete(DESK).content
    assert not server.files


def test_all_files_together_have_a_limit(server: Running, client: httpx.Client) -> None:
    codes = [
        client.post(f"{DESK}/uploads?name={n}.xlsx", content=bytes([n]) * MB).status_code
        for n in range(1, 8)
    ]
    assert codes == [201] * 5 + [413] * 2
    assert len(client.get(DESK).json()["uploads"]) == 5


def test_too_many_desks_are_refused_and_empty_ones_given_up(server: Running) -> None:
    with server.client() as client:
        desks = [f"/api/desks/{str(n) * 16}" for n in range(6)]
        for desk in desks[:4]:
            put(client, "a.xlsx", b"x", desk)
        assert [client.get(desk).status_code for desk in desks] == [200] * 4 + [503] * 2
        client.delete(desks[0])
        assert [client.get(desk).status_code for desk in desks[1:5]] == [200] * 4
        assert [len(client.get(desk).json()["uploads"]) for desk in desks[1:5]] == [1, 1, 1, 0]
        assert client.get(desks[5]).status_code == 200, "an empty desk makes room"
        for desk in desks[1:]:
            client.delete(desk)


def test_the_browser_is_closed_in_mid_upload(server: Running, client: httpx.Client) -> None:
    head = f"POST {DESK}/uploads?name=a.xlsx HTTP/1.1\nhost: {server.host}{HEAD}"
    head = f"{head}content-length: {2 * MB}\n\n".replace("\n", "\r\n")
    address, port = server.host.split(":")
    with socket.create_connection((address, int(port))) as sock:
        sock.sendall(head.encode() + b"x" * MB)
        until(lambda: server.files)
    until(lambda: not server.files)
    assert client.get(DESK).json()["uploads"] == []


def test_an_upload_that_stalls_is_given_up(server: Running) -> None:
    head = f"POST {DESK}/uploads?name=a.xlsx HTTP/1.1\nhost: {server.host}{HEAD}"
    answer = server.raw(f"{head}content-length: {2 * MB}\n\n", b"x" * 1000)
    assert answer.startswith("HTTP/1.1 408")
    assert "上传中断" in answer
    assert not server.files


def test_a_desk_is_cleared_while_a_file_comes_in(server: Running, client: httpx.Client) -> None:
    goes_on = threading.Event()

    def pieces():  # type: ignore[no-untyped-def]
        yield b"x" * MB
        goes_on.wait(5)
        yield b"x"

    codes: list[int] = []

    def upload() -> None:
        with server.client() as other, suppress(httpx.TransportError):
            codes.append(other.post(f"{DESK}/uploads?name=a.xlsx", content=pieces()).status_code)

    thread = threading.Thread(target=upload)
    thread.start()
    until(lambda: server.files)
    client.delete(DESK)
    goes_on.set()
    thread.join(10)
    assert codes == [404]
    assert not server.files


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("坏.xlsx", b"PK\x03\x04 broken", "文件不完整"),
        ("密码.xlsx", compound("EncryptedPackage"), "打开密码"),
        ("图.xlsx", b"\x89PNG\r\n", "不是 Excel 工作簿"),
        ("单.pdf", b"%PDF-1.7", "PDF"),
        ("零.xlsx", b"\0" * 5000, "文件是空的"),
        ("坏.json", b"{\xff", "UTF-8"),
        ("坏.json", b'{"a":', "JSON"),
        ("坏.yaml", b"a: [", "YAML"),
        ("坏.csv", "表,行\n".encode(), "表头"),
        ("路径.json", '{"版本": "//evil.example/share", "表": {}}'.encode(), "没有“//evil"),
    ],
)
def test_what_cannot_be_read_is_said_in_chinese(
    client: httpx.Client, name: str, data: bytes, said: str
) -> None:
    put(client, name, data)
    (upload,) = finished(client)
    assert (upload["state"], upload["parts"]) == ("failed", [])
    assert said in "\n".join(upload["problems"])
    assert "《" not in upload["problems"][0]


def test_an_empty_file_is_refused(client: httpx.Client) -> None:
    answer = client.post(f"{DESK}/uploads?name=a.xlsx", content=b"")
    assert (answer.status_code, answer.json()) == (400, {"error": "文件是空的"})
    assert client.get(DESK).json()["uploads"] == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("..\\..\\Windows\\a.xlsx", "a.xlsx"),
        ("C:\\a\\决算.xlsx", "决算.xlsx"),
        ("/..", "未命名"),
        ("", "未命名"),
        ("...xlsx", "未命名.xlsx"),
        ("con.xlsx", "_con.xlsx"),
        ("NUL", "_NUL"),
        ("aux .2024.xlsx", "_aux .2024.xlsx"),
        ("a\x00b\n\u202e.xlsx", "a_b__.xlsx"),
        ("<img src=x>.xlsx", "_img src=x_.xlsx"),
        ("表.xlsx:stream", "表.xlsx_stream"),
        ("长" * 300 + ".xlsx", "长" * 80 + ".xlsx"),
        ("2025年 部门&决算=终稿 (1).xlsx", "2025年 部门&决算=终稿 (1).xlsx"),
    ],
)
def test_a_file_name_never_becomes_a_path(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_hostile_names_stay_inside_the_folder(server: Running, client: httpx.Client) -> None:
    for name in ("../../../x.xlsx", "..\\x.xlsx", "%2e%2e%2fx.xlsx", ".."):
        put(client, name, b"not a workbook")
    assert [u["state"] for u in finished(client)] == ["failed"] * 4
    assert len(server.files) == 4
    assert all(re.fullmatch(r"\w+/\w+/in/[^/]+", file) for file in server.files)
    assert {path.name for path in server.folder.rglob("in/*")} == {
        "x.xlsx",
        "%2e%2e%2fx.xlsx",
        "未命名",
    }


def test_the_api_leaves_nothing_behind(server: Running, client: httpx.Client) -> None:
    for data in (filled(SGB), b"PK\x03\x04 broken"):
        client.post("/api/validate?name=a.xlsx", content=data)
        assert not server.files
    assert client.post("/api/validate", content=iter([b"x" * MB] * 3)).status_code == 413
    assert not server.files
