"""What is wrong with an input, told to people: where, what, and what to do.

Problems are collected, not raised one at a time: a clerk who has to correct a document wants
the whole list. `InputError` carries the list; the command line prints it and exits with 2.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from xltool.core.hints import on_page
from xltool.core.printable import one_line
from xltool.core.problemcodes import ProblemCode
from xltool.core.windowsreasons import windows_reason


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `where` names file, sheet, cell or field; `hint` says what to do, if known.

    `code` is for programs: messages are for people and may change. `table` is the table that it is about, where
    it is about one. `answers`: what may be answered where it is a question (金额单位=元), the likeliest first.
    """

    where: str
    message: str
    hint: str = ""
    code: ProblemCode = field(default="other", kw_only=True)
    table: str = field(default="", kw_only=True)
    answers: tuple[str, ...] = field(default=(), kw_only=True)

    def __str__(self) -> str:
        text = f"{self.where}：{self.message}" if self.where else self.message
        return one_line(f"{text}（{self.hint}）" if self.hint else text)

    def of(self, file: str) -> str:
        """As `str`, for people who see which file is meant: `file` is not named again."""
        return str(replace(self, where="") if self.where == file else self)

    def on_page(self, file: str) -> str:
        """As `of`, with what to do as it is done on the page, and without the folder where the page keeps the file."""
        folder = rf"^.*[/\\](?={re.escape(file)})" if file else "(?!)"
        where = re.sub(folder, "", self.where)
        return replace(self, where=where, hint=on_page(self.hint)).of(file)


class InputError(Exception):
    """An input that cannot be worked with. `str()` gives all its problems, a line each."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self._problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self._problems)))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong."""
        return self._problems


def raise_if(problems: Iterable[Problem]) -> None:
    """Raise `InputError` with `problems` unless there are none."""
    if problems := tuple(problems):
        raise InputError(problems)


_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EEXIST: "已经存在",
    errno.ENOSPC: "磁盘满了",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "路径太长",
    errno.EINVAL: "文件名不合规定",
    **dict.fromkeys((errno.ENOLCK, errno.EOPNOTSUPP), "这个磁盘不支持文件锁一类的操作"),
}


def system_reason(error: OSError) -> str:
    """Why the system refused, in Chinese."""
    return windows_reason(error) or _REASONS.get(error.errno or 0, f"系统错误 {error.errno}")
