"""How many processes a run takes when nobody says: as many as pay."""

from __future__ import annotations

from pathlib import Path

import pytest

from xltool.batch import pools
from xltool.batch.source import Source


def _books(folder: Path, count: int, size: int) -> list[Source]:
    paths = [folder / f"{number}.xlsx" for number in range(count)]
    for path in paths:
        path.write_bytes(bytes(size))
    return [Source(path.name, str(path)) for path in paths]


@pytest.mark.parametrize(
    ("count", "size", "cores", "workers"),
    [
        (1, 40_000, 8, 1),
        (20, 40_000, 8, 1),
        (300, 40_000, 8, 8),
        (60, 40_000, 8, 3),
        (300, 40_000, 2, 2),
        (2, 6_000_000, 8, 8),
    ],
)
def test_another_worker_is_started_where_its_start_pays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, size: int, cores: int, workers: int
) -> None:
    monkeypatch.setattr(pools, "cores", lambda: cores)
    assert pools.workers_for(_books(tmp_path, count, size)) == workers


def test_an_archive_counts_once_and_a_file_that_went_not_at_all(tmp_path: Path) -> None:
    archive = tmp_path / "报送.zip"
    archive.write_bytes(bytes(900_000))
    inside = [Source(f"报送.zip!/{n}.xlsx", str(archive), f"{n}.xlsx") for n in range(9)]
    assert pools.workers_for([*inside, Source("走了.xlsx", str(tmp_path / "走了.xlsx"))]) == 1
