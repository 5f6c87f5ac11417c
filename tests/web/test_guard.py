"""Who is answered: this machine's own page and programs with the token."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.web.conftest import SMALL
from tests.web.running import COOKIE, DESK, FOLDER, TICKET, TOKEN, Running, serving

EVERY = (
    ("GET", "/"),
    ("GET", f"/{FOLDER}"),
    ("GET", f"/{FOLDER}/"),
    ("GET", f"/{FOLDER}/?once=x"),
    ("GET", f"/{FOLDER}/page.js?once={TICKET}"),
    ("GET", f"/{FOLDER}/api/about"),
    ("HEAD", f"/{FOLDER}/?once={TICKET}"),
    ("POST", f"/{FOLDER}{DESK}/uploads?name=a.xlsx&once={TICKET}"),
    ("GET", f"/wrong/?once={TICKET}"),
    ("GET", f"/?once={TICKET}"),
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
    assert "口令不对或已失效" in answer.text or method == "HEAD"
    assert "set-cookie" not in answer.headers
    assert not server.files


@pytest.mark.parametrize("wrong", ["", "x", TOKEN[:-1], TOKEN + "x", COOKIE[:-1], TICKET, "口令"])
def test_a_wrong_proof_is_refused_everywhere(server: Running, wrong: str) -> None:
    with httpx.Client(base_url=f"http://{server.host}") as client:
        assert client.get(f"/{FOLDER}/", params={"once": wrong + "."}).status_code == 403
        cookie = {"cookie": f"xltool-{server.host.split(':')[1]}={wrong}".encode()}
        assert client.get(f"/{FOLDER}/api/about", headers=cookie).status_code == 403
        header = {"x-xltool-token": wrong.encode()}
        assert client.get("/api/about", headers=header).status_code == 403


def test_the_printed_address_opens_the_page_once(tmp_path: Path) -> None:
    """The browser that came first may reload it and open a second window; nobody else may open it."""
    with serving(tmp_path, SMALL) as server:
        for agent in ("Mozilla/5.0 (compatible; MSIE 10.0)", "Mozilla/5.0 (Trident/7.0; rv:11.0)"):
            answer = httpx.get(server.url, headers={"user-agent": agent})
            assert (answer.status_code, "不支持 IE" in answer.text) == (403, True)
        with httpx.Client() as browser:
            answer = browser.get(server.url)
            assert (answer.status_code, "部门决算工作簿校验与填报" in answer.text) == (200, True)
            for secret in (TOKEN, FOLDER, TICKET, COOKIE):
                assert secret not in answer.text
            for word in ("HttpOnly", "SameSite=Strict", f"Path=/{FOLDER}/", "Max-Age="):
                assert word in answer.headers["set-cookie"]
            assert not {TOKEN, TICKET} & set(
                answer.headers["set-cookie"].replace(";", "=").split("=")
            )
            assert browser.get(server.page).status_code == 200, "reloaded"
            assert browser.get(server.url).status_code == 200, "the address once more"
            assert browser.get(server.page + "api/about").json()["max_files"] == 110
        for other in (server.url, server.page):
            answer = httpx.get(other)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
        assert "已经用过" in httpx.get(server.url).text
        assert httpx.get(server.url).text.count("xltool serve --no-browser") == 1


def test_the_cookie_opens_nothing_but_the_page(server: Running) -> None:
    """Nor does a program on another port, which is not asked for the page's folder, ever get it."""
    with httpx.Client(base_url=f"http://{server.host}", cookies=server.cookie) as client:
        assert client.get("/api/about").status_code == 403
        assert client.post("/api/validate", content=b"x").status_code == 403
        assert client.get("/").status_code == 403
    with server.client() as program:
        assert program.get(f"/{FOLDER}/api/about").status_code == 403


def test_no_proof_counts_in_an_address_but_the_ticket_of_the_page(server: Running) -> None:
    for query in (f"token={TOKEN}", f"once={TICKET}", f"once={TOKEN}"):
        assert asked(server, "GET", f"/api/about?{query}").status_code == 403
        assert asked(server, "POST", f"/api/validate?name=a.xlsx&{query}").status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", "[::1]:80", ""]
)
def test_another_host_name_is_refused(server: Running, host: str) -> None:
    """A foreign name that was made to point to this machine does not open it (DNS rebinding)."""
    answer = asked(server, "GET", f"/{FOLDER}/?once={TICKET}", host=host)
    assert answer.status_code in (400, 403)
    assert "set-cookie" not in answer.headers
    answer = asked(server, "GET", "/api/about", host=host, **{"x-xltool-token": TOKEN})
    assert answer.status_code in (400, 403)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:80", "http://127.0.0.1", "app://x"]
)
def test_another_origin_is_refused_even_with_the_token(server: Running, origin: str) -> None:
    with server.page_client() as page:
        answer = page.delete(DESK[1:], headers={"origin": origin})
        assert (answer.status_code, "其他网页" in answer.text) == (403, True)
    with server.client(origin=origin) as client:
        answer = client.get("/api/about")
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


def test_the_pages_own_origin_is_answered(server: Running) -> None:
    with server.page_client() as page:
        own = {"origin": f"http://{server.host}"}
        assert page.delete(DESK[1:], headers=own).status_code == 204


def test_what_the_browser_says_of_a_foreign_page_counts(server: Running) -> None:
    with server.page_client() as page:
        for word in ("cross-site", "same-site"):
            assert page.get("api/about", headers={"sec-fetch-site": word}).status_code == 403
        for word in ("same-origin", "none"):
            assert page.get("api/about", headers={"sec-fetch-site": word}).status_code == 200


def test_a_form_of_a_foreign_page_changes_nothing(server: Running) -> None:
    """Even a browser that names no origin cannot be made to send the page's own header."""
    with server.page_client() as page:
        del page.headers["x-xltool-page"]
        assert page.post(f"{DESK[1:]}/uploads?name=a.xlsx", content=b"x").status_code == 403
        assert page.delete(DESK[1:]).status_code == 403


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
        assert client.get(f"/{FOLDER}/", params={"once": TICKET}).status_code == 403
        for path in (f"/{FOLDER}/api/about", f"/{FOLDER}/"):
            cookie = "; ".join(f"{name}={value}" for name, value in server.cookie.items())
            assert client.get(path, headers={"cookie": cookie}).status_code == 403
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
