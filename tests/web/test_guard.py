"""Who is answered: this machine's own page and programs with the token."""

from __future__ import annotations

import httpx
import pytest

from tests.web.running import DESK, TOKEN, Running

EVERY = (
    ("GET", "/"),
    ("GET", "/page.js"),
    ("GET", "/api/about"),
    ("GET", DESK),
    ("DELETE", DESK),
    ("POST", f"{DESK}/uploads?name=a.xlsx"),
    ("POST", "/api/validate?name=a.xlsx"),
)


def asked(server: Running, method: str, path: str, **headers: str) -> httpx.Response:
    with httpx.Client(base_url=f"http://{server.host}") as client:
        return client.request(method, path, headers=headers, content=b"x" * (method == "POST"))


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_without_the_token_nothing_is_answered(server: Running, method: str, path: str) -> None:
    answer = asked(server, method, path)
    assert answer.status_code == 403
    assert "口令不对或已失效" in answer.text
    assert "set-cookie" not in answer.headers
    assert not server.files


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN + "x", "口令"])
def test_a_wrong_token_is_refused_everywhere(server: Running, token: str) -> None:
    with httpx.Client(base_url=f"http://{server.host}") as client:
        assert client.get("/", params={"token": token}).status_code == 403
        cookie = {"cookie": f"xltool-{server.host.split(':')[1]}={token}".encode()}
        assert client.get("/api/about", headers=cookie).status_code == 403
        header = {"x-xltool-token": token.encode()}
        assert client.get("/api/about", headers=header).status_code == 403


def test_the_printed_address_opens_the_page_and_leaves_a_cookie(server: Running) -> None:
    with httpx.Client(base_url=f"http://{server.host}") as client:
        answer = client.get("/", params={"token": TOKEN})
        assert "部门决算工作簿校验与填报" in answer.text
        assert TOKEN not in answer.text
        cookie = answer.headers["set-cookie"]
        for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
            assert word in cookie
        assert client.get("/").status_code == 200
        assert client.get("/api/about").json()["max_files"] == 110


def test_the_token_opens_only_the_page_in_an_address(server: Running) -> None:
    assert asked(server, "GET", f"/api/about?token={TOKEN}").status_code == 403
    assert asked(server, "POST", f"/api/validate?name=a.xlsx&token={TOKEN}").status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", "[::1]:80", ""]
)
def test_another_host_name_is_refused(server: Running, host: str) -> None:
    """A foreign name that was made to point to this machine does not open it (DNS rebinding)."""
    answer = asked(server, "GET", f"/?token={TOKEN}", host=host)
    assert answer.status_code in (400, 403)
    assert "set-cookie" not in answer.headers
    answer = asked(server, "GET", "/api/about", host=host, **{"x-xltool-token": TOKEN})
    assert answer.status_code in (400, 403)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:80", "http://127.0.0.1", "app://x"]
)
def test_another_origin_is_refused_even_with_the_token(server: Running, origin: str) -> None:
    with server.page_client() as page:
        answer = page.delete(DESK, headers={"origin": origin})
        assert (answer.status_code, "其他网页" in answer.text) == (403, True)
    with server.client(origin=origin) as client:
        answer = client.get("/api/about")
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


def test_the_pages_own_origin_is_answered(server: Running) -> None:
    with server.page_client() as page:
        own = {"origin": f"http://{server.host}"}
        assert page.delete(DESK, headers=own).status_code == 204


def test_what_the_browser_says_of_a_foreign_page_counts(server: Running) -> None:
    with server.page_client() as page:
        for word in ("cross-site", "same-site"):
            assert page.get("/api/about", headers={"sec-fetch-site": word}).status_code == 403
        for word in ("same-origin", "none"):
            assert page.get("/api/about", headers={"sec-fetch-site": word}).status_code == 200


def test_a_form_of_a_foreign_page_changes_nothing(server: Running) -> None:
    """Even a browser that names no origin cannot be made to send the page's own header."""
    with server.page_client() as page:
        del page.headers["x-xltool-page"]
        assert page.post(f"{DESK}/uploads?name=a.xlsx", content=b"x").status_code == 403
        assert page.delete(DESK).status_code == 403


@pytest.mark.parametrize("origin", ["null", "file://"])
def test_a_page_from_a_file_needs_the_token_in_a_header(server: Running, origin: str) -> None:
    """The add-in of WPS is such a page; so is any file that somebody opens, which knows no token."""
    asking = {"access-control-request-method": "POST"}
    with httpx.Client(base_url=f"http://{server.host}", headers={"origin": origin}) as client:
        allowed = client.options("/api/validate", headers=asking)
        assert allowed.status_code == 204
        assert "x-xltool-token" in allowed.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in allowed.headers
        assert client.get("/api/about").status_code == 403
        assert client.get("/", params={"token": TOKEN}).status_code == 403
        cookie = {"cookie": f"xltool-{server.host.split(':')[1]}={TOKEN}"}
        assert client.get("/api/about", headers=cookie).status_code == 403
        answer = client.get("/api/about", headers={"x-xltool-token": TOKEN})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == origin


def test_every_answer_keeps_to_itself(server: Running, client: httpx.Client) -> None:
    for answer in (
        client.get("/"),
        client.get("/api/about"),
        client.get("/nothing"),
        asked(server, "GET", "/"),
    ):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_unknown_addresses_and_methods_are_answered_in_chinese(client: httpx.Client) -> None:
    assert client.get("/../pyproject.toml").json() == {"error": "没有这个地址"}
    assert client.get("/api/desks/%2e%2e").status_code == 400
    assert client.put("/api/about").json() == {"error": "不支持这种请求"}
    assert client.get(f"{DESK}/uploads/{'0' * 32}/0/report").status_code == 404
