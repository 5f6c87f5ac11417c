"""Hints that are followed in another way at each door: an option of the command is a field of the page."""

from __future__ import annotations

from typing import NamedTuple


class Hint(str):
    """A hint in the words of the command line, which it is as text; `page`: in those of the page, empty for none."""

    __slots__ = ("page",)
    page: str

    def __new__(cls, command: str, page: str) -> Hint:
        made = super().__new__(cls, command)
        made.page = page
        return made

    def __reduce__(self) -> tuple[type[Hint], tuple[str, str]]:
        return Hint, (str(self), self.page)


def on_page(hint: str) -> str:
    """A hint as the page gives it."""
    return hint.page if isinstance(hint, Hint) else hint


class Way(NamedTuple):
    """How one thing is done: on the command line, and on the page."""

    command: str
    page: str

    def within(self, words: str = "{}") -> Hint:
        """The hint `words` with the way in the place of `{}`."""
        return Hint(words.replace("{}", self.command), words.replace("{}", self.page))


NAME_EDITION = Way("用 -e 指明", "在上方“版本”里选定")
TAKE_GIVEN_TOTALS = Way("加 --totals given", "在上方“填报时合计”里选“照数据里给的写”")
ADD_SHEETS = Way("加 --add-sheets", "在“要改的”里写 几张表=相加")
