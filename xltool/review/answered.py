"""What units answered in letters, in the database of the review with which the letters came back."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from xltool.batch.bounded import add_table, bounded, has_table
from xltool.checks.explanations import Explanation

ANSWERED = "answers"
ANSWER = ("单位名称", "单位编码", "规则", "位置", "标识", "内容")
"""The columns: of whom, to which finding (its checksum, see `Finding.fingerprint`), what."""

_SCHEMA = pa.schema([(name, pa.string()) for name in ANSWER])
_COMMENT = "收回的整改通知里单位写的说明：对哪一处（标识）、写了什么"


def write_answered(database: Path, answers: Path) -> None:
    """Add the answers of a run (see `batch.answers`) to the database of its review."""
    given = [Explanation(*raw) for raw in json.loads(answers.read_text(encoding="utf-8"))]
    rows = {(e.unit, e.code, e.rule, e.where, e.fingerprint, e.text) for e in given}
    with bounded(database) as db:
        add_table(db, ANSWERED, _SCHEMA, sorted(rows), _COMMENT)


def answer_rows(database: Path) -> list[tuple[str, ...]]:
    """The answers in the database of a review, rows of `ANSWER`; none when no letter came back."""
    with bounded(database, read_only=True) as db:
        if not has_table(db, ANSWERED):
            return []
        names = ", ".join(ANSWER)
        return db.execute(f"SELECT {names} FROM {ANSWERED} ORDER BY ALL").fetchall()
