"""What a run passed over, in words: never without saying so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xltool.batch.source import FoundBooks

_SHOWN = 10


class Passed(NamedTuple):
    """Files that were not looked at: what they are, and which."""

    what: str
    which: tuple[str, ...]

    def __str__(self) -> str:
        """A line that names some of them."""
        if not self.which:
            return self.what
        return f"{self.what}：{'、'.join(self.which[:_SHOWN])}{'等' if len(self.which) > _SHOWN else ''}"


def passed_over(found: FoundBooks) -> Iterator[Passed]:
    """Files of other kinds, by suffix, and what the tool itself wrote, if there are any."""
    if found.others:
        ordered = sorted(found.others.items(), key=lambda item: (-item[1], item[0]))
        yield Passed("没有处理的其他文件", tuple(f"{suffix} {n} 个" for suffix, n in ordered))
    yield from own_passed(found)


def own_passed(found: FoundBooks) -> Iterator[Passed]:
    """What the tool itself wrote, if there is any: letters are told wherever they are no submissions."""
    if found.own:
        which = tuple(f"{name}（{what}）" for name, what in sorted(found.own.items()))
        yield Passed(f"没有处理 xltool 自己写的 {len(which)} 项", which)
    if found.letters:
        yield Passed("整改通知，不当作报送", tuple(letter.name for letter in found.letters))
