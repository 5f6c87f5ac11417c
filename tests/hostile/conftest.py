"""The corpus on the disk, and the one run over all of it that the tests look at."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.hostile import archives, files, parts
from tests.hostile.case import Case
from tests.support.warm import environment, forked, in_words

LONGEST = 300
"""Seconds after which the run counts as hung; it takes some ten."""


@dataclass
class Run:
    """A run of `xltool convert` over the corpus: what it printed, its tables, what the files were before."""

    room: Path
    code: int
    out: str
    err: str
    hashes: dict[str, str]
    books: dict[str, dict[str, object]] = field(default_factory=dict)
    facts: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)


FACT = ("表", "份", "行", "科目编码", "科目名称", "列", "类型", "值", "文本", "工作表", "单元格")


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    """All ordinary files of the corpus."""
    return [*archives.cases(), *parts.cases(), *files.cases()]


@pytest.fixture(scope="session")
def root(cases: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the room and with `run.json`, when the run is over. Several test processes share it."""
    own = tmp_path_factory.getbasetemp()
    root = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "恶意"
    try:
        root.mkdir()
    except FileExistsError:
        give_up = time.monotonic() + LONGEST
        while not (root / "run.json").exists() and time.monotonic() < give_up:
            time.sleep(0.2)
        return root
    room = root / "room"
    for name in ("corpus", "home", "temp", "here", "out"):
        (room / name).mkdir(parents=True)
    for case in cases:
        path = room / "corpus" / case.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.content)
    places = files.strange_places(room / "corpus")
    out = room / "out" / "结果"
    done = run_in(room, "convert", room / "corpus", "-o", out, "--to", "parquet", "--jobs", "2")
    told = {"code": done.returncode, "out": done.stdout, "err": done.stderr, "places": places}
    told["hashes"] = {case.name: hashlib.sha256(case.content).hexdigest() for case in cases}
    (root / "run.tmp").write_text(json.dumps(told), encoding="utf-8")
    (root / "run.tmp").rename(root / "run.json")
    return root


@pytest.fixture(scope="session")
def room(root: Path) -> Path:
    """The corpus, the output of the run, and the only other places that a run should know."""
    return root / "room"


@pytest.fixture(scope="session")
def places(root: Path) -> dict[str, tuple[str, str]]:
    """What else is in the corpus: links, pipes and the like."""
    told = json.loads((root / "run.json").read_text(encoding="utf-8"))["places"]
    return {name: (state, said) for name, (state, said) in told.items()}


@pytest.fixture(scope="session")
def run(root: Path, room: Path) -> Run:
    """The corpus, converted to Parquet by two processes."""
    told = json.loads((root / "run.json").read_text(encoding="utf-8"))
    found = Run(room, told["code"], told["out"], told["err"], told["hashes"])
    for row in pq.read_table(room / "out" / "结果" / "books.parquet").to_pylist():
        found.books[row["文件"]] = row
    table = pq.read_table(room / "out" / "结果" / "facts.parquet")
    columns = [table.column(name).to_pylist() for name in FACT]
    for name, *values in zip(table.column("文件").to_pylist(), *columns, strict=True):
        found.facts.setdefault(name, []).append(tuple(values))
    return found


def run_in(room: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`xltool …` in a room, with all places that it may write to inside."""
    given = environment(
        **dict.fromkeys(("HOME", "USERPROFILE", "APPDATA"), str(room / "home")),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(room / "temp")),
    )
    return in_words(forked(list(map(str, arguments)), room / "here", given, workers=True))
