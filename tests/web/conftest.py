"""One running server for the tests of a module, empty before each."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.web.chrome import Browser
from tests.web.running import DESK, Running, serving
from xltool.web.limits import MB, ServerLimits

SMALL = ServerLimits(max_file=2 * MB, max_total=5 * MB, max_files=110, max_desks=4, stall=1.0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with small limits."""
    with serving(tmp_path_factory.mktemp("serve"), SMALL) as running:
        yield running


@pytest.fixture
def client(server: Running) -> Iterator[httpx.Client]:
    """A program that knows the token; its desk is cleared afterwards."""
    with server.client() as found:
        yield found
        found.delete(DESK)


@pytest.fixture(scope="module")
def chrome(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for the pages of a module."""
    found = Browser(browser, tmp_path_factory.mktemp("browser"))
    yield found
    found.close()
