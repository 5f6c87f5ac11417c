"""What a run passed over, in words: never without saying so."""

from __future__ import annotations

from xltool.batch.sources import Found

_SHOWN = 10


def passed_over(found: Found) -> list[str]:
    """A line each for files of other kinds and for what the tool itself wrote, those that there are."""
    lines = []
    if found.others:
        ordered = sorted(found.others.items(), key=lambda item: (-item[1], item[0]))
        lines.append(f"没有处理的其他文件（{_some([f'{kind} {n} 个' for kind, n in ordered])}）")
    if found.own:
        listed = [f"{name}（{what}）" for name, what in sorted(found.own.items())]
        lines.append(f"没有处理 xltool 自己写的 {len(found.own)} 项：{_some(listed)}")
    return lines


def _some(words: list[str]) -> str:
    return "、".join(words[:_SHOWN]) + ("等" if len(words) > _SHOWN else "")
