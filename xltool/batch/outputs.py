"""The forms of output that `convert` knows."""

from __future__ import annotations

from pathlib import Path

from xltool.core.problems import InputError, Problem

KINDS = ("json", "jsonl", "csv", "parquet", "duckdb", "sqlite", "xlsx")
_NEEDS = {"duckdb": ("duckdb",), "xlsx": ("xlsxwriter",)}


def kind_of(output: Path) -> str:
    """The form of output that a file name stands for. Raises `InputError`."""
    kind = {"db": "duckdb", "sqlite3": "sqlite"}.get(
        suffix := output.suffix.lower().lstrip("."), suffix
    )
    if kind not in KINDS:
        hint = "如 -o 结果.duckdb，或加 --to"
        raise InputError(Problem(str(output), "看不出要什么形式的输出", hint, code="bad-target"))
    return kind


def needed(kind: str) -> tuple[str, ...]:
    """The libraries that a form of output needs besides those of every batch."""
    return _NEEDS.get(kind, ())
