"""What the tests of this folder do over and over."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.terminal import ROOT, contents_of
from xltool.batch.parts import WorkFolder
from xltool.batch.runner import FinishedRun, process
from xltool.batch.sinks import fresh_draft, open_sink, put, store
from xltool.batch.sources import find_sources
from xltool.batch.task import Options

QUERIES = dict(
    re.findall(
        r"^### (\d+)\. .*?^```sql\n(.*?)^```",
        (ROOT / "docs" / "queries.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
)
"""The queries of docs/queries.md by number."""


def rows(finished: FinishedRun, table: str = "books") -> list[dict[str, object]]:
    """The rows of a table of a finished run."""
    found: list[dict[str, object]] = []
    for batch in finished.batches():
        found += (batch.books if table == "books" else batch.detail(table)).to_pylist()
    return found


def write(finished: FinishedRun, kind: str, out: Path, *, validated: bool = True) -> Path:
    """One output of a finished run."""
    draft = fresh_draft(finished.work)
    store(finished, [open_sink(kind, draft, validated=validated)])
    put(finished.work, draft, out, force=False)
    return out


def converted(folder: Path, out: Path, *, jobs: int, reverse: bool = False) -> dict[str, object]:
    """All tables of a run over a folder, in exact bytes (Parquet, CSV, JSONL)."""
    sources = find_sources([str(folder)]).sources
    contents: dict[str, object] = {}
    with WorkFolder(out) as work:
        finished = process(sources[::-1] if reverse else sources, work, Options(), jobs=jobs)
        finished.sources = sources
        for kind in ("parquet", "csv", "jsonl"):
            written = write(finished, kind, out.with_suffix(f".{kind}"), validated=False)
            contents |= {f"{kind}/{k}": v for k, v in contents_of(written).items()}
    return contents
