"""What SQLite says when a season cannot be read or written, as people are told it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xltool.core.problems import InputError, Problem

_ALLOWED = "请管这个文件夹的人给写的权限，去掉文件的只读属性；或把审核季整个复制到本机磁盘"
_SHARE = "看看磁盘和网络；在网络共享盘上的，那个共享盘可能锁不住文件，把审核季移到本机磁盘"
_BUSY = ("另一个 xltool 正在写这个审核季", "等它做完再试")
_SAID = {
    "locked": _BUSY,
    "busy": _BUSY,
    "readonly": ("只读，写不了", _ALLOWED),
    "unable to open": ("打不开，或它的文件夹里不让写", _ALLOWED),
    "disk is full": ("磁盘满了", "腾出地方再试"),
    "disk I/O": ("读写出错（{}）", _SHARE),
    "locking protocol": ("锁不住（{}）", _SHARE),
}
"""Part of what SQLite says -> what it means, and what to do."""
_ELSE = ("读写不了：{}", "看看磁盘是不是满了、有没有权限")


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Raise `InputError` for what SQLite says of the season at `path`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        said = str(error)
        told, hint = next((words for part, words in _SAID.items() if part in said), _ELSE)
        raise InputError(Problem(str(path), told.format(said), hint, code="unwritable")) from error
    except sqlite3.DatabaseError as error:
        hint = "用备份的一份；不要用别的程序改它"
        raise InputError(
            Problem(str(path), f"不是审核季，或已损坏：{error}", hint, code="unreadable")
        ) from error
