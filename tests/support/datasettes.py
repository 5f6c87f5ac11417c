"""What datasette makes of a SQLite file, where datasette is installed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest


def opened(path: Path) -> dict[str, int]:
    """The status of the page of every table and view; skips the test where datasette is not installed."""
    app = pytest.importorskip("datasette.app", reason="没有装 datasette")
    utils = pytest.importorskip("datasette.utils")

    async def pages() -> dict[str, int]:
        served = app.Datasette([str(path)])
        await served.invoke_startup()
        found = (await served.client.get(f"/{path.stem}.json")).json()
        names = [table["name"] for table in (*found["tables"], *found["views"])]
        return {
            name: (await served.client.get(f"/{path.stem}/{utils.tilde_encode(name)}")).status_code
            for name in names
        }

    return asyncio.run(pages())
