"""The workbooks that a command is to work on: without any it has nothing to do, and says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from xltool.batch.sources import Found, find_sources
from xltool.problems import InputError, Problem

_SHOWN = 10


def find_books(
    paths: Sequence[str], listed: Iterable[str] = (), *, outputs: Iterable[Path] = ()
) -> Found:
    """As `find_sources`; raises `InputError` also when what was named holds no workbook."""
    found = find_sources(paths, listed, outputs=outputs)
    if not found.sources:
        message = f"没有找到工作簿（.xlsx、.xlsm、.xls）{others(found)}"
        raise InputError(Problem("、".join(paths), message))
    return found


def others(found: Found) -> str:
    """The files of other kinds in brackets, by suffix; nothing when there are none."""
    if not found.others:
        return ""
    ordered = sorted(found.others.items(), key=lambda item: (-item[1], item[0]))
    listed = "、".join(f"{suffix} {count} 个" for suffix, count in ordered[:_SHOWN])
    return f"（{listed}{'等' if len(ordered) > _SHOWN else ''}）"
